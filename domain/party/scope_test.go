package party_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/party"
	"magam/domain/period"
)

// A company of two organizations: hq has Root, dev, and web below dev; lab has a
// Root and a dev of its own.
func TestWhatAContactSees(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	group := func(organization, code, parent string) party.Group {
		return party.Group{Customer: "alpha", Organization: organization, Code: code, Parent: parent}
	}
	account := func(id, organization, group string, from time.Time) party.Account {
		return party.Account{
			Provider:     "aws",
			SubAccount:   id,
			Customer:     "alpha",
			Organization: organization,
			Group:        group,
			From:         from,
		}
	}
	groups := []party.Group{
		group("hq", "root", ""),
		group("hq", "dev", "root"),
		group("hq", "web", "dev"),
		group("hq", "ops", "root"),
		group("lab", "lab-root", ""),
		group("lab", "ops", "lab-root"),
		{Customer: "beta", Organization: "hq", Code: "web", Parent: "dev"},
	}
	other := account("666", "hq", "web", time.Time{})
	other.Customer = "beta"
	azure := account("777", "hq", "dev", time.Time{})
	azure.Provider = "azure"
	accounts := []party.Account{
		account("111", "hq", "dev", time.Time{}),
		account("222", "hq", "web", time.Time{}),
		account("333", "hq", "", time.Time{}),
		account("444", "lab", "ops", time.Time{}),
		account("555", "hq", "web", time.Time{}), account("555", "hq", "ops", day(10, 15)),
		account("555", "hq", "dev", day(11, 1)),
		other, azure,
	}

	tests := map[string]struct {
		role  party.ContactRole
		scope []string
		want  party.Sight
	}{
		"Root sees the whole": {party.ContactRoot, nil, party.Sight{Whole: true}},
		"listed accounts, sorted, each once": {
			"accounts",
			[]string{"222", "111", "222"},
			party.Sight{Accounts: []string{"111", "222"}},
		},
		"a group sees its accounts and those below it": {
			"group", []string{"dev"}, party.Sight{Accounts: []string{"111", "222"}},
		},
		"a group below does not see those above": {
			"group",
			[]string{"web"},
			party.Sight{Accounts: []string{"222"}},
		},
		"an organization's Root sees that organization": {
			"group", []string{"root"}, party.Sight{Accounts: []string{"111", "222", "333", "555"}},
		},
		"and not the other's": {"group", []string{"lab-root"}, party.Sight{Accounts: []string{"444"}}},
		"a code of two organizations shows neither": {
			"group", []string{"ops"}, party.Sight{Blind: party.BlindTwoGroups},
		},
		"a code of nobody shows nothing": {"group", []string{"gone"}, party.Sight{Blind: party.BlindNoGroup}},
		"no group named shows nothing":   {"group", nil, party.Sight{Blind: party.BlindNoGroup}},
		"pending sees nothing yet": {
			"pending",
			[]string{"111"},
			party.Sight{Blind: party.BlindPending},
		},
		"a role that nobody knows": {"admin", []string{"111"}, party.Sight{Blind: party.BlindRole}},
		"an empty role":            {"", nil, party.Sight{Blind: party.BlindRole}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contact := party.Contact{Customer: "alpha", Role: tt.role, Scope: tt.scope}
			got := party.SightOf(contact, "aws", period.NewMonth(2026, 10), accounts, groups)
			require.Equal(t, tt.want, got)
		})
	}
}

// A circle of groups, which validation refuses, must not hang a close.
func TestACircleOfGroupsEnds(t *testing.T) {
	t.Parallel()
	groups := []party.Group{{Code: "a", Parent: "b"}, {Code: "b", Parent: "a"}}
	accounts := []party.Account{{Provider: "aws", SubAccount: "1", Group: "b"}}
	contact := party.Contact{Role: party.ContactGroup, Scope: []string{"a"}}
	got := party.SightOf(contact, "aws", period.NewMonth(2026, 10), accounts, groups)
	require.Equal(t, party.Sight{Accounts: []string{"1"}}, got)
}
