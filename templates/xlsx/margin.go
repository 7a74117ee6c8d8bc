package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
	"magam/templates/texts"
)

// MarginMark is what a workbook of margins says of itself to machines: nothing
// that carries it may be attached to a customer's mail.
const MarginMark = "finance-only"

// marginBook is the workbook of a month's margins, for finance alone.
type marginBook struct {
	*book
	r margin.Report
	w *texts.MarginWords
}

// Margin writes a month's report as a workbook: what was bought and sold by
// customer, service and account, what leaks, and what lost money. Before a byte
// goes to w the workbook is read back, and one whose sums are not the report's is
// refused with E_CONSERVATION.
func Margin(r margin.Report, edition int, digest, language string, w io.Writer) error {
	words, err := texts.MarginFor(language)
	if err != nil {
		return err
	}
	b := &book{
		s: invoice.Snapshot{
			Number:   fmt.Sprintf("%s %s/%d", words.Title, r.Month, edition),
			Month:    r.Month,
			Language: words.Language,
			Currency: mainCurrency(r),
			Issuer:   invoice.Party{Name: r.Issuer},
			Customer: invoice.Party{
				Name: r.Issuer,
			},
			IssuedOn: invoice.NewDate(r.Month.LastDay()),
			Color:    r.Color,
		},
		words: words.Words, digest: digest, title: words.Title, marks: MarginMark,
		note: strings.Join([]string{words.FinanceOnly, fmt.Sprintf("%s %d", words.Edition, edition)}, " · "),
	}
	m := &marginBook{book: b, r: r, w: words}
	tables, err := m.tables()
	if err != nil {
		return fmt.Errorf("write the margins of %s: %w", r.Month, err)
	}
	var made bytes.Buffer
	err = b.writeTo(&made, func() error { return b.sheets(m.summary, tables...) })
	if err == nil {
		err = verifyMargin(made.Bytes(), r, words)
	}
	if err != nil {
		return fmt.Errorf("write the margins of %s: %w", r.Month, err)
	}
	_, err = w.Write(made.Bytes())
	return err
}

// mainCurrency is that of most documents: the workbook's styles are made for it,
// and other currencies show their own decimals.
func mainCurrency(r margin.Report) money.Currency {
	count := map[money.Currency]int{}
	main := money.Currency("KRW")
	for _, row := range r.Customers {
		count[row.Currency]++
		if count[row.Currency] > count[main] {
			main = row.Currency
		}
	}
	return main
}

func (m *marginBook) tables() ([]tableSheet, error) {
	customers, err := margin.Shown(margin.Positions(m.r.Customers))
	if err != nil {
		return nil, err
	}
	services, err := margin.Shown(margin.Positions(m.r.Services))
	if err != nil {
		return nil, err
	}
	accounts, err := margin.Shown(margin.Positions(m.r.Accounts))
	if err != nil {
		return nil, err
	}
	lost := m.r.Negatives()
	negatives, err := margin.Shown(margin.Positions(lost))
	if err != nil {
		return nil, err
	}
	return []tableSheet{
		m.positions(m.w.ByCustomer, []string{m.w.Customer, m.w.Name, m.w.Provider, m.w.Number}, customers,
			func(i int) []any {
				row := m.r.Customers[i]
				number := row.Number
				if number == "" {
					number = m.w.StateText(row.State)
				}
				return []any{row.Customer, row.Name, row.Provider, number}
			}),
		m.positions(
			m.w.ByService,
			[]string{m.w.Provider, m.w.Service, m.w.Name},
			services,
			func(i int) []any {
				row := m.r.Services[i]
				return []any{row.Provider, row.Service, row.Name}
			},
		),
		m.positions(m.w.ByAccount, []string{m.w.Customer, m.w.Provider, m.w.Account, m.w.Name}, accounts,
			func(i int) []any {
				row := m.r.Accounts[i]
				return []any{row.Customer, row.Provider, row.Account, row.Name}
			}),
		m.leakage(),
		m.positions(m.w.Negative, []string{m.w.Kind, m.w.Provider, m.w.Number, m.w.Name}, negatives,
			func(i int) []any {
				return []any{m.w.KindText(lost[i].Kind), lost[i].Provider, lost[i].Code, lost[i].Name}
			}),
	}, nil
}

// positions is a table of figures behind who they are of. Columns are summed
// where they hold one currency alone, and what lost money in three ways is not
// added up at all.
func (m *marginBook) positions(
	name string, captions []string, shown []margin.Position, who func(int) []any,
) tableSheet {
	oneSource, oneCurrency := name != m.w.Negative, name != m.w.Negative
	for _, p := range shown {
		oneSource = oneSource && p.Source == shown[0].Source
		oneCurrency = oneCurrency && p.Currency == shown[0].Currency
	}
	var columns []tableColumn
	for _, caption := range captions {
		columns = append(columns, tableColumn{caption, kindText, false})
	}
	columns = append(columns,
		tableColumn{m.w.Source, kindText, false}, tableColumn{m.w.Bought, kindSource, oneSource},
		tableColumn{m.w.Currency, kindText, false}, tableColumn{m.w.Converted, kindSource, oneCurrency},
		tableColumn{m.w.Sold, kindSource, oneCurrency}, tableColumn{m.w.Margin, kindSource, oneCurrency},
		tableColumn{m.w.Percent, kindSource, false})
	return tableSheet{
		name: name, columns: columns, count: len(shown),
		row: func(i int) []any {
			p := shown[i]
			return append(
				who(i),
				string(p.Source),
				sum{p.Bought, p.Source},
				string(p.Currency),
				sum{
					p.Converted,
					p.Currency,
				},
				sum{p.Sold, p.Currency},
				sum{p.Margin(), p.Currency},
				percentOf(p),
			)
		},
	}
}

