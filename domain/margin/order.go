package margin

import (
	"cmp"
	"slices"
)

// sortReport puts every list into the order in which it is read: the largest
// sale first within a currency, the dearest leak first.
func sortReport(r *Report) {
	slices.SortFunc(r.Customers, func(a, b CustomerRow) int {
		return cmp.Or(larger(a.Position, b.Position), cmp.Compare(a.Customer, b.Customer),
			cmp.Compare(a.Provider, b.Provider), comparePairs(a.Position, b.Position))
	})
	slices.SortFunc(r.Services, func(a, b ServiceRow) int {
		return cmp.Or(larger(a.Position, b.Position), cmp.Compare(a.Provider, b.Provider),
			cmp.Compare(a.Service, b.Service), comparePairs(a.Position, b.Position))
	})
	slices.SortFunc(r.Accounts, func(a, b AccountRow) int {
		return cmp.Or(larger(a.Position, b.Position), cmp.Compare(a.Customer, b.Customer),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Account, b.Account),
			comparePairs(a.Position, b.Position))
	})
	slices.SortFunc(r.UnderBilled, func(a, b UnderBilled) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), a.Margin().Cmp(b.Margin()),
			cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Provider, b.Provider),
			cmp.Compare(a.Account, b.Account), cmp.Compare(a.Service, b.Service),
			cmp.Compare(a.Source, b.Source))
	})
	slices.SortFunc(r.Retained, func(a, b Retained) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Provider, b.Provider),
			cmp.Compare(a.BillingAccount, b.BillingAccount), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortFunc(r.Unbilled, func(a, b Unbilled) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), b.Amount.Cmp(a.Amount),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Customer, b.Customer),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.BillingAccount, b.BillingAccount))
	})
	slices.SortFunc(r.Unmapped, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), b.Billed.Cmp(a.Billed),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.BillingAccount, b.BillingAccount),
			cmp.Compare(a.Account, b.Account))
	})
	slices.SortFunc(r.Parked, func(a, b Parked) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Provider, b.Provider))
	})
	for _, one := range r.Unmapped {
		slices.SortStableFunc(one.Services, func(a, b ServiceCost) int {
			return cmp.Or(b.Billed.Cmp(a.Billed), cmp.Compare(a.Name, b.Name))
		})
	}
}

// larger puts one currency's rows together, the largest sale first.
func larger(a, b Position) int {
	return cmp.Or(cmp.Compare(a.Currency, b.Currency), b.Sold.Cmp(a.Sold))
}

// The kinds of what may have lost money.
const (
	NegativeCustomer = "customer"
	NegativeService  = "service"
	NegativeAccount  = "account"
)

// Negative is a customer, a service or an account that was sold for less than
// it was bought for.
type Negative struct {
	Kind, Provider, Code, Name string
	Position
}

// Negatives lists what lost money, customers first, each the dearest first.
func (r Report) Negatives() []Negative {
	var lost []Negative
	add := func(kind, provider, code, name string, p Position) {
		if p.Lost() {
			lost = append(lost, Negative{kind, provider, code, name, p})
		}
	}
	for _, row := range r.Customers {
		add(NegativeCustomer, row.Provider, row.Customer, row.Name, row.Position)
	}
	for _, row := range r.Services {
		add(NegativeService, row.Provider, row.Service, row.Name, row.Position)
	}
	for _, row := range r.Accounts {
		add(NegativeAccount, row.Provider, row.Account, row.Name, row.Position)
	}
	rank := map[string]int{NegativeCustomer: 1, NegativeService: 2, NegativeAccount: 3}
	slices.SortStableFunc(lost, func(a, b Negative) int {
		return cmp.Or(rank[a.Kind]-rank[b.Kind], cmp.Compare(a.Currency, b.Currency),
			a.Margin().Cmp(b.Margin()))
	})
	return lost
}
