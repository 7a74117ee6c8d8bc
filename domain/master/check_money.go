package master

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/party"
)

const tagsMax = 10

// checkAdjustments asks for two people and for figures that make sense.
func checkAdjustments(in *inspection) {
	mayDecide := map[string]bool{}
	for _, person := range in.rows("people") {
		roles := List(person.Cells["roles"])
		mayDecide[person.Cells["code"]] = slices.Contains(roles, "approver") ||
			slices.Contains(roles, "finance")
	}
	people := in.codesOf("people")
	for _, row := range in.rows("adjustments") {
		author, approver := row.Cells["author"], row.Cells["approver"]
		if author != "" && author == approver {
			in.report("adjustments", row, "approver", fault.Approval, "is the author too",
				"have somebody else approve it")
		}
		for _, column := range []string{"author", "approver"} {
			if code := row.Cells[column]; people[code] && !mayDecide[code] {
				in.report("adjustments", row, column, fault.Approval,
					"has neither the role approver nor finance",
					"name somebody who has, or give the role in people")
			}
		}
		in.checkAdjustmentForm(row)
	}
}

func (in *inspection) checkAdjustmentForm(row Row) {
	value, repeat := number(row.Cells["value"]), row.Get(adjustmentsSheet, "repeat")
	if row.Cells["kind"] == "percent" {
		if value.Abs().Cmp(decimal.NewFromInt(discountMax)) > 0 {
			in.report("adjustments", row, "value", fault.Number, "is a change of more than 100 %",
				"write -5 for 5 % off")
		}
		if row.Cells["currency"] != "" {
			in.report("adjustments", row, "currency", fault.Currency, "has no meaning for a percentage",
				"empty it")
		}
		if strings.HasPrefix(repeat, "instalments") {
			in.report("adjustments", row, "repeat", fault.Master, "spreads a percentage",
				"use monthly, or a flat value")
		}
	}
	if row.Cells["to"] == "" {
		return
	}
	if repeat != "monthly" {
		in.report("adjustments", row, "to", fault.Master, "has a meaning only for monthly",
			"empty it, or set repeat to monthly")
	}
	if month(row.Cells["to"]).Before(month(row.Cells["month"])) {
		in.report("adjustments", row, "to", fault.Date, "lies before the first month",
			"let it end after it begins")
	}
}

// checkCredits refuses what could never be used: nothing, in no month, or on
// accounts that are not the customer's.
func checkCredits(in *inspection) {
	owned := in.ownedAccounts()
	for _, row := range in.rows("credits") {
		if row.Cells["amount"] != "" && !number(row.Cells["amount"]).IsPositive() {
			in.report("credits", row, "amount", fault.Number, "is nothing to use", "write an amount above 0")
		}
		if from, to := month(row.Cells["from"]), month(row.Cells["to"]); !to.IsZero() && to.Before(from) {
			in.report("credits", row, "to", fault.Date, "lies before from, "+row.Cells["from"],
				"let the validity end after it begins")
		}
		in.reportStrangers("credits", row, "sub_accounts", owned, "is not an account of ")
	}
}

// checkTags counts, for each product and resource, the tags in force together.
// A row with an empty value takes its tag off.
func checkTags(in *inspection) {
	if !in.imported["tags"] {
		return
	}
	resource := func(row Row) string { return tagsSheet.keyOf(row, []string{"provider", "service", "resource_id"}) }
	for _, rows := range grouped(in.rows("tags"), resource) {
		if len(rows) <= tagsMax {
			continue
		}
		sorted := append([]Row(nil), rows...)
		sort.SliceStable(sorted,
			func(a, b int) bool { return sorted[a].Cells["from"] < sorted[b].Cells["from"] })
		standing := map[string]bool{}
		for i := 0; i < len(sorted); {
			// All changes of one month count together, takings-off first.
			end := i
			for end < len(sorted) && sorted[end].Cells["from"] == sorted[i].Cells["from"] {
				if sorted[end].Cells["value"] == "" {
					delete(standing, sorted[end].Cells["key"])
				}
				end++
			}
			for ; i < end; i++ {
				in.addTag(standing, sorted[i])
			}
		}
	}
}

func (in *inspection) addTag(standing map[string]bool, row Row) {
	if row.Cells["value"] == "" || standing[row.Cells["key"]] {
		return
	}
	standing[row.Cells["key"]] = true
	if len(standing) > tagsMax {
		in.report("tags", row, "key", fault.Limit,
			fmt.Sprintf("is tag %d of this product and resource", len(standing)),
			"keep at most 10, or take one off by a row with an empty value")
	}
}

func checkRates(in *inspection) {
	for _, row := range in.rows("rates") {
		if row.Cells["base"] != "" && row.Cells["base"] == row.Cells["quote"] {
			in.report("rates", row, "quote", fault.Currency, "is the base too", "name two currencies")
		}
	}
}

// checkCommitments holds the days of a term against each other and looks up who
// is to hear of its end.
func checkCommitments(in *inspection) {
	people := in.codesOf("people")
	for _, row := range in.rows("commitments") {
		starts, ends := day(row.Cells["starts_on"]), day(row.Cells["ends_on"])
		if !starts.IsZero() && !ends.IsZero() && ends.Before(starts) {
			in.report("commitments", row, "ends_on", fault.Date, "lies before starts_on",
				"let the term end after it begins")
		}
		for _, recipient := range List(row.Cells["recipients"]) {
			if !people[recipient] && !isEmail(recipient) {
				in.report("commitments", row, "recipients", fault.UnknownCode,
					"holds "+recipient+", neither a person nor an address",
					"name codes of people or addresses")
			}
		}
	}
}

func checkBudgets(in *inspection) {
	for _, row := range in.rows("budgets") {
		if row.Cells["organization"] != "" {
			in.hasOrganization("budgets", row)
		}
	}
}

func checkThresholds(in *inspection) {
	for _, row := range in.rows("thresholds") {
		everybodys := row.Cells["hold"] == party.ThresholdDelivery ||
			row.Cells["hold"] == party.ThresholdDeliveryFloor
		if customer := row.Get(thresholdsSheet, "customer"); everybodys && customer != "*" {
			in.report(
				"thresholds",
				row,
				"customer",
				fault.Master,
				"has no meaning for a delivery, which is of no one customer",
				"write *",
			)
		}
		if row.Cells["hold"] != party.ThresholdTotalBelow && number(row.Cells["value"]).IsNegative() {
			in.report("thresholds", row, "value", fault.Number, "is negative", "write a number of at least 0")
		}
	}
}
