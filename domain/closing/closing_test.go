package closing_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/party"
	"magam/domain/period"
)

func TestWhoReceives(t *testing.T) {
	t.Parallel()
	root := party.Contact{Email: "a@acme.example", Role: "root", Delivery: "mail"}
	with := func(change func(*party.Contact)) party.Contact {
		contact := root
		change(&contact)
		return contact
	}

	tests := map[string]struct {
		contact party.Contact
		want    []string
	}{
		"a Root contact gets what is rendered": {root, []string{"invoice", "detail"}},
		"only the kinds it asked for": {
			with(func(c *party.Contact) { c.Documents = []string{"detail", "focus"} }),
			[]string{"detail"},
		},
		"nothing where it asked for what is not yet": {
			with(func(c *party.Contact) { c.Documents = []string{"e-tax"} }),
			nil,
		},
		"a pending contact gets nothing": {
			with(func(c *party.Contact) { c.Role = "pending" }),
			nil,
		},
		"nobody is sent more than its accounts": {
			with(func(c *party.Contact) { c.Role = "accounts" }),
			nil,
		},
		"delivery none is none": {
			with(func(c *party.Contact) { c.Delivery = "none" }),
			nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got := closing.Recipients([]party.Contact{tt.contact, tt.contact})

			if tt.want == nil {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1, "one mail per address")
			require.Equal(t, tt.want, got[0].Documents)
		})
	}
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
