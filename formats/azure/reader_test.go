package azure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/azure"
	"magam/formats/csvscan"
)

// docs/spec/22-format-azure.md, the table of charge types.
func TestEveryChargeType(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		kind              azure.Kind
		given             map[string]string
		category          charge.Category
		class             charge.Class
		billed, effective string
	}{
		"usage": {azure.KindActual, nil, charge.CategoryUsage, charge.ClassRegular, "100.00", "100.00"},
		"usage, amortized, without a commitment": {
			azure.KindAmortized, nil, charge.CategoryUsage, charge.ClassRegular, "100.00", "100.00",
		},
		"usage that a reservation covers": {
			azure.KindActual,
			map[string]string{"pricingModel": "Reservation", "costInBillingCurrency": "0"},
			charge.CategoryUsage, charge.ClassRegular, "0", "0",
		},
		"usage that a reservation covers, amortized": {
			azure.KindAmortized,
			map[string]string{"pricingModel": "Reservation", "benefitId": "b"},
			charge.CategoryUsage, charge.ClassRegular, "0", "100.00",
		},
		"usage that a savings plan covers, amortized": {
			azure.KindAmortized,
			map[string]string{"pricingModel": "SavingsPlan"},
			charge.CategoryUsage, charge.ClassRegular, "0", "100.00",
		},
		"an unused reservation": {
			azure.KindAmortized,
			map[string]string{"chargeType": "UnusedReservation"},
			charge.CategoryUsage, charge.ClassRegular, "0", "100.00",
		},
		"an unused savings plan": {
			azure.KindAmortized,
			map[string]string{"chargeType": "UnusedSavingsPlan"},
			charge.CategoryUsage, charge.ClassRegular, "0", "100.00",
		},
		"the purchase of a reservation": {
			azure.KindActual,
			map[string]string{"chargeType": "Purchase", "reservationId": "r"},
			charge.CategoryPurchase, charge.ClassRegular, "100.00", "100.00",
		},
		"a purchase from the Marketplace, amortized": {
			azure.KindAmortized,
			map[string]string{"chargeType": "Purchase", "publisherType": "Marketplace"},
			charge.CategoryPurchase, charge.ClassRegular, "100.00", "100.00",
		},
		"a refund": {
			azure.KindActual,
			map[string]string{"chargeType": "Refund", "costInBillingCurrency": "-7.5"},
			charge.CategoryAdjustment, charge.ClassCorrection, "-7.5", "-7.5",
		},
		"a rounding adjustment": {
			azure.KindActual,
			map[string]string{"chargeType": "RoundingAdjustment", "costInBillingCurrency": "-0.004"},
			charge.CategoryAdjustment, charge.ClassRegular, "-0.004", "-0.004",
		},
		"tax": {
			azure.KindActual,
			map[string]string{"chargeType": "Tax"},
			charge.CategoryTax,
			charge.ClassRegular,
			"100.00",
			"100.00",
		},
		"credit": {
			azure.KindActual,
			map[string]string{"chargeType": "credit"},
			charge.CategoryCredit,
			charge.ClassRegular,
			"100.00",
			"100.00",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := read(t, header()+row(tt.given), october, tt.kind)

			require.Empty(t, aside)
			require.Len(t, lines, 1)
			require.Equal(t, tt.category, lines[0].Category)
			require.Equal(t, tt.class, lines[0].Class)
			require.Equal(t, []string{tt.billed, tt.effective},
				[]string{string(lines[0].Billed), string(lines[0].Effective)})
		})
	}
}

// Both kinds of one month hold the same cost: what stands in only one of them
// gives the file away, and it is not booked as the other.
func TestAFileOfTheOtherKindIsRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		given map[string]string
		kind  azure.Kind // that the row gives away
	}{
		"an unused reservation": {
			map[string]string{"chargeType": "UnusedReservation"},
			azure.KindAmortized,
		},
		"an unused savings plan": {
			map[string]string{"chargeType": "UnusedSavingsPlan"},
			azure.KindAmortized,
		},
		"covered usage that costs": {
			map[string]string{"pricingModel": "Reservation"},
			azure.KindAmortized,
		},
		"a reservation's purchase": {
			map[string]string{"chargeType": "Purchase", "pricingModel": "Reservation"},
			azure.KindActual,
		},
		"a purchase that names its benefit": {
			map[string]string{"chargeType": "Purchase", "benefitId": "/x"},
			azure.KindActual,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := header() + row(nil) + row(tt.given)

			for _, kind := range []azure.Kind{azure.KindActual, azure.KindAmortized} {
				_, _, err := tryRead(text, october, kind)
				if kind == tt.kind {
					require.NoError(t, err)
					continue
				}
				requireCode(t, fault.Schema, err)
				require.ErrorContains(t, err, "azure-"+tt.kind.String())
				require.ErrorContains(t, err, "line 3")
			}
			require.Equal(t, tt.kind, kindOf(t, text))
		})
	}
	require.Zero(t, kindOf(t, header()+row(nil)))
	require.Zero(
		t,
		kindOf(
			t,
			header()+row(map[string]string{"pricingModel": "Reservation", "costInBillingCurrency": "0E-10"}),
		),
		"a row of nothing is the same in both",
	)
}

