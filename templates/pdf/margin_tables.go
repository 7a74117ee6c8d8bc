package pdf

import (
	"fmt"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	margins "magam/domain/margin"
	"magam/domain/money"
	"magam/templates/fonts"
)

// How many rows of a list the pages show: the rest is in the workbook.
const (
	listedMax  = 8
	parkedMax  = 15
	payersMax  = 12
	cellInset  = 1.6 // white space that keeps columns apart
	reasonRows = 2   // lines of a reason
)

// slot is one column of a section: its caption and its part of the grid.
type slot struct {
	caption string
	width   int
	right   bool
}

// section is a titled table. Cells wrap to two lines where they are text; a
// figure never does.
func (m *report) section(title string, slots []slot, rows [][]string, more int) table {
	heading := style{size: sizeFigure, bold: true}
	t := table{
		before: []strip{
			gap(3), line(6.4, nil, col.New(grid).Add(m.set(title, heading, middle(6.4, sizeFigure)))),
		},
		head: func() []strip {
			var cells []core.Col
			for _, s := range slots {
				cells = append(cells, m.cell(s, s.caption, quiet, itemHeight))
			}
			return []strip{line(itemHeight, ruled(ruleBlack, 0.2), cells...)}
		},
		foot: []strip{gap(1)},
	}
	for _, row := range rows {
		t.rows = append(t.rows, m.row(slots, row))
	}
	if more > 0 {
		t.foot = []strip{line(itemHeight, nil, col.New(grid).
			Add(m.set(fmt.Sprintf(m.w.More, more), quiet, middle(itemHeight, sizeText)))), gap(1)}
	}
	return t
}

func (m *report) row(slots []slot, values []string) strip {
	tall := 1
	cells := make([]core.Col, len(slots))
	for i, s := range slots {
		made := col.New(s.width)
		room := float64(s.width)*column - cellInset
		if s.right {
			made = m.cell(s, values[i], plain, itemHeight)
		} else {
			wrapped := wrap(values[i], plain, room, reasonRows)
			for n, text := range wrapped {
				made.Add(m.set(text, plain, middle(itemHeight, sizeText)+float64(n)*leading))
			}
			tall = max(tall, len(wrapped))
		}
		cells[i] = made
	}
	return line(itemHeight+float64(tall-1)*leading, ruled(ruleGrey, 0.1), cells...)
}

// cell is one line. A figure that is too wide for its column is set smaller
// rather than cut.
func (m *report) cell(s slot, value string, look style, tall float64) core.Col {
	if s.right {
		look = look.toRight()
		room := float64(s.width)*column - 0.6
		for look.size > 5 && fonts.Width(value, look.bold, look.size) > room {
			look.size -= 0.25
		}
	}
	return col.New(s.width).Add(m.set(value, look, middle(tall, sizeText)))
}

func cutList[T any](all []T, most int) ([]T, int) {
	if len(all) <= most {
		return all, 0
	}
	return all[:most], len(all) - most
}

func (m *report) totals() (table, error) {
	shown, err := margins.Shown(m.r.Totals)
	if err != nil {
		return table{}, err
	}
	var rows [][]string
	for _, total := range shown {
		bought, err := show(total.Bought, total.Source)
		if err != nil {
			return table{}, err
		}
		rows = append(rows, append([]string{
			string(total.Source) + " → " + string(total.Currency), priced(bought, total.Source),
		}, m.figures(total)...))
	}
	if len(rows) == 0 {
		rows = [][]string{{m.w.None, "", "", "", "", ""}}
	}
	slots := []slot{
		{m.w.Source + " → " + m.w.Currency, 2, false},
		{m.w.Bought, 2, true},
		{m.w.Converted, 2, true},
		{m.w.Sold, 2, true},
		{m.w.Margin, 2, true},
		{m.w.Percent, 2, true},
	}
	return m.section(m.w.Totals, slots, rows, 0), nil
}

