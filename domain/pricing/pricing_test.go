package pricing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
)

var october = period.NewMonth(2026, time.October)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// usage is an ordinary charge; the tests change what their claim is about.
func usage() charge.Group {
	return charge.Group{
		Provider:      "aws",
		SubAccount:    "111",
		InvoiceIssuer: "AWS Korea",
		BillingEntity: "AWS",
		Currency:      money.USD,
		ServiceCode:   "AmazonEC2",
		ServiceName:   "Amazon Elastic Compute Cloud",
		UsageType:     "BoxUsage:m5.large",
		Region:        "ap-northeast-2",
		SkuID:         "SKU1",
		Category:      charge.CategoryUsage,
		Tags:          `{"env":"prod","team":"web"}`,
		Billed:        dec("100"),
	}
}

func TestMatchesWhereEveryFilledColumnAgrees(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rule  pricing.Rule
		group func(*charge.Group)
		want  bool
	}{
		"an empty rule matches any usage": {pricing.Rule{}, nil, true},
		"the service by its code":         {pricing.Rule{Service: "AmazonEC2"}, nil, true},
		"the service by its name": {
			pricing.Rule{Service: "Amazon Elastic Compute Cloud"},
			nil,
			true,
		},
		"another service":          {pricing.Rule{Service: "AmazonS3"}, nil, false},
		"another provider":         {pricing.Rule{Provider: "gcp"}, nil, false},
		"another billing entity":   {pricing.Rule{BillingEntity: "AWS Marketplace"}, nil, false},
		"another invoicing entity": {pricing.Rule{InvoicingEntity: "AWS Inc."}, nil, false},
		"another usage type":       {pricing.Rule{UsageType: "DataTransfer"}, nil, false},
		"another sku":              {pricing.Rule{SKU: "SKU2"}, nil, false},
		"another region":           {pricing.Rule{Region: "us-east-1"}, nil, false},
		"another account":          {pricing.Rule{SubAccount: "222"}, nil, false},
		"a tag with its value":     {pricing.Rule{TagKey: "team", TagValue: "web"}, nil, true},
		"a tag with any value":     {pricing.Rule{TagKey: "team"}, nil, true},
		"a tag with another value": {pricing.Rule{TagKey: "team", TagValue: "db"}, nil, false},
		"a tag that is not there":  {pricing.Rule{TagKey: "owner"}, nil, false},
		"a tag where there are none": {
			pricing.Rule{TagKey: "team"},
			func(g *charge.Group) { g.Tags = "" },
			false,
		},
		"a purchase":                        {pricing.Rule{}, category(charge.CategoryPurchase), true},
		"never the provider's credit (R-4)": {pricing.Rule{}, category(charge.CategoryCredit), false},
		"never the provider's tax (R-1)":    {pricing.Rule{}, category(charge.CategoryTax), false},
		"an adjustment is no charge":        {pricing.Rule{}, category(charge.CategoryAdjustment), false},
		"credits where the category says so": {
			pricing.Rule{Category: "Credit"},
			category(charge.CategoryCredit),
			true,
		},
		"only purchases where it says so": {pricing.Rule{Category: "Purchase"}, nil, false},
		"a correction of use":             {pricing.Rule{}, class(charge.ClassCorrection), true},
		"a discount line follows (R-2)":   {pricing.Rule{}, discountLine, true},
		"a discount line counts as usage": {pricing.Rule{Category: "Usage"}, discountLine, true},
		"and not as a purchase too":       {pricing.Rule{Category: "Purchase"}, discountLine, false},
		"a discount of a purchase says so": {pricing.Rule{Category: "Purchase"}, func(g *charge.Group) {
			g.Category, g.Class = charge.CategoryPurchase, charge.ClassDiscount
		}, true},
		"a correction that is an adjustment": {pricing.Rule{}, func(g *charge.Group) {
			g.Category, g.Class = charge.CategoryAdjustment, charge.ClassCorrection
		}, true},
		"a correction that is an adjustment, by category": {
			pricing.Rule{Category: "Usage"},
			func(g *charge.Group) {
				g.Category, g.Class = charge.CategoryAdjustment, charge.ClassCorrection
			},
			true,
		},
		"a credit of class discount is still a credit": {pricing.Rule{}, func(g *charge.Group) {
			g.Category, g.Class = charge.CategoryCredit, charge.ClassDiscount
		}, false},
		"not before its first month": {pricing.Rule{Valid: period.Span{From: october.Add(1)}}, nil, false},
		"in its last month":          {pricing.Rule{Valid: period.Span{To: october}}, nil, true},
		"by the month of use, not of the bill (R-10)": {
			pricing.Rule{Valid: period.Span{To: october.Add(-1)}},
			func(g *charge.Group) { g.ChargeMonth = october.Add(-1) }, true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := usage()
			if tt.group != nil {
				tt.group(&g)
			}
			require.Equal(t, tt.want, tt.rule.Matches(g, october))
		})
	}
}

