package pricing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/party"
)

// The choices of the contract's price_basis column. Empty is billed.
const (
	BasisBilled    = "billed"
	BasisList      = "list"
	BasisEffective = "effective"
)

// pass is the contract's word for handing on what is otherwise retained.
const pass = "pass"

// Retained says whether a group stays with the reseller: the provider's own
// tax lines, which are our input tax (ruling R-1), and its partner discounts,
// which are our margin (ruling R-2), unless the contract passes them on.
func Retained(g charge.Group, contract party.Contract) bool {
	if g.Category == charge.CategoryTax {
		return contract.ProviderTax != pass
	}
	return g.Class == charge.ClassPartnerDiscount && contract.PartnerDiscount != pass
}

// AtCost says whether a group passes without our rules and percentages: the
// provider's credits (ruling R-4) and, where they pass, its tax lines.
func AtCost(g charge.Group) bool {
	return g.Category == charge.CategoryCredit || g.Category == charge.CategoryTax
}

// Basis is the amount that a contract prices a group from.
//
// On a list basis the provider's discount lines count nothing (ruling R-3), and
// of a commitment counts the use alone: the customer pays it at list, so what the
// commitment costs and takes back, and what of it went unused, is our own affair,
// whatever list price the provider writes beside it. Where the provider names no
// list price the billed cost is the price.
func Basis(g charge.Group, contract party.Contract) (decimal.Decimal, error) {
	switch {
	case AtCost(g):
		return g.Billed, nil
	case contract.PriceBasis == "" || contract.PriceBasis == BasisBilled:
		return g.Billed, nil
	case contract.PriceBasis == BasisEffective:
		return g.Effective, nil
	case contract.PriceBasis == BasisList:
		return list(g), nil
	default:
		return decimal.Zero, fault.New(fault.Contract,
			fmt.Sprintf("price basis %q is not billed, list or effective", contract.PriceBasis),
			"correct price_basis in the customers sheet, then retry the parked customer")
	}
}

func list(g charge.Group) decimal.Decimal {
	discount := g.Class == charge.ClassDiscount || g.Class == charge.ClassPartnerDiscount
	switch {
	case discount, g.CommitmentID != "" && !used(g):
		return decimal.Zero
	case g.List.IsZero():
		return g.Billed
	default:
		return g.List
	}
}
