package invoice_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// moved is a benefit of 40 on account 1, of 30 on effective cost.
func moved() pricing.Transfer {
	return pricing.Transfer{
		Kind:           pricing.TransferBenefit,
		Rule:           "pooled",
		Provider:       "aws",
		BillingAccount: "payer",
		Currency:       money.KRW,
		Side:           pricing.SideCustomer,
		Customer:       "acme",
		SubAccount:     "1",
		ServiceCode:    "EC2",
		ServiceName:    "Amazon EC2",
		UsageType:      "sp-1",
		CommitmentID:   "sp-1",
		Category:       charge.CategoryUsage,
		Billed:         dec("40"),
		Effective:      dec("30"),
	}
}

// taken is what a shared cost takes of a group; received what the customer bears of it.
func taken(g charge.Group) pricing.Transfer {
	return pricing.Transfer{
		Kind:           pricing.TransferShared,
		Rule:           "net",
		Provider:       g.Provider,
		BillingAccount: g.BillingAccount,
		Currency:       money.KRW,
		Side:           pricing.SideCustomer,
		Customer:       "acme",
		Taken:          true,
		SubAccount:     g.SubAccount,
		ServiceCode:    g.ServiceCode,
		ServiceName:    g.ServiceName,
		Category:       g.Category,
		Class:          g.Class,
		InvoiceIssuer:  g.InvoiceIssuer,
		BillingEntity:  g.BillingEntity,
		CommitmentID:   g.CommitmentID,
		ChargeMonth:    g.ChargeMonth,
		Billed:         g.Billed.Neg(),
		Effective:      g.Billed.Neg(),
	}
}

func received(category charge.Category) pricing.Transfer {
	return pricing.Transfer{
		Kind:           pricing.TransferShared,
		Rule:           "net",
		Provider:       "aws",
		BillingAccount: "payer",
		Currency:       money.KRW,
		Side:           pricing.SideCustomer,
		Customer:       "acme",
		ServiceCode:    "EC2",
		ServiceName:    "Amazon EC2",
		UsageType:      "net",
		Category:       category,
		Billed:         dec("60"),
		Effective:      dec("60"),
	}
}

func TestWhatIsMovedOnALine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		given func(in *invoice.Input)
		want  []string // the chains of the lines
	}{
		"a benefit is priced as use of the covered service": {
			func(in *invoice.Input) { in.Transfers = []pricing.Transfer{moved()} },
			[]string{
				"billed 100 → price 10 (P) = 110",
				"billed 0 → benefit 40 (pooled) → price 4 (P) = 44",
			},
		},
		"on an effective basis it counts the effective cost that moved": {
			func(in *invoice.Input) {
				in.Customer.Contract.PriceBasis = "effective"
				in.Transfers = []pricing.Transfer{moved()}
			},
			[]string{
				"billed 100 → price 10 (P) = 110",
				"billed 0 → benefit 40 (pooled) → basis -10 (effective) → price 3 (P) = 33",
			},
		},
		"on a list basis it counts nothing: the use is paid at list": {
			func(in *invoice.Input) {
				in.Customer.Contract.PriceBasis = "list"
				in.Transfers = []pricing.Transfer{moved()}
			},
			[]string{
				"billed 100 → price 10 (P) = 110",
				"billed 0 → benefit 40 (pooled) → basis -40 (list) = 0",
			},
		},
		"what others bear leaves as it came, unpriced, whatever the basis": {
			func(in *invoice.Input) {
				in.Customer.Contract.PriceBasis = "list"
				in.Groups[0].List = dec("170")
				in.Transfers = []pricing.Transfer{taken(in.Groups[0])}
			},
			[]string{"billed 100 → shared -100 (net) = 0"},
		},
		"a shared cost is received at cost": {
			func(in *invoice.Input) { in.Transfers = []pricing.Transfer{received(charge.CategoryUsage)} },
			[]string{"billed 0 → shared 60 (net) = 60", "billed 100 → price 10 (P) = 110"},
		},
		"R-1: provider tax that a shared cost names is on the line and leaves it": {
			func(in *invoice.Input) {
				in.Groups[0].Category = charge.CategoryTax
				in.Transfers = []pricing.Transfer{taken(in.Groups[0]), received(charge.CategoryTax)}
			},
			[]string{"billed 0 → shared 60 (net) = 60", "billed 100 → shared -100 (net) = 0"},
		},
		"a benefit on an account that is shared leaves with it": {
			func(in *invoice.Input) {
				benefit := moved()
				gone := taken(benefit.Group())
				gone.UsageType, gone.Billed, gone.Effective = "sp-1", dec("-40"), dec("-40")
				in.Customer.Contract.PriceBasis = "effective"
				in.Transfers = []pricing.Transfer{benefit, gone, taken(in.Groups[0])}
			},
			[]string{
				"billed 100 → shared -100 (net) = 0",
				"billed 0 → benefit 40 (pooled) → shared -40 (net) = 0",
			},
		},
		"no fee and no adjustment is taken of what others bear": {
			func(in *invoice.Input) {
				in.Transfers = []pricing.Transfer{taken(in.Groups[0]), received(charge.CategoryUsage)}
				in.Adjustments = []credit.Adjustment{
					adjustment("A", "percent", "-10", credit.StageAfterDiscount),
				}
				in.Fees = []pricing.Fee{
					{ID: "F", Customer: "acme", Kind: pricing.FeeManagement, Rate: dec("5")},
				}
			},
			[]string{
				"billed 0 → shared 60 (net) → adjustment-after -6 (A) = 54",
				"billed 0 → fee 3 (F) → adjustment-after -0.3 (A) → rounding -0.7 (document) = 2",
				"billed 100 → shared -100 (net) = 0",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(use("1", "EC2", "100"))
			in.Rules = []pricing.Rule{{ID: "P", Customer: "*", Kind: pricing.KindMarkup, Value: dec("10")}}
			tt.given(&in)

			var chains []string
			for _, line := range assemble(t, in).Lines {
				chains = append(chains, chainOf(line))
			}
			require.Equal(t, tt.want, chains)
		})
	}
}

