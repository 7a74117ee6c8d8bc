package master_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	domain "magam/domain/master"
)

func TestAnEmptyTemplateImportsAsNothing(t *testing.T) {
	t.Parallel()

	for _, language := range []string{"ko", "en"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()

			result := read(t, template(t, language))

			require.Empty(t, result.Problems)
			require.Len(t, result.Tables, len(domain.Sheets))
			for i, table := range result.Tables {
				require.Equal(t, domain.Sheets[i].Name, table.Sheet)
				require.Equal(t, domain.Sheets[i].ColumnNames(), table.Columns)
				require.Empty(t, table.Rows, table.Sheet)
			}
			require.Empty(t, domain.Validate(result.Tables, nil))
		})
	}
}

func TestWhatIsExportedReadsBackAsItWas(t *testing.T) {
	t.Parallel()

	for _, language := range []string{"ko", "en"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			tables := examples()

			result := read(t, export(t, language, tables))

			require.Empty(t, result.Problems)
			require.Equal(t, cells(tables), cells(result.Tables))
			require.Empty(t, domain.Validate(result.Tables, nil))
			require.Equal(t, export(t, language, tables), export(t, language, result.Tables),
				"exporting again gives the same bytes")
		})
	}
}

func TestNothingTypedBecomesAFormulaOrLosesADigit(t *testing.T) {
	t.Parallel()
	tables := []domain.Table{{Sheet: "customers", Rows: []domain.Row{
		{Number: 3, Cells: map[string]string{"code": "a", "name": `=HYPERLINK("http://x","y")`}},
		{Number: 4, Cells: map[string]string{"code": "b", "name": "＝1+1", "address": "@SUM(A1)"}},
		{
			Number: 5,
			Cells:  map[string]string{"code": "c", "name": "-2+3", "rounding_unit": "0.0123456789012345678"},
		},
	}}}

	result := read(t, export(t, "ko", tables))

	got := result.Tables[2]
	require.Equal(t, "customers", got.Sheet)
	require.Equal(t, tables[0].Rows, got.Rows)
	require.NotContains(t, parts(t, export(t, "ko", tables)), "<f>")
}

func TestTheSameTemplateIsTheSameBytes(t *testing.T) {
	t.Parallel()

	first := template(t, "ko")
	for range 5 {
		require.True(t, bytes.Equal(first, template(t, "ko")))
	}
	require.NotEqual(t, first, template(t, "en"))
}
