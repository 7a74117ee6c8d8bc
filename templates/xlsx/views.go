package xlsx

import (
	"strings"

	"magam/domain/invoice"
	"magam/domain/period"
)

// ofMonth is a row of a view with the month that it is of.
type ofMonth[Row any] struct {
	month period.Month
	row   Row
}

// byMonth looks at each month of a document by itself.
func byMonth[Row any](s invoice.Snapshot, view func(invoice.Snapshot) []Row) []ofMonth[Row] {
	var rows []ofMonth[Row]
	for _, month := range s.Parts() {
		for _, row := range view(month) {
			rows = append(rows, ofMonth[Row]{month.Month, row})
		}
	}
	return rows
}

// dated puts a column of months first, where a document bills several.
func (b *book) dated(columns []tableColumn) []tableColumn {
	if !b.s.IsQuarter() {
		return columns
	}
	return append([]tableColumn{{b.words.Month, kindMonth, false}}, columns...)
}

// datedRow is a row for such columns.
func (b *book) datedRow(month period.Month, cells ...any) []any {
	if !b.s.IsQuarter() {
		return cells
	}
	return append([]any{month}, cells...)
}

// products is the invoice by product, with every digit.
func (b *book) products() tableSheet {
	rows := byMonth(b.s, invoice.ByProduct)
	return tableSheet{
		name: b.words.SheetProducts, count: len(rows),
		columns: b.dated([]tableColumn{
			{b.words.Service, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.SourceTotal, kindSource, b.oneSource()},
			{b.amountCaption(), kindAmount, true},
		}),
		row: func(i int) []any {
			month, r := rows[i].month, rows[i].row
			return b.datedRow(month, named(r.ServiceName, r.Service), string(r.Source), r.Net, r.Amount)
		},
	}
}

// accounts is the invoice by account, or by alias, products below each.
func (b *book) accounts() tableSheet {
	type flat struct {
		accounts, name string
		product        invoice.ProductRow
	}
	rows := byMonth(b.s, func(month invoice.Snapshot) []flat {
		var rows []flat
		for _, account := range invoice.ByAccount(month) {
			for _, product := range account.Products {
				rows = append(rows, flat{strings.Join(account.Accounts, ", "), account.Name, product})
			}
		}
		return rows
	})
	return tableSheet{
		name: b.words.SheetAccounts, count: len(rows),
		columns: b.dated([]tableColumn{
			{b.words.Account, kindText, false},
			{b.words.AccountName, kindText, false},
			{b.words.Service, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.SourceTotal, kindSource, b.oneSource()},
			{b.amountCaption(), kindAmount, true},
		}),
		row: func(i int) []any {
			month, r := rows[i].month, rows[i].row
			return b.datedRow(month, r.accounts, r.name, named(r.product.ServiceName, r.product.Service),
				string(r.product.Source), r.product.Net, r.product.Amount)
		},
	}
}

// detail is product and usage type, over all accounts.
func (b *book) detail() tableSheet {
	rows := byMonth(b.s, invoice.Detail)
	return tableSheet{
		name: b.words.SheetDetail, count: len(rows), columns: b.dated(b.usageColumns()),
		row: func(i int) []any { return b.datedRow(rows[i].month, usage(rows[i].row)...) },
	}
}

// accountDetail is account, product and usage type.
func (b *book) accountDetail() tableSheet {
	rows := byMonth(b.s, invoice.AccountDetail)
	columns := []tableColumn{{b.words.Account, kindText, false}}
	alias := b.s.GroupBy == invoice.GroupByAlias
	if !alias {
		columns = append(columns, tableColumn{b.words.AccountName, kindText, false})
	}
	return tableSheet{
		name: b.words.SheetAccountDetail, count: len(rows),
		columns: b.dated(append(columns, b.usageColumns()...)),
		row: func(i int) []any {
			r := rows[i].row
			first := []any{r.Account}
			if !alias {
				first = append(first, b.names[r.Account])
			}
			return b.datedRow(rows[i].month, append(first, usage(r)...)...)
		},
	}
}

func (b *book) usageColumns() []tableColumn {
	return []tableColumn{
		{b.words.Service, kindText, false},
		{b.words.UsageType, kindText, false},
		{b.words.Quantity, kindQuantity, false},
		{b.words.Unit, kindText, false},
		{b.words.Currency, kindText, false},
		{b.words.SourceTotal, kindSource, b.oneSource()},
		{b.amountCaption(), kindAmount, true},
	}
}

func usage(r invoice.DetailRow) []any {
	return []any{
		named(r.ServiceName, r.Service), r.UsageType, r.Quantity, r.Unit, string(r.Source), r.Net, r.Amount,
	}
}

// corrections are credits and adjustments, each with its reason and the document
// on which it was used; what a credit took off is negative, as in the amounts.
func (b *book) corrections() tableSheet {
	rows := byMonth(b.s, b.correctionsOf)
	return tableSheet{
		name: b.words.SheetCorrections, count: len(rows),
		columns: b.dated([]tableColumn{
			{b.words.Kind, kindText, false},
			{b.words.Code, kindText, false},
			{b.words.Reason, kindText, false},
			{b.words.Stage, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.Amount, kindSource, b.oneCurrency()},
			{b.words.Remaining, kindSource, false},
			{b.words.Expires, kindMonth, false},
			{b.words.Number, kindText, false},
		}),
		row: func(i int) []any { return b.datedRow(rows[i].month, rows[i].row...) },
	}
}

func (b *book) correctionsOf(month invoice.Snapshot) [][]any {
	var rows [][]any
	for _, c := range month.Credits {
		rows = append(rows, []any{
			b.words.Credit, c.ID, c.Reason, "", string(c.Currency),
			sum{c.Used.Neg(), c.Currency},
			sum{c.Remaining, c.Currency},
			c.Expires,
			b.s.Number,
		})
	}
	for _, a := range month.Adjustments {
		rows = append(rows, []any{
			b.words.Adjustment,
			strings.TrimSpace(a.ID + " " + a.ReasonCode),
			a.Reason,
			b.words.StageText(a.Stage),
			string(a.Currency),
			sum{a.Amount, a.Currency},
			"",
			"",
			b.s.Number,
		})
	}
	return rows
}

// oneCurrency says whether the corrections' amounts can be summed.
func (b *book) oneCurrency() bool {
	seen := map[string]struct{}{}
	for _, month := range b.s.Parts() {
		for _, c := range month.Credits {
			seen[string(c.Currency)] = struct{}{}
		}
		for _, a := range month.Adjustments {
			seen[string(a.Currency)] = struct{}{}
		}
	}
	return len(seen) == 1
}
