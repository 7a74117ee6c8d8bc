package activities_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// Ruling R-8: a customer of two providers has one flat discount and one credit
// that name neither.
func TestWhatNamesNoProviderIsUsedOnce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		books booksOfTwo
		want  map[string]string // the total of each draft that is stored
	}{
		"on the larger document, the credit's rest on the next": {
			booksOfTwo{}, map[string]string{"aws": "100", "gcp": "0"}, // gcp 300 − 50 − 250; aws 200 − 100
		},
		"where the larger is final and carries both, the other has what is left": {
			booksOfTwo{final: true}, map[string]string{"aws": "100"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hands := &activities.Closing{
				Ledger: &tt.books, Master: heldSheets{twoProviders},
				Now: func() time.Time { return time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC) },
			}

			_, err := hands.Draft(t.Context(), activities.CustomerInput{
				Month: period.NewMonth(2026, time.October), Customer: "acme",
			})

			require.NoError(t, err)
			require.Equal(t, tt.want, tt.books.stored)
		})
	}
}

func rowsOf(sheet string, rows ...map[string]string) master.Table {
	kept := master.Table{Sheet: sheet, Columns: slices.Sorted(maps.Keys(rows[0]))}
	for i, cells := range rows {
		kept.Rows = append(kept.Rows, master.Row{Number: i + 2, Cells: cells})
	}
	return kept
}

var twoProviders = []master.Table{
	rowsOf("issuer", map[string]string{"code": "us", "name": "마감", "number_series": "INV"}),
	rowsOf("people",
		map[string]string{"code": "kim", "name": "김", "roles": "finance"},
		map[string]string{"code": "park", "name": "박", "roles": "approver"}),
	rowsOf("customers", map[string]string{
		"code": "acme", "issuer": "us", "name": "에이씨엠이", "currency": "KRW", "tax": "none", "country": "KR",
	}),
	rowsOf("contacts", map[string]string{
		"customer": "acme", "email": "a@acme.example", "role": "root", "delivery": "mail",
	}),
	rowsOf("credits", map[string]string{
		"id": "c", "customer": "acme", "amount": "350", "currency": "KRW", "from": "2026-10",
	}),
	rowsOf("adjustments", map[string]string{
		"id": "flat", "customer": "acme", "month": "2026-10", "kind": "flat", "value": "-50",
		"currency": "KRW", "stage": "after-discount", "repeat": "once", "reason_code": "agreed",
		"reason": "by agreement", "author": "kim", "approver": "park", "approved_on": "2026-10-31",
	}),
}

// booksOfTwo are the books of a customer who used two clouds.
type booksOfTwo struct {
	activities.Ledger
	final    bool // gcp's document is out, with the discount and 250 of the credit
	objected bool // a person held or rejected the drafts
	quarter  closing.Quarter
	stored   map[string]string
}

func (b *booksOfTwo) Quarter(context.Context, period.Month, string) (closing.Quarter, error) {
	return b.quarter, nil
}

func (b *booksOfTwo) Documents(context.Context, period.Month, string) ([]closing.Stored, error) {
	if !b.final {
		return nil, nil
	}
	return []closing.Stored{{InvoiceID: 1, Provider: "gcp", Number: "INV-2026-000001"}}, nil
}

func (b *booksOfTwo) Draft(context.Context, int64) (invoice.Snapshot, error) {
	return invoice.Snapshot{Adjustments: []invoice.AdjustmentUse{{ID: "flat"}}}, nil
}

func (b *booksOfTwo) Period(context.Context, period.Month) (closing.State, string, error) {
	return closing.StateOpen, "", nil
}

func (b *booksOfTwo) Groups(context.Context, period.Month, string, bool) ([]charge.Group, error) {
	group := func(provider, billed string) charge.Group {
		amount := decimal.RequireFromString(billed)
		return charge.Group{
			Provider: provider, BillingAccount: "payer", SubAccount: "1", Currency: money.KRW,
			ServiceCode: "compute", ServiceName: "Compute", UsageType: "hours", Unit: "Hrs",
			Category: charge.CategoryUsage, Rows: 1, Quantity: amount,
			Billed: amount, Effective: amount, List: amount, Contracted: amount,
		}
	}
	return []charge.Group{group("aws", "200"), group("gcp", "300")}, nil
}

