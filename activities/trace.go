package activities

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.temporal.io/sdk/activity"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// Tracing holds the hands that lead a document's line back to the provider's
// rows once these have left the books, and that take them out.
type Tracing struct {
	Books   TraceBooks
	Master  MasterReader
	Archive ArchiveReader
	// Spool makes a place on disk for a file that is read at random.
	Spool func() (Spool, error)
}

// TraceBooks know documents, the files behind them, and how their rows were booked.
type TraceBooks interface {
	Document(ctx context.Context, name string) (invoice.Snapshot, error)
	Behind(ctx context.Context, of invoice.Snapshot, line invoice.Line) ([]closing.Behind, error)
	TransfersOf(ctx context.Context, month period.Month, customer string) ([]pricing.Transfer, error)
	TraceParts(ctx context.Context, month period.Month) ([]closing.TracePart, error)
	RowMatcher(ctx context.Context, of invoice.Snapshot, line invoice.Line, behind []closing.Behind) (
		closing.Matcher, error)
	PartRows(ctx context.Context, of invoice.Snapshot, line invoice.Line, behind []closing.Behind,
		part closing.TracePart, each func(charge.SourceRow) error) error
	Archivable(ctx context.Context, month period.Month) ([]closing.Archiving, error)
	PartsToArchive(ctx context.Context, delivery int64) ([]closing.TracePart, error)
	ArchiveDelivery(ctx context.Context, month period.Month, delivery int64, by string,
		parts []closing.TracePart) (closing.Archived, error)
}

