package pdf

import (
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/tax"
	"magam/templates/texts"
)

// product is one printed line: a provider's product in one source currency and
// tax category, the sum of the snapshot's finer lines.
type product struct {
	service, name string
	source        money.Currency
	category      tax.Category
	net           decimal.Decimal // in source currency, every digit
	shown         decimal.Decimal // net as printed, rounded so that the column adds up
	amount        decimal.Decimal // supply value
	heads         bool            // it is no product: it heads those of a month, with their sums
}

// byProduct adds the finest lines up by product, the largest amount first; of a
// quarter's document month by month, each under its name.
func byProduct(s invoice.Snapshot, words *texts.Words) ([]product, error) {
	if !s.IsQuarter() {
		return productsOf(s)
	}
	var all []product
	for _, month := range s.Months {
		products, err := productsOf(month)
		if err != nil {
			return nil, err
		}
		head := product{heads: true, name: words.MonthText(month.Month), amount: month.Supply}
		for _, p := range products {
			head.source, head.shown = p.source, head.shown.Add(p.shown)
		}
		all = append(append(all, head), products...)
	}
	return all, nil
}

func productsOf(s invoice.Snapshot) ([]product, error) {
	type key struct {
		service  string
		source   money.Currency
		category tax.Category
	}
	at := map[key]int{}
	var products []product
	for _, line := range s.Lines {
		k := key{line.Service, line.Source, line.TaxCategory}
		i, seen := at[k]
		if !seen {
			i = len(products)
			at[k] = i
			name := line.ServiceName
			if name == "" {
				name = line.Service
			}
			products = append(products, product{
				service: line.Service, name: name, source: line.Source, category: line.TaxCategory,
			})
		}
		products[i].net = products[i].net.Add(line.Net)
		products[i].amount = products[i].amount.Add(line.Amount)
	}
	sort.SliceStable(products, func(a, b int) bool {
		order := products[a].amount.Cmp(products[b].amount)
		if order != 0 {
			return order > 0
		}
		return products[a].name < products[b].name
	})
	return products, showSources(products)
}

// showSources rounds each source currency's column for print.
func showSources(products []product) error {
	members := map[money.Currency][]int{}
	for i, p := range products {
		members[p.source] = append(members[p.source], i)
	}
	for currency, rows := range members {
		nets := make([]decimal.Decimal, len(rows))
		for i, row := range rows {
			nets[i] = products[row].net
		}
		shown, err := showColumn(nets, currency)
		if err != nil {
			return err
		}
		for i, row := range rows {
			products[row].shown = shown[i]
		}
	}
	return nil
}

// showColumn rounds exact amounts to the places that their currency is written
// with, so that the printed ones add up to the printed total: a reader with a
// calculator finds no missing cent. Every digit is in the workbook.
func showColumn(exact []decimal.Decimal, currency money.Currency) ([]decimal.Decimal, error) {
	unit := money.Unit(currency.Places())
	total, err := show(money.Sum(exact...), currency)
	if err != nil {
		return nil, err
	}
	shown := make([]decimal.Decimal, len(exact))
	rest := make([]decimal.Decimal, len(exact)) // what rounding took off; negative where it added
	order := make([]int, len(exact))
	for i, amount := range exact {
		shown[i], err = money.Round(amount, money.ModeHalfUp, unit)
		if err != nil {
			return nil, err
		}
		rest[i], order[i] = amount.Sub(shown[i]), i
	}
	left := total.Sub(money.Sum(shown...))
	sort.SliceStable(order, func(a, b int) bool {
		if left.IsNegative() {
			return rest[order[a]].Cmp(rest[order[b]]) < 0
		}
		return rest[order[a]].Cmp(rest[order[b]]) > 0
	})
	for i := 0; !left.IsZero() && i < len(order); i++ {
		step := unit
		if left.IsNegative() {
			step = unit.Neg()
		}
		shown[order[i]] = shown[order[i]].Add(step)
		left = left.Sub(step)
	}
	return shown, nil
}

// show rounds one amount for print, to the places its currency is written with.
func show(amount decimal.Decimal, currency money.Currency) (decimal.Decimal, error) {
	return money.Round(amount, money.ModeHalfUp, money.Unit(currency.Places()))
}

// printed is an amount with its separators and the places of its currency.
func printed(amount decimal.Decimal, currency money.Currency) string {
	return money.Grouped(amount, currency.Places())
}

// priced is an amount after its currency's code.
func priced(amount decimal.Decimal, currency money.Currency) string {
	return string(currency) + " " + printed(amount, currency)
}

// withSymbol is what is owed, the sign before the symbol: -₩1,000.
func withSymbol(amount decimal.Decimal, currency money.Currency) string {
	text := currency.Symbol() + printed(amount.Abs(), currency)
	if amount.IsNegative() {
		return "-" + text
	}
	return text
}
