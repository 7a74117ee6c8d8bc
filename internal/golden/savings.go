package golden

import (
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
)

// Savings are a savings fee with the evidence of one commitment, which the
// document calls by a name, or by none as documents of before do.
func Savings(name string) []invoice.FeeUse {
	return []invoice.FeeUse{
		{
			ID:        "f-1",
			Kind:      string(pricing.FeeSavings),
			Currency:  money.USD,
			Rate:      amount("20"),
			Amount:    amount("4.8"),
			Base:      amount("40"),
			CarriedIn: amount("-16"),
			Savings: []pricing.Saving{{
				CommitmentID: "arn:aws:savingsplans::777788889999:savingsplan/7f", Name: name,
				Baseline: amount("100"), Cost: amount("60"),
			}},
		},
	}
}
