package awscur_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/awscur"
	"magam/formats/table"
)

// exportColumns are those of a CUR 2.0 export that tests fill.
var exportColumns = []string{
	"bill_invoice_id",
	"bill_payer_account_id",
	"bill_billing_period_start_date",
	"line_item_usage_account_id",
	"line_item_usage_account_name",
	"line_item_line_item_type",
	"line_item_usage_start_date",
	"line_item_usage_end_date",
	"line_item_product_code",
	"line_item_currency_code",
	"line_item_unblended_cost",
	"line_item_net_unblended_cost",
	"pricing_public_on_demand_cost",
	"reservation_reservation_a_r_n",
	"reservation_effective_cost",
	"reservation_net_effective_cost",
	"savings_plan_savings_plan_a_r_n",
	"savings_plan_savings_plan_effective_cost",
	"savings_plan_net_savings_plan_effective_cost",
	"product_region_code",
	"product_sku",
	"product",
	"resource_tags",
	"cost_category",
	"discount",
	"discount_total_discount",
}

// exportRow writes one row of an October; what is not given is like every other's.
func exportRow(columns []string, given map[string]string) string {
	values := map[string]string{
		"bill_payer_account_id": "999999999999", "bill_billing_period_start_date": "2026-10-01T00:00:00.000Z",
		"line_item_usage_account_id": "111111111111", "line_item_line_item_type": "Usage",
		"line_item_usage_start_date": "2026-10-03T05:00:00.000Z",
		"line_item_usage_end_date":   "2026-10-03T06:00:00.000Z",
		"line_item_product_code":     "AmazonEC2", "line_item_currency_code": "USD",
		"line_item_unblended_cost": "100.00",
	}
	for column, value := range given {
		values[column] = value
	}
	cells := make([]string, len(columns))
	for i, column := range columns {
		cells[i] = `"` + strings.ReplaceAll(values[column], `"`, `""`) + `"`
	}
	return strings.Join(cells, ",") + "\n"
}

func exported(given ...map[string]string) string {
	text := strings.Join(exportColumns, ",") + "\n"
	for _, one := range given {
		text += exportRow(exportColumns, one)
	}
	return text
}

func TestTheGenerationsAreToldByTheirHeaders(t *testing.T) {
	t.Parallel()
	common := table.Header{"line_item_line_item_type", "line_item_unblended_cost", "bill_payer_account_id"}

	tests := map[string]struct {
		header                  table.Header
		legacy, parquet, export bool
	}{
		"a legacy CSV file":           {strings.Split(strings.TrimSpace(header), ","), true, false, false},
		"a legacy parquet file":       {append(common, "resource_tags_user_name"), false, true, false},
		"an export":                   {exportColumns, false, false, true},
		"an export of names and cost": {append(common, "line_item_usage_account_name"), false, false, true},
		"FOCUS":                       {table.Header{"BilledCost", "ChargeCategory"}, false, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.legacy, awscur.Recognize(tt.header))
			require.Equal(t, tt.parquet, awscur.RecognizeParquet(tt.header))
			require.Equal(t, tt.export, awscur.RecognizeExport(tt.header))
		})
	}
}

func TestTheMapsOfAnExport(t *testing.T) {
	t.Parallel()

	reader, err := open(strings.NewReader(exported(map[string]string{
		"product":       `{"product_name": "Amazon Elastic Compute Cloud", "region": "ap-northeast-2", "sku": "X1"}`,
		"resource_tags": `{"user_Name": "웹", "aws_createdBy": "me", "user_empty": "", "user_none": null}`,
		"cost_category": `{"Team": "a\\b"}`,
		"product_sku":   "Y2",
	})), 0)
	require.NoError(t, err)

	line, aside, err := reader.Next()

	require.NoError(t, err)
	require.Nil(t, aside)
	require.Equal(t, "Amazon Elastic Compute Cloud", string(line.ServiceName))
	require.Equal(t, "ap-northeast-2", string(line.Region))
	require.Equal(t, "Y2", string(line.SkuID), "a column of its own counts before the map")
	//nolint:testifylint // the bytes are canonical: order and spelling count
	require.Equal(t, `{"aws:createdBy":"me","costCategory/Team":"a\\b","user:Name":"웹"}`, string(line.Tags))
}

