package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"magam/domain/period"
	"magam/internal/sample"
)

// sampleCmd writes a month of the fictional reseller.
type sampleCmd struct {
	Dir            string       `arg:"" help:"The folder to write to."                                                          type:"path"`
	Seed           uint64       `       help:"The same seed gives the same bytes."                                                          default:"1"`
	Month          period.Month `       help:"Billing period; the month before this one unless given."                                                      placeholder:"MONTH"`
	Rows           int          `       help:"Rows of both exports together, 6000 to 50000000."                                             default:"10000"`
	WithUnassigned bool         `       help:"Add an account that belongs to no customer."`
	Revision       int          `       help:"2 is a newer delivery of the same month, slightly changed."                                   default:"1"`
	Format         string       `       help:"How aws-seoul is exported: ${enum}."                                                          default:"cur"                       enum:"cur,cur-zip,cur-parquet,cur2,cur2-parquet"`
	SourceBase     string       `       help:"URL of the folder of exports, for the sheet of sources; DIR/exports if left out."`
}

// Help shows an example.
func (sampleCmd) Help() string {
	return `Example:

  starter sample --month 2026-10 --rows 1000000 ./demo/sample

Writes DIR/exports/aws-seoul (a legacy cost and usage report, or with --format the
same rows as zip, parquet or a CUR 2.0 data export), DIR/exports/aws-tokyo (FOCUS 1.0)
and DIR/master (a CSV for each sheet).`
}

// Run writes the month and answers with its exact totals.
func (c sampleCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	bar := newRowBar(s, "sample "+month.String())
	summary, err := sample.Write(ctx, sample.Options{
		Seed: c.Seed, Month: month, Rows: c.Rows, Dir: c.Dir, WithUnassigned: c.WithUnassigned,
		Revision: c.Revision, Format: c.Format, SourceBase: c.SourceBase, Progress: bar.set,
	})
	bar.end(err == nil)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(summary)
	}
	rows := newTable(s, cut("export"), plain("format"), figure("files"), figure("rows"), figure("billed USD"),
		figure("effective USD"))
	for _, source := range summary.Sources {
		rows.row(source.Name, source.Format, len(source.Files), source.Rows, source.Billed, source.Effective)
	}
	rows.print()
	sheets := make([]string, len(summary.Master))
	for i, sheet := range summary.Master {
		sheets[i] = fmt.Sprintf("%s %d", sheet.Sheet, sheet.Rows)
	}
	fmt.Fprintln(s.out, text.WrapSoft("master data: "+strings.Join(sheets, ", "), columnsMax))
	fmt.Fprintf(s.out, "%s, seed %d, in %s\n", month, c.Seed, c.Dir)
	return nil
}
