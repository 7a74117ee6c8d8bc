package main

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// explainCmd shows how a line came to its amount, down to the provider's rows.
type explainCmd struct {
	Invoice string `arg:"" help:"A number, or customer/provider/month for a draft."`
	Line    int    `arg:"" help:"Position of the line, as the detail workbook numbers it."`
	Limit   int    `       help:"How many source rows to show."                            default:"20" placeholder:"ROWS"`
	Offset  int    `       help:"How many source rows to skip."                            default:"0"  placeholder:"ROWS"`
}

// Help shows what people ask most.
func (explainCmd) Help() string {
	return `Examples:

  starter explain INV-2026-000123 7
  starter explain acme/aws/2026-10 7 --limit 100 --offset 100

Shows each step from what the provider billed to the amount on the line, with every digit, and the source rows behind
it by delivery, file and row. Exit code 1 where those rows no longer add up to the first step.`
}

// explainAnswer is the whole answer for programs.
type explainAnswer struct {
	Number   string         `json:"number"`
	Customer string         `json:"customer"`
	Provider string         `json:"provider"`
	Month    string         `json:"month"`
	Currency string         `json:"currency"`
	Line     lineAnswer     `json:"line"`
	Rows     int64          `json:"source_rows"`
	Billed   string         `json:"source_billed"`
	Agrees   bool           `json:"agrees"`
	Moved    *movedAnswer   `json:"benefit,omitempty"`
	Sources  []db.SourceRow `json:"sources"`
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

// stepAnswer is one link of the chain.
type stepAnswer struct {
	Step     string `json:"step"`
	Rule     string `json:"rule"`
	Currency string `json:"currency"`
	Adds     string `json:"adds"`
	Leaves   string `json:"leaves"`
}

func answerOf(line invoice.Line) lineAnswer {
	answer := lineAnswer{
		Position:    line.Position,
		Account:     line.Account,
		AccountName: line.AccountName,
		Service:     line.Service,
		ServiceName: line.ServiceName,
		UsageType:   line.UsageType,
		Unit:        line.Unit,
		Quantity:    money.Text(line.Quantity),
		TaxCategory: string(
			line.TaxCategory,
		),
		SourceCurrency: string(line.Source),
		Billed:         money.Text(line.Billed),
		Net: money.Text(
			line.Net,
		),
		Amount: money.Text(line.Amount),
		Steps:  make([]stepAnswer, len(line.Steps)),
	}
	for i, step := range line.Steps {
		answer.Steps[i] = stepAnswer{
			Step: string(step.Name), Rule: step.Rule, Currency: string(step.Currency),
			Adds: money.Text(step.Delta), Leaves: money.Text(step.After),
		}
	}
	return answer
}

// Run reads the books and prints. Source rows that no longer add up to the
// line's first step are exit code 1.
func (c *explainCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger := db.NewLedger(books)
	snapshot, err := c.document(ctx, ledger)
	if err != nil {
		return err
	}
	if c.Line < 1 || c.Line > len(snapshot.Lines) {
		return fault.New(fault.Input, fmt.Sprintf("%s has no line %d", c.Invoice, c.Line),
			fmt.Sprintf("ask for one of its lines 1 to %d", len(snapshot.Lines)))
	}
	line := snapshot.Lines[c.Line-1]
	behind, err := c.behind(ctx, db.NewMaster(books), ledger, snapshot, line)
	if err != nil {
		return err
	}
	rows, billed := db.Sum(behind)
	answer := explainAnswer{
		Number:   snapshot.Number,
		Customer: snapshot.Customer.Code,
		Provider: snapshot.Provider,
		Month:    snapshot.Month.String(),
		Currency: string(snapshot.Currency),
		Line:     answerOf(line),
		Rows:     rows,
		Billed:   money.Text(billed),
		Agrees:   billed.Equal(line.Billed),
		Sources:  []db.SourceRow{},
	}
	book, _, err := db.NewMaster(books).LoadBook(ctx, snapshot.Month)
	if err != nil {
		return err
	}
	answer.Moved, err = benefitBehind(ctx, ledger, book, snapshot.Month, line)
	if err != nil {
		return err
	}
	if len(behind) > 0 {
		answer.Sources, err = ledger.SourceRows(ctx, snapshot, line, behind, c.Limit, c.Offset)
		if err != nil {
			return err
		}
	}
	if s.json {
		err = s.printJSON(answer)
	} else {
		c.print(s, answer)
	}
	if err == nil && !answer.Agrees {
		return errDiffers
	}
	return err
}

func (c *explainCmd) document(ctx context.Context, ledger *db.Ledger) (invoice.Snapshot, error) {
	parts := strings.Split(c.Invoice, "/")
	if len(parts) != 3 {
		return ledger.ByNumber(ctx, c.Invoice)
	}
	month, err := period.ParseMonth(parts[2])
	if err != nil {
		return invoice.Snapshot{}, misusef(
			"%s: %s. Fix: name a draft as customer/provider/month, such as acme/aws/2026-10",
			c.Invoice,
			err,
		)
	}
	return ledger.DraftOf(ctx, parts[0], parts[1], month)
}

// behind keeps what the rules of basis and tax put on this very line.
func (c *explainCmd) behind(
	ctx context.Context, sheets *db.Master, ledger *db.Ledger, snapshot invoice.Snapshot, line invoice.Line,
) ([]db.Behind, error) {
	candidates, err := ledger.Behind(ctx, snapshot, line)
	if err != nil {
		return nil, err
	}
	book, _, err := sheets.LoadBook(ctx, snapshot.Month)
	if err != nil {
		return nil, err
	}
	customer, _ := book.Customer(snapshot.Customer.Code, snapshot.Month)
	transfers, err := ledger.TransfersOf(ctx, snapshot.Month, customer.Code)
	if err != nil {
		return nil, err
	}
	var behind []db.Behind
	for _, one := range candidates {
		if pricing.Retained(one.Group, customer.Contract) && !pricing.TakenGroup(transfers, one.Group) {
			continue
		}
		category, err := tax.Categorize(book.TaxRules(), one.Group, snapshot.Month)
		if err != nil {
			return nil, err
		}
		if category == line.TaxCategory {
			behind = append(behind, one)
		}
	}
	return behind, nil
}

func (c *explainCmd) print(s *session, answer explainAnswer) {
	line := answer.Line
	fmt.Fprintf(
		s.out,
		"%s %s %s %s, line %d: %s %s %s, %s\n",
		answer.Number,
		answer.Customer,
		answer.Provider,
		answer.Month,
		line.Position,
		line.AccountName,
		line.ServiceName,
		line.UsageType,
		line.TaxCategory,
	)
	steps := newTable(s, plain("step"), cut("rule"), plain("currency"), figure("adds"), figure("leaves"))
	for _, step := range line.Steps {
		steps.row(step.Step, step.Rule, step.Currency, grouped(step.Adds), grouped(step.Leaves))
	}
	steps.footer("amount", "", answer.Currency, "", grouped(line.Amount))
	steps.print()
	printMoved(s, answer.Moved)

	fmt.Fprintf(s.out, "%d source rows, %s %s in all", answer.Rows, line.SourceCurrency, answer.Billed)
	if answer.Agrees {
		fmt.Fprintln(s.out, ": the first step, to the last digit.")
	} else {
		fmt.Fprintf(
			s.out,
			", but the first step is %s: data or sheets changed since.\n",
			grouped(line.Billed),
		)
	}
	sources := newTable(s, figure("delivery"), cut("file"), figure("row"), plain("starts (UTC)"), cut("type"),
		figure("quantity"), figure("billed"))
	for _, row := range answer.Sources {
		sources.row(row.Delivery, path.Base(row.File), row.Row, row.StartsAt.UTC().Format(time.DateTime)[:16],
			row.LineType, row.Quantity, row.Billed)
	}
	sources.print()
	if left := answer.Rows - int64(c.Offset+len(answer.Sources)); left > 0 && len(answer.Sources) > 0 {
		fmt.Fprintf(s.out, "%d more: --offset %d\n", left, c.Offset+len(answer.Sources))
	}
}

// grouped prints an amount with every digit it has, in thousands.
func grouped(amount string) string {
	parsed, err := decimal.NewFromString(amount)
	if err != nil {
		return amount
	}
	return money.Grouped(parsed, 0)
}
