package master

import (
	"fmt"
	"strings"

	"magam/domain/fault"
	"magam/domain/money"
)

const (
	organizationsMax = 10
	groupDepthMax    = 32
)

// checkIssuers keeps two issuers from giving the same number, and makes a
// customer name one where there are several.
func checkIssuers(in *inspection) {
	series := map[string]Row{}
	for _, row := range in.rows("issuer") {
		name := row.Get(issuerSheet, "number_series")
		if other, taken := series[name]; taken && other.Cells["code"] != row.Cells["code"] {
			in.report("issuer", row, "number_series", fault.Overlap,
				"is the series of "+at("issuer", other)+" too", "give each issuer a series of its own")
		}
		series[name] = row
	}
	if len(in.rows("issuer")) < 2 {
		return
	}
	for _, row := range in.rows("customers") {
		if row.Cells["issuer"] == "" {
			in.report("customers", row, "issuer", fault.Required,
				"is empty although there are several issuers", "name one")
		}
	}
}

// checkContracts looks at what one customer's columns demand of each other.
func checkContracts(in *inspection) {
	for _, row := range in.rows("customers") {
		keeps := row.Cells["benefit_policy"] == "partner-keeps"
		if keeps && row.Cells["benefit_share"] == "" {
			in.report("customers", row, "benefit_share", fault.Required, "is empty under partner-keeps",
				"write what per cent of the benefit we keep")
		}
		if !keeps && row.Cells["benefit_share"] != "" {
			in.report("customers", row, "benefit_share", fault.Master, "has no meaning under "+
				row.Get(customersSheet, "benefit_policy"), "empty it, or set benefit_policy to partner-keeps")
		}
		currency := money.Currency(row.Get(customersSheet, "currency"))
		unit := number(row.Cells["rounding_unit"])
		if unit.IsPositive() && !unit.Mod(money.Unit(currency.Places())).IsZero() {
			in.report("customers", row, "rounding_unit", fault.Number,
				"is finer than "+string(currency)+" is paid in",
				"use a multiple of "+money.Unit(currency.Places()).String())
		}
	}
}

func checkOrganizations(in *inspection) {
	count := map[string]int{}
	for _, row := range in.rows("organizations") {
		customer := row.Cells["customer"]
		count[customer]++
		if count[customer] == organizationsMax+1 {
			in.report("organizations", row, "code", fault.Limit,
				fmt.Sprintf("is organization 11 of %s", customer), "a customer has at most 10 organizations")
		}
	}
}

// groupKey names a group among all customers'.
func groupKey(row Row, column string) string {
	return row.Cells["customer"] + "\x1f" + row.Cells["organization"] + "\x1f" + row.Cells[column]
}

// hasOrganization reports an organization that the customer does not have.
func (in *inspection) hasOrganization(sheet string, row Row) {
	if in.organizations == nil {
		in.organizations = map[string]bool{}
		for _, organization := range in.rows("organizations") {
			in.organizations[organization.Cells["customer"]+"\x1f"+organization.Cells["code"]] = true
		}
	}
	if !in.organizations[row.Cells["customer"]+"\x1f"+row.Cells["organization"]] {
		in.report(sheet, row, "organization", fault.UnknownCode,
			"is not an organization of "+row.Cells["customer"], "add it to organizations, or correct it")
	}
}

// checkGroups keeps the tree a tree: parents exist, nobody is his own ancestor,
// and every group below Root has accounts, its own or below it.
func checkGroups(in *inspection) {
	parents := map[string]string{}
	for _, row := range in.rows("groups") {
		parents[groupKey(row, "code")] = groupKey(row, "parent")
	}
	populated := map[string]bool{}
	for _, account := range in.rows("accounts") {
		walkUp(parents, groupKey(account, "group"), func(group string) { populated[group] = true })
	}
	for _, row := range in.rows("groups") {
		in.hasOrganization("groups", row)
		if row.Cells["parent"] == "" {
			continue
		}
		if _, exists := parents[groupKey(row, "parent")]; !exists {
			in.report("groups", row, "parent", fault.UnknownCode, "is not a group of this organization",
				"add the parent, or leave it empty for Root")
			continue
		}
		if walkUp(parents, groupKey(row, "code"), func(string) {}) {
			in.report("groups", row, "parent", fault.Master, "makes a circle of groups",
				"let every branch end at a Root")
			continue
		}
		if in.known("accounts") && !populated[groupKey(row, "code")] {
			in.report("groups", row, "code", fault.Required, "has no account mapped to it or below it",
				"map an account to the group in accounts, or delete the group")
		}
	}
}