func (m *report) parked() table {
	listed, more := cutList(m.r.Parked, parkedMax)
	var rows [][]string
	for _, one := range listed {
		rows = append(rows, []string{joined(" · ", one.Customer, one.Name), one.Provider, one.Reason})
	}
	return m.section(m.w.Parked, []slot{
		{m.w.Customer, 3, false}, {m.w.Provider, 1, false}, {m.w.Reason, 8, false},
	}, rows, more)
}

func (m *report) unbilled() table {
	listed, more := cutList(m.r.Unbilled, listedMax)
	var rows [][]string
	for _, one := range listed {
		rows = append(rows, []string{
			m.w.KindText(one.Kind), joined(" · ", one.Customer, one.Provider, one.BillingAccount), one.Reason,
			m.priced(one.Amount, one.Currency),
		})
	}
	return m.section(m.w.Unbilled, []slot{
		{m.w.Kind, 2, false},
		{m.w.Customer + " · " + m.w.Payer, 3, false},
		{m.w.Reason, 4, false},
		{m.w.Amount, 3, true},
	}, rows, more)
}

func (m *report) unmapped() table {
	listed, more := cutList(m.r.Unmapped, listedMax)
	var rows [][]string
	for _, one := range listed {
		names := make([]string, len(one.Services))
		for i, cost := range one.Services {
			names[i] = cost.Name
		}
		rows = append(rows, []string{
			joined(" · ", one.Provider, one.Account, one.Name), one.FirstSeen.Format("2006-01-02"),
			strings.Join(names, ", "), m.priced(one.Billed, one.Currency),
		})
	}
	return m.section(m.w.Unmapped, []slot{
		{m.w.Account, 3, false}, {m.w.FirstSeen, 2, false}, {m.w.Service, 4, false}, {m.w.Amount, 3, true},
	}, rows, more)
}

func (m *report) underBilled() table {
	listed, more := cutList(m.r.UnderBilled, listedMax)
	var rows [][]string
	for _, one := range listed {
		var rules []string
		for _, cause := range one.Causes {
			if cause.Amount.IsNegative() {
				// A true minus sign, at which no line is broken.
				took := "−" + m.rounded(cause.Amount.Neg(), one.Currency)
				rules = append(rules, joined(" ", m.w.StepText(cause.Step), cause.Rule, took))
			}
		}
		name := one.ServiceName
		if name == "" {
			name = one.Service
		}
		rows = append(rows, []string{
			joined(" · ", one.Customer, one.Account), name, strings.Join(rules, "; "),
			m.priced(one.Margin(), one.Currency),
		})
	}
	return m.section(m.w.UnderBilled, []slot{
		{m.w.Customer + " · " + m.w.Account, 3, false},
		{m.w.Service, 3, false},
		{m.w.Rules, 4, false},
		{m.w.Margin, 2, true},
	}, rows, more)
}

func (m *report) retained() table {
	listed, more := cutList(m.r.Retained, listedMax)
	var rows [][]string
	for _, one := range listed {
		rows = append(rows, []string{
			one.Customer, joined(" · ", one.Provider, one.BillingAccount, m.w.KindText(one.Kind)),
			m.priced(one.Amount, one.Currency),
		})
	}
	return m.section(m.w.Retained, []slot{
		{m.w.Customer, 4, false}, {m.w.Payer, 5, false}, {m.w.Amount, 3, true},
	}, rows, more)
}

// proof is one row per payer, or per currency where there are many.
func (m *report) proof() table {
	proof := m.r.Proof
	if len(proof) > payersMax {
		proof = closing.ByCurrency(proof)
	}
	var rows [][]string
	for _, row := range proof {
		name := joined(" ", row.Provider, row.BillingAccount, string(row.Currency))
		cells := []string{name}
		for _, amount := range []decimal.Decimal{
			row.Delivered, row.Quarantined, row.Assigned, row.Retained, row.Unassigned,
		} {
			cells = append(cells, m.rounded(amount, row.Currency))
		}
		rows = append(rows, cells)
	}
	return m.section(m.w.Proof, []slot{
		{m.w.Payer, 3, false},
		{m.w.Delivered, 2, true},
		{m.w.Quarantined, 1, true},
		{m.w.Assigned, 2, true},
		{m.w.Retained, 2, true},
		{m.w.Unassigned, 2, true},
	}, rows, 0)
}

