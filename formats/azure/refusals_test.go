package azure_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/fault"
	"magam/formats/azure"
	"magam/formats/csvscan"
)

func TestRowsAreSetAside(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		column, value string
		code          fault.Code
		billed        string
	}{
		"an unknown type with its amount":  {"chargeType", "SomeFutureType", fault.UnknownType, "100.00"},
		"a type that is missing":           {"chargeType", "", fault.UnknownType, "100.00"},
		"a cost that is no number":         {"costInBillingCurrency", "NaN", fault.Number, ""},
		"a cost that is missing":           {"costInBillingCurrency", "", fault.Number, ""},
		"a cost with a decimal comma":      {"costInBillingCurrency", "1,5", fault.Number, ""},
		"a quantity that is no number":     {"quantity", "1_000", fault.Number, "100.00"},
		"a retail price that is no number": {"PayGPrice", "n/a", fault.Number, "100.00"},
		"a currency in small letters":      {"billingCurrency", "usd", fault.Currency, "100.00"},
		"a day that does not exist":        {"date", "2026-02-30", fault.Date, "100.00"},
		"a date of nothing":                {"date", "", fault.Date, "100.00"},
		"a date in words":                  {"date", "3 Oct 2026", fault.Date, "100.00"},
		"a billing period that is no date": {"billingPeriodStartDate", "October", fault.Date, "100.00"},
		"another month than the delivery's": {
			"billingPeriodStartDate",
			"09/01/2026",
			fault.PeriodMismatch,
			"100.00",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := header() + row(nil) + row(map[string]string{tt.column: tt.value})

			lines, aside := read(t, text, october, azure.KindActual)

			require.Len(t, lines, 1)
			require.Len(t, aside, 1)
			got := aside[0]
			require.Equal(t, tt.code, got.Code)
			require.Equal(t, tt.column, got.Column)
			require.Equal(t, tt.billed, got.Billed)
			require.Equal(t, int64(2), got.Row)
			require.Equal(t, int64(3), got.Line)
			require.Equal(t, text[got.Offset:len(text)-1], string(got.Raw))
			require.Equal(t, "Virtual Machines sub-1 azure", got.Service+" "+got.SubAccount+" "+got.Provider)
		})
	}
}

func TestEachRequiredColumnIsMissed(t *testing.T) {
	t.Parallel()

	for column, name := range map[string]string{
		"SubscriptionId": "SubscriptionId", "date": "Date", "meterCategory": "MeterCategory",
		"costInBillingCurrency": "CostInBillingCurrency", "billingCurrency": "BillingCurrency",
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(","+header(), ","+column+",", ",something,", 1)[1:]

			_, _, err := tryRead(text+row(nil), 0, azure.KindActual)

			requireCode(t, fault.Schema, err)
			require.ErrorContains(t, err, name)
		})
	}
}

func TestAColumnInTwoSpellingsIsRefused(t *testing.T) {
	t.Parallel()

	_, _, err := tryRead("SubscriptionId,Date,MeterCategory,Cost,Currency,subscription id\n", 0,
		azure.KindActual)

	requireCode(t, fault.Schema, err)
	require.ErrorContains(t, err, "subscription id")
	_, _, err = tryRead("SubscriptionId,Date,MeterCategory,Cost,Currency,Offer,offer\n", 0, azure.KindActual)
	require.NoError(t, err, "a column that is not read may be there twice")
}

// Whatever the order of the columns, the rows are the same.
func TestTheOrderOfColumnsChangesNothing(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "small.csv"))
	require.NoError(t, err)
	want, wantAside, err := tryRead(string(text), 0, azure.KindActual)
	require.NoError(t, err)
	require.NotEmpty(t, want)
	require.NotEmpty(t, wantAside)

	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		got, gotAside, err := tryRead(shuffled(string(text), seed), 0, azure.KindActual)
		if err != nil {
			t.Fatal(err)
		}
		require.Equal(t, want, got)
		for i := range wantAside {
			require.Equal(t, wantAside[i].Code, gotAside[i].Code)
			require.Equal(t, wantAside[i].Billed, gotAside[i].Billed)
		}
	})
}

// shuffled writes the same table with its columns in another order.
func shuffled(text string, seed uint64) string {
	rows, err := csvscan.New(strings.NewReader(text), csvscan.Options{})
	if err != nil {
		panic(err)
	}
	var out strings.Builder
	var order []int
	for rows.Next() == nil {
		if order == nil {
			order = rand.New(rand.NewPCG(seed, 1)).Perm(rows.Len())
		}
		for i, at := range order {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(`"` + strings.ReplaceAll(string(rows.Field(at)), `"`, `""`) + `"`)
		}
		out.WriteByte('\n')
	}
	return out.String()
}
