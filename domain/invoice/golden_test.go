package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/pricing"
)

// anHourOfAPlan is case G-7 as a provider bills it: four machines at 1.00 an hour
// among use of 59.10, and a plan of 2.00 that pays 0.70 for each.
func anHourOfAPlan() []charge.Group {
	covered := use("1", "EC2", "2.857142857142")
	covered.CommitmentID, covered.Quantity, covered.Effective = "plan", covered.Billed, dec("2")
	negation := covered
	negation.Billed, negation.List, negation.Effective = covered.Billed.Neg(), dec("0"), dec("0")
	fee := of(use("1", "plan", "2"), charge.CategoryPurchase, charge.ClassRegular)
	fee.CommitmentID, fee.List, fee.Effective = "plan", dec("0"), dec("0")
	return []charge.Group{
		use("1", "EC2", "1.142857142858"), use("1", "RDS", "55.10"), covered, negation, fee,
	}
}

// TestG7AnHourOfAPlan: what the plan does not cover is owed on demand, the plan
// itself once; at list nobody sees it; and what it saved is what it covered.
func TestG7AnHourOfAPlan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ basis, onDemand, plan, saved string }{
		"G-7 as billed: 56.242857… on demand and the plan's 2.00": {
			"billed",
			"56.242857142858",
			"2",
			"0.857142857142",
		},
		"G-7 at list: all of the 59.10, and no plan": {"list", "59.1", "0", "0.857142857142"},
		"G-7 amortized: the plan's 2.00 stand where it was used": {
			"effective",
			"58.242857142858",
			"0",
			"0.857142857142",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(anHourOfAPlan()...)
			in.Customer.Contract.PriceBasis = tt.basis
			in.Fees = []pricing.Fee{
				{ID: "share", Provider: "aws", Kind: pricing.FeeSavings, Rate: dec("100")},
			}

			s := assemble(t, in)

			net := map[bool]string{}
			for _, plans := range []bool{true, false} {
				sum := money.Zero
				for _, l := range s.Lines {
					if l.Service != "savings-fee" && (l.Service == "plan") == plans {
						sum = sum.Add(l.Net)
					}
				}
				net[plans] = money.Text(sum)
			}
			require.Equal(t, map[bool]string{false: tt.onDemand, true: tt.plan}, net)
			require.Equal(t, tt.saved, money.Text(s.Fees[0].Amount))
		})
	}
}