func (b *booksOfTwo) TransfersOf(context.Context, period.Month, string) ([]pricing.Transfer, error) {
	return nil, nil
}

func (b *booksOfTwo) Aliases(context.Context, period.Month, string) (map[string]string, error) {
	return map[string]string{}, nil
}

func (b *booksOfTwo) DataAsOf(context.Context, period.Month, string) (map[string]invoice.Date, error) {
	return map[string]invoice.Date{}, nil
}

func (b *booksOfTwo) Provisional(context.Context, period.Month) (map[string]bool, error) {
	return map[string]bool{}, nil
}

func (b *booksOfTwo) History(
	context.Context, period.Month, string, string, money.Currency,
) ([]invoice.MonthTotal, error) {
	return nil, nil
}

func (b *booksOfTwo) EarlierFees(
	context.Context, period.Month, string,
) (map[string][]invoice.FeeUse, error) {
	return map[string][]invoice.FeeUse{}, nil
}

func (b *booksOfTwo) UsedBefore(context.Context, period.Month) (map[string]decimal.Decimal, error) {
	return map[string]decimal.Decimal{}, nil
}

func (b *booksOfTwo) UsedIn(context.Context, period.Month, string) (map[string]decimal.Decimal, error) {
	if !b.final {
		return map[string]decimal.Decimal{}, nil
	}
	return map[string]decimal.Decimal{"c": decimal.NewFromInt(250)}, nil
}

func (b *booksOfTwo) CreditCurrencies(context.Context, string) (map[string]money.Currency, error) {
	return map[string]money.Currency{}, nil
}

func (b *booksOfTwo) StoreDrafts(
	_ context.Context, _ period.Month, _ string, documents []closing.Document,
) ([]closing.Stored, error) {
	b.stored = map[string]string{}
	for _, one := range documents {
		b.stored[one.Draft.Snapshot.Provider] = money.Text(one.Draft.Snapshot.Total)
	}
	return nil, nil
}

func (b *booksOfTwo) Objected(context.Context, period.Month, string) (bool, error) {
	return b.objected, nil
}

// What a person held or rejected the contract does not approve, whatever has
// changed in the draft since.
func TestTheContractDoesNotApproveWhatAPersonHeld(t *testing.T) {
	t.Parallel()
	customers := maps.Clone(twoProviders[2].Rows[0].Cells)
	customers["auto_approve"] = "yes"
	sheets := slices.Clone(twoProviders)
	sheets[2] = rowsOf("customers", customers)
	for _, objected := range []bool{false, true} {
		hands := &activities.Closing{
			Ledger: &booksOfTwo{objected: objected}, Master: heldSheets{sheets},
			Now: func() time.Time { return time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC) },
		}

		drafted, err := hands.Draft(t.Context(), activities.CustomerInput{
			Month: period.NewMonth(2026, time.October), Customer: "acme",
		})

		require.NoError(t, err)
		require.Equal(t, !objected, drafted.AutoApprove)
	}
}

// An adjustment that names a provider whose document is out would be passed
// over: the customer waits with the document's number instead.
func TestAnAdjustmentOfAFinalDocumentParks(t *testing.T) {
	t.Parallel()
	late := maps.Clone(twoProviders[5].Rows[0].Cells)
	late["id"], late["provider"] = "late", "gcp"
	sheets := append(slices.Clone(twoProviders[:5]),
		rowsOf("adjustments", twoProviders[5].Rows[0].Cells, late))
	for final, want := range map[bool]fault.Code{true: fault.PeriodClosed, false: ""} {
		books := booksOfTwo{final: final}
		hands := &activities.Closing{
			Ledger: &books, Master: heldSheets{sheets},
			Now: func() time.Time { return time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC) },
		}

		_, err := hands.Draft(t.Context(), activities.CustomerInput{
			Month: period.NewMonth(2026, time.October), Customer: "acme",
		})

		if want == "" {
			require.NoError(t, err)
			require.Equal(t, map[string]string{"aws": "50", "gcp": "0"}, books.stored) // gcp 300 − 100 − 200
			continue
		}
		require.Equal(t, want, activities.CodeOf(err))
		require.ErrorContains(t, err, "late changes 2026-10, which is final as INV-2026-000001")
	}
}
