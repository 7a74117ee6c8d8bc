package golden_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/invoice"
	"magam/internal/golden"
)

// Specimens without corrections add up as the books demand; the others carry
// credits and adjustments for the eye alone.
func TestSpecimensAddUp(t *testing.T) {
	t.Parallel()
	for name, s := range golden.Specimens() {
		if len(s.Credits) > 0 {
			continue
		}
		require.NoError(t, invoice.Verify(s), name)
		canonical, err := s.Canonical()
		require.NoError(t, err)
		_, err = invoice.ParseSnapshot(canonical)
		require.NoError(t, err, name)
	}
}
