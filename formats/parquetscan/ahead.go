package parquetscan

import (
	"sync"

	"magam/formats/table"
)

// How far decoding may be ahead of its reader.
const (
	batches    = 4
	batchRows  = 512
	batchBytes = 256 << 10
)

// Ahead is a file whose rows are decoded in a goroutine of its own, so that
// decoding overlaps with what is made of them.
type Ahead struct {
	file    *File
	row     table.Row
	raw     []byte
	line    int64
	current *batch
	at      int // rows taken of the current batch
	full    chan *batch
	empty   chan *batch
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
}

// batch is rows side by side: the cells of all of them in one text.
type batch struct {
	text []byte
	rows []int // where each row starts in text
	ends []int // of each cell, from its row's start
	err  error // what came after the last row
}

// NewAhead starts decoding. Close stops it; it must be called, and neither the
// file nor its bytes may be used until it has returned.
func NewAhead(file *File) *Ahead {
	a := &Ahead{
		file: file,
		full: make(chan *batch, batches), empty: make(chan *batch, batches),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	for range batches {
		a.empty <- &batch{}
	}
	go a.run()
	return a
}

func (a *Ahead) run() {
	defer close(a.done)
	for {
		select {
		case next := <-a.empty:
			next.fill(a.file)
			ended := next.err != nil
			a.full <- next // it has room for all there are
			if ended {
				return
			}
		case <-a.stop:
			return
		}
	}
}

func (b *batch) fill(file *File) {
	b.text, b.rows, b.ends = b.text[:0], b.rows[:0], b.ends[:0]
	for len(b.rows) < batchRows && len(b.text) < batchBytes {
		if b.err = file.Next(); b.err != nil {
			return
		}
		b.rows = append(b.rows, len(b.text))
		b.text = append(b.text, file.row.Text...)
		b.ends = append(b.ends, file.row.Ends...)
	}
}

// Next moves to the next row, and returns io.EOF after the last one.
func (a *Ahead) Next() error {
	for a.current == nil || a.at == len(a.current.rows) {
		if a.current != nil {
			if a.current.err != nil {
				return a.current.err
			}
			a.empty <- a.current
		}
		a.current, a.at = <-a.full, 0
	}
	start, end, cells := a.current.rows[a.at], len(a.current.text), len(a.file.columns)
	if a.at++; a.at < len(a.current.rows) {
		end = a.current.rows[a.at]
	}
	a.row.Text = a.current.text[start:end:end]
	a.row.Ends = a.current.ends[(a.at-1)*cells : a.at*cells]
	a.line++
	return nil
}

// File names the file in refusals.
func (a *Ahead) File() string { return a.file.name }

// Header is the wanted columns.
func (a *Ahead) Header() table.Header { return a.file.header }

// Row is what Next fills.
func (a *Ahead) Row() *table.Row { return &a.row }

// Line is the row's ordinal, from 1.
func (a *Ahead) Line() int64 { return a.line }

// Offset is 0: a row has no one place in the file.
func (a *Ahead) Offset() int64 { return 0 }

// Raw is the row's cells as one JSON object, maps and lists as they are.
func (a *Ahead) Raw() []byte {
	a.raw = a.file.appendRaw(a.raw[:0], &a.row)
	return a.raw
}

// Close stops decoding and waits until the file is left alone.
func (a *Ahead) Close() {
	a.once.Do(func() { close(a.stop) })
	<-a.done
}
