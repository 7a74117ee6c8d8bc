package devstack

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Two stacks that start at one moment both find a port free. The one that binds
// last would die, and be taken for ready because the other's server answers.
func TestAPortThatSomebodyIsAboutToUseIsTaken(t *testing.T) {
	t.Parallel()
	var first, second []int

	err := onFreePorts(t.Context(), []int{0, 0}, func(ports []int) error {
		first = ports
		return onFreePorts(t.Context(), []int{ports[0]}, func(ports []int) error {
			second = ports
			return nil
		})
	})

	require.NoError(t, err)
	require.Len(t, first, 2)
	require.NotContains(t, first, second[0])
	require.NoError(t, onFreePorts(t.Context(), first, func(ports []int) error {
		require.Equal(t, first, ports, "a claim ends with the start")
		return nil
	}))
}
