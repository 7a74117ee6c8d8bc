package xlsx

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"magam/domain/closing"
	"magam/domain/margin"
	"magam/domain/money"
)

// summary is the month on one sheet: totals, what leaks, the proof and what each
// step added.
func (m *marginBook) summary() error {
	p, err := m.beginSummary(36, 24, 24, 28, 28, 24, 20)
	if err != nil {
		return err
	}
	p.put(m.cell(m.look.title, m.w.Title+" · "+m.words.MonthText(m.r.Month)))
	p.put(m.cell(m.look.quiet, m.about()))
	p.put()
	m.particular(p, m.w.State, m.w.StateText(string(m.r.State)))
	documents := fmt.Sprintf(m.w.FinalCount, m.r.Final)
	if m.r.Drafts > 0 {
		documents += " · " + fmt.Sprintf(m.w.DraftCount, m.r.Drafts)
	}
	m.particular(p, m.w.Documents, documents)
	m.particular(p, m.w.Accepted, m.r.Accepted)
	p.put()

	err = m.totalsOf(p)
	if err != nil {
		return err
	}
	m.retained(p)
	m.parked(p)
	m.proof(p)
	m.steps(p)
	m.spoken(p)
	p.put(m.cell(m.look.quiet, m.w.RoundedNote))
	p.put(m.cell(m.look.quiet, m.w.RetainedNote))
	if m.r.Drafts > 0 {
		p.put(m.cell(m.look.quiet, m.w.DraftNote))
	}
	if m.texts {
		p.put(m.cell(m.look.quiet, m.words.TextNumbers))
	}
	if p.err != nil {
		return p.err
	}
	return p.stream.Flush()
}

// head writes a section's captions; the first column is text, and so are those
// named.
func (m *marginBook) head(p *page, texts int, captions ...string) {
	cells := make([]any, len(captions))
	for i, caption := range captions {
		style := m.look.headRight
		if i < texts {
			style = m.look.head
		}
		cells[i] = m.cell(style, caption)
	}
	p.put(cells...)
}

func (m *marginBook) text(value string) excelize.Cell { return m.cell(m.look.text, value) }

// amount is a figure in its own currency.
func (m *marginBook) amount(value decimal.Decimal, currency money.Currency) excelize.Cell {
	style := m.look.source
	if currency.Places() == 0 && value.IsInteger() {
		style = m.look.whole
	}
	m.texts = m.texts || isText(value)
	return m.cell(style, number(value))
}

func (m *marginBook) totalsOf(p *page) error {
	shown, err := margin.Shown(m.r.Totals)
	if err != nil {
		return err
	}
	m.head(p, 1, m.w.Totals, m.w.Bought, m.w.Converted, m.w.Sold, m.w.Margin, m.w.Percent)
	for _, total := range shown {
		cells := []any{
			m.text(string(total.Source) + " → " + string(total.Currency)),
			m.amount(total.Bought, total.Source), m.amount(total.Converted, total.Currency),
			m.amount(total.Sold, total.Currency), m.amount(total.Margin(), total.Currency),
		}
		if rate, known := total.Percent(); known {
			cells = append(cells, m.cell(m.look.source, number(rate)))
		}
		p.put(cells...)
	}
	p.put()
	return nil
}

func (m *marginBook) retained(p *page) {
	if len(m.r.Retained) == 0 {
		return
	}
	m.head(p, 4, m.w.Retained, m.w.Provider, m.w.Payer, m.w.Currency, m.w.Amount)
	for _, one := range m.r.Retained {
		cells := []any{
			m.text(one.Customer),
			m.text(one.Provider),
			m.text(one.BillingAccount),
			m.text(string(one.Currency)),
			m.amount(one.Amount, one.Currency),
		}
		if one.Kind != "" {
			cells = append(cells, m.text(m.w.KindText(one.Kind)))
		}
		p.put(cells...)
	}
	p.put()
}

func (m *marginBook) parked(p *page) {
	if len(m.r.Parked) == 0 {
		return
	}
	m.head(p, 4, m.w.Parked, m.w.Name, m.w.Provider, m.w.Reason)
	for _, one := range m.r.Parked {
		p.put(m.text(one.Customer), m.text(one.Name), m.text(one.Provider), m.text(one.Reason))
	}
	p.put()
}

func (m *marginBook) proof(p *page) {
	if len(m.r.Proof) == 0 {
		return
	}
	m.head(p, 1, m.w.Proof)
	m.head(p, 1, m.w.Payer, m.w.Delivered, m.w.Quarantined, m.w.Assigned, m.w.Retained, m.w.Unassigned)
	for _, row := range append(append([]closing.ProofRow{}, m.r.Proof...), closing.ByCurrency(m.r.Proof)...) {
		c := row.Currency
		p.put(m.text(strings.TrimSpace(row.String())), m.amount(row.Delivered, c),
			m.amount(row.Quarantined, c), m.amount(row.Assigned, c), m.amount(row.Retained, c),
			m.amount(row.Unassigned, c))
	}
	p.put()
	m.head(p, 1, m.w.Reconciled, m.w.Assigned, m.w.OnDocuments, m.w.ParkedCost, m.w.Difference)
	for _, one := range m.r.Reconciled {
		p.put(m.text(string(one.Currency)), m.amount(one.Assigned, one.Currency),
			m.amount(one.OnDocuments, one.Currency), m.amount(one.Parked, one.Currency),
			m.amount(one.Difference, one.Currency))
	}
	p.put()
}

func (m *marginBook) steps(p *page) {
	if len(m.r.Steps) == 0 {
		return
	}
	m.head(p, 3, m.w.Steps, m.w.Totals, m.w.Currency, m.w.Delta, m.w.After)
	for _, step := range m.r.Steps {
		p.put(m.text(m.w.StepText(step.Step)), m.text(string(step.Source)+" → "+string(step.Currency)),
			m.text(string(step.In)), m.amount(step.Delta, step.In), m.amount(step.After, step.In))
	}
	p.put()
}

// spoken are what people decided, and what stands as an alarm.
func (m *marginBook) spoken(p *page) {
	if len(m.r.Decisions) > 0 {
		m.head(p, 5, m.w.Decisions, m.w.Provider, m.w.Verdict, m.w.By, m.w.Reason)
		for _, one := range m.r.Decisions {
			p.put(m.text(one.Customer), m.text(one.Provider), m.text(m.w.VerdictText(one.Verdict)),
				m.text(one.By), m.text(one.Reason))
		}
		p.put()
	}
	if len(m.r.Alarms) == 0 {
		return
	}
	m.head(p, 4, m.w.Alarms, m.w.Origin, m.w.Since, m.w.Reason)
	for _, one := range m.r.Alarms {
		p.put(m.text(one.Title(m.w.Language)), m.text(strings.TrimSpace(one.Source+" "+one.Month)),
			m.text(one.Since.UTC().Format("2006-01-02 15:04")), m.text(one.Sentence(m.w.Language)))
	}
	p.put()
}
