package invoice

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// CreditPooled is the contract's word for sharing the provider's credits over
// all of the customer's accounts. Empty passes each to the account that earned it.
const CreditPooled = "pooled"

// poolPlaces is how finely a pooled credit is divided: far below any unit that
// is rounded to, and the parts sum to the whole anyway.
const poolPlaces = 10

// creditKey is what the lines of one provider's credit have alike but the account.
type creditKey struct {
	service, name, usageType, unit string
	currency                       money.Currency
	category                       tax.Category
}

// poolCredits shares the provider's credits over the accounts of the document,
// where the contract pools them: each credit keeps its product and its tax
// category, and every account gets of it in proportion to its charges, if they
// are above zero. What is taken from the accounts that earned it is what the
// accounts get, to the last digit; where nobody was charged it stays. What a
// shared cost takes away is no part of it.
func poolCredits(b *bill) error {
	if b.in.Customer.Contract.ProviderCredit != CreditPooled {
		return nil
	}
	charged := b.chargedAccounts()
	pools := map[creditKey][]*item{}
	for _, one := range b.own() {
		if one.group.Category == charge.CategoryCredit {
			key := poolOf(one)
			pools[key] = append(pools[key], one)
		}
	}
	for _, key := range sortedPools(pools) {
		err := b.pool(pools[key], charged[key.currency])
		if err != nil {
			return err
		}
	}
	return nil
}

// pool takes one credit from who earned it and gives it to who was charged.
func (b *bill) pool(earned []*item, charged []chargedAccount) error {
	if len(charged) == 0 {
		return nil
	}
	whole, weights := decimal.Zero, make([]decimal.Decimal, len(charged))
	for _, one := range earned {
		whole = whole.Add(one.running)
	}
	for i, account := range charged {
		weights[i] = account.charges
	}
	parts, err := money.Split(whole, weights, poolPlaces)
	if err != nil {
		return err
	}
	for _, one := range earned {
		one.add(StepPooled, CreditPooled, 0, one.running.Neg())
	}
	for i, account := range charged {
		given := earned[0].group
		given.SubAccount, given.Rows = account.name, 0
		given.Quantity, given.Billed = decimal.Zero, decimal.Zero
		given.Effective, given.List, given.Contracted = decimal.Zero, decimal.Zero, decimal.Zero
		own := &item{group: given, category: earned[0].category}
		own.add(StepBilled, "", 0, decimal.Zero)
		own.add(StepPooled, CreditPooled, 0, parts[i])
		b.items = append(b.items, own)
	}
	return nil
}

// chargedAccount is an account with what it was charged in one currency.
type chargedAccount struct {
	name    string
	charges decimal.Decimal
}

// chargedAccounts lists, per source currency, the accounts whose charges are
// above zero, in order. The provider's credits and taxes are no charges.
func (b *bill) chargedAccounts() map[money.Currency][]chargedAccount {
	charges := map[money.Currency]map[string]decimal.Decimal{}
	for _, one := range b.own() {
		if pricing.AtCost(one.group) {
			continue
		}
		accounts := charges[one.group.Currency]
		if accounts == nil {
			accounts = map[string]decimal.Decimal{}
			charges[one.group.Currency] = accounts
		}
		accounts[one.group.SubAccount] = accounts[one.group.SubAccount].Add(one.running)
	}
	charged := map[money.Currency][]chargedAccount{}
	for currency, accounts := range charges {
		for name, sum := range accounts {
			if sum.IsPositive() {
				charged[currency] = append(charged[currency], chargedAccount{name, sum})
			}
		}
		slices.SortFunc(charged[currency],
			func(x, y chargedAccount) int { return cmp.Compare(x.name, y.name) })
	}
	return charged
}

func poolOf(one *item) creditKey {
	g := one.group
	return creditKey{g.ServiceCode, g.ServiceName, g.UsageType, g.Unit, g.Currency, one.category}
}

func sortedPools(pools map[creditKey][]*item) []creditKey {
	keys := make([]creditKey, 0, len(pools))
	for key := range pools {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(x, y creditKey) int {
		return cmp.Or(
			cmp.Compare(x.service, y.service), cmp.Compare(x.name, y.name),
			cmp.Compare(x.usageType, y.usageType), cmp.Compare(x.unit, y.unit),
			cmp.Compare(x.currency, y.currency), cmp.Compare(x.category, y.category),
		)
	})
	return keys
}
