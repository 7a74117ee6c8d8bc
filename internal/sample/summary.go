package sample

import "magam/domain/period"

// Summary is what was written, counted while writing: exact, and not read back
// from the files, so that readers can be checked against it.
type Summary struct {
	Seed     uint64          `json:"seed"`
	Month    period.Month    `json:"month"`
	Revision int             `json:"revision"`
	Dir      string          `json:"dir"`
	Sources  []SourceSummary `json:"sources"`
	Master   []SheetSummary  `json:"master"`
}

// SourceSummary is one export.
type SourceSummary struct {
	Name           string   `json:"name"`
	Format         string   `json:"format"` // cur, cur2, focus
	BillingAccount string   `json:"billing_account"`
	Currency       string   `json:"currency"`
	Files          []string `json:"files"` // under exports/<name>, without manifests
	Rows           int64    `json:"rows"`
	Billed         string   `json:"billed_cost"` // every digit
	Effective      string   `json:"effective_cost"`
	ByLineType     []Figure `json:"by_line_type"`
	BySubAccount   []Figure `json:"by_sub_account"`
}

// Figure is the part of an export that agrees in one name.
type Figure struct {
	Name      string `json:"name"`
	Rows      int64  `json:"rows"`
	Billed    string `json:"billed_cost"`
	Effective string `json:"effective_cost"`
}

// SheetSummary is one sheet of the master data.
type SheetSummary struct {
	Sheet string `json:"sheet"`
	Rows  int    `json:"rows"`
}

// Rows is how many rows all exports have.
func (s Summary) Rows() int64 {
	var rows int64
	for _, source := range s.Sources {
		rows += source.Rows
	}
	return rows
}

func (w *writing) summarize(p *plan) SourceSummary {
	all := w.books.figures(func(tallyKey) string { return "all" })[0]
	return SourceSummary{
		Name: p.payer.name, Format: w.shape.format, BillingAccount: p.payer.id, Currency: "USD",
		Files: w.out.paths, Rows: all.Rows, Billed: all.Billed, Effective: all.Effective,
		ByLineType:   w.books.figures(func(k tallyKey) string { return k.lineType }),
		BySubAccount: w.books.figures(func(k tallyKey) string { return k.account.id }),
	}
}
