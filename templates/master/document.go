package master

import (
	"fmt"
	"strings"

	"magam/domain/master"
)

// Document is docs/master-data.md: every sheet and column, from the schema that
// reads and checks them. A test keeps the page equal to this.
func Document() string {
	var page strings.Builder
	page.WriteString(documentHead)
	for _, rule := range Rules("en") {
		page.WriteString("- " + rule + "\n")
	}
	page.WriteString(documentRules)
	page.WriteString(
		"\n## The sheets at a glance\n\n| sheet | 시트 | what it holds | one row per |\n|---|---|---|---|\n",
	)
	for _, sheet := range master.Sheets {
		fmt.Fprintf(&page, "| [%s](#%s) | %s | %s | %s |\n",
			sheet.Name, sheet.Name, sheet.Ko.Caption, escape(sheet.En.Note), escape(rowPer(sheet)))
	}
	for _, sheet := range master.Sheets {
		documentSheet(&page, sheet)
	}
	page.WriteString("\n## Words of the thresholds sheet\n\n| hold | default | meaning |\n|---|---|---|\n")
	for _, hold := range master.Holds {
		fmt.Fprintf(&page, "| %s | %s | %s |\n", hold.Name, orDash(hold.Default), hold.En)
	}
	page.WriteString(documentCodes)
	return page.String()
}

const documentHead = `# Master data: the workbook that finance keeps

<!-- Generated from domain/master. Change the schema, then: go test ./templates/master -update -->

One XLSX, or a folder of CSV files (UTF-8) named after the sheets. ` + "`starter master template`" + ` writes an
empty workbook in Korean or English with notes, drop-downs and examples; ` + "`starter master check`" + ` names every
problem by sheet and cell; ` + "`starter master import`" + ` imports all or nothing; ` + "`starter master export`" + ` writes
back what stands. Importing an export changes nothing.

## Rules of the file

`

const documentRules = `- A number is read as the spreadsheet shows it: fifteen significant digits, so that a stored 1388.0999999999999 is
  1388.1; a cell formatted as a percentage counts as the percentage it shows; a month that the spreadsheet turned into
  its first day is that month. Text of digits stays exact to the last.
- A list in one cell is separated by blanks; where it holds a semicolon or a comma, by those, since service names have
  blanks in them. A single name with blanks ends in a semicolon.
- No cell may hold line breaks, control characters or hidden marks of writing direction.
- A formula counts with its computed value; one that was never computed, or shows an error, is a problem.
- Removing a code that another sheet still names is a problem of that other sheet, also where the workbook at hand does
  not contain it.

## Rules of prices

A ` + "`discount` or `markup`" + ` value is a percentage (5 is 5 %); a ` + "`unit-price`" + ` is per unit of the priced usage type in
source currency. A price row matches where each of its filled columns matches. A named customer's row beats any row for
` + "`*`" + `; among the rest, columns are compared in the order tag, sub_account, region, sku, usage_type, service,
invoicing_entity, billing_entity, provider: the row that fills the first column on which two rows differ wins. Two rows
that are equal in all of them, for a category in common, in one month, are refused at import with both rows named; two
tag rules that meet on one line park the customer. A price row touches Usage and Purchase charges (corrections of them
too) unless ` + "`category`" + ` says otherwise. ` + "`minimum` and `cap`" + ` rows stand beside the row that sets the price.
` + "`tier`" + ` rows with one id form a table from 0 without gaps, whose last slice is open; quantities are summed for the
month before tiers apply. Credits and adjustments are in source currency unless their currency is the customer's.
`

const documentCodes = `
## Codes of problems

| code | meaning |
|---|---|
| E_REQUIRED | a cell that must be filled is empty |
| E_UNKNOWN_CODE | a cell names a customer, person, group … that no sheet has |
| E_CHECK_DIGIT | a 사업자등록번호 or T-number whose check digit is wrong |
| E_OVERLAP | two rows of one key in force at the same time; an account of two customers; two price rows that tie |
| E_LIMIT | an 11th tag of a product and resource, an 11th organization, a text too long |
| E_APPROVAL | an adjustment approved by its author, or by somebody without the role |
| E_NUMBER, E_DATE, E_CURRENCY | a cell that is no number, day or month, or currency, or lies out of bounds |
| E_ENCODING | text that is not UTF-8, or holds control characters |
| E_SCHEMA | a sheet or column that the workbook does not have, or has twice |
| E_MASTER | anything else that a cell may not hold |
| E_BOMB, E_FORMAT | the file as a whole: too large, packed too tightly, not a workbook, protected |
`

const required = "**required**"

func documentSheet(page *strings.Builder, sheet master.Sheet) {
	fmt.Fprintf(page, "\n### %s\n\n%s · %s.\n\n", sheet.Name, sheet.Ko.Caption, sheet.En.Note)
	page.WriteString("| column | 제목 | form | empty means | note |\n|---|---|---|---|---|\n")
	for _, column := range sheet.Columns {
		empty := orDash(column.Default)
		if column.Required {
			empty = required
		}
		form := Form("en", column)
		if column.Star {
			form += ", or *"
		}
		if bounds := boundsOf(column); bounds != "" {
			form += ", " + bounds
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s | %s |\n",
			column.Name, column.Ko.Caption, escape(form), escape(empty), escape(column.En.Note))
	}
}

func boundsOf(column master.Column) string {
	switch {
	case column.Min != "" && column.Max != "":
		return column.Min + " to " + column.Max
	case column.Min != "":
		return "at least " + column.Min
	default:
		return ""
	}
}

func rowPer(sheet master.Sheet) string {
	if len(sheet.Key) == 0 {
		return "rule"
	}
	per := strings.Join(sheet.Key, ", ")
	switch sheet.Validity {
	case master.ValidMonths:
		return per + ", at a time (months)"
	case master.ValidDays:
		return per + ", at a time (days)"
	case master.ValidAlways:
		return per
	default:
		return per
	}
}

// escape keeps a cell of a Markdown table one cell.
func escape(text string) string {
	if text == required {
		return text
	}
	return strings.NewReplacer("|", `\|`, "*", `\*`).Replace(text)
}
