package awscur_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/awscur"
	"magam/formats/csvscan"
)

const header = "bill/InvoiceId,bill/InvoicingEntity,bill/BillingEntity,bill/PayerAccountId,bill/BillingPeriodStartDate," +
	"lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode," +
	"lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,lineItem/NetUnblendedCost," +
	"pricing/publicOnDemandCost,reservation/ReservationARN,reservation/EffectiveCost," +
	"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee," +
	"savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment," +
	"resourceTags/user:Name,resourceTags/aws:createdBy,costCategory/Team\n"

// row writes one row of an October; what is not given is like every other's.
func row(given map[string]string) string {
	values := map[string]string{
		"bill/PayerAccountId": "999999999999", "bill/BillingPeriodStartDate": "2026-10-01T00:00:00Z",
		"lineItem/UsageAccountId": "111111111111", "lineItem/LineItemType": "Usage",
		"lineItem/UsageStartDate": "2026-10-03T05:00:00Z", "lineItem/UsageEndDate": "2026-10-03T06:00:00Z",
		"lineItem/ProductCode": "AmazonEC2", "lineItem/CurrencyCode": "USD",
		"lineItem/UnblendedCost": "100.00",
	}
	for column, value := range given {
		values[column] = value
	}
	var cells []string
	for column := range strings.SplitSeq(strings.TrimSpace(header), ",") {
		cells = append(cells, values[column])
	}
	return strings.Join(cells, ",") + "\n"
}

func read(t *testing.T, text string, month charge.Month) (lines []charge.Line, aside []*charge.Quarantined) {
	t.Helper()
	reader, err := open(strings.NewReader(text), month)
	require.NoError(t, err)
	for {
		line, set, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return lines, aside
		}
		require.NoError(t, err)
		require.NotEqual(t, line == nil, set == nil, "a line or a row set aside, never both")
		if set != nil {
			aside = append(aside, set)
			continue
		}
		copied := *line
		for _, view := range []*[]byte{
			&copied.Billed, &copied.Effective, &copied.List, &copied.Contracted, &copied.Tags,
			&copied.PricingCategory, &copied.CommitmentID, &copied.Quantity,
		} {
			*view = []byte(string(*view))
		}
		lines = append(lines, copied)
	}
}

// docs/spec/20-format-aws-cur.md, the table of line item types.
func TestEveryLineItemType(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		given     map[string]string
		category  charge.Category
		class     charge.Class
		effective string
	}{
		"Usage": {nil, charge.CategoryUsage, charge.ClassRegular, "100.00"},
		"DiscountedUsage": {
			map[string]string{"reservation/EffectiveCost": "61.5"},
			charge.CategoryUsage,
			charge.ClassRegular, "61.5",
		},
		"SavingsPlanCoveredUsage": {
			map[string]string{"savingsPlan/SavingsPlanEffectiveCost": "7E-1"},
			charge.CategoryUsage,
			charge.ClassRegular, "0.7",
		},
		"SavingsPlanNegation": {nil, charge.CategoryUsage, charge.ClassRegular, "0"},
		"RIFee": {
			map[string]string{
				"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": "1.10",
				"reservation/UnusedRecurringFee":                        "2.20",
			}, charge.CategoryPurchase, charge.ClassRegular, "3.30",
		},
		"Fee":                   {nil, charge.CategoryPurchase, charge.ClassRegular, "100.00"},
		"SavingsPlanUpfrontFee": {nil, charge.CategoryPurchase, charge.ClassRegular, "0"},
		"SavingsPlanRecurringFee": {
			map[string]string{
				"savingsPlan/TotalCommitmentToDate": "72.00",
				"savingsPlan/UsedCommitment":        "59.5",
			},
			charge.CategoryPurchase, charge.ClassRegular, "12.5",
		},
		"FlatRateSubscription": {nil, charge.CategoryPurchase, charge.ClassRegular, "100.00"},
		"Tax":                  {nil, charge.CategoryTax, charge.ClassRegular, "100.00"},
		"Credit":               {nil, charge.CategoryCredit, charge.ClassRegular, "100.00"},
		"Refund":               {nil, charge.CategoryAdjustment, charge.ClassCorrection, "100.00"},
		"EdpDiscount":          {nil, charge.CategoryUsage, charge.ClassDiscount, "100.00"},
		"PrivateRateDiscount":  {nil, charge.CategoryUsage, charge.ClassDiscount, "100.00"},
		"BundledDiscount":      {nil, charge.CategoryUsage, charge.ClassDiscount, "100.00"},
		"RiVolumeDiscount":     {nil, charge.CategoryUsage, charge.ClassDiscount, "100.00"},
		"Discount":             {nil, charge.CategoryUsage, charge.ClassDiscount, "100.00"},
		"SppDiscount":          {nil, charge.CategoryUsage, charge.ClassPartnerDiscount, "100.00"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := map[string]string{"lineItem/LineItemType": name}
			for column, value := range tt.given {
				given[column] = value
			}

			lines, aside := read(t, header+row(given), 0)

			require.Empty(t, aside)
			require.Len(t, lines, 1)
			require.Equal(t, tt.category, lines[0].Category)
			require.Equal(t, tt.class, lines[0].Class)
			require.True(t, decimal.RequireFromString(tt.effective).
				Equal(decimal.RequireFromString(string(lines[0].Effective))), string(lines[0].Effective))
		})
	}
}

func TestAFeeThatBuysAReservationHasNoEffectiveCost(t *testing.T) {
	t.Parallel()

	lines, _ := read(t, header+row(map[string]string{
		"lineItem/LineItemType": "Fee", "reservation/ReservationARN": "arn:aws:ec2:::reserved-instances/x",
	}), 0)

	require.Equal(t, "0", string(lines[0].Effective))
	require.Equal(t, "arn:aws:ec2:::reserved-instances/x", string(lines[0].CommitmentID))
}

