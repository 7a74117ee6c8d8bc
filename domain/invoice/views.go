package invoice

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// The choices of the contract's group_by column. Empty is account.
const (
	GroupByAccount = "account"
	GroupByAlias   = "alias"
)

// The four documents show the same finest lines, added up differently: that is
// why all four have the same total (docs/spec/08-rounding.md).

// ProductRow is one product of a document, in one source currency.
type ProductRow struct {
	Service, ServiceName string
	Source               money.Currency
	Net                  decimal.Decimal // in Source
	Amount               decimal.Decimal // in the document's currency
}

// AccountRow is one account, or all accounts of one alias, and its products.
type AccountRow struct {
	Name     string   // the alias, or the account
	Accounts []string // what is added up here, sorted
	Amount   decimal.Decimal
	Products []ProductRow
}

// DetailRow is one usage type of a product, of one account or of all.
type DetailRow struct {
	Account              string // empty where all accounts are added up
	Service, ServiceName string
	UsageType, Unit      string
	Source               money.Currency
	Quantity             decimal.Decimal
	Net                  decimal.Decimal
	Amount               decimal.Decimal
}

// ByProduct adds a document up by product (청구서), the largest first.
func ByProduct(s Snapshot) []ProductRow { return products(s.allLines()) }

func products(lines []Line) []ProductRow {
	type key struct {
		service string
		source  money.Currency
	}
	var rows []ProductRow
	place := map[key]int{}
	for _, l := range lines {
		k := key{l.Service, l.Source}
		at, known := place[k]
		if !known {
			at = len(rows)
			place[k] = at
			rows = append(rows, ProductRow{Service: l.Service, Source: l.Source})
		}
		rows[at].ServiceName = max(rows[at].ServiceName, l.ServiceName)
		rows[at].Net = rows[at].Net.Add(l.Net)
		rows[at].Amount = rows[at].Amount.Add(l.Amount)
	}
	slices.SortStableFunc(rows, func(a, b ProductRow) int {
		return cmp.Or(b.Amount.Cmp(a.Amount), cmp.Compare(a.ServiceName, b.ServiceName),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.Source, b.Source))
	})
	return rows
}

// ByAccount adds a document up by account, products below it (Account별
// 청구서). Where the contract groups by alias, two accounts with one alias are
// one row (ruling R-18).
func ByAccount(s Snapshot) []AccountRow {
	byName := map[string][]Line{}
	for _, l := range s.allLines() {
		name := s.accountOf(l)
		byName[name] = append(byName[name], l)
	}
	rows := make([]AccountRow, 0, len(byName))
	for name, lines := range byName {
		row := AccountRow{Name: name, Products: products(lines)}
		if s.GroupBy != GroupByAlias {
			row.Name = lines[0].AccountName
		}
		for _, l := range lines {
			row.Accounts = append(row.Accounts, l.Account)
			row.Amount = row.Amount.Add(l.Amount)
		}
		slices.Sort(row.Accounts)
		row.Accounts = slices.Compact(row.Accounts)
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b AccountRow) int {
		return cmp.Or(b.Amount.Cmp(a.Amount), cmp.Compare(a.Name, b.Name),
			slices.Compare(a.Accounts, b.Accounts))
	})
	return rows
}

// Detail adds a document up by product and usage type (상세내역).
func Detail(s Snapshot) []DetailRow {
	return details(s, func(Line) string { return "" })
}

// AccountDetail adds a document up by account, product and usage type (Account
// 상세내역), by alias where the contract says so.
func AccountDetail(s Snapshot) []DetailRow { return details(s, s.accountOf) }

func details(s Snapshot, account func(Line) string) []DetailRow {
	type key struct {
		account, service, usageType, unit string
		source                            money.Currency
	}
	var rows []DetailRow
	place := map[key]int{}
	for _, l := range s.allLines() {
		k := key{account(l), l.Service, l.UsageType, l.Unit, l.Source}
		at, known := place[k]
		if !known {
			at = len(rows)
			place[k] = at
			rows = append(rows, DetailRow{
				Account:   k.account,
				Service:   l.Service,
				UsageType: l.UsageType,
				Unit:      l.Unit,
				Source:    l.Source,
			})
		}
		row := &rows[at]
		row.ServiceName = max(row.ServiceName, l.ServiceName)
		row.Quantity = row.Quantity.Add(l.Quantity)
		row.Net = row.Net.Add(l.Net)
		row.Amount = row.Amount.Add(l.Amount)
	}
	slices.SortStableFunc(rows, func(a, b DetailRow) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.ServiceName, b.ServiceName),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.UsageType, b.UsageType),
			cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Source, b.Source))
	})
	return rows
}

// accountOf names what a line is grouped by.
func (s Snapshot) accountOf(l Line) string {
	if s.GroupBy == GroupByAlias {
		return l.AccountName
	}
	return l.Account
}
