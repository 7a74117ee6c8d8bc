package master_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/master"
)

// exampleTables are the example rows of the schema: together they are a small
// but whole workbook, from which other tests depart.
func exampleTables() []master.Table {
	var tables []master.Table
	for _, sheet := range master.Sheets {
		table := master.Table{Sheet: sheet.Name, Columns: sheet.ColumnNames()}
		for i, example := range sheet.Examples {
			table.Rows = append(table.Rows, master.Row{Number: i + 2, Cells: sheet.CanonicalRow(example)})
		}
		tables = append(tables, table)
	}
	return tables
}

func TestExamplesAreAValidWorkbook(t *testing.T) {
	t.Parallel()

	require.Empty(t, master.Validate(exampleTables(), nil))
}

func TestEveryColumnOfAnExampleIsInItsSheet(t *testing.T) {
	t.Parallel()

	for _, sheet := range master.Sheets {
		require.NotEmpty(t, sheet.Examples, sheet.Name)
		for _, example := range sheet.Examples {
			for name := range example {
				require.GreaterOrEqual(t, sheet.Position(name), 0, "%s.%s", sheet.Name, name)
			}
		}
	}
}
