package main

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/money"
)

// explainAnswer is the whole answer for programs.
type explainAnswer struct {
	Number   string             `json:"number"`
	Customer string             `json:"customer"`
	Provider string             `json:"provider"`
	Month    string             `json:"month"`
	Currency string             `json:"currency"`
	Line     lineAnswer         `json:"line"`
	Rows     int64              `json:"source_rows"`
	Billed   string             `json:"source_billed"`
	Agrees   bool               `json:"agrees"`
	Moved    *movedAnswer       `json:"benefit,omitempty"`
	Sources  []charge.SourceRow `json:"sources"`
}

// lineAnswer is a document's line for programs.
type lineAnswer struct {
	Position       int          `json:"position"`
	Account        string       `json:"account"`
	AccountName    string       `json:"account_name"`
	Service        string       `json:"service"`
	ServiceName    string       `json:"service_name"`
	UsageType      string       `json:"usage_type"`
	Unit           string       `json:"unit"`
	Quantity       string       `json:"quantity"`
	TaxCategory    string       `json:"tax_category"`
	SourceCurrency string       `json:"source_currency"`
	Billed         string       `json:"billed"` // by the provider, in the source currency
	Net            string       `json:"net"`    // after every step in the source currency
	Amount         string       `json:"amount"` // in the document's currency
	Steps          []stepAnswer `json:"steps"`
}

// stepAnswer is one link of the chain, with the version of the sheet its rule is from.
type stepAnswer struct {
	Step     string `json:"step"`
	Rule     string `json:"rule"`
	Sheet    string `json:"sheet,omitempty"`
	Import   int64  `json:"import,omitempty"`    // the sheet's version
	SheetRow int    `json:"sheet_row,omitempty"` // where the rule stood in it
	From     string `json:"from,omitempty"`      // the month since when it is in force; empty: always
	Currency string `json:"currency"`
	Adds     string `json:"adds"`
	Leaves   string `json:"leaves"`
}

func answerOf(line invoice.Line) lineAnswer {
	answer := lineAnswer{
		Position: line.Position, Account: line.Account, AccountName: line.AccountName,
		Service: line.Service, ServiceName: line.ServiceName, UsageType: line.UsageType, Unit: line.Unit,
		Quantity: money.Text(line.Quantity), TaxCategory: string(line.TaxCategory),
		SourceCurrency: string(line.Source), Billed: money.Text(line.Billed), Net: money.Text(line.Net),
		Amount: money.Text(line.Amount), Steps: make([]stepAnswer, len(line.Steps)),
	}
	for i, step := range line.Steps {
		answer.Steps[i] = stepAnswer{
			Step: string(step.Name), Rule: step.Rule, Currency: string(step.Currency),
			Adds: money.Text(step.Delta), Leaves: money.Text(step.After),
		}
	}
	return answer
}

// sheetOf is which sheet a step's rule comes from. Where the step names a choice
// of the contract and not a row, the customer's own row is the rule.
var sheetOf = map[invoice.StepName]struct {
	sheet    string
	contract bool
}{
	invoice.StepBilled:           {}, // the provider's own
	invoice.StepRetained:         {"customers", true},
	invoice.StepBasis:            {"customers", true},
	invoice.StepPooled:           {"customers", true},
	invoice.StepBenefit:          {"customers", true},
	invoice.StepAdjustmentBefore: {"adjustments", false},
	invoice.StepPrice:            {"prices", false},
	invoice.StepShared:           {"shared_costs", false},
	invoice.StepFee:              {"fees", false},
	invoice.StepAdjustmentAfter:  {"adjustments", false},
	invoice.StepCredit:           {"credits", false},
	invoice.StepCurrency:         {"rates", false},
	invoice.StepInvoiceAdjust:    {"adjustments", false},
	invoice.StepInvoiceCredit:    {"credits", false},
	invoice.StepRounding:         {"customers", true},
}

// nameVersions adds to each step which version of which sheet its rule is from.
func nameVersions(ctx context.Context, ledger *db.Ledger, of invoice.Snapshot, steps []stepAnswer) error {
	versions, err := ledger.Versions(ctx, of)
	if err != nil {
		return err
	}
	for i := range steps {
		step := &steps[i]
		from, ruled := sheetOf[invoice.StepName(step.Step)]
		version, known := versions[from.sheet]
		if !ruled || !known {
			continue
		}
		rule := step.Rule
		if from.contract {
			rule = of.Customer.Code
		}
		step.Sheet, step.Import = from.sheet, version.Import
		step.SheetRow, step.From, err = ledger.RuleRow(ctx, version.Import, from.sheet, rule, of.Month)
		if err != nil {
			return fmt.Errorf("find rule %s in sheet %s: %w", rule, from.sheet, err)
		}
	}
	return nil
}

// version prints "prices #12 row 4 from 2026-01".
func (a stepAnswer) version() string {
	if a.Import == 0 {
		return ""
	}
	text := fmt.Sprintf("%s #%d", a.Sheet, a.Import)
	if a.SheetRow > 0 {
		text += fmt.Sprintf(" row %d", a.SheetRow)
	}
	if a.From != "" {
		text += " from " + a.From
	}
	return text
}

func (c *explainCmd) print(s *session, answer explainAnswer) {
	line := answer.Line
	fmt.Fprintf(s.out, "%s %s %s %s, line %d: %s %s %s, %s\n", answer.Number, answer.Customer,
		answer.Provider, answer.Month, line.Position, line.AccountName, line.ServiceName, line.UsageType,
		line.TaxCategory)
	steps := newTable(s, plain("step"), cut("rule"), wrapped("version"), plain("currency"), figure("adds"),
		figure("leaves"))
	for _, step := range line.Steps {
		steps.row(step.Step, step.Rule, step.version(), step.Currency, grouped(step.Adds),
			grouped(step.Leaves))
	}
	steps.footer("amount", "", "", answer.Currency, "", grouped(line.Amount))
	steps.print()
	printMoved(s, answer.Moved)

	fmt.Fprintln(s.out, rowsSentence(answer))
	sources := newTable(s, figure("delivery"), figure("part"), cut("file"), figure("row"),
		plain("starts (UTC)"), cut("type"), figure("quantity"), figure("billed"))
	for _, row := range answer.Sources {
		sources.row(row.Delivery, row.Part, path.Base(row.File), row.Row,
			row.StartsAt.UTC().Format(time.DateTime)[:16], row.LineType, row.Quantity, row.Billed)
	}
	sources.print()
	if left := answer.Rows - int64(c.Offset+len(answer.Sources)); left > 0 && len(answer.Sources) > 0 {
		fmt.Fprintf(s.out, "%d more: --offset %d, or all: --csv FILE\n", left, c.Offset+len(answer.Sources))
	}
}

// rowsSentence says whether the rows are the first step.
func rowsSentence(answer explainAnswer) string {
	text := fmt.Sprintf("%d source rows, %s %s in all", answer.Rows, answer.Line.SourceCurrency,
		answer.Billed)
	if answer.Agrees {
		return text + ": the first step, to the last digit."
	}
	return text + fmt.Sprintf(", but the first step is %s: data or sheets changed since.",
		grouped(answer.Line.Billed))
}

// grouped prints an amount with every digit it has, in thousands.
func grouped(amount string) string {
	parsed, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	return money.Grouped(parsed, 0)
}