func kindOf(t *testing.T, text string) azure.Kind {
	t.Helper()
	rows, err := csvscan.NewFile(strings.NewReader(text), csvscan.Options{File: "f"})
	require.NoError(t, err)
	kind, err := azure.KindOf(rows, 100)
	require.NoError(t, err)
	return kind
}

func TestListCost(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		given map[string]string
		kind  azure.Kind
		want  string
	}{
		"as the export tells it": {
			map[string]string{"paygCostInBillingCurrency": "120.5", "PayGPrice": "9"},
			azure.KindActual,
			"120.5",
		},
		"retail price by quantity": {map[string]string{"PayGPrice": "12.3"}, azure.KindActual, "123"},
		"exactly": {
			map[string]string{"PayGPrice": "0.123456789012345", "quantity": "7.02894E-05"},
			azure.KindActual,
			"0.000008677703625604322643",
		},
		"no retail price": {
			map[string]string{"PayGPrice": "0"},
			azure.KindActual,
			"100.00",
		},
		"no quantity": {
			map[string]string{"PayGPrice": "1", "quantity": ""},
			azure.KindActual,
			"100.00",
		},
		"a retail price in another currency": {
			map[string]string{"PayGPrice": "9", "pricingCurrency": "EUR"},
			azure.KindActual,
			"100.00",
		},
		"a purchase": {
			map[string]string{"PayGPrice": "9", "chargeType": "Purchase"},
			azure.KindActual,
			"100.00",
		},
		"a refund": {
			map[string]string{"PayGPrice": "9", "chargeType": "Refund"},
			azure.KindActual,
			"100.00",
		},
		"nothing was used": {
			map[string]string{"PayGPrice": "9", "chargeType": "UnusedReservation"},
			azure.KindAmortized,
			"0",
		},
		"finer than any amount is kept": {
			map[string]string{"PayGPrice": "0.1234567890123456789", "quantity": "1E-20"},
			azure.KindActual,
			"100.00",
		},
		"what a reservation covers, at its retail": {
			map[string]string{
				"PayGPrice":             "12.3",
				"pricingModel":          "Reservation",
				"costInBillingCurrency": "0",
			},
			azure.KindActual,
			"123",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := read(t, header()+row(tt.given), 0, tt.kind)

			require.Empty(t, aside)
			require.Equal(t, tt.want, string(lines[0].List))
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()

	lines, _ := read(t, header()+row(map[string]string{
		"benefitId": "/providers/Microsoft.BillingBenefits/1", "reservationId": "r-1", "pricingModel": "Spot",
		"tags": `"b": "2","a": "1, x"`,
	})+row(map[string]string{
		"reservationId":    "r-1",
		"SubscriptionId":   "",
		"customerTenantId": "tenant-7",
		"customerName":     "Hanbit",
		"tags":             `{"b":"2"}`,
		"pricingModel":     "",
		"meterCategory":    "",
		"consumedService":  "Microsoft.Capacity",
	})+row(map[string]string{"tags": "broken", "pricingModel": "SomethingNew"}), 0, azure.KindActual)

	require.Len(t, lines, 3)
	for i, want := range []string{
		`azure Microsoft sub-1 onnuri /providers/Microsoft.BillingBenefits/1 {"a":"1, x","b":"2"} Dynamic Virtual Machines`,
		`azure Microsoft tenant-7 Hanbit r-1 {"b":"2"} Standard Microsoft.Capacity`,
		`azure Microsoft sub-1 onnuri  {"_unparsed":"broken"} Other Virtual Machines`,
	} {
		got := lines[i]
		require.Equal(t, want, strings.Join([]string{
			string(got.Provider),
			string(got.InvoiceIssuer),
			string(got.SubAccountID),
			string(got.SubAccountName),
			string(got.CommitmentID),
			string(got.Tags),
			string(got.PricingCategory),
			string(got.ServiceName),
		}, " "))
	}
}

func TestThePeriodIsTheDay(t *testing.T) {
	t.Parallel()

	lines, _ := read(t, header()+row(map[string]string{"date": "2026-10-31T00:00:00Z"}), october,
		azure.KindActual)

	require.Equal(t, time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC), lines[0].Start)
	require.Equal(t, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), lines[0].End)
}
