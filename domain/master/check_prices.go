package master

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
)

// scopeColumns decide which lines a price row matches.
var scopeColumns = []string{
	"customer", "tag_key", "tag_value", "sub_account", "region", "sku", "usage_type", "service",
	"invoicing_entity", "billing_entity", "provider",
}

const (
	discountMax = 100
	markupMax   = 1000
)

// checkPriceForms looks at what a row's kind demands of its columns.
func checkPriceForms(in *inspection) {
	for _, row := range in.rows("prices") {
		kind, value := row.Cells["kind"], number(row.Cells["value"])
		if kind == "discount" && value.Cmp(decimal.NewFromInt(discountMax)) > 0 {
			in.report("prices", row, "value", fault.Number, "is a discount of more than 100 %",
				"write 5 for 5 %")
		}
		if kind == "markup" && value.Cmp(decimal.NewFromInt(markupMax)) > 0 {
			in.report("prices", row, "value", fault.Number, "is a markup of more than 1000 %",
				"write 5 for 5 %")
		}
		if row.Cells["tag_value"] != "" && row.Cells["tag_key"] == "" {
			in.report("prices", row, "tag_key", fault.Required, "is empty although tag_value is filled",
				"name the tag's key")
		}
		for _, column := range []string{"tier_from", "tier_to", "tier_kind", "pool"} {
			sums := column == "pool" && (kind == "minimum" || kind == "cap")
			if kind != "tier" && !sums && row.Cells[column] != "" {
				kinds := "tier"
				if column == "pool" {
					kinds = "tier, minimum or cap"
				}
				in.report("prices", row, column, fault.Master, "has a meaning only for the kind "+kinds,
					"empty it, or set kind to "+kinds)
			}
		}
		perUnit := kind == "unit-price" || kind == "tier"
		if kind == "unit-price" && row.Cells["usage_type"] == "" && row.Cells["sku"] == "" {
			in.report("prices", row, "usage_type", fault.Required,
				"is empty, as is sku, for a price per unit",
				"say what is counted: a gigabyte and an hour have no price in common")
		}
		if consumed := row.Cells["category"]; perUnit && consumed != "" && consumed != "Usage" &&
			consumed != "Purchase" {
			in.report("prices", row, "category", fault.Master, "is nothing that is counted in units",
				"empty it, or write Usage or Purchase")
		}
		if kind == "tier" && row.Cells["tier_kind"] == "" {
			in.report("prices", row, "tier_kind", fault.Required, "is empty for a tier",
				"write graduated or volume")
		}
	}
}

// checkPriceTies refuses two rows that nothing but chance could choose between:
// equal in every column that is compared, in force in the same month, for a
// category in common. Rows of one tier table belong together.
func checkPriceTies(in *inspection) {
	if !in.imported["prices"] {
		return
	}
	scope := func(row Row) string {
		return pricesSheet.keyOf(row, scopeColumns) + "\x1f" + priceRole(row.Cells["kind"])
	}
	for _, group := range grouped(in.rows("prices"), scope) {
		for i, row := range group {
			if other, tied := tiedWith(group[:i], row); tied {
				in.report("prices", row, "id", fault.Overlap,
					fmt.Sprintf("and %s (%s) match the same lines in the same months (%s)",
						other.Cells["id"], at("prices", other), span(other)),
					"end one before the other begins, or tell them apart by a column")
			}
		}
	}
}

// tiedWith finds the first of the rows before that ties with row. It looks at a
// bounded number: past that, every further row is a tie already reported.
func tiedWith(before []Row, row Row) (Row, bool) {
	const lookBackMax = 200
	for _, other := range before[max(0, len(before)-lookBackMax):] {
		sameTable := row.Cells["kind"] == "tier" && other.Cells["kind"] == "tier" &&
			row.Cells["id"] == other.Cells["id"]
		if !sameTable && shareCategory(row, other) &&
			pricesSheet.extentOf(row).overlaps(pricesSheet.extentOf(other)) {
			return other, true
		}
	}
	return Row{}, false
}

// priceRole tells apart rules that stand beside each other: one sets the price
// of a line, a minimum and a cap bound it.
func priceRole(kind string) string {
	if kind == "minimum" || kind == "cap" {
		return kind
	}
	return "price"
}

func shareCategory(a, b Row) bool {
	first, second := priceCategories(a), priceCategories(b)
	return slices.ContainsFunc(first, func(category string) bool { return slices.Contains(second, category) })
}

func priceCategories(row Row) []string {
	if row.Cells["category"] == "" {
		return []string{"Usage", "Purchase"}
	}
	return []string{row.Cells["category"]}
}

