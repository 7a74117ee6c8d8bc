package tagging_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/tagging"
)

func TestNormalize(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ delivered, want string }{
		"no tags are an empty set": {"", `{}`},
		"an export's marking goes": {
			`{"resourceTags/user:Team":"web","user:Name":"a"}`,
			`{"Name":"a","Team":"web"}`,
		},
		"the provider's own marking stays": {`{"aws:createdBy":"x"}`, `{"aws:createdBy":"x"}`},
		"case is kept: Team is not team":   {`{"team":"a","Team":"b"}`, `{"Team":"b","team":"a"}`},
		"blanks fold and empty tags go": {
			`{" Cost  Center ":" 1\t2 ","Empty":"  "}`,
			`{"Cost Center":"1 2"}`,
		},
		"the spelling that needed nothing wins": {
			`{"Name":"plain","user:Name":"marked"}`,
			`{"Name":"plain"}`,
		},
		"numbers keep their digits": {`{"n":1.10,"ok":true}`, `{"n":"1.10","ok":"true"}`},
		"markup is not escaped":     {`{"Name":"<b>&한글"}`, `{"Name":"<b>&한글"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := tagging.Normalize(tt.delivered)

			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			again, err := tagging.Normalize(got)
			require.NoError(t, err)
			require.Equal(t, got, again, "normalizing twice changes nothing")
		})
	}
}
