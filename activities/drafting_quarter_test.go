package activities_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// waited is a month of one line of nothing but its supply value, of a provider.
func waited(month period.Month, provider, supply string) invoice.Snapshot {
	amount, one := decimal.RequireFromString(supply), decimal.NewFromInt(1)
	return invoice.Snapshot{
		Schema: 1, Kind: invoice.KindInvoice, Month: month, Provider: provider, Currency: money.KRW,
		Deferred: true, Issuer: invoice.Party{Code: "us"}, Customer: invoice.Party{Code: "acme"},
		Rounding: invoice.Rounding{Point: "document", Mode: money.ModeTruncate, Unit: one},
		TaxName:  "none", TaxRounding: money.ModeTruncate,
		Sources: []invoice.SourceTotal{{
			Currency: money.KRW, Billed: amount, Net: amount, Converted: amount, Rate: one, Per: 1,
		}},
		Lines: []invoice.Line{{
			Position: 1, Account: "1", Service: "compute", Source: money.KRW, Billed: amount, Net: amount,
			Amount: amount, TaxCategory: "taxable",
			Steps: []invoice.Step{{
				Name: invoice.StepBilled, Currency: money.KRW, Delta: amount, After: amount,
			}},
		}},
		Taxes:  []invoice.TaxTotal{{Category: "taxable", Base: amount}},
		Supply: amount, Total: amount,
	}
}

// Ruling R-20, seen by the hand that drafts: aws charges 200 and gcp 300 each month.
func TestR20WhatAMonthIsDraftedAs(t *testing.T) {
	t.Parallel()
	contract := maps.Clone(twoProviders[2].Rows[0].Cells)
	contract["billing_cycle"] = "quarterly"
	sheets := append(slices.Clone(twoProviders[:2]), rowsOf("customers", contract), twoProviders[3])
	october, december := period.NewMonth(2026, 10), period.NewMonth(2026, 12)
	closed := []closing.QuarterMonth{
		{Month: october, State: closing.StateClosed}, {Month: october.Add(1), State: closing.StateClosed},
	}
	for name, tt := range map[string]struct {
		month   period.Month
		quarter closing.Quarter
		defers  bool
		want    map[string]string
	}{
		"a first month waits": {
			month: october, defers: true, want: map[string]string{"aws": "200", "gcp": "300"},
		},
		"a first month whose quarter is out goes alone": {
			month: october, quarter: closing.Quarter{Billed: "INV-2026-000009"},
			want: map[string]string{"aws": "200", "gcp": "300"},
		},
		"a last month bills what waits, of its provider": {
			month: december,
			quarter: closing.Quarter{Earlier: closed, Deferred: []invoice.Snapshot{
				waited(october, "aws", "11"), waited(october.Add(1), "aws", "5"),
				waited(october, "azure", "7"),
			}},
			want: map[string]string{"aws": "216", "azure": "7", "gcp": "300"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			books := booksOfTwo{quarter: tt.quarter}
			hands := &activities.Closing{
				Ledger: &books, Master: heldSheets{sheets},
				Now: func() time.Time { return time.Date(2027, time.January, 3, 0, 0, 0, 0, time.UTC) },
			}

			drafted, err := hands.Draft(t.Context(), activities.CustomerInput{
				Month: tt.month, Customer: "acme",
			})

			require.NoError(t, err)
			require.Equal(t, tt.defers, drafted.Defers)
			require.Equal(t, tt.want, books.stored)
		})
	}
	books := booksOfTwo{quarter: closing.Quarter{Earlier: []closing.QuarterMonth{
		closed[0], {Month: october.Add(1), State: closing.StateOpen},
	}}}
	hands := &activities.Closing{Ledger: &books, Master: heldSheets{sheets}, Now: time.Now}

	_, err := hands.Draft(t.Context(), activities.CustomerInput{Month: december, Customer: "acme"})

	require.Equal(t, fault.Quarter, activities.CodeOf(err))
	require.Nil(t, books.stored)
}
