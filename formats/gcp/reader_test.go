package gcp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
)

// docs/spec/23-format-gcp.md, the tables of cost types and credit types: what
// each line of a row is, what it is worth, and at list prices.
func TestWhatARowBecomes(t *testing.T) {
	t.Parallel()
	type want struct {
		category       charge.Category
		class          charge.Class
		pricing        string
		kind, billed   string
		list, contract string
	}
	usage := want{
		charge.CategoryUsage,
		charge.ClassRegular,
		"Standard",
		"regular",
		"100.5",
		"120.25",
		"100.5",
	}
	tests := map[string]struct {
		row  made
		want []want
	}{
		"usage": {row(nil), []want{usage}},
		"usage without a list price counts its cost": {
			row(map[string]string{"cost_at_list": "null"}),
			[]want{
				{charge.CategoryUsage, charge.ClassRegular, "Standard", "regular", "100.5", "100.5", "100.5"},
			},
		},
		"usage at a commitment's price": {
			row(map[string]string{
				"consumption_model.description": "Flexible CUD 1 Year", "cost": "72.0",
				"cost_at_effective_price_default": "95.5",
			}),
			[]want{
				{charge.CategoryUsage, charge.ClassRegular, "Committed", "regular", "72.0", "120.25", "95.5"},
			},
		},
		"spot usage": {
			row(map[string]string{
				"sku.description": "Spot Preemptible N2 Core", "consumption_model.description": "Default",
			}),
			[]want{
				{charge.CategoryUsage, charge.ClassRegular, "Dynamic", "regular", "100.5", "120.25", "100.5"},
			},
		},
		"tax": {
			row(map[string]string{"cost_type": "tax", "cost": "10", "cost_at_list": "null"}),
			[]want{{charge.CategoryTax, charge.ClassRegular, "", "tax", "10", "10", "10"}},
		},
		"tax that a promotion lowers stays tax": {
			row(map[string]string{"cost_type": "tax", "cost": "10", "cost_at_list": "null"},
				madeCredit{"PROMOTION", "Free trial", "-2"}),
			[]want{
				{charge.CategoryTax, charge.ClassRegular, "", "tax", "10", "10", "10"},
				{charge.CategoryTax, charge.ClassRegular, "", "PROMOTION", "-2", "-2", "-2"},
			},
		},
		"an adjustment": {
			row(map[string]string{"cost_type": "adjustment", "cost": "-3", "cost_at_list": "null"}),
			[]want{{charge.CategoryAdjustment, charge.ClassCorrection, "", "adjustment", "-3", "-3", "-3"}},
		},
		"an adjustment for a wrong price": {
			row(map[string]string{
				"cost_type": "adjustment", "cost": "-3", "cost_at_list": "null",
				"adjustment_info.type": "PRICE_CORRECTION",
			}),
			[]want{{charge.CategoryAdjustment, charge.ClassCorrection, "", "adjustment", "-3", "-3", "-3"}},
		},
		"an adjustment for a broken promise is a credit": {
			row(map[string]string{
				"cost_type": "adjustment", "cost": "-3", "cost_at_list": "null",
				"adjustment_info.type": "SLA_VIOLATION",
			}),
			[]want{{charge.CategoryCredit, charge.ClassRegular, "", "adjustment", "-3", "-3", "-3"}},
		},
		"usage corrected": {
			row(map[string]string{"cost": "-100.5", "adjustment_info.type": "USAGE_CORRECTION"}),
			[]want{
				{charge.CategoryUsage, charge.ClassCorrection, "", "regular", "-100.5", "120.25", "-100.5"},
			},
		},
		"a rounding error": {
			row(map[string]string{"cost_type": "rounding_error", "cost": "-6.76E-8", "cost_at_list": "null"}),
			[]want{{
				charge.CategoryAdjustment, charge.ClassRegular, "", "rounding_error",
				"-6.76E-8", "-6.76E-8", "-6.76E-8",
			}},
		},
		"a commitment's fee and what its use gives back": {
			row(map[string]string{
				"sku.description":          "Commitment v1: Cpu in Seoul for 1 Year",
				"subscription.instance_id": "sub-1",
			}, madeCredit{"FEE_UTILIZATION_OFFSET", "Flex", "-90.5"}),
			[]want{
				{charge.CategoryPurchase, charge.ClassRegular, "", "regular", "100.5", "0", "100.5"},
				{
					charge.CategoryPurchase, charge.ClassDiscount, "Committed", "FEE_UTILIZATION_OFFSET",
					"-90.5", "0", "0",
				},
			},
		},
		"discounts follow the charge (R-2), promotions are credits (R-4), the margin is the partner's": {
			row(nil,
				madeCredit{"COMMITTED_USAGE_DISCOUNT", "CUD: CPU", "-1"},
				madeCredit{"COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "CUD", "-2"},
				madeCredit{"SUSTAINED_USAGE_DISCOUNT", "SUD", "-3"},
				madeCredit{"SPENDING_BASED_DISCOUNT", "Spend", "-4"},
				madeCredit{"DISCOUNT", "Contract", "-5"},
				madeCredit{"SUBSCRIPTION_BENEFIT", "Subscription", "-6"},
				madeCredit{"FREE_TIER", "Free", "-7"},
				madeCredit{"RESELLER_MARGIN", "Margin", "-8"},
				madeCredit{"PROMOTION", "Trial", "-9"},
				madeCredit{"CREDIT_TYPE_UNSPECIFIED", "Other", "-10"},
			),
			[]want{
				usage,
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Committed",
					"COMMITTED_USAGE_DISCOUNT",
					"-1",
					"0",
					"0",
				},
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Committed",
					"COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
					"-2",
					"0",
					"0",
				},
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Standard",
					"SUSTAINED_USAGE_DISCOUNT",
					"-3",
					"0",
					"-3",
				},
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Standard",
					"SPENDING_BASED_DISCOUNT",
					"-4",
					"0",
					"-4",
				},
				{charge.CategoryUsage, charge.ClassDiscount, "Standard", "DISCOUNT", "-5", "0", "-5"},
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Standard",
					"SUBSCRIPTION_BENEFIT",
					"-6",
					"0",
					"-6",
				},
				{charge.CategoryUsage, charge.ClassDiscount, "Standard", "FREE_TIER", "-7", "0", "-7"},
				{
					charge.CategoryUsage,
					charge.ClassPartnerDiscount,
					"Standard",
					"RESELLER_MARGIN",
					"-8",
					"0",
					"-8",
				},
				{charge.CategoryCredit, charge.ClassRegular, "", "PROMOTION", "-9", "-9", "-9"},
				{
					charge.CategoryCredit,
					charge.ClassRegular,
					"",
					"CREDIT_TYPE_UNSPECIFIED",
					"-10",
					"-10",
					"-10",
				},
			},
		},
		"credits from before types had names": {
			row(nil, madeCredit{"", "Committed Usage Discount: RAM", "-1"}),
			[]want{
				usage,
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Committed",
					"COMMITTED_USAGE_DISCOUNT",
					"-1",
					"0",
					"0",
				},
			},
		},
		"two credits of one type and name are one line": {
			row(nil, madeCredit{"FREE_TIER", "Free", "-1E-8"}, madeCredit{"FREE_TIER", "Free", "-0.5"}),
			[]want{
				usage,
				{
					charge.CategoryUsage,
					charge.ClassDiscount,
					"Standard",
					"FREE_TIER",
					"-0.50000001",
					"0",
					"-0.50000001",
				},
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			lines, aside := readRows(t, 0, tt.row)

			require.Empty(t, aside)
			got := make([]want, len(lines))
			for i, line := range lines {
				require.Equal(t, int64(1), line.Row, "lines of one row share its number")
				require.Equal(t, line.Billed, line.Effective)
				got[i] = want{
					line.Category, line.Class, string(line.PricingCategory), string(line.LineType),
					string(line.Billed), string(line.List), string(line.Contracted),
				}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestNamesOfARow(t *testing.T) {
	t.Parallel()
	one := row(map[string]string{
		"resource.global_name": "//compute.googleapis.com/i/7", "resource.name": "i-7",
		"transaction_type": "THIRD_PARTY_RESELLER", "seller_name": "Harbor, Inc.",
		"adjustment_info.description": "why", "adjustment_info.type": "METADATA_CORRECTION",
	}, madeCredit{"PROMOTION", "Startup's \"credit\" \\ 하늘", "-1"})
	one.labels = [4][][2]string{
		{
			{"team", "a,b"},
			{"env", "prod"},
		},
		{{"team", "p"}},
		{{"compute.googleapis.com/cores", "4"}},
		{{"cc", "1"}},
	}

	lines, aside := readRows(t, 0, one)

	require.Empty(t, aside)
	require.Len(t, lines, 2)
	line := lines[0]
	require.Equal(t, "gcp", string(line.Provider))
	require.Equal(t, "01A2B3-C4D5E6-F70819", string(line.BillingAccountID))
	require.Equal(t, "2026-10", line.BillingMonth.Period().String())
	require.Equal(t, "Google Cloud Marketplace", string(line.BillingEntity))
	require.Equal(t, "Harbor, Inc.", string(line.InvoiceIssuer))
	require.Equal(t, "haneul-prod", string(line.SubAccountID))
	require.Equal(t, "하늘 운영", string(line.SubAccountName))
	require.Equal(t, "6F81-5844-456A", string(line.ServiceCode))
	require.Equal(t, "Compute Engine", string(line.ServiceName))
	require.Equal(t, "N2 Instance Core running in Seoul", string(line.UsageType))
	require.Equal(t, "asia-northeast3", string(line.Region))
	require.Equal(t, "//compute.googleapis.com/i/7", string(line.ResourceID))
	require.Equal(t, "why", string(line.Description))
	require.Equal(t, "1.0", string(line.Quantity))
	require.Equal(t, "hour", string(line.Unit))
	require.Equal(t, time.Date(2026, 10, 3, 5, 0, 0, 0, time.UTC), line.Start)
	require.Equal(t, time.Date(2026, 10, 3, 6, 0, 0, 0, time.UTC), line.End)
	require.JSONEq(t, `{"labels/env":"prod","labels/team":"a,b","project.labels/team":"p",
		"system_labels/compute.googleapis.com/cores":"4","tags/organizations/1/cc":"1"}`, string(line.Tags))
	credit := lines[1]
	require.Equal(t, "Startup's \"credit\" \\ 하늘", string(credit.Description))
	require.Empty(t, credit.Quantity, "a credit consumes nothing (R-15)")
	require.Equal(t, line.SubAccountID, credit.SubAccountID)
	require.Equal(t, line.UsageType, credit.UsageType)
	require.Equal(t, line.Tags, credit.Tags)
}

func TestARowWithoutAProjectBelongsToNobody(t *testing.T) {
	t.Parallel()
	lines, _ := readRows(t, 0, row(map[string]string{"project.id": "null", "project.name": "null"}))
	require.Len(t, lines, 1)
	require.Empty(t, lines[0].SubAccountID)
}

// Where the export has no subscription, the SKU stands for the commitment, so
// that list prices leave its fee out.
func TestAFeeAlwaysNamesACommitment(t *testing.T) {
	t.Parallel()
	lines, _ := readRows(t, 0, row(map[string]string{"sku.description": "Commitment - dollar based v1: GCE"}))
	require.Equal(t, "2E27-4F75-95CD", string(lines[0].CommitmentID))
}