func category(c charge.Category) func(*charge.Group) { return func(g *charge.Group) { g.Category = c } }

func class(c charge.Class) func(*charge.Group) { return func(g *charge.Group) { g.Class = c } }

func discountLine(g *charge.Group) {
	g.Category, g.Class = charge.CategoryAdjustment, charge.ClassDiscount
}

func TestSelectTakesTheMostSpecificRule(t *testing.T) {
	t.Parallel()
	// From the most to the least specific: each beats all that follow it.
	ladder := []pricing.Rule{
		{ID: "own", Customer: "acme"},
		{ID: "tag", Customer: "*", TagKey: "team"},
		{ID: "account", Customer: "*", SubAccount: "111"},
		{ID: "region", Customer: "*", Region: "ap-northeast-2"},
		{ID: "sku", Customer: "*", SKU: "SKU1"},
		{ID: "usage type", Customer: "*", UsageType: "BoxUsage:m5.large"},
		{ID: "service", Customer: "*", Service: "AmazonEC2"},
		{ID: "invoicing entity", Customer: "*", InvoicingEntity: "AWS Korea"},
		{ID: "billing entity", Customer: "*", BillingEntity: "AWS"},
		{ID: "provider", Customer: "*", Provider: "aws"},
		{ID: "everything", Customer: "*"},
	}
	for i := range ladder {
		for j := i + 1; j < len(ladder); j++ {
			for _, rules := range [][]pricing.Rule{{ladder[i], ladder[j]}, {ladder[j], ladder[i]}} {
				won, err := pricing.Select(rules, "acme", usage(), october)
				require.NoError(t, err)
				require.Equal(t, ladder[i].ID, won.ID, "against %s", ladder[j].ID)
			}
		}
	}

	// One column more beats, and a column further left beats many further right.
	rules := []pricing.Rule{
		{ID: "many", Customer: "*", UsageType: "BoxUsage:m5.large", Service: "AmazonEC2", Provider: "aws"},
		{ID: "region and provider", Customer: "*", Region: "ap-northeast-2", Provider: "aws"},
		{ID: "region", Customer: "*", Region: "ap-northeast-2"},
	}
	won, err := pricing.Select(rules, "acme", usage(), october)
	require.NoError(t, err)
	require.Equal(t, "region and provider", won.ID)
}

func TestSelectLeavesOtherCustomersAlone(t *testing.T) {
	t.Parallel()
	won, err := pricing.Select([]pricing.Rule{{ID: "theirs", Customer: "other"}}, "acme", usage(), october)
	require.NoError(t, err)
	require.Nil(t, won)
}

func TestSelectParksOnATieAndNamesBothRows(t *testing.T) {
	t.Parallel()
	tests := map[string][]pricing.Rule{
		"two tag rules meet on one line (R-14)": {
			{ID: "A", Row: 3, Customer: "acme", TagKey: "team", TagValue: "web", Service: "AmazonEC2"},
			{ID: "B", Row: 4, Customer: "acme", TagKey: "env"},
		},
		"two rows fill the same columns": {
			{ID: "A", Row: 3, Customer: "*", Service: "AmazonEC2", Kind: pricing.KindDiscount},
			{
				ID:       "B",
				Row:      4,
				Customer: "*",
				Service:  "Amazon Elastic Compute Cloud",
				Kind:     pricing.KindMarkup,
			},
		},
		"two rows of one id": {
			{ID: "A (row 3) and A", Row: 3, Customer: "*"},
			{ID: "A (row 3) and A", Row: 4, Customer: "*"},
		},
	}
	for name, rules := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pricing.Select(rules, "acme", usage(), october)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.RuleTie, code)
			require.Equal(t, fault.ClassPark, code.Class())
			require.ErrorContains(t, err, "(row 3)")
			require.ErrorContains(t, err, "(row 4)")

			_, again := pricing.Select([]pricing.Rule{rules[1], rules[0]}, "acme", usage(), october)
			require.EqualError(t, again, err.Error(), "the order of the sheet does not matter")
		})
	}
}

func TestATieBelowAMoreSpecificRuleIsNoTie(t *testing.T) {
	t.Parallel()
	rules := []pricing.Rule{
		{ID: "A", Customer: "*"},
		{ID: "B", Customer: "*"},
		{ID: "C", Customer: "*", Provider: "aws"},
		{ID: "own", Customer: "acme"},
	}
	won, err := pricing.Select(rules, "acme", usage(), october)
	require.NoError(t, err)
	require.Equal(t, "own", won.ID)
}

