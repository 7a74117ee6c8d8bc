package activities

import (
	"errors"
	"io"

	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/formats/awscur"
	"magam/formats/azure"
	"magam/formats/focus"
	"magam/formats/gcp"
	"magam/formats/jsonscan"
	"magam/formats/oci"
	"magam/formats/parquetscan"
	"magam/formats/table"
)

// layout is one shape of cost exports: how it is told by its header, where a
// row names its billing period, and how rows become charge lines.
type layout struct {
	name      string
	recognize func(table.Header) bool
	// monthColumn is empty where a row's month is not the file's.
	monthColumn string
	month       func(table.Rows) charge.Month // instead of monthColumn, where it is derived
	wants       func(column string) bool      // which columns the layout reads
	// columns are those to read of JSON lines, whose rows name none that is null,
	// by the columns of the first row; nil where the layout has none in JSON.
	columns func(first table.Header) table.Header
	open    func(table.Rows, charge.Month) (charge.Reader, error)
}

// layouts is every layout that is read, in the order in which they are tried.
var layouts = []layout{
	{
		name: delivery.FormatCUR, recognize: awscur.Recognize, monthColumn: awscur.MonthColumn,
		wants: awscur.Wants, open: reading(awscur.New),
	},
	{
		name: delivery.FormatCUR, recognize: awscur.RecognizeParquet, monthColumn: awscur.MonthColumnSnake,
		wants: awscur.Wants, open: reading(awscur.New),
	},
	{
		name: delivery.FormatCUR2, recognize: awscur.RecognizeExport, monthColumn: awscur.MonthColumnSnake,
		wants: awscur.Wants, open: reading(awscur.New),
	},
	{
		name: delivery.FormatFOCUS, recognize: focus.Recognize, monthColumn: focus.MonthColumn,
		wants: focus.Wants, columns: focus.Columns, open: reading(focus.New),
	},
	{
		name: delivery.FormatGCP, recognize: gcp.Recognize,
		wants: gcp.Wants, columns: gcp.Columns, open: reading(gcp.New),
	},
	// Azure's two kinds of cost have the same columns: the first stands for both
	// until discovering tells them apart.
	{
		name: delivery.FormatAzureActual, recognize: azure.Recognize, month: azure.MonthOf,
		wants: azure.Wants, open: reading(azure.NewActual),
	},
	{
		name: delivery.FormatAzureAmortized, recognize: azure.Recognize, month: azure.MonthOf,
		wants: azure.Wants, open: reading(azure.NewAmortized),
	},
	{
		name: delivery.FormatOCI, recognize: oci.Recognize, month: oci.MonthOf,
		wants: oci.Wants, open: reading(oci.New),
	},
}

// reading forgets which room's reader it is.
func reading[R charge.Reader](
	open func(table.Rows, charge.Month) (R, error),
) func(table.Rows, charge.Month) (charge.Reader, error) {
	return func(rows table.Rows, month charge.Month) (charge.Reader, error) {
		return open(rows, month)
	}
}

// choose takes the layout's columns of JSON lines; other rows have all of theirs.
func (l layout) choose(rows table.Rows) error {
	file, lines := rows.(*jsonscan.File)
	if !lines {
		return nil
	}
	if l.columns == nil {
		return &fault.Error{
			Code: fault.UnknownFormat, Place: fault.Place{File: rows.File()}, Value: l.name,
			What: "is not read from JSON lines", Cure: "export as CSV or parquet",
		}
	}
	return file.Choose(l.columns)
}

// layoutOf finds a layout by its name.
func layoutOf(name string) (layout, error) {
	for _, one := range layouts {
		if one.name == name {
			return one, nil
		}
	}
	return layout{}, &fault.Error{
		Code: fault.UnknownFormat, Value: name, What: "is not a format that is read",
		Cure: "use auto or a format of the sources sheet",
	}
}

// glimpse is what the first two rows of a file tell.
type glimpse struct {
	format string
	header table.Header
	month  period.Month // of the first row; zero where there is none
}

// glance recognizes a file by its header, which says more than its name.
func glance(rows table.Rows) (glimpse, error) {
	header := rows.Header()
	for _, one := range layouts {
		if !one.recognize(header) {
			continue
		}
		if err := one.choose(rows); err != nil {
			return glimpse{}, err
		}
		seen := glimpse{format: one.name, header: rows.Header()}
		if file, columnar := rows.(*parquetscan.File); columnar {
			file.Narrow(func(column string) bool {
				return column == one.monthColumn || one.month != nil && one.wants(column)
			})
		}
		err := rows.Next()
		if errors.Is(err, io.EOF) {
			return seen, nil
		}
		if err != nil {
			return glimpse{}, err
		}
		if one.month != nil {
			seen.month = one.month(rows).Period()
		} else if start, ok := charge.ParseInstant(rows.Row().Cell(rows.Header().Index(one.monthColumn))); ok {
			seen.month = period.MonthOf(start)
		}
		return seen, nil
	}
	return glimpse{}, &fault.Error{
		Code:  fault.UnknownFormat,
		Place: fault.Place{File: rows.File(), Line: 1},
		Value: firstOf(header),
		What:  "starts a header of no known export",
		Cure:  "export as one of the formats in docs/spec: a cost and usage report, a cost details export, FOCUS",
	}
}

func firstOf(header table.Header) string {
	if len(header) == 0 {
		return ""
	}
	return header[0]
}