// ArchiveReader reads original bytes back, and keeps what is made of them.
type ArchiveReader interface {
	Archive
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// ExplainLineInput names a line of a document.
type ExplainLineInput struct {
	Document string // a number, or customer/provider/month
	Line     int
}

// ExplainLineResult says where the rows behind the line lie, as CSV.
type ExplainLineResult struct {
	Key    string // in the house's store
	Digest string // sha256 of the file
	Rows   int64
	Billed string // what they add up to, in the line's source currency
	Files  int    // that were read from the archive
}

// ExplainLine writes the rows behind a line down as CSV: from the books those of
// files that are there, from the archive those of files that left them, each
// once its bytes have their digest. Running it again writes the same bytes.
func (t *Tracing) ExplainLine(ctx context.Context, in ExplainLineInput) (ExplainLineResult, error) {
	result, err := t.explain(ctx, in)
	return result, atEdge(err)
}

func (t *Tracing) explain(ctx context.Context, in ExplainLineInput) (ExplainLineResult, error) {
	whole, err := t.Books.Document(ctx, in.Document)
	if err != nil {
		return ExplainLineResult{}, err
	}
	of, line, found := whole.LineAt(in.Line)
	if !found {
		return ExplainLineResult{}, fault.New(fault.Input,
			fmt.Sprintf("%s has no line %d", in.Document, in.Line),
			fmt.Sprintf("ask for one of its lines 1 to %d", whole.LineCount()))
	}
	back := wayBack{tracing: t, of: of, line: line}
	back.behind, err = t.behind(ctx, of, back.line)
	if err != nil {
		return ExplainLineResult{}, err
	}
	back.match, err = t.Books.RowMatcher(ctx, of, back.line, back.behind)
	if err != nil {
		return ExplainLineResult{}, err
	}
	parts, err := t.Books.TraceParts(ctx, of.Month)
	if err != nil {
		return ExplainLineResult{}, err
	}
	canonical, err := whole.Canonical()
	if err != nil {
		return ExplainLineResult{}, err
	}
	result := ExplainLineResult{Key: fmt.Sprintf("explain/%s/%d.csv", invoice.Digest(canonical), in.Line)}
	err = t.write(ctx, &back, parts, &result)
	return result, err
}

// behind keeps what the rules of basis and tax put on this very line.
func (t *Tracing) behind(
	ctx context.Context, of invoice.Snapshot, line invoice.Line,
) ([]closing.Behind, error) {
	candidates, err := t.Books.Behind(ctx, of, line)
	if err != nil {
		return nil, err
	}
	book, _, err := t.Master.LoadBook(ctx, of.Month)
	if err != nil {
		return nil, err
	}
	customer, _ := book.Customer(of.Customer.Code, of.Month)
	moved, err := t.Books.TransfersOf(ctx, of.Month, of.Customer.Code)
	if err != nil {
		return nil, err
	}
	rules := closing.LineRules{Contract: customer.Contract, TaxRules: book.TaxRules(), Moved: moved}
	return closing.BehindLine(line, candidates, rules, of.Month)
}

// write streams the rows to the store and to a digest, in the order of the files.
func (t *Tracing) write(
	ctx context.Context, s *wayBack, parts []closing.TracePart, result *ExplainLineResult,
) error {
	reader, writer := io.Pipe()
	stored := make(chan error, 1)
	go func() {
		err := t.Archive.Put(ctx, result.Key, "text/csv; charset=utf-8", reader)
		_ = reader.CloseWithError(err)
		stored <- err
	}()
	digest := sha256.New()
	sheet := csv.NewWriter(io.MultiWriter(writer, digest))
	billed := money.Tally{}
	err := sheet.Write(charge.SourceColumns)
	for i := 0; i < len(parts) && err == nil; i++ {
		activity.RecordHeartbeat(ctx, parts[i].Key)
		if parts[i].Archived {
			result.Files++
		}
		err = s.rows(ctx, parts[i], func(row charge.SourceRow) error {
			result.Rows++
			if err := billed.Add([]byte(row.Billed)); err != nil {
				return err
			}
			return sheet.Write(row.Record())
		})
	}
	sheet.Flush()
	err = cmp.Or(err, sheet.Error())
	_ = writer.CloseWithError(err) // nil ends the file; it has no error of its own
	if failed := <-stored; err == nil && failed != nil {
		err = fmt.Errorf("keep the rows behind line %d: %w", s.line.Position, failed)
	}
	result.Digest, result.Billed = hex.EncodeToString(digest.Sum(nil)), money.Text(billed.Total())
	return err
}

// wayBack leads from one line to its rows.
type wayBack struct {
	tracing *Tracing
	of      invoice.Snapshot
	line    invoice.Line
	behind  []closing.Behind
	match   closing.Matcher
}

// rows gives the rows of one file that stand behind the line.
func (s *wayBack) rows(ctx context.Context, part closing.TracePart, each func(charge.SourceRow) error) error {
	if len(s.behind) == 0 {
		return nil
	}
	if !part.Archived {
		return s.tracing.Books.PartRows(ctx, s.of, s.line, s.behind, part, each)
	}
	return s.tracing.readBack(ctx, part, func(lines charge.Reader) error {
		same := sameRow{part: part, each: each}
		for {
			line, _, err := lines.Next()
			if errors.Is(err, io.EOF) {
				return same.flush()
			}
			if err != nil {
				return err
			}
			if line == nil || !s.match(line) {
				continue
			}
			if _, aside := slices.BinarySearch(part.Aside, line.Row); aside {
				continue
			}
			if err := same.take(line); err != nil {
				return err
			}
		}
	})
}

// sameRow holds lines made of one row until they are in the order in which the
// books would show them.
type sameRow struct {
	part  closing.TracePart
	each  func(charge.SourceRow) error
	lines []charge.SourceRow
}

func (s *sameRow) take(line *charge.Line) error {
	row, err := sourceRow(s.part, line)
	if err != nil {
		return err
	}
	if len(s.lines) > 0 && s.lines[0].Row != row.Row {
		if err := s.flush(); err != nil {
			return err
		}
	}
	s.lines = append(s.lines, row)
	return nil
}

func (s *sameRow) flush() error {
	slices.SortStableFunc(s.lines, func(a, b charge.SourceRow) int {
		return cmp.Or(cmp.Compare(a.LineType, b.LineType), cmp.Compare(a.Description, b.Description),
			cmp.Compare(a.Billed, b.Billed))
	})
	for _, row := range s.lines {
		if err := s.each(row); err != nil {
			return err
		}
	}
	s.lines = s.lines[:0]
	return nil
}

// sourceRow copies what an explanation shows out of a reader's buffer.
func sourceRow(part closing.TracePart, line *charge.Line) (charge.SourceRow, error) {
	row := charge.SourceRow{
		Delivery: part.Delivery, Source: part.Source, Part: part.Ordinal, File: part.Key, Row: line.Row,
		StartsAt: line.Start.UTC().Truncate(bookedTo), LineType: string(line.LineType),
		Description: string(line.Description), Resource: string(line.ResourceID),
	}
	for _, one := range []struct {
		text []byte
		into *string
	}{
		{line.Quantity, &row.Quantity},
		{line.Billed, &row.Billed},
		{line.Effective, &row.Effective},
		{line.List, &row.List},
		{line.Contracted, &row.Contracted},
	} {
		*one.into = "0"
		if len(one.text) == 0 {
			continue
		}
		amount, err := money.Parse(string(one.text))
		if err != nil {
			return row, fmt.Errorf("%s row %d: %w", part.Key, line.Row, err)
		}
		*one.into = money.Text(amount)
	}
	return row, nil
}