// checkTierTables demands that the tiers of one id, in force together, cover
// every quantity once; and that an id names one rule otherwise.
func checkTierTables(in *inspection) {
	if !in.imported["prices"] {
		return
	}
	table := func(row Row) string {
		return row.Cells["id"] + "\x1f" + row.Cells["from"] + "\x1f" + row.Cells["to"]
	}
	var single []Row
	for _, rows := range grouped(in.rows("prices"), table) {
		if rows[0].Cells["kind"] != "tier" {
			single = append(single, rows...)
			continue
		}
		single = append(single, rows[0])
		for _, row := range rows[1:] {
			same := append([]string{"kind", "tier_kind", "pool", "category"}, scopeColumns...)
			if pricesSheet.keyOf(row, same) != pricesSheet.keyOf(rows[0], same) {
				in.report("prices", row, "id", fault.Master,
					"is a tier of "+at("prices", rows[0])+" with another scope",
					"give all tiers of one id the same columns, tier_kind and pool")
			}
		}
		in.checkSlices("prices", rows, "tier_from", "tier_to")
	}
	in.checkOverlaps(pricesSheet, []string{"id"}, single)
}

// checkSlices demands slices without a gap or an overlap, from nought to open.
func (in *inspection) checkSlices(sheet string, rows []Row, from, to string) {
	sorted := append([]Row(nil), rows...)
	sort.SliceStable(sorted, func(a, b int) bool {
		return number(sorted[a].Cells[from]).Cmp(number(sorted[b].Cells[from])) < 0
	})
	end := decimal.Zero
	for i, row := range sorted {
		begin := number(row.Cells[from])
		if !begin.Equal(end) {
			in.report(sheet, row, from, fault.Master,
				"does not begin where the slice before ends, at "+end.String(),
				"let the slices follow each other from 0")
		}
		last := i == len(sorted)-1
		if row.Cells[to] == "" {
			if !last {
				in.report(sheet, row, to, fault.Required, "is empty although another slice follows",
					"say where the slice ends")
			}
			return
		}
		end = number(row.Cells[to])
		if end.Cmp(begin) <= 0 {
			in.report(sheet, row, to, fault.Master, "does not lie above "+from,
				"let the slice end above its beginning")
		}
		if last {
			in.report(sheet, row, to, fault.Master, "closes the last slice",
				"leave it empty: the last slice takes all the rest")
		}
	}
}

// checkSharedCosts keeps the rows of one id one distribution.
func checkSharedCosts(in *inspection) {
	same := []string{
		"provider",
		"billing_account",
		"sub_account",
		"service",
		"category",
		"key",
		"remainder_to",
	}
	byID := func(row Row) string { return row.Cells["id"] }
	for _, rows := range grouped(in.rows("shared_costs"), byID) {
		for _, row := range rows {
			if sharedCostsSheet.keyOf(row, same) != sharedCostsSheet.keyOf(rows[0], same) {
				in.report("shared_costs", row, "id", fault.Master,
					"differs from "+at("shared_costs", rows[0])+" in its scope or key",
					"give all rows of one id the same columns but customer and weight")
			}
			fixed := row.Cells["key"] == "fixed"
			if fixed && !number(row.Cells["weight"]).IsPositive() {
				in.report("shared_costs", row, "weight", fault.Required, "is not above 0 for fixed",
					"write the customer's weight")
			}
			if !fixed && row.Cells["weight"] != "" {
				in.report("shared_costs", row, "weight", fault.Master, "has a meaning only for fixed",
					"empty it")
			}
		}
	}
}

// checkPlans demands whole rate tables in one currency.
func checkPlans(in *inspection) {
	if !in.imported["plans"] {
		return
	}
	table := func(row Row) string { return plansSheet.keyOf(row, []string{"plan", "from", "to"}) }
	for _, rows := range grouped(in.rows("plans"), table) {
		for _, row := range rows {
			if row.Get(plansSheet, "currency") != rows[0].Get(plansSheet, "currency") {
				in.report("plans", row, "currency", fault.Currency, "differs within one plan",
					"use one currency per plan")
			}
		}
		in.checkSlices("plans", rows, "from_amount", "to_amount")
	}
}

// checkFees demands that a fee says how much.
func checkFees(in *inspection) {
	for _, row := range in.rows("fees") {
		filled := strings.Join([]string{row.Cells["plan"], row.Cells["rate"], row.Cells["flat"]}, "")
		if filled == "" {
			in.report("fees", row, "rate", fault.Required, "is empty, as are plan and flat",
				"say how much the fee is")
		}
		if row.Cells["plan"] != "" && row.Cells["rate"] != "" {
			in.report("fees", row, "rate", fault.Master, "is filled although a plan is named",
				"keep one of the two")
		}
		if row.Cells["provider"] == "" && row.Cells["plan"]+row.Cells["minimum"] != "" {
			in.report("fees", row, "provider", fault.Required, "is empty although a plan or a minimum is set",
				"name the provider: a table needs the whole of one bill")
		}
		if extra := row.Cells["plan"] + row.Cells["flat"] + row.Cells["minimum"]; row.Cells["kind"] == "savings" &&
			extra != "" {
			in.report("fees", row, "rate", fault.Master, "is not all that a savings fee says",
				"empty plan, flat and minimum: without savings there is no fee")
		}
		if row.Cells["kind"] == "savings" && row.Cells["rate"] == "" {
			in.report("fees", row, "rate", fault.Required, "is empty for a savings fee",
				"write its per cent of what was saved")
		}
	}
}
