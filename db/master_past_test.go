package db_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
)

func TestThePastIsWhatWentOut(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	require.NoError(t, b.grants(t, [3]string{"C-1", "acme", "100"}))
	b.final(t, func(d *closing.Document) {
		using(d)
		d.Draft.Snapshot.Adjustments = []invoice.AdjustmentUse{
			{ID: "a-1", Stage: "after-discount", Currency: money.USD},
			{ID: "a-2", Stage: "after-tax", Currency: money.USD},
		}
	})
	b.exec(t, `INSERT INTO billing_period (month, state, closed_at) VALUES ('2026-08', 'closed', now()),
		('2026-09', 'closed_with_parked', now())`)

	past, err := db.NewMaster(b.app).Past(t.Context(), master.Touched{
		Customers: []string{"acme", "beta"},
		Credits:   []string{"C-1", "C-2"},
		Accounts: []master.AccountKey{
			{Provider: "aws", SubAccount: "1"},
			{Provider: "aws", SubAccount: "nobody"},
		},
	})

	require.NoError(t, err)
	require.Equal(t, []master.PastDocument{
		{
			Customer:    "acme",
			Provider:    "aws",
			Month:       october,
			Number:      "INV-2026-000001",
			Adjustments: []string{"a-1", "a-2"},
		},
		{
			Customer: "beta", Provider: "aws", Month: october, Adjustments: []string{},
		},
	}, past.Documents)
	require.Equal(t, []period.Month{october.Add(-2)}, past.Closed)
	require.Equal(t, []master.PastAccount{
		{AccountKey: master.AccountKey{Provider: "aws", SubAccount: "1"}, Bill: october, Used: october},
	}, past.Accounts)
	require.Len(t, past.Credits, 1)
	require.True(t, past.Credits[0].Used.Equal(decimal.NewFromInt(60)))
	past.Credits[0].Used = decimal.Zero
	require.Equal(t, master.PastCredit{
		Credit: "C-1", Customer: "acme", Currency: "USD", Number: "INV-2026-000001",
	}, past.Credits[0])
	nobody, err := db.NewMaster(b.app).Past(t.Context(), master.Touched{Customers: []string{"gamma"}})
	require.NoError(t, err)
	require.Empty(t, nobody.Documents)
}

// A month that waits for its quarter's document is as settled as one that went out.
func TestWhoseAnAccountWasInADeferredMonthIsPast(t *testing.T) {
	t.Parallel()
	b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "100"})
	b.assign(t, "1", "acme", "[2026-01-01,)")
	b.open(t)
	stored := b.draft(t, "acme", func(d *closing.Document) { d.Draft.Snapshot.Deferred = true })
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	_, err = b.Finalize(t.Context(), b.finalizing(stored.InvoiceID))
	require.NoError(t, err)
	account := master.AccountKey{Provider: "aws", SubAccount: "1"}

	past, err := db.NewMaster(b.app).Past(t.Context(), master.Touched{
		Customers: []string{"acme"}, Accounts: []master.AccountKey{account},
	})

	require.NoError(t, err)
	require.Equal(t, []master.PastAccount{{AccountKey: account, Bill: october, Used: october}}, past.Accounts)
	require.NotEmpty(t, past.Documents[0].Number, "it may not change hands")
}

// An adjustment that comes between the draft and the number would be passed over.
func TestADocumentIsNotNumberedPastAChangedAdjustment(t *testing.T) {
	t.Parallel()
	row := func(id, customer, month string) string {
		return `{"id":"` + id + `","customer":"` + customer + `","month":"` + month + `"}`
	}
	tests := map[string]struct {
		rows []string
		want string
	}{
		"one more": {
			[]string{row("a-1", "acme", "2026-08"), row("a-2", "acme", "2026-10")},
			"a-2",
		},
		"one less":      {nil, "a-1"},
		"another month": {[]string{row("a-1", "acme", "2026-09")}, "a-1"},
		"one more of the month to come": {
			[]string{row("a-1", "acme", "2026-08"), row("a-2", "acme", "2026-11")},
			"",
		},
		"one more of another customer's": {
			[]string{row("a-1", "acme", "2026-08"), row("a-2", "beta", "2026-10")},
			"",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoCustomers(t)
			b.sheet(t, "adjustments", row("a-1", "acme", "2026-08"))
			var version int64
			b.scan(t, &version, `SELECT import_id FROM master_current WHERE sheet = 'adjustments'`)
			b.open(t)
			b.draft(t, "beta")
			drafted := b.draft(t, "acme",
				func(d *closing.Document) { d.Master = map[string]int64{"adjustments": version} })
			_, err := b.Prove(t.Context(), october)
			require.NoError(t, err)
			require.NoError(t, b.decide(t, "acme", closing.Approve, park))

			b.sheet(t, "adjustments", tt.rows...)
			_, err = b.Finalize(t.Context(), b.finalizing(drafted.InvoiceID))

			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.PreviewDrift, code)
			require.ErrorContains(t, err, "before adjustment "+tt.want+" was changed")
		})
	}
}