func TestPercentage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind                pricing.Kind
		value, amount, want string
	}{
		"5 is 5 % off":            {pricing.KindDiscount, "5", "200", "-10"},
		"5 is 5 % on":             {pricing.KindMarkup, "5", "200", "10"},
		"a refund is scaled too":  {pricing.KindMarkup, "10", "-100", "-10"},
		"every digit is kept":     {pricing.KindDiscount, "3.3", "0.0000000676", "-0.0000000022308"},
		"a discount of 100 is it": {pricing.KindDiscount, "100", "9.99", "-9.99"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := pricing.Rule{Kind: tt.kind, Value: dec(tt.value)}.Percentage(dec(tt.amount))
			require.Equal(t, tt.want, money.Text(got))
		})
	}
}

// committed is a line of a commitment.
func committed(category charge.Category, lineType, billed, list string) charge.Group {
	return charge.Group{
		Category:     category,
		LineType:     lineType,
		Billed:       dec(billed),
		List:         dec(list),
		Quantity:     dec("1"),
		CommitmentID: "ri",
	}
}

func TestNobodyUsedWhatWentUnused(t *testing.T) {
	t.Parallel()
	for lineType, want := range map[string]string{"Used": "20", "Unused": "0", "UnusedSavingsPlan": "0"} {
		g := committed(charge.CategoryUsage, lineType, "0", "20")
		require.Equal(t, want, money.Text(pricing.OnDemand(g)), lineType)
		require.Equal(t, want,
			money.Text(pricing.Rule{Kind: pricing.KindUnitPrice, Value: dec("20")}.UnitAmount(g)), lineType)
	}
}

func TestBasis(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		basis string
		group charge.Group
		want  string
	}{
		"billed, by default": {
			"",
			charge.Group{Category: charge.CategoryUsage, Billed: dec("100"), List: dec("120")},
			"100",
		},
		"effective": {
			"effective",
			charge.Group{Category: charge.CategoryUsage, Billed: dec("0"), Effective: dec("7")},
			"7",
		},
		"list": {
			"list",
			charge.Group{Category: charge.CategoryUsage, Billed: dec("90"), List: dec("100")},
			"100",
		},
		"list of a discount (R-3)": {
			"list",
			charge.Group{Class: charge.ClassDiscount, Category: charge.CategoryUsage, Billed: dec("-10")},
			"0",
		},
		"list where there is none": {
			"list",
			charge.Group{Category: charge.CategoryPurchase, Billed: dec("30")},
			"30",
		},
		"list of a commitment's fee": {
			"list",
			charge.Group{Category: charge.CategoryPurchase, Billed: dec("30"), CommitmentID: "ri"},
			"0",
		},
		"list of a fee with a list price beside it, since the use is paid at list (R-3)": {
			"list", committed(charge.CategoryPurchase, "", "30", "30"), "0",
		},
		"list of what a commitment covered": {
			"list", committed(charge.CategoryUsage, "Used", "0", "50"), "50",
		},
		"list of its negation, which the use has no part of": {
			"list", committed(charge.CategoryUsage, "SavingsPlanNegation", "-50", "-50"), "0",
		},
		"list of what went unused in FOCUS": {
			"list", committed(charge.CategoryUsage, "Unused", "0", "20"), "0",
		},
		"list of what went unused in Azure": {
			"list", committed(charge.CategoryUsage, "UnusedReservation", "12", "20"), "0",
		},
		"a credit at cost (R-4)": {
			"list",
			charge.Group{Category: charge.CategoryCredit, Billed: dec("-20"), List: dec("-1")},
			"-20",
		},
		"a tax that passes, at cost": {
			"effective",
			charge.Group{Category: charge.CategoryTax, Billed: dec("10")},
			"10",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := pricing.Basis(tt.group, party.Contract{PriceBasis: tt.basis})
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(got))
		})
	}
	_, err := pricing.Basis(charge.Group{Category: charge.CategoryUsage}, party.Contract{PriceBasis: "net"})
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Contract, code)
}

func TestRetained(t *testing.T) {
	t.Parallel()
	tax := charge.Group{Category: charge.CategoryTax}
	spp := charge.Group{Category: charge.CategoryUsage, Class: charge.ClassPartnerDiscount}
	require.True(t, pricing.Retained(tax, party.Contract{}), "R-1")
	require.True(t, pricing.Retained(tax, party.Contract{ProviderTax: "retain", PartnerDiscount: "pass"}))
	require.False(t, pricing.Retained(tax, party.Contract{ProviderTax: "pass"}))
	require.True(t, pricing.Retained(spp, party.Contract{}), "R-2")
	require.False(t, pricing.Retained(spp, party.Contract{PartnerDiscount: "pass"}))
	require.False(t, pricing.Retained(usage(), party.Contract{}))
}