// walkUp visits a group and its ancestors, and says whether it met a circle,
// or a branch so deep that it may as well be one.
func walkUp(parents map[string]string, group string, visit func(string)) bool {
	for range groupDepthMax {
		parent, exists := parents[group]
		if !exists {
			return false
		}
		visit(group)
		group = parent
	}
	return true
}

// checkAccounts keeps every mapping inside the customer's own tree, below Root.
func checkAccounts(in *inspection) {
	groups := map[string]Row{}
	for _, row := range in.rows("groups") {
		groups[groupKey(row, "code")] = row
	}
	for _, row := range in.rows("accounts") {
		if row.Cells["organization"] != "" {
			in.hasOrganization("accounts", row)
		}
		if row.Cells["group"] == "" {
			continue
		}
		group, exists := groups[groupKey(row, "group")]
		switch {
		case row.Cells["organization"] == "":
			in.report("accounts", row, "organization", fault.Required, "is empty although a group is named",
				"name the group's organization")
		case !exists:
			in.report("accounts", row, "group", fault.UnknownCode, "is not a group of this organization",
				"add it to groups, or correct it")
		case group.Cells["parent"] == "":
			in.report("accounts", row, "group", fault.Master, "is a Root, which has no accounts of its own",
				"map the account to a group below Root, or leave group empty")
		}
	}
}

// checkContacts holds each recipient's role, scope and documents against each other.
func checkContacts(in *inspection) {
	owned := in.ownedAccounts()
	groups := map[string]bool{}
	for _, row := range in.rows("groups") {
		groups[row.Cells["customer"]+"\x1f"+row.Cells["code"]] = true
	}
	for _, row := range in.rows("contacts") {
		scope := List(row.Cells["scope"])
		role := row.Get(contactsSheet, "role")
		switch role {
		case "accounts":
			in.checkScope(row, owned, "is not an account of ", len(scope) == 0)
		case "group":
			in.checkScope(row, groups, "is not a group of ", len(scope) != 1)
		default:
			if len(scope) > 0 {
				in.report("contacts", row, "scope", fault.Master, "has no meaning for the role "+role,
					"empty it, or set role to accounts or group")
			}
		}
		if role == "root" {
			continue
		}
		for _, document := range List(row.Cells["documents"]) {
			if document == "invoice" || document == "by-account" {
				in.report("contacts", row, "documents", fault.Master,
					"holds "+document+", which only root may see",
					"set role to root, or leave "+document+" out")
			}
		}
	}
}

func (in *inspection) checkScope(row Row, known map[string]bool, isNot string, wrongCount bool) {
	if wrongCount {
		in.report("contacts", row, "scope", fault.Required, "does not fit the role "+row.Cells["role"],
			"name account ids for accounts, exactly one group for group")
		return
	}
	in.reportStrangers("contacts", row, "scope", known, isNot)
}

// reportStrangers reports what a list names that is not the customer's.
func (in *inspection) reportStrangers(
	sheet string,
	row Row,
	column string,
	known map[string]bool,
	isNot string,
) {
	var strangers []string
	for _, one := range List(row.Cells[column]) {
		if !known[row.Cells["customer"]+"\x1f"+one] {
			strangers = append(strangers, one)
		}
	}
	if len(strangers) > 0 {
		in.report(
			sheet,
			row,
			column,
			fault.UnknownCode,
			strings.Join(
				strangers,
				" ",
			)+" "+isNot+row.Cells["customer"],
			"correct it, or add it to its sheet",
		)
	}
}

// ownedAccounts are the accounts that each customer has or once had.
func (in *inspection) ownedAccounts() map[string]bool {
	owned := map[string]bool{}
	for _, row := range in.rows("accounts") {
		owned[row.Cells["customer"]+"\x1f"+row.Cells["sub_account"]] = true
	}
	return owned
}
