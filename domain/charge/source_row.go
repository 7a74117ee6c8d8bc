package charge

import (
	"fmt"
	"strconv"
	"time"
)

// SourceRow is one row of a provider's file as an explanation shows it: where
// it stands, and what it says. Amounts are text with every digit and no more,
// so that a row reads alike from the books and from the archived file.
type SourceRow struct {
	Delivery    int64     `json:"delivery"`
	Source      string    `json:"source"`
	Part        int       `json:"part"` // of the delivery, from 1
	File        string    `json:"file"`
	Row         int64     `json:"row"` // of the file, from 1, the header not counted
	StartsAt    time.Time `json:"starts_at"`
	LineType    string    `json:"line_type"`
	Description string    `json:"description"`
	Resource    string    `json:"resource"`
	Quantity    string    `json:"quantity"`
	Billed      string    `json:"billed"`
	Effective   string    `json:"effective"`
	List        string    `json:"list"`
	Contracted  string    `json:"contracted"`
}

// SourceColumns names what Record gives, in its order.
var SourceColumns = []string{
	"delivery",
	"source",
	"part",
	"file",
	"row",
	"starts_at",
	"line_type",
	"description",
	"resource",
	"quantity",
	"billed",
	"effective",
	"list",
	"contracted",
}

// Record is the row as text, a cell for each of SourceColumns.
func (r SourceRow) Record() []string {
	return []string{
		strconv.FormatInt(r.Delivery, 10),
		r.Source,
		strconv.Itoa(r.Part),
		r.File,
		strconv.FormatInt(r.Row, 10),
		r.StartsAt.UTC().Format(time.RFC3339Nano),
		r.LineType,
		r.Description,
		r.Resource,
		r.Quantity,
		r.Billed,
		r.Effective,
		r.List,
		r.Contracted,
	}
}

// ParseSourceRow reads what Record gave.
func ParseSourceRow(record []string) (SourceRow, error) {
	if len(record) != len(SourceColumns) {
		return SourceRow{}, fmt.Errorf("a source row has %d cells, not %d", len(SourceColumns), len(record))
	}
	row := SourceRow{
		Source:      record[1],
		File:        record[3],
		LineType:    record[6],
		Description: record[7],
		Resource:    record[8],
		Quantity:    record[9],
		Billed:      record[10],
		Effective:   record[11],
		List:        record[12],
		Contracted:  record[13],
	}
	var err error
	if row.Delivery, err = strconv.ParseInt(record[0], 10, 64); err != nil {
		return row, fmt.Errorf("read a source row: %w", err)
	}
	if row.Part, err = strconv.Atoi(record[2]); err != nil {
		return row, fmt.Errorf("read a source row: %w", err)
	}
	if row.Row, err = strconv.ParseInt(record[4], 10, 64); err != nil {
		return row, fmt.Errorf("read a source row: %w", err)
	}
	if row.StartsAt, err = time.Parse(time.RFC3339Nano, record[5]); err != nil {
		return row, fmt.Errorf("read a source row: %w", err)
	}
	return row, nil
}