// Tax categories and what passes at cost follow what the shared cost was.
func TestASharedCostKeepsItsTaxCategory(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.TaxRules = []tax.Rule{{InvoicingEntity: "A seller", TaxCategory: tax.Exempt}}
	one := received(charge.CategoryPurchase)
	one.InvoiceIssuer = "A seller"
	in.Transfers = []pricing.Transfer{one}
	requireOwed(t, assemble(t, in), "160", "10", "170")
}

func TestAListThatNoLongerAgreesIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]func(in *invoice.Input){
		"a charge changed since": func(in *invoice.Input) { in.Groups[0].Billed = dec("100.01") },
		"a charge is gone":       func(in *invoice.Input) { in.Groups = nil },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(use("1", "EC2", "100"))
			in.Transfers = []pricing.Transfer{taken(in.Groups[0])}
			change(&in)
			_, err := invoice.Assemble(in)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Conservation, code, "%v", err)
			require.ErrorContains(t, err, "start the close of the month again")
		})
	}
}

// A month of three customers and nobody, with commitments, shared costs and any
// contract: what documents took, what is retained and what nobody owns is the
// provider's bill, per payer and currency, to the last digit.
func TestEveryMonthConserves(t *testing.T) {
	t.Parallel()
	owners := map[string]string{"111": "acme", "222": "beta", "333": "crow", "999": ""}
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(anyGroup(), 0, 15).Draw(t, "groups")
		contracts := map[string]party.Contract{}
		for _, customer := range []string{"acme", "beta", "crow"} {
			contracts[customer] = anyContract().Draw(t, customer)
		}
		holdings := make([]pricing.Holding, len(groups))
		spent := map[pricing.Spender]decimal.Decimal{}
		for i := range groups {
			g := &groups[i]
			g.SubAccount = rapid.SampledFrom([]string{"111", "222", "333", "999"}).Draw(t, "account")
			g.CommitmentID = rapid.SampledFrom([]string{"", "", "arn:aws:x::111:y", "arn:aws:x::222:y"}).
				Draw(t, "commitment")
			holdings[i] = pricing.Holding{Group: *g, Customer: owners[g.SubAccount]}
			if pricing.Spends(*g) {
				who := pricing.Spender{
					Customer: owners[g.SubAccount], Provider: "aws",
					BillingAccount: g.BillingAccount, Currency: g.Currency,
				}
				spent[who] = spent[who].Add(g.Billed)
			}
		}
		benefits := pricing.Benefits{Holders: map[pricing.Account]string{}}
		benefits.Contract = func(customer string) (party.Contract, bool) {
			contract, known := contracts[customer]
			return contract, known
		}
		for account, customer := range owners {
			benefits.Holders[pricing.Account{Provider: "aws", SubAccount: account}] = customer
		}
		list, err := benefits.Move(holdings)
		require.NoError(t, err)
		shared, err := pricing.Sharing{
			Month:      october,
			Rules:      anySharedCosts(t),
			Spent:      spent,
			Contracted: func(customer string) bool { return contracts[customer] != party.Contract{} || customer == "acme" },
		}.Share(append(holdings, pricing.AsHoldings(list)...))
		require.NoError(t, err)
		list = append(list, shared...)

		left := map[string]decimal.Decimal{}
		payerOf := func(account string, currency money.Currency) string { return account + " " + string(currency) }
		for _, h := range holdings {
			key := payerOf(h.BillingAccount, h.Currency)
			left[key] = left[key].Add(h.Billed)
			if h.Customer == "" {
				left[key] = left[key].Sub(h.Billed)
			}
		}
		for _, one := range list {
			if one.Side != pricing.SideCustomer {
				key := payerOf(one.BillingAccount, one.Currency)
				left[key] = left[key].Sub(one.Billed)
			}
		}
		for _, customer := range []string{"acme", "beta", "crow"} {
			in := anyInput().Draw(t, "the rest of "+customer)
			in.Customer.Contract.PriceBasis = contracts[customer].PriceBasis
			in.Groups, in.Transfers = nil, nil
			for _, h := range holdings {
				if h.Customer == customer {
					in.Groups = append(in.Groups, h.Group)
				}
			}
			for _, one := range list {
				if one.Side == pricing.SideCustomer && one.Customer == customer {
					in.Transfers = append(in.Transfers, one)
				}
			}
			draft, err := invoice.Assemble(in)
			require.NoError(t, err)
			for _, share := range draft.Shares {
				key := payerOf(share.BillingAccount, share.Currency)
				left[key] = left[key].Sub(share.Assigned).Sub(share.Retained)
			}
		}
		for key, rest := range left {
			require.True(t, rest.IsZero(), "%s: %s is on no side", key, rest)
		}
	})
}

