package party

import (
	"slices"

	"magam/domain/period"
)

// ContactRole is what a customer's contact may see.
type ContactRole string

// The roles of contacts.
const (
	ContactRoot     ContactRole = "root"     // all of the customer
	ContactAccounts ContactRole = "accounts" // the listed accounts
	ContactGroup    ContactRole = "group"    // a group's accounts and those of the groups below it
	ContactPending  ContactRole = "pending"  // nothing until a role is given
)

// Sight is what a contact may see of a customer: everything, some accounts, or
// nothing, and then why.
type Sight struct {
	Whole    bool
	Accounts []string // sorted, each once
	Blind    string   // why it sees nothing, in words
}

// Why a contact sees nothing.
const (
	BlindPending   = "pending: no role is given yet"
	BlindRole      = "its role is unknown"
	BlindNoGroup   = "its group is in no organization of the customer"
	BlindTwoGroups = "its group's code is in two organizations of the customer"
)

// SightOf says what a contact may see of one provider's accounts in a month.
// What is not granted is not seen: a role that nobody knows or a group's code
// that two organizations use shows nothing.
//
// An account is in the group that its customer mapped it to last before the
// month's end. A Root, a group without a parent, sees all of its organization.
func SightOf(c Contact, provider string, month period.Month, accounts []Account, groups []Group) Sight {
	switch c.Role {
	case ContactRoot:
		return Sight{Whole: true}
	case ContactAccounts:
		return Sight{Accounts: sortedSet(c.Scope)}
	case ContactGroup:
		return groupSight(c, provider, month, accounts, groups)
	case ContactPending:
		return Sight{Blind: BlindPending}
	default:
		return Sight{Blind: BlindRole}
	}
}

func groupSight(c Contact, provider string, month period.Month, accounts []Account, groups []Group) Sight {
	var own []Group
	for _, group := range groups {
		if group.Customer == c.Customer && len(c.Scope) == 1 && group.Code == c.Scope[0] {
			own = append(own, group)
		}
	}
	switch len(own) {
	case 0:
		return Sight{Blind: BlindNoGroup}
	case 1:
	default:
		return Sight{Blind: BlindTwoGroups}
	}
	top := own[0]
	below := groupsBelow(top, groups)
	var seen []string
	for _, account := range mappings(c.Customer, provider, month, accounts) {
		isRoots := top.Parent == "" && account.Group == ""
		if account.Organization == top.Organization && (isRoots || below[account.Group]) {
			seen = append(seen, account.SubAccount)
		}
	}
	return Sight{Accounts: sortedSet(seen)}
}

// groupsBelow are the codes of a group and of all groups below it.
func groupsBelow(top Group, groups []Group) map[string]bool {
	below := map[string]bool{top.Code: true}
	for grew := true; grew; {
		grew = false
		for _, group := range groups {
			inTree := group.Customer == top.Customer && group.Organization == top.Organization
			if inTree && below[group.Parent] && !below[group.Code] {
				below[group.Code], grew = true, true
			}
		}
	}
	return below
}

// mappings are a customer's accounts, each as it was mapped last before the
// month's end.
func mappings(customer, provider string, month period.Month, accounts []Account) []Account {
	last := map[string]Account{}
	for _, account := range accounts {
		if account.Customer != customer || account.Provider != provider || !account.From.Before(month.End()) {
			continue
		}
		before, known := last[account.SubAccount]
		if !known || account.From.After(before.From) {
			last[account.SubAccount] = account
		}
	}
	mapped := make([]Account, 0, len(last))
	for _, account := range last {
		mapped = append(mapped, account)
	}
	return mapped
}

func sortedSet(texts []string) []string {
	set := slices.Clone(texts)
	slices.Sort(set)
	return slices.Compact(set)
}
