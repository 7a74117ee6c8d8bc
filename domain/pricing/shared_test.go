package pricing_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

func held(customer, account, service, billed string) pricing.Holding {
	return pricing.Holding{Customer: customer, Group: charge.Group{
		Provider:       "aws",
		BillingAccount: "payer",
		SubAccount:     account,
		Currency:       money.USD,
		ServiceCode:    service,
		ServiceName:    "Amazon " + service,
		Category:       charge.CategoryUsage,
		Rows:           1,
		Billed:         dec(billed),
	}}
}

func among(rule pricing.SharedCost, customers ...string) pricing.SharedCost {
	for _, customer := range customers {
		rule.Parts = append(rule.Parts, pricing.SharedPart{Customer: customer, Weight: dec("1")})
	}
	return rule
}

func sharing(rules ...pricing.SharedCost) pricing.Sharing {
	return pricing.Sharing{
		Month: october, Rules: rules, Spent: map[pricing.Spender]decimal.Decimal{},
		Contracted: func(customer string) bool { return customer != "gone" && customer != "" },
	}
}

// given is what each customer receives, and what each holder no longer bears.
func given(list []pricing.Transfer) (received, taken map[string]string) {
	gives, takes := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, t := range list {
		if t.Taken {
			takes[t.Customer+" "+t.SubAccount] = takes[t.Customer+" "+t.SubAccount].Add(t.Billed)
		} else {
			to := t.Customer
			if t.Side == pricing.SideRetained {
				to = "retained"
			}
			gives[to] = gives[to].Add(t.Billed)
		}
	}
	return texts(gives), texts(takes)
}

func TestShare(t *testing.T) {
	t.Parallel()
	support := pricing.SharedCost{ID: "s", Service: "AWSSupport", Key: pricing.KeyEven}
	fee := held("", "payer", "AWSSupport", "100.00")
	spent := func(s pricing.Sharing, amounts map[string]string) pricing.Sharing {
		for customer, amount := range amounts {
			who := pricing.Spender{
				Customer:       customer,
				Provider:       "aws",
				BillingAccount: "payer",
				Currency:       money.USD,
			}
			s.Spent[who] = dec(amount)
		}
		return s
	}
	keyed := func(key, remainderTo string, customers ...string) pricing.SharedCost {
		rule := among(support, customers...)
		rule.Key, rule.RemainderTo = key, remainderTo
		return rule
	}
	september := period.Span{To: october.Add(-1)}
	tests := map[string]struct {
		sharing  pricing.Sharing
		holdings []pricing.Holding
		received map[string]string
		taken    map[string]string
	}{
		"G-5: evenly in three, the remainder to the last": {
			sharing(among(support, "a", "b", "c")),
			[]pricing.Holding{fee},
			map[string]string{"a": "33.333333", "b": "33.333333", "c": "33.333334"},
			map[string]string{" payer": "-100"},
		},
		"the remainder to its named owner": {
			sharing(keyed("even", "a", "a", "b", "c")),
			[]pricing.Holding{fee},
			map[string]string{"a": "33.333334", "b": "33.333333", "c": "33.333333"},
			map[string]string{" payer": "-100"},
		},
		"an owner of the remainder who takes no other part has the remainder alone": {
			sharing(keyed("even", "z", "a", "b", "c")),
			[]pricing.Holding{fee},
			map[string]string{"a": "33.333333", "b": "33.333333", "c": "33.333333", "z": "0.000001"},
			map[string]string{" payer": "-100"},
		},
		"in proportion to what each spent, without what is shared": {
			spent(sharing(keyed("proportional", "", "a", "b")), map[string]string{"a": "130", "b": "70"}),
			[]pricing.Holding{fee, held("a", "1", "AWSSupport", "100")},
			map[string]string{"a": "60", "b": "140"},
			map[string]string{" payer": "-100", "a 1": "-100"},
		},
		"evenly where nobody spent anything": {
			sharing(keyed("proportional", "", "a", "b")),
			[]pricing.Holding{fee},
			map[string]string{"a": "50", "b": "50"},
			map[string]string{" payer": "-100"},
		},
		"a customer without a contract takes no part": {
			sharing(among(support, "a", "gone")),
			[]pricing.Holding{fee},
			map[string]string{"a": "100"},
			map[string]string{" payer": "-100"},
		},
		"nobody left: it stays where it is": {
			sharing(among(support, "gone")), []pricing.Holding{fee}, map[string]string{}, map[string]string{},
		},
		"a distribution that has ended shares nothing": {
			sharing(
				pricing.SharedCost{ID: "s", Service: "AWSSupport", Key: "even", Parts: []pricing.SharedPart{
					{Customer: "a", Valid: september},
				}},
			),
			[]pricing.Holding{fee},
			map[string]string{},
			map[string]string{},
		},
		"R-10: a correction is shared by the rule of its month of use": {
			sharing(
				pricing.SharedCost{ID: "s", Service: "AWSSupport", Key: "even", Parts: []pricing.SharedPart{
					{Customer: "a", Valid: september},
				}},
			),
			[]pricing.Holding{usedIn(fee, october.Add(-1), "-30")},
			map[string]string{"a": "-30"},
			map[string]string{" payer": "30"},
		},
		"the more specific distribution wins": {
			sharing(among(support, "a"),
				among(pricing.SharedCost{ID: "t", SubAccount: "payer", Key: "even"}, "b")),
			[]pricing.Holding{fee},
			map[string]string{"b": "100"},
			map[string]string{" payer": "-100"},
		},
		"R-1: provider tax is kept as our input tax": {
			sharing(among(support, "a")),
			[]pricing.Holding{ofKind(fee, charge.CategoryTax, charge.ClassRegular)},
			map[string]string{"retained": "100"},
			map[string]string{" payer": "-100"},
		},
		"R-1: on a customer's account its contract says so": {
			sharing(among(support, "a")),
			[]pricing.Holding{
				ofKind(held("b", "1", "AWSSupport", "7"), charge.CategoryTax, charge.ClassRegular),
			},
			map[string]string{},
			map[string]string{},
		},
		"R-1: unless a row names it": {
			sharing(
				among(pricing.SharedCost{ID: "s", Category: "Tax", Service: "AWSSupport", Key: "even"}, "a"),
			),
			[]pricing.Holding{ofKind(fee, charge.CategoryTax, charge.ClassRegular), fee},
			map[string]string{"a": "100"},
			map[string]string{" payer": "-100"},
		},
		"R-2: partner discounts are kept as our margin": {
			sharing(among(support, "a")),
			[]pricing.Holding{ofKind(fee, charge.CategoryUsage, charge.ClassPartnerDiscount)},
			map[string]string{"retained": "100"},
			map[string]string{" payer": "-100"},
		},
		"a service may be named by its name": {
			sharing(among(pricing.SharedCost{ID: "s", Service: "Amazon AWSSupport", Key: "even"}, "a")),
			[]pricing.Holding{fee},
			map[string]string{"a": "100"},
			map[string]string{" payer": "-100"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := tt.sharing.Share(tt.holdings)
			require.NoError(t, err)
			received, taken := given(list)
			require.Equal(t, tt.received, received)
			require.Equal(t, tt.taken, taken)
		})
	}
}

