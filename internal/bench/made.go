package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The report in the shape in which AWS delivers it.
const (
	manifestKey = "in/month/20261001-20261101/month-Manifest.json"
	partKey     = "in/month/20261001-20261101/a1/month-%d.csv.gz"
)

// Where lies what was made.
func (b *bench) report() string { return filepath.Join(b.made, "one", fmt.Sprintf(partKey, 1)) }
func (b *bench) cut() string    { return filepath.Join(b.made, "cut.tsv") }
func (b *bench) parquetFile() string {
	return filepath.Join(b.made, "parquet", "in", "month-1.parquet")
}

// make makes everything that is measured, unless an earlier run kept it.
func (b *bench) make(_ context.Context) (madeReport, error) {
	var made madeReport
	done := filepath.Join(b.made, "made.json")
	text, err := os.ReadFile(done)
	if err == nil {
		return made, json.Unmarshal(text, &made)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return made, err
	}
	say("making %d rows of 113 columns", b.rows)
	if err := os.MkdirAll(b.made, 0o755); err != nil {
		return made, err
	}
	if made, err = b.deliver("one", 1, b.rows, large, 10, b.cut()); err != nil {
		return made, err
	}
	say("making the same month as parquet")
	if err := makeParquet(b.report(), b.parquetFile()); err != nil {
		return made, err
	}
	if _, err := b.deliver("side", 2, b.rows/2, large, 11, ""); err != nil {
		return made, err
	}
	b.madeAt = time.Now()
	if text, err = json.Marshal(made); err != nil {
		return made, err
	}
	return made, os.WriteFile(done, text, 0o600)
}

// deliver makes a report of several files below a folder, with its manifest.
func (b *bench) deliver(
	name string, parts, rows int, of shape, seed uint64, cut string,
) (madeReport, error) {
	folder := filepath.Join(b.made, name)
	files, keys := make([]string, parts), make([]string, parts)
	for i := range files {
		keys[i] = fmt.Sprintf(partKey, i+1)
		files[i] = filepath.Join(folder, keys[i])
	}
	made, err := makeReport(files, cut, rows, of, seed)
	if err != nil {
		return made, err
	}
	manifest, err := json.Marshal(map[string]any{
		"assemblyId": "a1", "account": "999999999999", "reportName": "month", "compression": "GZIP",
		"reportKeys":    keys,
		"billingPeriod": map[string]string{"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
	})
	if err != nil {
		return made, err
	}
	return made, os.WriteFile(filepath.Join(folder, manifestKey), manifest, 0o600)
}

// settle waits until what was made has lain still for so long that a look may
// take its word for its bytes.
func (b *bench) settle() { time.Sleep(time.Until(b.madeAt.Add(11 * time.Second))) }