func TestTagMapsThatAreOdd(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ column, cell, want string }{
		"empty":             {"resource_tags", "{}", ""},
		"no JSON":           {"resource_tags", "{a=b}", `{"_unparsed":"{a=b}"}`},
		"a list":            {"resource_tags", "[1]", `{"_unparsed":"[1]"}`},
		"a number as value": {"resource_tags", `{"user_n": 1}`, `{"user:n":"1"}`},
		"a NUL that is spelt": {
			"resource_tags",
			`{"user_n": "a\u0000b"}`,
			`{"user:n":"a` + "\uFFFD" + `b"}`,
		},
		"without a giver": {"resource_tags", `{"team": "x"}`, `{"team":"x"}`},
		"all of them together": {
			"tags",
			`{"resourceTags/a":"1","costCategory/a":"2"}`,
			`{"a":"1","costCategory/a":"2"}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			columns := append([]string{"tags"}, exportColumns...)
			if tt.column != "tags" {
				columns = exportColumns
			}
			reader, err := open(strings.NewReader(strings.Join(columns, ",")+"\n"+
				exportRow(columns, map[string]string{tt.column: tt.cell})), 0)
			require.NoError(t, err)

			line, aside, err := reader.Next()

			require.NoError(t, err)
			require.Nil(t, aside)
			require.Equal(t, tt.want, string(line.Tags))
		})
	}
}

// docs/spec/25-format-aws-data-exports.md, discounts.
func TestADiscountInTheMapReducesItsRow(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		given                               map[string]string
		billed, list, contracted, effective string
	}{
		"no discount": {map[string]string{"discount": "{}"}, "100.00", "100.00", "100.00", "100.00"},
		"the map is added up": {
			map[string]string{
				"discount": `{"edp_discount": -9.5, "private_rate_discount": "-0.5", "name": "EDP of May"}`,
			},
			"90",
			"100.00",
			"90",
			"90",
		},
		"the net cost is the provider's own figure": {
			map[string]string{
				"discount":                     `{"edp_discount": -10}`,
				"line_item_net_unblended_cost": "90.0000000001",
			},
			"90.0000000001",
			"100.00",
			"90.0000000001",
			"90.0000000001",
		},
		"the total is the provider's own sum": {
			map[string]string{"discount": `{"edp_discount": -10}`, "discount_total_discount": "-10.25"},
			"89.75", "100.00", "89.75", "89.75",
		},
		"list is what it was before": {
			map[string]string{"discount": `{"edp_discount": -10}`, "pricing_public_on_demand_cost": "120"},
			"90", "120", "90", "90",
		},
		"what a reservation covers": {
			map[string]string{
				"line_item_line_item_type": "DiscountedUsage", "discount": `{"edp_discount": -4}`,
				"reservation_effective_cost": "40", "reservation_net_effective_cost": "36",
			}, "96", "100.00", "96", "36",
		},
		"what a plan covers, without a net column's cell": {
			map[string]string{
				"line_item_line_item_type": "SavingsPlanCoveredUsage", "discount": `{"edp_discount": -4}`,
				"savings_plan_savings_plan_effective_cost": "60",
			}, "96", "100.00", "96", "60",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader, err := open(strings.NewReader(exported(tt.given)), 0)
			require.NoError(t, err)

			line, aside, err := reader.Next()

			require.NoError(t, err)
			require.Nil(t, aside)
			require.Equal(t, []string{tt.billed, tt.list, tt.contracted, tt.effective}, []string{
				string(line.Billed), string(line.List), string(line.Contracted), string(line.Effective),
			})
		})
	}
}

func TestDiscountsThatCannotBeBooked(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		cell string
		code fault.Code
	}{
		"no JSON":                  {"{edp=-1}", fault.Number},
		"an amount beyond bounds":  {`{"edp_discount": 1e400}`, fault.Number},
		"a discount of lists":      {`{"edp_discount": [1]}`, fault.Number},
		"text that begins as one":  {`{"edp_discount": "-1_000"}`, fault.Number},
		"the reseller's own share": {`{"spp_discount": -3}`, fault.UnknownType},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader, err := open(strings.NewReader(exported(map[string]string{"discount": tt.cell})), 0)
			require.NoError(t, err)

			_, aside, err := reader.Next()

			require.NoError(t, err)
			require.NotNil(t, aside)
			require.Equal(t, tt.code, aside.Code)
			require.Equal(t, "discount", aside.Column)
			require.NotEmpty(t, aside.Billed)
		})
	}
}

// Two amounts within bounds whose sum is not: the row is set aside, not the load stopped.
func TestSumsBeyondBoundsAreSetAside(t *testing.T) {
	t.Parallel()
	const most = "999999999999999"

	for name, tt := range map[string]struct {
		text, column string
	}{
		"a discount that adds": {exported(map[string]string{
			"line_item_unblended_cost": most, "discount": `{"edp_discount": ` + most + `}`,
		}), "discount"},
		"an unused fee in two parts": {header + row(map[string]string{
			"lineItem/LineItemType": "RIFee", "reservation/UnusedRecurringFee": most,
			"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod": most,
		}), "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader, err := open(strings.NewReader(tt.text), 0)
			require.NoError(t, err)

			_, aside, err := reader.Next()

			require.NoError(t, err)
			require.NotNil(t, aside)
			require.Equal(t, fault.Number, aside.Code)
			require.Equal(t, tt.column, aside.Column)
		})
	}
}

func TestDiscountsBothWaysRefuseTheFile(t *testing.T) {
	t.Parallel()
	mapped := map[string]string{"discount": `{"edp_discount": -10}`}
	line := map[string]string{"line_item_line_item_type": "EdpDiscount", "line_item_unblended_cost": "-10"}
	nothing := map[string]string{
		"line_item_line_item_type": "EdpDiscount",
		"line_item_unblended_cost": "0E-7",
	}

	for name, tt := range map[string]struct {
		rows    []map[string]string
		refused bool
	}{
		"the map first":               {[]map[string]string{mapped, line}, true},
		"the line first":              {[]map[string]string{line, mapped}, true},
		"lines alone":                 {[]map[string]string{line, nil, line}, false},
		"maps alone":                  {[]map[string]string{mapped, nil, mapped}, false},
		"a line that comes to nought": {[]map[string]string{mapped, nothing}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader, err := open(strings.NewReader(exported(tt.rows...)), charge.Month(2026*12+9))
			require.NoError(t, err)
			for range tt.rows {
				if _, _, err = reader.Next(); err != nil {
					break
				}
			}
			if !tt.refused {
				require.NoError(t, err)
				return
			}
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Schema, code)
		})
	}
}

func TestAnExportWithoutARequiredColumnIsRefusedByItsOwnName(t *testing.T) {
	t.Parallel()

	_, err := open(strings.NewReader(strings.Replace(exported(), "line_item_currency_code", "other", 1)), 0)

	require.ErrorContains(t, err, "columns are missing: line_item_currency_code")
}

func TestWhatIsReadOfAParquetFile(t *testing.T) {
	t.Parallel()

	for _, column := range append([]string{"resource_tags_user_x", "cost_category_y", "tags"}, exportColumns...) {
		require.True(t, awscur.Wants(column), column)
	}
	for _, column := range []string{"identity_line_item_id", "product_memory", "line_item_blended_cost"} {
		require.False(t, awscur.Wants(column), column)
	}
}
