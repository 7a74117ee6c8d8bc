package xlsx

import (
	"strings"

	"magam/domain/invoice"
)

// products is the invoice by product, with every digit.
func (b *book) products() tableSheet {
	rows := invoice.ByProduct(b.s)
	return tableSheet{
		name: b.words.SheetProducts, count: len(rows),
		columns: []tableColumn{
			{b.words.Service, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.SourceTotal, kindSource, b.oneSource()},
			{b.amountCaption(), kindAmount, true},
		},
		row: func(i int) []any {
			r := rows[i]
			return []any{named(r.ServiceName, r.Service), string(r.Source), r.Net, r.Amount}
		},
	}
}

// accounts is the invoice by account, or by alias, products below each.
func (b *book) accounts() tableSheet {
	type flat struct {
		accounts, name string
		product        invoice.ProductRow
	}
	var rows []flat
	for _, account := range invoice.ByAccount(b.s) {
		for _, product := range account.Products {
			rows = append(rows, flat{strings.Join(account.Accounts, ", "), account.Name, product})
		}
	}
	return tableSheet{
		name: b.words.SheetAccounts, count: len(rows),
		columns: []tableColumn{
			{b.words.Account, kindText, false},
			{b.words.AccountName, kindText, false},
			{b.words.Service, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.SourceTotal, kindSource, b.oneSource()},
			{b.amountCaption(), kindAmount, true},
		},
		row: func(i int) []any {
			r := rows[i]
			return []any{
				r.accounts, r.name, named(r.product.ServiceName, r.product.Service), string(r.product.Source),
				r.product.Net, r.product.Amount,
			}
		},
	}
}

// detail is product and usage type, over all accounts.
func (b *book) detail() tableSheet {
	rows := invoice.Detail(b.s)
	return tableSheet{
		name: b.words.SheetDetail, count: len(rows), columns: b.usageColumns(),
		row: func(i int) []any { return usage(rows[i]) },
	}
}

// accountDetail is account, product and usage type.
func (b *book) accountDetail() tableSheet {
	rows := invoice.AccountDetail(b.s)
	columns := []tableColumn{{b.words.Account, kindText, false}}
	alias := b.s.GroupBy == invoice.GroupByAlias
	if !alias {
		columns = append(columns, tableColumn{b.words.AccountName, kindText, false})
	}
	return tableSheet{
		name: b.words.SheetAccountDetail, count: len(rows), columns: append(columns, b.usageColumns()...),
		row: func(i int) []any {
			first := []any{rows[i].Account}
			if !alias {
				first = append(first, b.names[rows[i].Account])
			}
			return append(first, usage(rows[i])...)
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
	var rows [][]any
	for _, c := range b.s.Credits {
		rows = append(rows, []any{
			b.words.Credit, c.ID, c.Reason, "", string(c.Currency),
			sum{c.Used.Neg(), c.Currency},
			sum{c.Remaining, c.Currency},
			c.Expires,
			b.s.Number,
		})
	}
	for _, a := range b.s.Adjustments {
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
	return tableSheet{
		name: b.words.SheetCorrections, count: len(rows),
		columns: []tableColumn{
			{b.words.Kind, kindText, false},
			{b.words.Code, kindText, false},
			{b.words.Reason, kindText, false},
			{b.words.Stage, kindText, false},
			{b.words.Currency, kindText, false},
			{b.words.Amount, kindSource, b.oneCurrency()},
			{b.words.Remaining, kindSource, false},
			{b.words.Expires, kindMonth, false},
			{b.words.Number, kindText, false},
		},
		row: func(i int) []any { return rows[i] },
	}
}

// oneCurrency says whether the corrections' amounts can be summed.
func (b *book) oneCurrency() bool {
	seen := map[string]struct{}{}
	for _, c := range b.s.Credits {
		seen[string(c.Currency)] = struct{}{}
	}
	for _, a := range b.s.Adjustments {
		seen[string(a.Currency)] = struct{}{}
	}
	return len(seen) == 1
}
