package pricing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// The keys by which shared costs are divided.
const (
	KeyProportional = "proportional"
	KeyEven         = "even"
	KeyFixed        = "fixed"
)

// SharedCost is one distribution: the rows of the shared_costs sheet that have
// one id. What matches its columns is taken from whoever holds it and given to
// its participants (docs/spec/16-shared-costs.md).
type SharedCost struct {
	ID                                                      string
	Provider, BillingAccount, SubAccount, Service, Category string
	Key                                                     string
	RemainderTo                                             string
	Parts                                                   []SharedPart // in the order of the sheet
}

// SharedPart is one participant.
type SharedPart struct {
	Customer string
	Weight   decimal.Decimal // of a fixed key
	Valid    period.Span
}

// Matches says whether a charge is shared by this distribution in its month of
// use. Without a category it shares all but the provider's tax, which is our
// input tax unless a row names it (ruling R-1); partner discounts are our
// margin always (ruling R-2).
func (s SharedCost) Matches(g charge.Group, billed period.Month) bool {
	touches := s.Category == g.Category.String() || s.Category == "" && g.Category != charge.CategoryTax
	return touches && g.Class != charge.ClassPartnerDiscount && s.covers(g, billed)
}

// Keeps says whether a charge lies among what the distribution shares and is
// ours all the same, by these two rulings.
func (s SharedCost) Keeps(g charge.Group, billed period.Month) bool {
	ours := g.Category == charge.CategoryTax || g.Class == charge.ClassPartnerDiscount
	return ours && s.Category == "" && s.covers(g, billed)
}

func (s SharedCost) covers(g charge.Group, billed period.Month) bool {
	return agrees(s.Provider, g.Provider) && agrees(s.BillingAccount, g.BillingAccount) &&
		agrees(s.SubAccount, g.SubAccount) &&
		(agrees(s.Service, g.ServiceCode) || agrees(s.Service, g.ServiceName)) &&
		s.InForce(monthOfUse(g, billed))
}

// InForce says whether anybody takes part in a month.
func (s SharedCost) InForce(month period.Month) bool {
	return slices.ContainsFunc(s.Parts, func(p SharedPart) bool { return p.Valid.Covers(month) })
}

// columns lists what is compared, from the most to the least specific.
func (s SharedCost) columns() [5]string {
	return [...]string{s.SubAccount, s.Service, s.Category, s.BillingAccount, s.Provider}
}

// Sharing is a month's shared costs, and all that they are judged by.
type Sharing struct {
	Month      period.Month
	Rules      []SharedCost
	Spent      map[Spender]decimal.Decimal // usage and purchases as billed, shared ones too
	Contracted func(customer string) bool  // whether it has a contract in the month
}

// Spender is a customer on one payer's bill.
type Spender struct {
	Customer, Provider, BillingAccount string
	Currency                           money.Currency
}

// pot is what one distribution gives away of one kind.
type pot struct {
	rule                     *SharedCost
	provider, billingAccount string
	currency                 money.Currency
	code, service            string
	category                 charge.Category
	class                    charge.Class
	issuer, entity           string
	used                     period.Month
}

type potSum struct {
	name   string
	billed decimal.Decimal
}

