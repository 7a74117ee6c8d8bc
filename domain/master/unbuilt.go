package master

import (
	"fmt"

	"magam/domain/period"
)

// unbuiltRule is one thing that a contract may ask for and the close cannot do
// yet. Nothing is silently ignored: a row that asks for it parks its customers
// with this reason. Deleting a line here is the last step of building a rule.
type unbuiltRule struct {
	sheet  Sheet
	asks   func(cells) bool
	reason string
}

// unbuiltRules are all of them, by sheet.
var unbuiltRules = []unbuiltRule{
	{customersSheet, is("billing_cycle", "quarterly"), "quarterly billing is not built yet"},
}

func is(column string, words ...string) func(cells) bool {
	return func(c cells) bool {
		for _, word := range words {
			if c.text(column) == word {
				return true
			}
		}
		return false
	}
}

// unbuiltRow is a row that asks for what is not built: whom it parks, and when.
type unbuiltRow struct {
	customer string // "*" is every customer
	valid    period.Span
	reason   string
}

func (b *Book) findUnbuilt() {
	for _, rule := range unbuiltRules {
		b.rows(rule.sheet, func(c cells) {
			if !rule.asks(c) {
				return
			}
			customer, name := c.text("customer"), c.text("id")
			if rule.sheet.Name == customersSheet.Name {
				customer, name = c.text("code"), c.text("code")
			}
			b.unbuilt = append(b.unbuilt, unbuiltRow{
				customer, c.valid(),
				fmt.Sprintf("%s (%s): %s", at(rule.sheet.Name, c.row), name, rule.reason),
			})
		})
	}
}

// Unbuilt names, for each customer of a month, the rows that ask for what the
// close cannot do yet. It parks them with these reasons.
func (b *Book) Unbuilt(month period.Month) map[string][]string {
	parked := map[string][]string{}
	for _, row := range b.unbuilt {
		if !row.valid.Covers(month) {
			continue
		}
		for _, customer := range b.Customers(month) {
			if row.customer == everyone || row.customer == customer.Code {
				parked[customer.Code] = append(parked[customer.Code], row.reason)
			}
		}
	}
	return parked
}
