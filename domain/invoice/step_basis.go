package invoice

import (
	"cmp"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Shares adds up what a customer's groups take from each payer's bill, by what
// the contract keeps and what it passes on, and what transfers move. Together
// with what has no customer the shares of all drafts make the provider's bill:
// the month's proof.
func Shares(in Input) []Share {
	byKey := map[[3]string]*Share{}
	of := func(provider, account string, currency money.Currency) *Share {
		key := [3]string{provider, account, string(currency)}
		if byKey[key] == nil {
			byKey[key] = &Share{Provider: provider, BillingAccount: account, Currency: currency}
		}
		return byKey[key]
	}
	taken := takenOf(in.Transfers)
	for _, g := range in.Groups {
		share := of(g.Provider, g.BillingAccount, g.Currency)
		share.Rows += g.Rows
		if _, shared := taken[pricing.PlaceOf(g)]; !shared && pricing.Retained(g, in.Customer.Contract) {
			share.Retained = share.Retained.Add(g.Billed)
		} else {
			share.Assigned = share.Assigned.Add(g.Billed)
		}
	}
	for _, t := range in.Transfers {
		share := of(t.Provider, t.BillingAccount, t.Currency)
		share.Assigned = share.Assigned.Add(t.Billed)
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
// cost to what the contract prices from, and what benefit policies move. What a
// shared cost takes away has no basis: it leaves as it came.
func takeBasis(b *bill) error {
	contract := b.in.Customer.Contract
	taken := takenOf(b.in.Transfers)
	groups := slices.Clone(b.in.Groups)
	slices.SortStableFunc(groups, compareGroups)
	for _, g := range groups {
		basis, err := pricing.Basis(g, contract)
		if err != nil {
			return err
		}
		by, shared := taken[pricing.PlaceOf(g)]
		if !shared && pricing.Retained(g, contract) {
			continue
		}
		one, err := b.enter(g)
		if err != nil {
			return err
		}
		one.shared, one.place = by.Rule, pricing.PlaceOf(g)
		if !shared {
			one.add(StepBasis, contract.PriceBasis, 0, basis.Sub(g.Billed))
		}
	}
	err := takeBenefits(b, taken)
	b.sortItems()
	slices.Sort(b.sources)
	b.sources = slices.Compact(b.sources)
	return err
}

// enter puts a group among the items, as it is billed.
func (b *bill) enter(g charge.Group) (*item, error) {
	category, err := tax.Categorize(b.in.TaxRules, g, b.in.Month)
	if err != nil {
		return nil, err
	}
	one := &item{group: g, category: category}
	one.add(StepBilled, "", 0, g.Billed)
	b.items = append(b.items, one)
	b.sources = append(b.sources, g.Currency)
	return one, nil
}

// sortItems puts what was moved to its place among the provider's charges: of two
// that lost as much in an apportioning the earlier is served first.
func (b *bill) sortItems() {
	if len(b.in.Transfers) > 0 {
		slices.SortStableFunc(b.items, func(x, y *item) int { return compareGroups(x.group, y.group) })
	}
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