func TestListAndContractedCost(t *testing.T) {
	t.Parallel()

	lines, _ := read(t, header+row(nil)+row(map[string]string{
		"lineItem/NetUnblendedCost": "90.00", "pricing/publicOnDemandCost": "120.5",
	}), 0)

	require.Equal(t, []string{"100.00", "100.00"},
		[]string{string(lines[0].List), string(lines[0].Contracted)})
	require.Equal(t, []string{"120.5", "90.00"}, []string{string(lines[1].List), string(lines[1].Contracted)})
}

func TestTagsAreCanonical(t *testing.T) {
	t.Parallel()

	lines, _ := read(t, header+row(map[string]string{
		"resourceTags/user:Name": `"웹, ""1"""`, "resourceTags/aws:createdBy": "me",
		"costCategory/Team": "a\\b",
	})+row(nil), 0)

	//nolint:testifylint // the bytes are canonical: order and spelling count
	require.Equal(t, `{"aws:createdBy":"me","costCategory/Team":"a\\b","user:Name":"웹, \"1\""}`,
		string(lines[0].Tags))
	require.Empty(t, lines[1].Tags)
}

func TestRowsAreSetAside(t *testing.T) {
	t.Parallel()
	october := charge.Month(2026*12 + 9)

	tests := map[string]struct {
		column, value string
		code          fault.Code
		billed        string
	}{
		"an unknown type with its amount": {
			"lineItem/LineItemType", "SomeFutureType", fault.UnknownType,
			"100.00",
		},
		"a cost that is no number":     {"lineItem/UnblendedCost", "NaN", fault.Number, ""},
		"a cost that is missing":       {"lineItem/UnblendedCost", "", fault.Number, ""},
		"a cost beyond all bounds":     {"lineItem/UnblendedCost", "1e400", fault.Number, ""},
		"a quantity that is no number": {"lineItem/UsageAmount", "1_000", fault.Number, "100.00"},
		"a currency in small letters":  {"lineItem/CurrencyCode", "usd", fault.Currency, "100.00"},
		"a start that is no instant": {
			"lineItem/UsageStartDate", "2026-02-30T00:00:00Z", fault.Date,
			"100.00",
		},
		"an end before the start": {
			"lineItem/UsageEndDate", "2026-10-01T00:00:00Z", fault.Date,
			"100.00",
		},
		"another month than the manifest's": {
			"bill/BillingPeriodStartDate", "2026-09-01T00:00:00Z",
			fault.PeriodMismatch, "100.00",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := header + row(nil) + row(map[string]string{tt.column: tt.value})

			lines, aside := read(t, text, october)

			require.Len(t, lines, 1)
			require.Len(t, aside, 1)
			got := aside[0]
			require.Equal(t, tt.code, got.Code)
			require.Equal(t, tt.column, got.Column)
			require.Equal(t, tt.billed, got.Billed)
			require.Equal(t, int64(2), got.Row)
			require.Equal(t, int64(3), got.Line)
			require.Equal(t, text[got.Offset:len(text)-1], string(got.Raw))
			require.Equal(t, "AmazonEC2 111111111111 aws",
				fmt.Sprint(got.Service, " ", got.SubAccount, " ", got.Provider))
		})
	}
}

func TestANegativeAmountIsLegalWhereItsTypeHasOne(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		kind, cost string
		code       fault.Code
	}{
		"a refund":                      {"Refund", "-12.5", ""},
		"a credit":                      {"Credit", "-12.5", ""},
		"what a plan takes back":        {"SavingsPlanNegation", "-12.5", ""},
		"a correction of usage":         {"Usage", "-7.0E-10", ""},
		"a fee that was paid back":      {"Fee", "-12.5", ""},
		"a commitment's upfront fee":    {"SavingsPlanUpfrontFee", "-12.5", fault.NegativeNotAllowed},
		"a commitment's recurring fee":  {"SavingsPlanRecurringFee", "-7.0E-10", fault.NegativeNotAllowed},
		"a reservation's recurring fee": {"RIFee", "-0.01", fault.NegativeNotAllowed},
		"nothing, with a sign":          {"RIFee", "-0.00", ""},
		"nothing, with an exponent":     {"RIFee", "-0E-10", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := read(t, header+row(map[string]string{
				"lineItem/LineItemType": tt.kind, "lineItem/UnblendedCost": tt.cost,
			}), 0)

			if tt.code == "" {
				require.Empty(t, aside)
				require.Equal(t, tt.cost, string(lines[0].Billed))
				return
			}
			require.Empty(t, lines)
			require.Equal(t, tt.code, aside[0].Code)
			require.Equal(t, tt.cost, aside[0].Billed, "its amount is kept")
			require.Equal(t, "lineItem/UnblendedCost", aside[0].Column)
			require.Len(t, aside[0].Cells, len(aside[0].Header))
		})
	}
}

func TestEachRequiredColumnIsMissed(t *testing.T) {
	t.Parallel()

	for _, column := range []string{
		"bill/PayerAccountId", "bill/BillingPeriodStartDate", "lineItem/UsageAccountId",
		"lineItem/LineItemType", "lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode",
		"lineItem/CurrencyCode", "lineItem/UnblendedCost",
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()

			_, err := open(strings.NewReader(strings.Replace(header, column, "other", 1)), 0)

			require.ErrorContains(t, err, column)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Schema, code)
		})
	}
}

// open reads a CSV file as the product does.
func open(source io.Reader, month charge.Month) (*awscur.Reader, error) {
	rows, err := csvscan.NewFile(source, csvscan.Options{File: "f"})
	if err != nil {
		return nil, err
	}
	return awscur.New(rows, month)
}