func (m *report) reconciled() table {
	word := m.w.Balanced
	if !m.r.Balanced() {
		word = m.w.Unbalanced
	}
	var rows [][]string
	for _, one := range m.r.Reconciled {
		difference := m.rounded(one.Difference, one.Currency)
		if !one.Difference.IsZero() {
			difference = money.Text(one.Difference) // the last digit is what matters here
		}
		rows = append(rows, []string{
			string(one.Currency),
			m.rounded(one.Assigned, one.Currency),
			m.rounded(one.OnDocuments, one.Currency),
			m.rounded(one.Parked, one.Currency),
			difference,
		})
	}
	return m.section(m.w.Reconciled+" · "+word, []slot{
		{m.w.Currency, 1, false},
		{m.w.Assigned, 3, true},
		{m.w.OnDocuments, 3, true},
		{m.w.ParkedCost, 2, true},
		{m.w.Difference, 3, true},
	}, rows, 0)
}

func (m *report) steps() table {
	var rows [][]string
	for _, step := range m.r.Steps {
		rows = append(rows, []string{
			m.w.StepText(step.Step), string(step.Source) + " → " + string(step.Currency),
			m.priced(step.Delta, step.In), m.priced(step.After, step.In),
		})
	}
	return m.section(m.w.Steps, []slot{
		{m.w.Step, 4, false}, {m.w.Currency, 2, false}, {m.w.Delta, 3, true}, {m.w.After, 3, true},
	}, rows, 0)
}

func (m *report) decisions() table {
	listed, more := cutList(m.spoken(), parkedMax)
	var rows [][]string
	for _, one := range listed {
		rows = append(rows, []string{
			joined(" · ", one.Customer, one.Provider), m.w.VerdictText(one.Verdict), one.By, one.Reason,
		})
	}
	if m.r.Accepted != "" {
		rows = append(rows, []string{m.w.Accepted, "", "", m.r.Accepted})
	}
	return m.section(m.w.Decisions, []slot{
		{m.w.Customer, 4, false}, {m.w.Verdict, 2, false}, {m.w.By, 2, false}, {m.w.Reason, 4, false},
	}, rows, more)
}

// spoken are the decisions of people; what contracts approved by themselves is
// the rule and not worth a page.
func (m *report) spoken() []margins.Decision {
	var said []margins.Decision
	for _, one := range m.r.Decisions {
		if one.Verdict != "auto-approve" {
			said = append(said, one)
		}
	}
	return said
}

func (m *report) alarms() table {
	listed, more := cutList(m.r.Alarms, listedMax)
	var rows [][]string
	for _, one := range listed {
		rows = append(rows, []string{
			one.Title(m.w.Language), joined(" ", one.Source, one.Month),
			one.Since.UTC().Format("2006-01-02 15:04"), one.Sentence(m.w.Language),
		})
	}
	return m.section(m.w.Alarms, []slot{
		{m.w.Kind, 2, false}, {m.w.Origin, 3, false}, {m.w.Since, 2, false}, {m.w.Reason, 5, false},
	}, rows, more)
}

// rounded is an amount in its currency's unit; a printed figure of the proof is
// to be read, the books and the workbook have every digit.
func (m *report) rounded(amount decimal.Decimal, currency money.Currency) string {
	shown, err := show(amount, currency)
	if err != nil && m.failed == nil {
		m.failed = err
	}
	return printed(shown, currency)
}

func (m *report) priced(amount decimal.Decimal, currency money.Currency) string {
	return string(currency) + " " + m.rounded(amount, currency)
}
