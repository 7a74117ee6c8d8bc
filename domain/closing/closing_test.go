package closing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/party"
	"magam/domain/period"
)

// A document of the accounts 1, 2 and 3.
func october123() invoice.Snapshot {
	s := invoice.Snapshot{Provider: "aws", Month: period.NewMonth(2026, 10)}
	for _, account := range []string{"2", "1", "3", "1", ""} {
		s.Lines = append(s.Lines, invoice.Line{Account: account})
	}
	return s
}

func TestWhoReceives(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contact   party.Contact
		documents []string
		accounts  []string
		reason    string
	}{
		"a Root contact gets what is rendered": {
			party.Contact{Role: "root"}, []string{"invoice", "detail"}, nil, "",
		},
		"only the kinds it asked for": {
			party.Contact{Role: "root", Documents: []string{"detail", "focus"}}, []string{"detail"}, nil, "",
		},
		"the workbook holds the account detail": {
			party.Contact{Role: "root", Documents: []string{"account-detail", "invoice"}},
			[]string{"invoice", "detail"},
			nil, "",
		},
		"nothing where it asked for what is not yet": {
			party.Contact{
				Role:      "root",
				Documents: []string{"e-tax", "spend"},
			},
			nil,
			nil,
			"not built yet: e-tax, spend",
		},
		"listed accounts get the detail of those that are charged": {
			party.Contact{
				Role:  "accounts",
				Scope: []string{"3", "9", "1"},
			},
			[]string{"detail"},
			[]string{"1", "3"},
			"",
		},
		"an invoice is never part of a scope, whatever the row says": {
			party.Contact{
				Role:      "accounts",
				Scope:     []string{"1"},
				Documents: []string{"invoice", "account-detail"},
			},
			[]string{"detail"},
			[]string{"1"},
			"",
		},
		"nor alone": {
			party.Contact{Role: "accounts", Scope: []string{"1"}, Documents: []string{"invoice"}},
			nil, nil, "not built yet, or for Root alone: invoice",
		},
		"a group gets its accounts": {
			party.Contact{Role: "group", Scope: []string{"dev"}}, []string{"detail"}, []string{"2"}, "",
		},
		"accounts without a charge get no mail": {
			party.Contact{Role: "accounts", Scope: []string{"9"}}, nil, nil, closing.LeftNoLines,
		},
		"no accounts are none, not all":  {party.Contact{Role: "accounts"}, nil, nil, closing.LeftNoLines},
		"a pending contact gets nothing": {party.Contact{Role: "pending"}, nil, nil, party.BlindPending},
		"delivery none is none": {
			party.Contact{Role: "root", Delivery: "none"}, nil, nil, closing.LeftNoMail,
		},
	}
	parties := closing.Parties{
		Accounts: []party.Account{{Provider: "aws", SubAccount: "2", Group: "dev"}},
		Groups:   []party.Group{{Code: "dev", Parent: "root"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.contact.Email = "a@acme.example"
			if tt.contact.Delivery == "" {
				tt.contact.Delivery = "mail"
			}

			got, left := closing.Recipients([]party.Contact{tt.contact}, october123(), parties)

			if tt.reason != "" {
				require.Empty(t, got)
				require.Equal(t, []closing.LeftOut{
					{Email: "a@acme.example", Role: string(tt.contact.Role), Reason: tt.reason},
				}, left)
				return
			}
			require.Empty(t, left)
			require.Len(t, got, 1)
			require.Equal(t, tt.documents, got[0].Documents)
			require.Equal(t, tt.accounts, got[0].Accounts)
			require.Equal(t, len(tt.accounts) == 0, got[0].Scope() == "")
		})
	}
}

func TestRootComesFirstAndAnAddressOnce(t *testing.T) {
	t.Parallel()
	mail := func(email string, role party.ContactRole, scope ...string) party.Contact {
		return party.Contact{Email: email, Role: role, Scope: scope, Delivery: "mail"}
	}

	got, left := closing.Recipients([]party.Contact{
		mail("a@acme.example", "accounts", "1"), mail("z@acme.example", "root"),
		mail("Z@acme.example", "accounts", "2"), mail("b@acme.example", "root"),
	}, october123(), closing.Parties{})

	var order []string
	for _, recipient := range got {
		order = append(order, recipient.Email)
	}
	require.Equal(t, []string{"b@acme.example", "z@acme.example", "a@acme.example"}, order)
	require.Equal(t, []closing.LeftOut{{"Z@acme.example", "accounts", closing.LeftTwice}}, left)
}

func TestWhatIsDue(t *testing.T) {
	t.Parallel()
	october := period.NewMonth(2026, 10)
	hundred := decimal.NewFromInt(100)

	items := closing.DueList(october, []credit.Credit{
		{ID: "fresh", Customer: "acme", Granted: hundred},
		{ID: "old", Customer: "acme", Granted: hundred, Valid: period.Span{To: october.Add(-1)}},
		{ID: "later", Customer: "acme", Granted: hundred, Valid: period.Span{From: october.Add(1)}},
		{ID: "empty", Customer: "acme", Granted: hundred},
	}, []credit.Adjustment{
		{
			ID: "plan", Customer: "acme", Kind: credit.KindFlat, Value: hundred.Neg(), Currency: "USD",
			Month: october.Add(-1), Repeat: "instalments:3",
		},
		{ID: "past", Customer: "acme", Kind: credit.KindFlat, Value: hundred, Month: october.Add(-1)},
	}, map[string]decimal.Decimal{"fresh": decimal.NewFromInt(40), "empty": hundred})

	got := map[string]string{}
	for _, item := range items {
		got[item.ID] = item.Balance.String() + " " + item.Note
	}
	require.Equal(t, map[string]string{
		"fresh": "60 ", "old": "100 expired", "empty": "0 used up", "plan": "-33.33 instalment 2 of 3",
	}, got, "what comes later or is past is not listed")
}
