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
	"magam/formats/oci"
	"magam/formats/parquetscan"
	"magam/formats/table"
)

// layout is one shape of cost exports: how it is told by its header, where a
// row names its billing period, and how rows become charge lines.
type layout struct {
	name        string
	recognize   func(table.Header) bool
	monthColumn string
	month       func(table.Rows) charge.Month // instead of monthColumn, where it is derived
	wants       func(column string) bool      // which columns the layout reads; nil reads all
	open        func(table.Rows, charge.Month) (charge.Reader, error)
}

// layouts is every layout that is read, in the order in which they are tried.
var layouts = []layout{
	{
		name: delivery.FormatCUR, recognize: awscur.Recognize, monthColumn: awscur.MonthColumn,
		open: func(rows table.Rows, month charge.Month) (charge.Reader, error) {
			return awscur.New(rows, month)
		},
	},
	{
		name: delivery.FormatFOCUS, recognize: focus.Recognize, monthColumn: focus.MonthColumn,
		wants: focus.Wants,
		open: func(rows table.Rows, month charge.Month) (charge.Reader, error) {
			return focus.New(rows, month)
		},
	},
	// Azure's two kinds of cost have the same columns: the first stands for both
	// until discovering tells them apart.
	{
		name: delivery.FormatAzureActual, recognize: azure.Recognize, month: azure.MonthOf,
		wants: azure.Wants,
		open: func(rows table.Rows, month charge.Month) (charge.Reader, error) {
			return azure.New(rows, month, azure.KindActual)
		},
	},
	{
		name: delivery.FormatAzureAmortized, recognize: azure.Recognize, month: azure.MonthOf,
		wants: azure.Wants,
		open: func(rows table.Rows, month charge.Month) (charge.Reader, error) {
			return azure.New(rows, month, azure.KindAmortized)
		},
	},
	{
		name: delivery.FormatOCI, recognize: oci.Recognize, month: oci.MonthOf, wants: oci.Wants,
		open: func(rows table.Rows, month charge.Month) (charge.Reader, error) {
			return oci.New(rows, month)
		},
	},
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
		seen := glimpse{format: one.name, header: header}
		if file, columnar := rows.(*parquetscan.File); columnar && one.month == nil {
			file.Narrow(func(column string) bool { return column == one.monthColumn })
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
		Code: fault.UnknownFormat, Place: fault.Place{File: rows.File(), Line: 1}, Value: firstOf(header),
		What: "starts a header of no known export",
		Cure: "export a legacy AWS cost and usage report or FOCUS as CSV; other layouts come later",
	}
}

func firstOf(header table.Header) string {
	if len(header) == 0 {
		return ""
	}
	return header[0]
}
