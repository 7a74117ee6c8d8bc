package master

import (
	"fmt"

	"magam/domain/fault"
)

// sharedScope are the columns that say what a distribution shares.
var sharedScope = []string{"provider", "billing_account", "sub_account", "service", "category"}

// checkSharedTies refuses two distributions of the same cost in the same month,
// and one that would share a whole provider, its participants' own use too.
func checkSharedTies(in *inspection) {
	if !in.imported["shared_costs"] {
		return
	}
	scope := func(row Row) string { return sharedCostsSheet.keyOf(row, sharedScope) }
	for _, group := range grouped(in.rows("shared_costs"), scope) {
		for i, row := range group {
			for _, other := range group[:i] {
				if other.Cells["id"] == row.Cells["id"] ||
					!sharedCostsSheet.extentOf(row).overlaps(sharedCostsSheet.extentOf(other)) {
					continue
				}
				in.report("shared_costs", row, "id", fault.Overlap,
					fmt.Sprintf("and %s (%s) share the same cost in the same months (%s)",
						other.Cells["id"], at("shared_costs", other), span(other)),
					"end one before the other begins, or tell them apart by a column")
				break
			}
		}
		if row := group[0]; row.Cells["billing_account"]+row.Cells["sub_account"]+row.Cells["service"]+
			row.Cells["category"] == "" {
			in.report("shared_costs", row, "service", fault.Required,
				"is empty, and so is every other column that says what is shared",
				"name an account, a service or a category: all the rest is its owner's own")
		}
	}
}
