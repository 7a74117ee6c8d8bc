package activities

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// inputs are what each provider's document is made from.
func (d *drafting) inputs(ctx context.Context) ([]invoice.Input, error) {
	rules := d.book.PriceRules(d.code)
	groups, err := d.Ledger.Groups(ctx, d.month, d.code, asksForTags(rules))
	if err != nil {
		return nil, err
	}
	transfers, err := d.Ledger.TransfersOf(ctx, d.month, d.code)
	if err != nil {
		return nil, err
	}
	common, err := d.common(ctx, rules, groups)
	if err != nil {
		return nil, err
	}
	common.Credits, err = d.balances(ctx)
	if err != nil {
		return nil, err
	}
	common.Adjustments, err = d.adjustments()
	if err != nil {
		return nil, err
	}
	common.Fees, common.Plans = d.fees(), d.book.Plans()
	earlier, err := d.Ledger.EarlierFees(ctx, d.month, d.code)
	if err != nil {
		return nil, err
	}
	asOf, err := d.Ledger.DataAsOf(ctx, d.month, d.code)
	if err != nil {
		return nil, err
	}
	provisional, err := d.Ledger.Provisional(ctx, d.month)
	if err != nil {
		return nil, err
	}
	var inputs []invoice.Input
	for _, provider := range d.providers(groups, transfers, common.Adjustments, common.Fees) {
		in := common
		in.Provider, in.Groups = provider, ofProvider(groups, provider)
		in.Transfers = slices.DeleteFunc(slices.Clone(transfers), func(t pricing.Transfer) bool {
			return t.Provider != provider
		})
		in.Carried = carried(earlier[provider])
		in.DataAsOf, in.Provisional = asOf[provider].Time, provisional[provider]
		in.History, err = d.Ledger.History(ctx, d.month, d.code, provider, d.customer.Currency)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// common is what all providers' documents have alike.
func (d *drafting) common(
	ctx context.Context, rules []pricing.Rule, groups []charge.Group,
) (invoice.Input, error) {
	aliases, err := d.Ledger.Aliases(ctx, d.month, d.code)
	if err != nil {
		return invoice.Input{}, err
	}
	rate, err := tax.InForce(d.book.Taxes(), d.customer.Contract.Tax, d.month)
	if err != nil {
		return invoice.Input{}, err
	}
	salesman, _ := d.book.Person(d.customer.Salesman) // none is allowed
	return invoice.Input{
		Month:         d.month,
		Issuer:        d.issuer,
		Customer:      d.customer,
		Salesman:      salesman,
		Accounts:      aliases,
		Commitments:   d.commitments(groups),
		Rules:         rules,
		Rates:         d.book.Rates(),
		Holidays:      d.book.Holidays(),
		TaxRate:       rate,
		ReducedRate:   tax.ReducedInForce(d.book.Taxes(), d.customer.Contract.Tax, d.month),
		TaxRules:      d.book.TaxRules(),
		MonthHasEnded: !d.Now().Before(d.month.End()),
		Deferred:      d.defers,
	}, nil
}

// commitments are what the customer's own commitments are for, in the words of
// the sheet: those that stand on an account that it was charged for. Another
// customer's words are not for its document.
func (d *drafting) commitments(groups []charge.Group) map[string]string {
	charged := map[[2]string]bool{}
	for _, group := range groups {
		charged[[2]string{group.Provider, group.SubAccount}] = true
	}
	described := map[string]string{}
	for _, one := range d.book.Commitments() {
		if one.Description != "" && charged[[2]string{one.Provider, one.SubAccount}] {
			described[one.ID] = one.Description
		}
	}
	return described
}

// balances are the customer's credits with what final documents left of them.
func (d *drafting) balances(ctx context.Context) ([]credit.Credit, error) {
	credits := append([]credit.Credit{}, d.book.Credits(d.code, d.month)...)
	if len(credits) == 0 {
		return nil, nil
	}
	before, err := d.Ledger.UsedBefore(ctx, d.month)
	if err != nil {
		return nil, err
	}
	now, err := d.Ledger.UsedIn(ctx, d.month, d.code)
	if err != nil {
		return nil, err
	}
	used, err := d.Ledger.CreditCurrencies(ctx, d.code)
	if err != nil {
		return nil, err
	}
	for i := range credits {
		if credits[i].Currency == "" {
			credits[i].Currency = used[credits[i].ID]
		}
		credits[i].Balance = credits[i].Granted.Sub(before[credits[i].ID]).Sub(now[credits[i].ID])
	}
	return credits, nil
}

// adjustments are those of the customer that this month asks for. A flat one
// that names no provider is used once (ruling R-8): where a final document
// carries it, it is left out.
func (d *drafting) adjustments() ([]credit.Adjustment, error) {
	var wanted []credit.Adjustment
	for _, adjustment := range d.book.Adjustments(d.code, d.month) {
		due, err := credit.Due([]credit.Adjustment{adjustment}, d.month)
		if err != nil {
			return nil, err
		}
		flat := adjustment.Kind == credit.KindFlat
		if len(due) == 0 || flat && adjustment.Provider == "" && d.applied[adjustment.ID] {
			continue
		}
		name := d.names[adjustment.Provider]
		if name != "" && flat && !due[0].Value.IsZero() && !d.applied[adjustment.ID] {
			return nil, fault.New(fault.PeriodClosed,
				fmt.Sprintf("adjustment %s changes %s, which is final as %s", adjustment.ID, d.month, name),
				"take it out of the adjustments sheet; a closed month is corrected by a note")
		}
		// As written: the document knows the currency that instalments are cut in.
		wanted = append(wanted, adjustment)
	}
	return wanted, nil
}

// fees are those of the customer's contract. The flat part of one that names no
// provider is charged once (ruling R-8): where a final document carries it, it
// is left out.
func (d *drafting) fees() []pricing.Fee {
	fees := d.book.Fees(d.code, d.month)
	for i := range fees {
		if fees[i].Provider == "" && d.charged[fees[i].ID] {
			fees[i].Flat = money.Zero
		}
	}
	return fees
}

// carried is what the savings fees of the last final document left to make up for.
func carried(earlier []invoice.FeeUse) map[invoice.CarryKey]decimal.Decimal {
	left := map[invoice.CarryKey]decimal.Decimal{}
	for _, use := range earlier {
		if use.CarriedOut.IsNegative() {
			left[invoice.CarryKey{Fee: use.ID, Currency: use.Currency}] = use.CarriedOut
		}
	}
	return left
}

// providers are those that charged, those that something due names, and those
// with a month that is billed now, less those that are final. Something due
// without a provider or a charge goes to the provider of the customer's first account.
func (d *drafting) providers(
	groups []charge.Group, transfers []pricing.Transfer, adjustments []credit.Adjustment, fees []pricing.Fee,
) []string {
	named := map[string]bool{}
	for _, group := range groups {
		named[group.Provider] = true
	}
	for _, one := range transfers {
		named[one.Provider] = true
	}
	for _, one := range adjustments {
		if one.Provider != "" {
			named[one.Provider] = true
		}
	}
	if !d.defers {
		for _, earlier := range d.quarter.Deferred {
			named[earlier.Provider] = true
		}
	}
	dues := len(adjustments)
	for _, fee := range fees {
		if fee.IsSum() {
			dues++
			if fee.Provider != "" {
				named[fee.Provider] = true
			}
		}
	}
	if len(named) == 0 && dues > 0 {
		home := "other"
		for _, account := range d.book.Accounts() {
			if account.Customer == d.code {
				home = account.Provider
				break
			}
		}
		named[home] = true
	}
	var providers []string
	for provider := range named {
		if !d.final[provider] {
			providers = append(providers, provider)
		}
	}
	sort.Strings(providers)
	return providers
}

func asksForTags(rules []pricing.Rule) bool {
	for _, rule := range rules {
		if rule.TagKey != "" {
			return true
		}
	}
	return false
}

func ofProvider(groups []charge.Group, provider string) []charge.Group {
	var own []charge.Group
	for _, group := range groups {
		if group.Provider == provider {
			own = append(own, group)
		}
	}
	return own
}