// Share takes what is shared from its holders and gives it to the participants.
// What has no participant with a contract stays where it is.
func (s Sharing) Share(holdings []Holding) ([]Transfer, error) {
	var list []Transfer
	pots := map[pot]*potSum{}
	spent := map[Spender]decimal.Decimal{}
	for who, amount := range s.Spent {
		spent[who] = amount
	}
	for _, h := range holdings {
		rule, err := s.ruleOf(h.Group, SharedCost.Matches)
		if err == nil && rule == nil && h.Customer == "" {
			list, err = s.keep(list, h)
		}
		if err != nil {
			return nil, err
		}
		if rule == nil || len(s.participants(rule, monthOfUse(h.Group, s.Month))) == 0 {
			continue
		}
		list = append(list, s.take(rule, h))
		key := pot{
			rule,
			h.Provider,
			h.BillingAccount,
			h.Currency,
			h.ServiceCode,
			serviceOf(h.Group),
			h.Category,
			h.Class,
			h.InvoiceIssuer,
			h.BillingEntity,
			h.ChargeMonth,
		}
		if pots[key] == nil {
			pots[key] = &potSum{}
		}
		pots[key].name = max(pots[key].name, h.ServiceName)
		pots[key].billed = pots[key].billed.Add(h.Billed)
		if !h.Moved && Spends(h.Group) {
			who := Spender{h.Customer, h.Provider, h.BillingAccount, h.Currency}
			spent[who] = spent[who].Sub(h.Billed)
		}
	}
	for key, sum := range pots {
		given, err := s.give(key, *sum, spent)
		if err != nil {
			return nil, err
		}
		list = append(list, given...)
	}
	SortTransfers(list)
	return mergeTaken(list), CheckTransfers(list)
}

// keep retains what is ours of an account that nobody owns and a distribution
// shares. On a customer's account the customer's contract says so.
func (s Sharing) keep(list []Transfer, h Holding) ([]Transfer, error) {
	rule, err := s.ruleOf(h.Group, SharedCost.Keeps)
	if err != nil || rule == nil || len(s.participants(rule, monthOfUse(h.Group, s.Month))) == 0 {
		return list, err
	}
	taken := s.take(rule, h)
	kept := taken
	kept.Side, kept.Taken, kept.SubAccount, kept.UsageType, kept.Rows = SideRetained, false, "", rule.ID, 0
	kept.Billed, kept.Effective = h.Billed, h.Billed
	return append(list, taken, kept), nil
}

// ruleOf finds the one distribution of a charge: the most specific.
func (s Sharing) ruleOf(
	g charge.Group, matches func(SharedCost, charge.Group, period.Month) bool,
) (*SharedCost, error) {
	var winner, tied *SharedCost
	for i := range s.Rules {
		rule := &s.Rules[i]
		if !matches(*rule, g, s.Month) {
			continue
		}
		switch order := sharedRival(winner, rule); {
		case order > 0:
			winner, tied = rule, nil
		case order == 0:
			tied = rule
		}
	}
	if tied == nil {
		return winner, nil
	}
	first, second := min(winner.ID, tied.ID), max(winner.ID, tied.ID)
	return nil, &fault.Error{
		Code:  fault.RuleTie,
		Place: fault.Place{File: "shared_costs"},
		What: fmt.Sprintf("%s and %s both share %s of account %s", first, second, g.ServiceCode,
			g.SubAccount),
		Cure: "make one of them more specific or end one, then start the close again",
	}
}

func sharedRival(holder, newcomer *SharedCost) int {
	if holder == nil {
		return 1
	}
	older, newer := holder.columns(), newcomer.columns()
	for i := range older {
		if (older[i] != "") != (newer[i] != "") {
			if older[i] == "" {
				return 1
			}
			return -1
		}
	}
	return 0
}

// participants are those in force who have a contract, in the sheet's order.
func (s Sharing) participants(rule *SharedCost, used period.Month) []SharedPart {
	var parts []SharedPart
	for _, part := range rule.Parts {
		if part.Valid.Covers(used) && s.Contracted(part.Customer) {
			parts = append(parts, part)
		}
	}
	return parts
}

// take books what a holder no longer bears.
func (s Sharing) take(rule *SharedCost, h Holding) Transfer {
	return Transfer{
		Kind:           TransferShared,
		Rule:           rule.ID,
		Provider:       h.Provider,
		BillingAccount: h.BillingAccount,
		Currency:       h.Currency,
		Side:           sideOf(h.Customer),
		Customer:       h.Customer,
		Taken:          true,
		SubAccount:     h.SubAccount,
		ServiceCode:    h.ServiceCode,
		ServiceName:    h.ServiceName,
		UsageType:      h.place().UsageType,
		Category:       h.Category,
		Class:          h.Class,
		InvoiceIssuer:  h.InvoiceIssuer,
		BillingEntity:  h.BillingEntity,
		CommitmentID:   h.CommitmentID,
		ChargeMonth:    h.ChargeMonth,
		Rows:           -h.Rows,
		Billed:         h.Billed.Neg(),
		Effective:      h.Billed.Neg(),
	}
}

