package tax_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/domain/tax"
)

func TestCategorize(t *testing.T) {
	t.Parallel()
	rules := []tax.Rule{
		{BillingEntity: "AWS Marketplace", TaxCategory: tax.AlreadyTaxed},
		{InvoicingEntity: "AWS Inc.", TaxCategory: tax.ZeroRated},
		{Service: "AmazonBooks", TaxCategory: tax.Exempt},
		{Category: "Purchase", TaxCategory: tax.ZeroRated, Valid: period.Span{From: october.Add(1)}},
	}
	tests := map[string]struct {
		group charge.Group
		want  tax.Category
	}{
		"taxable, where no rule says otherwise": {
			charge.Group{Category: charge.CategoryUsage},
			tax.Taxable,
		},
		"a billing entity's rule": {
			charge.Group{BillingEntity: "AWS Marketplace"},
			tax.AlreadyTaxed,
		},
		"an invoicing entity beats a billing entity": {
			charge.Group{BillingEntity: "AWS Marketplace", InvoiceIssuer: "AWS Inc."},
			tax.ZeroRated,
		},
		"a service beats both": {
			charge.Group{ServiceName: "AmazonBooks", InvoiceIssuer: "AWS Inc."},
			tax.Exempt,
		},
		"a rule of later is no rule yet": {
			charge.Group{Category: charge.CategoryPurchase},
			tax.Taxable,
		},
		"the provider's tax that passes is taxed (R-1)": {
			charge.Group{Category: charge.CategoryTax},
			tax.AlreadyTaxed,
		},
		"unless a rule names it": {
			charge.Group{Category: charge.CategoryTax, InvoiceIssuer: "AWS Inc."},
			tax.ZeroRated,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tax.Categorize(rules, tt.group, october)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			reversed := []tax.Rule{rules[3], rules[2], rules[1], rules[0]}
			again, err := tax.Categorize(reversed, tt.group, october)
			require.NoError(t, err)
			require.Equal(t, got, again, "the order of the sheet does not matter")
		})
	}
}

func TestCategorizeParksWhereRulesDisagree(t *testing.T) {
	t.Parallel()
	rules := []tax.Rule{{Service: "A", TaxCategory: tax.Exempt}, {Service: "A", TaxCategory: tax.ZeroRated}}
	_, err := tax.Categorize(rules, charge.Group{ServiceCode: "A"}, october)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.RuleTie, code)

	rules[1].TaxCategory = tax.Exempt
	got, err := tax.Categorize(rules, charge.Group{ServiceCode: "A"}, october)
	require.NoError(t, err)
	require.Equal(t, tax.Exempt, got)
}