func percentOf(p margin.Position) any {
	rate, known := p.Percent()
	if !known {
		return ""
	}
	return rate
}

// leakage lists what is on no document, who owns none of it, and what was sold
// for less than it was bought for. The lists overlap: nothing is summed.
func (m *marginBook) leakage() tableSheet {
	var rows [][]any
	for _, one := range m.r.Unbilled {
		rows = append(rows, []any{
			m.w.KindText(one.Kind), one.Customer, one.Provider, one.BillingAccount, "", "", "",
			string(one.Currency),
			sum{one.Amount, one.Currency},
			one.Reason,
		})
	}
	for _, one := range m.r.Unmapped {
		rows = append(rows, []any{
			m.w.KindText("unmapped"), "", one.Provider, one.BillingAccount, one.Account, one.FirstSeen.Format(
				"2006-01-02"), servicesOf(one.Services), string(one.Currency),
			sum{one.Billed, one.Currency},
			one.Name,
		})
	}
	for _, one := range m.r.UnderBilled {
		rows = append(rows, []any{
			m.w.KindText("under-billed"), one.Customer, one.Provider, "", one.Account, "",
			named(one.ServiceName, one.Service), string(one.Currency),
			sum{inUnits(one.Margin(), one.Currency), one.Currency},
			m.causes(one),
		})
	}
	return tableSheet{
		name: m.w.Leakage, count: len(rows),
		columns: []tableColumn{
			{m.w.Kind, kindText, false},
			{m.w.Customer, kindText, false},
			{m.w.Provider, kindText, false},
			{m.w.Payer, kindText, false},
			{m.w.Account, kindText, false},
			{m.w.FirstSeen, kindText, false},
			{m.w.Service, kindText, false},
			{m.w.Currency, kindText, false},
			{m.w.Amount, kindSource, false},
			{m.w.Reason, kindText, false},
		},
		row: func(i int) []any { return rows[i] },
	}
}

func servicesOf(costs []margin.ServiceCost) string {
	names := make([]string, len(costs))
	for i, cost := range costs {
		names[i] = cost.Name
	}
	return strings.Join(names, ", ")
}

// causes are the rules that took something off, with what each took.
func (m *marginBook) causes(one margin.UnderBilled) string {
	var parts []string
	for _, cause := range one.Causes {
		if cause.Amount.IsNegative() {
			text := strings.TrimSpace(m.w.StepText(cause.Step) + " " + cause.Rule)
			parts = append(parts, text+" "+grouped(cause.Amount, one.Currency))
		}
	}
	return strings.Join(parts, "; ")
}

// grouped is an amount in words, rounded to its currency's unit.
func grouped(amount decimal.Decimal, currency money.Currency) string {
	return money.Grouped(inUnits(amount, currency), currency.Places())
}

func inUnits(amount decimal.Decimal, currency money.Currency) decimal.Decimal {
	rounded, err := money.Round(amount, money.ModeHalfUp, money.Unit(currency.Places()))
	if err != nil {
		return amount // no unit of ours is refused
	}
	return rounded
}

// verifyMargin reads the sheets back: their sold columns must make the report's
// totals, currency by currency.
func verifyMargin(workbook []byte, r margin.Report, words *texts.MarginWords) error {
	want := map[string]decimal.Decimal{}
	for _, total := range r.Totals {
		key := string(total.Source) + " " + string(total.Currency)
		want[key] = want[key].Add(total.Sold)
	}
	return readBack(workbook, MarginMark, func(file *excelize.File) error {
		for _, sheet := range []string{words.ByCustomer, words.ByService, words.ByAccount} {
			rows, err := file.GetRows(sheet)
			if err != nil {
				return err
			}
			found := map[string]decimal.Decimal{}
			for i, cells := range rows {
				if i < dataRow-1 || len(cells) < 6 {
					continue
				}
				at := len(rows[headRow-1]) // seven figures end the head
				amount, err := money.Parse(cells[at-3])
				if err != nil {
					return differs(sheet, fmt.Sprintf("row %d", i+1), cells[at-3], "an amount")
				}
				key := cells[at-7] + " " + cells[at-5]
				found[key] = found[key].Add(amount)
			}
			for key, amount := range want {
				if !found[key].Equal(amount) {
					return differs(sheet, key, found[key].String(), amount.String())
				}
			}
		}
		return nil
	})
}