// give divides one pot over the participants.
func (s Sharing) give(key pot, sum potSum, spent map[Spender]decimal.Decimal) ([]Transfer, error) {
	used := key.used
	if used.IsZero() {
		used = s.Month
	}
	parts := s.participants(key.rule, used)
	weights := s.weights(key, parts, spent)
	owner := key.rule.RemainderTo
	remainder := slices.IndexFunc(parts, func(p SharedPart) bool { return p.Customer == owner })
	switch {
	case remainder < 0 && owner != "" && s.Contracted(owner): // it has the remainder and no other part
		remainder = len(parts)
		parts, weights = append(parts, SharedPart{Customer: owner}), append(weights, money.Zero)
	case remainder < 0:
		remainder = len(parts) - 1
	}
	amounts, err := money.Allocate(sum.billed, weights, transferPlaces, remainder)
	if err != nil {
		return nil, err
	}
	var list []Transfer
	for i, part := range parts {
		if amounts[i].IsZero() {
			continue
		}
		list = append(list, Transfer{
			Kind:           TransferShared,
			Rule:           key.rule.ID,
			Provider:       key.provider,
			BillingAccount: key.billingAccount,
			Currency:       key.currency,
			Side:           SideCustomer,
			Customer:       part.Customer,
			ServiceCode:    key.service,
			ServiceName:    sum.name,
			UsageType:      key.rule.ID,
			Category:       key.category,
			Class:          key.class,
			InvoiceIssuer:  key.issuer,
			BillingEntity:  key.entity,
			ChargeMonth:    key.used,
			Billed:         amounts[i],
			Effective:      amounts[i],
		})
	}
	return list, nil
}

// weights are the participants' parts by the key; even where none is above zero.
func (s Sharing) weights(key pot, parts []SharedPart, spent map[Spender]decimal.Decimal) []decimal.Decimal {
	weights := make([]decimal.Decimal, len(parts))
	some := false
	for i, part := range parts {
		switch key.rule.Key {
		case KeyFixed:
			weights[i] = part.Weight
		case KeyProportional:
			weights[i] = spent[Spender{part.Customer, key.provider, key.billingAccount, key.currency}]
		}
		some = some || weights[i].IsPositive()
	}
	if !some {
		for i := range weights {
			weights[i] = decimal.NewFromInt(1)
		}
	}
	return weights
}

// mergeTaken adds up what was taken from one holder in one place.
func mergeTaken(sorted []Transfer) []Transfer {
	type holder struct {
		place    Place
		customer string
		taken    bool
	}
	at := map[holder]int{}
	var merged []Transfer
	for _, t := range sorted {
		key := holder{t.Place(), t.Customer, t.Taken}
		if i, known := at[key]; known && t.Taken {
			merged[i].Rows += t.Rows
			merged[i].Billed, merged[i].Effective = merged[i].Billed.Add(t.Billed), merged[i].Effective.Add(
				t.Effective,
			)
			continue
		}
		at[key] = len(merged)
		merged = append(merged, t)
	}
	return merged
}

// AsHoldings shows what a benefit policy moved to the distributions: a shared
// account shares what its commitments cost it in the end.
func AsHoldings(benefits []Transfer) []Holding {
	var holdings []Holding
	for _, t := range benefits {
		if t.Side == SideRetained {
			continue
		}
		h := Holding{Group: t.Group(), Customer: t.Customer, Moved: true}
		h.Rows, h.Billed, h.Effective = t.Rows, t.Billed, t.Effective
		holdings = append(holdings, h)
	}
	return holdings
}
