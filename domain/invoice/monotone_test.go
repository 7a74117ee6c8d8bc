package invoice_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
)

// anyCharges draws use and purchases, none below nought: only of these is more more.
func anyCharges(t *rapid.T) []charge.Group {
	var groups []charge.Group
	for range rapid.IntRange(0, 8).Draw(t, "charges") {
		g := use(draw(t, "account", "1", "2"), draw(t, "service", "EC2", "S3"), "0")
		g.Category = draw(t, "category", charge.CategoryUsage, charge.CategoryPurchase)
		g.Billed, g.Quantity = sumOf(t, "billed", 0, 2_000_000), sumOf(t, "quantity", 0, 90_000)
		groups = append(groups, g)
	}
	return groups
}

// anyTerms draws a contract's rounding and tax, and a credit. Two things no page
// promises: of what lines share, rounded each on its own, two may lose a won that one
// keeps; and a credit in won, used in whole won, may leave the odd half of a won to be
// rounded up where a higher charge leaves none.
func anyTerms(t *rapid.T, point string, in invoice.Input) invoice.Input {
	contract := &in.Customer.Contract
	contract.RoundingPoint = point
	contract.RoundingMode = draw(t, "mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil)
	contract.RoundingUnit = draw(t, "unit", dec("1"), dec("10"), dec("1000"))
	contract.TaxRounding = draw(t, "tax mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil)
	in.Credits = []credit.Credit{{ID: "c", Currency: money.USD, Balance: sumOf(t, "balance", 0, 900_000)}}
	return in
}

// TestAHigherPriceNeverLowersTheBill: of any price rule, and of a fee, a higher value
// (of a discount a lower) never owes less, whatever rounds it and whatever credit is
// taken off; of supply, tax and total alike.
func TestAHigherPriceNeverLowersTheBill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shared := []string{"graduated", "volume", "minimum", "cap"}
		kind := draw(t, "kind", append(shared, "markup", "discount", "unit-price", "fee")...)
		point := draw(t, "point", "line", "product", "document")
		if slices.Contains(shared, kind) {
			point = "document"
		}
		in := anyTerms(t, point, dollars(anyCharges(t)...))
		low, more := sumOf(t, "value", 0, 9_000), sumOf(t, "more", 0, 9_000)
		at := func(value decimal.Decimal) invoice.Snapshot {
			one, rule := in, pricing.Rule{ID: "p", Customer: "*", Kind: pricing.Kind(kind), Value: value}
			switch kind {
			case "fee":
				one.Fees = []pricing.Fee{{ID: "f", Kind: pricing.FeeManagement, Rate: value}}
				rule.Kind, rule.Value = pricing.KindMarkup, dec("5")
			case "discount":
				rule.Value = dec("20000").Sub(value)
			case "unit-price":
				rule.UsageType = "EC2-use"
			case "graduated", "volume":
				rule.Kind, rule.TierKind, rule.Service = pricing.KindTier, kind, "S3"
				open := rule
				rule.TierTo, open.TierFrom, open.Value = dec("100"), dec("100"), dec("3")
				one.Rules = []pricing.Rule{open}
			}
			one.Rules = append(one.Rules, rule)
			return assemble(t, one)
		}
		lower, higher := at(low), at(low.Add(more))
		if kind == "discount" { // more than all of a charge may be taken off it
			lower, higher = at(decimal.Max(low, dec("19900"))), at(decimal.Max(low.Add(more), dec("19900")))
		}
		require.False(t, higher.Supply.LessThan(lower.Supply), "supply")
		require.False(t, higher.Tax.LessThan(lower.Tax), "tax")
		require.False(t, higher.Total.LessThan(lower.Total), "total")
	})
}

// TestOneMoreChargeNeverLowersTheBill: nor does more of a charge, nor another of them;
// and one of nothing changes nothing (see TestAZeroLineChangesNothing).
func TestOneMoreChargeNeverLowersTheBill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyTerms(t, "document", dollars(anyCharges(t)...))
		in.Rules = []pricing.Rule{
			{ID: "p", Customer: "*", Kind: pricing.KindMarkup},
			{ID: "m", Customer: "*", Service: "S3", Kind: pricing.KindMinimum},
			{ID: "c", Customer: "*", Service: "EC2", Kind: pricing.KindCap},
		}
		for i := range in.Rules {
			in.Rules[i].Value = sumOf(t, in.Rules[i].ID, 0, 900_000)
		}
		more := in
		more.Groups = append([]charge.Group(nil), in.Groups...)
		if len(more.Groups) > 0 && rapid.Bool().Draw(t, "of the first") {
			more.Groups[0].Billed = more.Groups[0].Billed.Add(sumOf(t, "more", 0, 900_000))
		} else {
			more.Groups = append(more.Groups, anyCharges(t)...)
		}
		require.False(t, assemble(t, more).Total.LessThan(assemble(t, in).Total))
	})
}
