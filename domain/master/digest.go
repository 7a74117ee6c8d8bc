package master

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sort"
)

// Import is what became of a workbook: a version of every sheet it contained.
type Import struct {
	ID      int64        `json:"id"`
	Digest  string       `json:"digest"`
	Changed bool         `json:"changed"` // false: the sheets stood like this already
	Sheets  []SheetCount `json:"sheets"`
}

// SheetCount is how many rows a sheet has now, and had before.
type SheetCount struct {
	Sheet  string `json:"sheet"`
	Rows   int    `json:"rows"`
	Before int    `json:"before"`
}

// Digest names the content of tables: the same rows in the same order are the
// same content, wherever in a file they stood.
func Digest(tables []Table) string {
	sorted := append([]Table(nil), tables...)
	sort.Slice(sorted, func(a, b int) bool { return sorted[a].Sheet < sorted[b].Sheet })
	hash := sha256.New()
	for _, table := range sorted {
		cells := make([]map[string]string, len(table.Rows))
		for i, row := range table.Rows {
			cells[i] = row.Cells
		}
		text, err := json.Marshal([]any{table.Sheet, cells}) // maps of text marshal in key order, and always
		if err != nil {
			panic(err)
		}
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Unchanged says whether tables say what stands; a sheet that never stood has no rows.
func Unchanged(tables, standing []Table) bool {
	for _, table := range tables {
		old, _ := find(standing, table.Sheet)
		if Digest([]Table{table}) != Digest([]Table{old}) {
			return false
		}
	}
	return true
}

// Counts sets the rows of tables beside those that stand.
func Counts(tables, standing []Table) []SheetCount {
	counts := make([]SheetCount, len(tables))
	for i, table := range tables {
		old, _ := find(standing, table.Sheet)
		counts[i] = SheetCount{Sheet: table.Sheet, Rows: len(table.Rows), Before: len(old.Rows)}
	}
	return counts
}