func anyContract() *rapid.Generator[party.Contract] {
	return rapid.Custom(func(t *rapid.T) party.Contract {
		return party.Contract{
			PriceBasis: rapid.SampledFrom([]string{"billed", "list", "effective"}).Draw(t, "basis"),
			BenefitPolicy: rapid.SampledFrom([]string{"as-billed", "owner-only", "pooled", "partner-keeps"}).
				Draw(t, "policy"),
			BenefitShare: decimal.NewFromInt(rapid.Int64Range(0, 100).Draw(t, "share")),
		}
	})
}

func anySharedCosts(t *rapid.T) []pricing.SharedCost {
	var rules []pricing.SharedCost
	for i := range rapid.IntRange(0, 3).Draw(t, "shared costs") {
		rule := pricing.SharedCost{
			ID:          fmt.Sprint("s", i),
			SubAccount:  []string{"999", "111", ""}[i],
			Service:     []string{"", "", "S3"}[i],
			Category:    rapid.SampledFrom([]string{"", "", "Tax", "Usage", "Credit"}).Draw(t, "category"),
			Key:         rapid.SampledFrom([]string{"proportional", "even", "fixed"}).Draw(t, "key"),
			RemainderTo: rapid.SampledFrom([]string{"", "acme", "beta"}).Draw(t, "remainder to"),
		}
		for _, customer := range []string{"acme", "beta", "crow"}[:rapid.IntRange(1, 3).Draw(t, "participants")] {
			rule.Parts = append(rule.Parts, pricing.SharedPart{
				Customer: customer, Weight: decimal.NewFromInt(rapid.Int64Range(0, 9).Draw(t, "weight")),
			})
		}
		rules = append(rules, rule)
	}
	return rules
}
