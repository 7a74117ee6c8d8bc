package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
)

// explainCmd shows how a line came to its amount, down to the provider's rows.
type explainCmd struct {
	Invoice string `arg:"" help:"A number, or customer/provider/month for a draft."`
	Line    int    `arg:"" help:"Position of the line, as the detail workbook numbers it."`
	Limit   int    `       help:"How many source rows to show."                                       default:"20" placeholder:"ROWS"`
	Offset  int    `       help:"How many source rows to skip."                                       default:"0"  placeholder:"ROWS"`
	CSV     string `       help:"Write every source row to a CSV file instead; - is standard output."              placeholder:"FILE" name:"csv"`
}

// Help shows what people ask most.
func (explainCmd) Help() string {
	return `Examples:

  starter explain INV-2026-000123 7
  starter explain acme/aws/2026-10 7 --limit 100 --offset 100
  starter explain INV-2026-000123 7 --csv rows.csv

The lines of a quarter's document are counted through its months, the earliest first.

Shows each step from what the provider billed to the amount on the line, with every digit, the version and row of the
sheet that a rule stood in, and the source rows behind it by delivery, file and row. Of a month whose rows were archived
they are read from the original files. Exit code 1 where the rows no longer add up to the first step.`
}

// Run reads the books and prints. Source rows that no longer add up to the
// line's first step are exit code 1.
func (c *explainCmd) Run(ctx context.Context, s *session) error {
	if c.Limit < 0 || c.Offset < 0 {
		return misusef("--limit and --offset count rows: they cannot be negative")
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger := db.NewLedger(books)
	whole, err := ledger.Document(ctx, c.Invoice)
	if err != nil {
		return err
	}
	of, line, found := whole.LineAt(c.Line)
	if !found {
		return fault.New(fault.Input, fmt.Sprintf("%s has no line %d", c.Invoice, c.Line),
			fmt.Sprintf("ask for one of its lines 1 to %d", whole.LineCount()))
	}
	book, _, err := db.NewMaster(books).LoadBook(ctx, of.Month)
	if err != nil {
		return err
	}
	rows, err := c.rowsBehind(ctx, s, book, ledger, of, line)
	if err != nil {
		return err
	}
	defer rows.close()
	answer := explainAnswer{
		Number: whole.Number, Customer: of.Customer.Code, Provider: of.Provider, Month: of.Month.String(),
		Currency: string(of.Currency), Line: answerOf(line),
	}
	answer.Line.Position = c.Line
	answer.Rows, answer.Billed, err = rows.sums(ctx)
	if err != nil {
		return err
	}
	answer.Moved, err = benefitBehind(ctx, ledger, book, of.Month, line)
	if err != nil {
		return err
	}
	answer.Agrees = answer.Billed == money.Text(line.Billed)
	if c.CSV != "" {
		err = c.writeCSV(ctx, s, rows, answer)
	} else {
		err = c.show(ctx, s, ledger, of, rows, answer)
	}
	if err == nil && !answer.Agrees {
		return errDiffers
	}
	return err
}

// show prints the chain and one page of rows.
func (c *explainCmd) show(
	ctx context.Context, s *session, ledger *db.Ledger, of invoice.Snapshot, rows rowsOfLine,
	answer explainAnswer,
) error {
	err := nameVersions(ctx, ledger, of, answer.Line.Steps)
	if err != nil {
		return err
	}
	answer.Sources = []charge.SourceRow{}
	if c.Limit > 0 {
		err = rows.each(ctx, c.Limit, c.Offset, func(row charge.SourceRow) error {
			answer.Sources = append(answer.Sources, row)
			return nil
		})
	}
	switch {
	case err != nil:
		return err
	case s.json:
		return s.printJSON(answer)
	}
	c.print(s, answer)
	return nil
}

// writeCSV streams every row; people read beside it whether they add up.
func (c *explainCmd) writeCSV(ctx context.Context, s *session, rows rowsOfLine, answer explainAnswer) error {
	out := s.out
	if c.CSV != "-" {
		file, err := os.Create(c.CSV)
		if err != nil {
			return fmt.Errorf("write the rows: %w", err)
		}
		defer file.Close()
		out = file
	}
	sheet := csv.NewWriter(out)
	err := sheet.Write(charge.SourceColumns)
	if err != nil {
		return err
	}
	err = rows.each(ctx, 0, 0, func(row charge.SourceRow) error { return sheet.Write(row.Record()) })
	if err != nil {
		return err
	}
	sheet.Flush()
	if err := sheet.Error(); err != nil {
		return fmt.Errorf("write the rows: %w", err)
	}
	s.sayf("%s", rowsSentence(answer))
	return nil
}

// rowsOfLine are the source rows behind a line, wherever they lie now.
type rowsOfLine interface {
	sums(ctx context.Context) (rows int64, billed string, err error)
	each(ctx context.Context, limit, offset int, use func(charge.SourceRow) error) error // limit 0: all
	close()
}

// rowsBehind finds the rows in the books or, once a file of the month has left
// them, in the archive.
func (c *explainCmd) rowsBehind(
	ctx context.Context, s *session, book *master.Book, ledger *db.Ledger, of invoice.Snapshot,
	line invoice.Line,
) (rowsOfLine, error) {
	parts, err := ledger.TraceParts(ctx, of.Month)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		if part.Archived {
			return c.readBack(ctx, s)
		}
	}
	candidates, err := ledger.Behind(ctx, of, line)
	if err != nil {
		return nil, err
	}
	customer, _ := book.Customer(of.Customer.Code, of.Month)
	moved, err := ledger.TransfersOf(ctx, of.Month, of.Customer.Code)
	if err != nil {
		return nil, err
	}
	rules := closing.LineRules{Contract: customer.Contract, TaxRules: book.TaxRules(), Moved: moved}
	behind, err := closing.BehindLine(line, candidates, rules, of.Month)
	if err != nil {
		return nil, err
	}
	return &bookedRows{ledger: ledger, wanted: db.RowsWanted{
		Of: of, Line: line, Behind: behind, Parts: parts,
	}}, nil
}

// bookedRows are in the books.
type bookedRows struct {
	ledger *db.Ledger
	wanted db.RowsWanted
}

func (b *bookedRows) sums(ctx context.Context) (int64, string, error) {
	if len(b.wanted.Behind) == 0 {
		return 0, "0", nil
	}
	return b.ledger.SourceSums(ctx, b.wanted)
}

func (b *bookedRows) each(ctx context.Context, limit, offset int, use func(charge.SourceRow) error) error {
	if len(b.wanted.Behind) == 0 {
		return nil
	}
	page := b.wanted
	page.Limit, page.Offset = limit, offset
	return b.ledger.SourceRows(ctx, page, use)
}

func (b *bookedRows) close() {}

// pageOf gives one page of a CSV of source rows; limit 0 is all of it.
func pageOf(text io.Reader, limit, offset int, use func(charge.SourceRow) error) error {
	sheet := csv.NewReader(text)
	sheet.ReuseRecord = true
	if _, err := sheet.Read(); err != nil {
		return fmt.Errorf("read the rows back: %w", err)
	}
	for at := 0; limit == 0 || at < offset+limit; at++ {
		record, err := sheet.Read()
		if err == io.EOF { //nolint:errorlint // csv.Reader's own end
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the rows back: %w", err)
		}
		if at < offset {
			continue
		}
		row, err := charge.ParseSourceRow(record)
		if err != nil {
			return err
		}
		if err := use(row); err != nil {
			return err
		}
	}
	return nil
}
