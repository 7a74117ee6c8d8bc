package master_test

import (
	"testing"

	"magam/internal/golden"
	"magam/templates/master"
)

func TestTheDocumentationIsTheSchema(t *testing.T) {
	t.Parallel()

	golden.Require(t, "../../../docs/master-data.md", []byte(master.Document()))
}