func usedIn(h pricing.Holding, month period.Month, billed string) pricing.Holding {
	h.ChargeMonth, h.Billed = month, dec(billed)
	return h
}

func ofKind(h pricing.Holding, category charge.Category, class charge.Class) pricing.Holding {
	h.Category, h.Class = category, class
	return h
}

func TestTwoDistributionsOfOneChargeAreRefused(t *testing.T) {
	t.Parallel()
	rules := []pricing.SharedCost{
		among(pricing.SharedCost{ID: "by-name", Service: "Amazon EC2", Key: "even"}, "a"),
		among(pricing.SharedCost{ID: "by-code", Service: "EC2", Key: "even"}, "b"),
	}
	_, err := sharing(rules...).Share([]pricing.Holding{held("a", "1", "EC2", "1")})
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.RuleTie, code)
	require.ErrorContains(t, err, "by-code and by-name both share EC2 of account 1")
}

// Signs, zero weights, several payers and currencies: what is given is what was
// taken, kind by kind, and the order of the charges leaves no trace.
func TestEveryDistributionConserves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		holdings := append(rapid.SliceOfN(anyHolding(), 0, 10).Draw(t, "holdings"),
			held("", "payer", "AWSSupport", "100"))
		for i := range holdings {
			holdings[i].CommitmentID = ""
		}
		customers := []string{"acme", "beta", "crow", "gone"}
		rule := func(id, account, service, category string) pricing.SharedCost {
			one := pricing.SharedCost{
				ID: id, SubAccount: account, Service: service, Category: category,
				Key:         rapid.SampledFrom([]string{"proportional", "even", "fixed"}).Draw(t, "key"),
				RemainderTo: rapid.SampledFrom(append(customers, "")).Draw(t, "remainder to"),
			}
			for _, customer := range customers[:rapid.IntRange(1, 4).Draw(t, "participants")] {
				one.Parts = append(one.Parts, pricing.SharedPart{
					Customer: customer, Weight: decimal.New(rapid.Int64Range(0, 1000).Draw(t, "weight"), -2),
				})
			}
			return one
		}
		s := sharing(rule("1", "111", "", ""), rule("2", "", "EC2", ""), rule("3", "999", "Lambda", "Tax"))
		for _, h := range holdings {
			if pricing.Spends(h.Group) {
				who := pricing.Spender{
					Customer:       h.Customer,
					Provider:       h.Provider,
					BillingAccount: h.BillingAccount,
					Currency:       h.Currency,
				}
				s.Spent[who] = s.Spent[who].Add(h.Billed)
			}
		}
		spentBefore := maps.Clone(s.Spent)

		list, err := s.Share(holdings)

		require.NoError(t, err)
		sums := map[string]decimal.Decimal{}
		for _, one := range list {
			key := one.Rule + one.BillingAccount + string(
				one.Currency,
			) + one.ServiceCode + one.Category.String()
			sums[key] = sums[key].Add(one.Billed)
			require.NotEqual(t, "gone", one.Customer)
		}
		for key, sum := range sums {
			require.True(t, sum.IsZero(), "%s sums to %s", key, sum)
		}
		require.Equal(t, spentBefore, s.Spent, "what it was given is left alone")
		again, err := s.Share(rapid.Permutation(holdings).Draw(t, "other order"))
		require.NoError(t, err)
		require.True(t, slices.EqualFunc(list, again, pricing.Transfer.Equal))
	})
}
