package sample

import (
	"context"
	"path"
	"path/filepath"
	"strings"
)

// writing is the state of one run: the file at hand and what was written so far.
type writing struct {
	ctx    context.Context //nolint:containedctx // one run, one context
	opts   Options
	clock  *clock
	books  *books
	shape  shape
	out    *exportFiles
	values values
	line   []byte
	done   int
}

// progressEvery is also how often a cancelled context is noticed.
const progressEvery = 8192

// writeExport writes a payer's month and tells what it holds.
func (w *writing) writeExport(p *plan) (SourceSummary, error) {
	legacy := p.payer == seoul
	name, parts := focusReport, 1
	w.shape = focusShape()
	if legacy {
		name, parts = curReport, partsOfSeoul
		w.shape = shapeOf(w.opts.Format)
	}
	parts = max(parts, (p.rows+rowsPerPart-1)/rowsPerPart)
	w.books = newBooks()
	w.out = &exportFiles{
		root: filepath.Join(w.opts.Dir, "exports", p.payer.name), name: partNames(w.opts, name, w.shape),
		shape: w.shape, header: w.shape.header(), perPart: (p.rows + parts - 1) / parts,
	}

	err := w.writeRows(p, legacy)
	closing := w.out.close()
	if err != nil {
		return SourceSummary{}, err
	}
	if closing != nil {
		return SourceSummary{}, closing
	}
	if w.shape.export {
		err = writeExportManifest(w.out.root, w.opts, p.payer, name, w.shape, w.out.paths)
	} else {
		err = writeManifest(w.out.root, w.opts, p.payer, w.shape, w.out.paths)
	}
	if err != nil {
		return SourceSummary{}, err
	}
	return w.summarize(p), nil
}

func (w *writing) writeRows(p *plan, legacy bool) error {
	for _, m := range p.meters {
		var err error
		if legacy {
			err = w.writeCURMeter(p, m)
		} else {
			err = w.writeFocusMeter(p, m)
		}
		if err != nil {
			return err
		}
	}
	for _, line := range p.fixed {
		err := w.writeFixed(p, line, legacy)
		if err != nil {
			return err
		}
	}
	return nil
}

// writeFixed reckons a fixed line and writes it.
func (w *writing) writeFixed(p *plan, line *fixedLine, legacy bool) error {
	entity := line.entity
	if entity == "" {
		entity = p.payer.entity
	}
	v := &w.values
	v.cost = line.cost(w.books)
	v.effective, v.public = v.cost, v.cost
	if line.effective != nil {
		v.effective = line.effective(v.cost)
	}
	v.start, v.end = line.start, line.end
	fillLineID(stream(w.opts.Seed, strings.Join([]string{
		line.account.alias, line.lineType, entity,
		w.clock.at(line.start), v.cost.text(), path.Base(w.out.root),
	}, " ")), &v.id)

	var row cells
	if legacy {
		row = p.curRow(line.account, line.lineType)
		row.set("bill/InvoicingEntity", entity)
		row.set("lineItem/LegalEntity", entity)
	} else {
		row = p.focusRow(line.account, line.lineType)
	}
	line.fill(row)
	return w.row(w.shape.compile(row), w.books.tally(line.account, line.lineType, entity), v.cost,
		v.effective)
}

// row writes one row and counts it.
func (w *writing) row(t template, counted *tally, cost, effective amount) error {
	if w.done%progressEvery == 0 {
		err := w.ctx.Err()
		if err != nil {
			return err
		}
		if w.opts.Progress != nil {
			w.opts.Progress(w.done, w.opts.Rows)
		}
	}
	w.done++
	counted.add(cost, effective)
	w.line = t.appendRow(w.line[:0], &w.values, w.clock)
	return w.out.writeRow(w.line)
}
