package sample

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"magam/domain/fault"
	"magam/domain/period"
)

// The bounds of a sample: fewer rows have no room for every kind of line.
const (
	RowsDefault = 10_000
	RowsMin     = 6_000
	RowsMax     = 50_000_000
)

// Options say which month to make, how large, and where to.
type Options struct {
	Seed           uint64
	Month          period.Month
	Rows           int // of both exports together, exactly
	Dir            string
	WithUnassigned bool   // adds an account that no customer owns
	Format         string // of Formats: how the first payer's month is written; empty is the first
	Revision       int    // 2 is a newer assembly of the same month, slightly changed
	SourceBase     string // URL of the folder of exports in the sheet of sources; empty is Dir's own
	// Progress hears now and then how many rows are written, of how many.
	Progress func(done, total int)
}

// Write makes the month: two exports and a folder of master data.
func Write(ctx context.Context, opts Options) (Summary, error) {
	opts, err := opts.checked()
	if err != nil {
		return Summary{}, err
	}
	clock, list := newClock(opts.Month), accounts
	if opts.WithUnassigned {
		list = append(append([]*account{}, accounts...), nobodys)
	}
	summary := Summary{Seed: opts.Seed, Month: opts.Month, Revision: opts.Revision, Dir: opts.Dir}

	w := &writing{ctx: ctx, opts: opts, clock: clock}
	ofSeoul := opts.Rows / 5 * 4
	for _, share := range []struct {
		payer *payer
		rows  int
	}{{seoul, ofSeoul}, {tokyo, opts.Rows - ofSeoul}} {
		p, err := newPlan(share.payer, list, clock, opts, share.rows)
		if err != nil {
			return Summary{}, err
		}
		source, err := w.writeExport(p)
		if err != nil {
			return Summary{}, fmt.Errorf("write the export %s: %w", share.payer.name, err)
		}
		summary.Sources = append(summary.Sources, source)
	}

	summary.Master, err = writeMaster(opts)
	if err != nil {
		return Summary{}, fmt.Errorf("write the master data: %w", err)
	}
	return summary, nil
}

// checked fills what was left open and refuses what cannot be made.
func (o Options) checked() (Options, error) {
	if o.Rows == 0 {
		o.Rows = RowsDefault
	}
	if o.Revision == 0 {
		o.Revision = 1
	}
	if o.Format == "" {
		o.Format = FormatCUR
	}
	switch {
	case o.Month.IsZero():
		return o, fault.New(fault.Input, "the sample has no month", "name one, for example 2026-10")
	case o.Rows < RowsMin || o.Rows > RowsMax:
		return o, fault.New(fault.Input, fmt.Sprintf("%d rows", o.Rows),
			fmt.Sprintf("ask for %d to %d rows", RowsMin, RowsMax))
	case !slices.Contains(Formats, o.Format):
		return o, fault.New(fault.Input, fmt.Sprintf("%q is no format of a sample", o.Format),
			"name one of "+strings.Join(Formats, ", "))
	case o.Revision < 1 || o.Revision > 9:
		return o, fault.New(fault.Input, fmt.Sprintf("revision %d", o.Revision), "ask for revision 1 to 9")
	case o.Dir == "":
		return o, fault.New(fault.Input, "the sample has no folder", "name the folder to write it to")
	}
	if o.SourceBase == "" {
		folder, err := filepath.Abs(filepath.Join(o.Dir, "exports"))
		if err != nil {
			return o, fmt.Errorf("find the folder of the sample: %w", err)
		}
		o.SourceBase = "file://" + filepath.ToSlash(folder)
	}
	return o, nil
}
