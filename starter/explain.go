package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"magam/db"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// explainCmd shows how a line came to its amount, down to the provider's rows.
type explainCmd struct {
	Invoice string `arg:"" help:"A number, or customer/provider/month for a draft."`
	Line    int    `arg:"" help:"Position of the line, as the detail workbook numbers it."`
	Limit   int    `       help:"How many source rows to show."                            default:"20"`
	Offset  int    `       help:"How many source rows to skip."                            default:"0"`
}

// Help shows what people ask most.
func (explainCmd) Help() string {
	return "starter explain INV-2026-000123 7\nstarter explain acme/aws/2026-10 7 --limit 100 --offset 100"
}

// explainAnswer is the whole answer for programs.
type explainAnswer struct {
	Number   string         `json:"number"`
	Customer string         `json:"customer"`
	Provider string         `json:"provider"`
	Month    string         `json:"month"`
	Line     invoice.Line   `json:"line"`
	Rows     int64          `json:"source_rows"`
	Billed   string         `json:"source_billed"`
	Agrees   bool           `json:"agrees"`
	Sources  []db.SourceRow `json:"sources"`
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
		return fault.New(fault.Input, fmt.Sprintf("line %d of %s", c.Line, c.Invoice),
			fmt.Sprintf("it has lines 1 to %d", len(snapshot.Lines)))
	}
	line := snapshot.Lines[c.Line-1]
	behind, err := c.behind(ctx, db.NewMaster(books), ledger, snapshot, line)
	if err != nil {
		return err
	}
	rows, billed := db.Sum(behind)
	answer := explainAnswer{
		Number: snapshot.Number, Customer: snapshot.Customer.Code, Provider: snapshot.Provider,
		Month: snapshot.Month.String(), Line: line, Rows: rows, Billed: money.Text(billed),
		Agrees: billed.Equal(line.Billed), Sources: []db.SourceRow{},
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
		err = c.print(s, snapshot, answer)
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
	month, err := askedMonth(parts[2])
	if err != nil {
		return invoice.Snapshot{}, err
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
	var behind []db.Behind
	for _, one := range candidates {
		if pricing.Retained(one.Group, customer.Contract) {
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

func (c *explainCmd) print(s *session, snapshot invoice.Snapshot, answer explainAnswer) error {
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
	steps := newTable(s)
	steps.AppendHeader(table.Row{"step", "rule", "", "adds", "leaves"})
	steps.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 24, WidthMaxEnforcer: text.Trim},
		{Number: 4, Align: text.AlignRight},
		{Number: 5, Align: text.AlignRight},
	})
	for _, step := range line.Steps {
		steps.AppendRow(table.Row{step.Name, step.Rule, step.Currency, exact(step.Delta), exact(step.After)})
	}
	steps.AppendFooter(table.Row{"", "", snapshot.Currency, "", exact(line.Amount)})
	steps.Render()

	fmt.Fprintf(s.out, "%d source rows, %s %s in all", answer.Rows, line.Source, answer.Billed)
	if answer.Agrees {
		fmt.Fprintln(s.out, ": the first step, to the last digit.")
	} else {
		fmt.Fprintf(s.out, ", but the first step is %s: data or sheets changed since.\n", exact(line.Billed))
	}
	sources := newTable(s)
	sources.AppendHeader(table.Row{"delivery", "file", "row", "starts (UTC)", "type", "quantity", "billed"})
	sources.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 24, WidthMaxEnforcer: text.Trim},
		{Number: 5, WidthMax: 14, WidthMaxEnforcer: text.Trim},
		{Number: 6, Align: text.AlignRight, WidthMax: 14, WidthMaxEnforcer: text.Trim},
		{Number: 7, Align: text.AlignRight, WidthMax: 20, WidthMaxEnforcer: text.Trim},
	})
	for _, row := range answer.Sources {
		sources.AppendRow(table.Row{
			row.Delivery, row.File, row.Row, row.StartsAt.UTC().Format(time.DateTime)[:16], row.LineType,
			row.Quantity, row.Billed,
		})
	}
	sources.Render()
	if left := answer.Rows - int64(c.Offset+len(answer.Sources)); left > 0 {
		fmt.Fprintf(s.out, "%d more: --offset %d\n", left, c.Offset+len(answer.Sources))
	}
	return nil
}

// exact prints an amount with every digit it has.
func exact(amount decimal.Decimal) string { return money.Grouped(amount, 0) }
