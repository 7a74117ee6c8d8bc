package invoice

import (
	"cmp"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Shares adds up what a customer's groups take from each payer's bill, by what
// the contract keeps and what it passes on. Together with what has no customer
// the shares of all drafts make the provider's bill: the month's proof.
func Shares(in Input) []Share {
	byKey := map[[3]string]*Share{}
	for _, g := range in.Groups {
		key := [3]string{g.Provider, g.BillingAccount, string(g.Currency)}
		share, known := byKey[key]
		if !known {
			share = &Share{Provider: g.Provider, BillingAccount: g.BillingAccount, Currency: g.Currency}
			byKey[key] = share
		}
		share.Rows += g.Rows
		if pricing.Retained(g, in.Customer.Contract) {
			share.Retained = share.Retained.Add(g.Billed)
		} else {
			share.Assigned = share.Assigned.Add(g.Billed)
		}
	}
	shares := make([]Share, 0, len(byKey))
	for _, share := range byKey {
		shares = append(shares, *share)
	}
	sort.Slice(shares, func(i, j int) bool {
		a, b := shares[i], shares[j]
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.BillingAccount, b.BillingAccount),
			cmp.Compare(a.Currency, b.Currency)) < 0
	})
	return shares
}

// takeBasis opens the items: every group that is not retained, from its billed
// cost to what the contract prices from.
func takeBasis(b *bill) error {
	contract := b.in.Customer.Contract
	groups := slices.Clone(b.in.Groups)
	slices.SortStableFunc(groups, compareGroups)
	for _, g := range groups {
		basis, err := pricing.Basis(g, contract)
		if err != nil {
			return err
		}
		if pricing.Retained(g, contract) {
			continue
		}
		category, err := tax.Categorize(b.in.TaxRules, g, b.in.Month)
		if err != nil {
			return err
		}
		one := &item{group: g, category: category}
		one.add(StepBilled, "", 0, g.Billed)
		one.add(StepBasis, contract.PriceBasis, 0, basis.Sub(g.Billed))
		b.items = append(b.items, one)
		b.sources = append(b.sources, g.Currency)
	}
	slices.Sort(b.sources)
	b.sources = slices.Compact(b.sources)
	return nil
}

// compareGroups is a total order over all that a group is, so that the order in
// which SQL found the groups leaves no trace.
func compareGroups(a, b charge.Group) int {
	return cmp.Or(
		cmp.Compare(a.SubAccount, b.SubAccount),
		cmp.Compare(a.ServiceCode, b.ServiceCode), cmp.Compare(a.ServiceName, b.ServiceName),
		cmp.Compare(a.UsageType, b.UsageType), cmp.Compare(a.Unit, b.Unit),
		cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.BillingAccount, b.BillingAccount),
		cmp.Compare(a.Region, b.Region), cmp.Compare(a.SkuID, b.SkuID),
		cmp.Compare(a.InvoiceIssuer, b.InvoiceIssuer), cmp.Compare(a.BillingEntity, b.BillingEntity),
		cmp.Compare(a.LineType, b.LineType), cmp.Compare(a.Category, b.Category),
		cmp.Compare(a.Class, b.Class), cmp.Compare(a.PricingCategory, b.PricingCategory),
		cmp.Compare(a.CommitmentID, b.CommitmentID), cmp.Compare(a.Tags, b.Tags),
		a.ChargeMonth.Sub(b.ChargeMonth),
		compareAmounts(a.Billed, b.Billed), compareAmounts(a.Quantity, b.Quantity),
		compareAmounts(a.List, b.List), compareAmounts(a.Effective, b.Effective),
	)
}

func compareAmounts(a, b decimal.Decimal) int { return a.Cmp(b) }
