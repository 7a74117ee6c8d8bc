package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// Transfer is one signed entry that moves cost between customers: what a
// commitment's benefit policy or a shared cost takes from one and gives to
// another. The entries of one rule sum to zero per payer and currency, so that
// whatever moves, the provider's bill is still the sum of all sides.
type Transfer struct {
	Kind                     TransferKind
	Rule                     string // the policy, or the id of the shared_costs row
	Provider, BillingAccount string
	Currency                 money.Currency
	Side                     Side
	Customer                 string // empty where nobody owns the account
	Taken                    bool   // of a shared cost: taken from its holder, who holds it on this account

	SubAccount                   string // of what a customer receives of a shared cost: empty
	ServiceCode, ServiceName     string
	UsageType                    string // the commitment's name, or of what is received the rule's id
	Category                     charge.Category
	Class                        charge.Class
	InvoiceIssuer, BillingEntity string
	CommitmentID                 string
	ChargeMonth                  period.Month // where it differs from the bill's (ruling R-10)

	Rows      int64 // signed: how many rows worth something it puts on its side
	Billed    decimal.Decimal
	Effective decimal.Decimal
}

// TransferKind says what moved an amount.
type TransferKind string

// The kinds of transfers.
const (
	TransferBenefit TransferKind = "benefit"
	TransferShared  TransferKind = "shared"
)

// Side is where an amount stands in the month's proof.
type Side string

// The sides.
const (
	SideCustomer   Side = "customer"
	SideUnassigned Side = "unassigned"
	SideRetained   Side = "retained"
)

// sideOf is where something stands that a customer holds, or nobody.
func sideOf(customer string) Side {
	if customer == "" {
		return SideUnassigned
	}
	return SideCustomer
}

// Holding is a sum of charges that one customer holds, or nobody, or what a
// benefit policy moved to or from it. Its Rows count what is worth something.
type Holding struct {
	charge.Group
	Customer string
	Moved    bool // by a benefit policy
}

// place is where a holding stands.
func (h Holding) place() Place {
	place := PlaceOf(h.Group)
	if h.Moved {
		place.UsageType = h.UsageType
	}
	return place
}

// Place is the grain on which cost is taken: all charges that agree in it are
// taken together or not at all.
type Place struct {
	Provider, BillingAccount, SubAccount string
	Currency                             money.Currency
	Service                              string // its code, or its name where the provider gives no codes
	UsageType                            string // only of a benefit: its commitment's name
	Category                             charge.Category
	Class                                charge.Class
	InvoiceIssuer, BillingEntity         string
	CommitmentID                         string
	ChargeMonth                          period.Month
}

// PlaceOf is where a provider's charge stands, whatever its usage type is.
func PlaceOf(g charge.Group) Place {
	return Place{
		g.Provider, g.BillingAccount, g.SubAccount, g.Currency, serviceOf(g), "", g.Category, g.Class,
		g.InvoiceIssuer, g.BillingEntity, g.CommitmentID, g.ChargeMonth,
	}
}

// serviceOf is what tells services apart.
func serviceOf(g charge.Group) string { return cmp.Or(g.ServiceCode, g.ServiceName) }

// Place is where an entry stands.
func (t Transfer) Place() Place {
	place := PlaceOf(t.Group())
	if t.Kind == TransferBenefit || t.Taken {
		place.UsageType = t.UsageType
	}
	return place
}

// Group shows an entry to the rules of price and tax: a charge that costs
// nothing at the provider.
func (t Transfer) Group() charge.Group {
	return charge.Group{
		Provider:       t.Provider,
		BillingAccount: t.BillingAccount,
		SubAccount:     t.SubAccount,
		Currency:       t.Currency,
		ServiceCode:    t.ServiceCode,
		ServiceName:    t.ServiceName,
		UsageType:      t.UsageType,
		Category:       t.Category,
		Class:          t.Class,
		InvoiceIssuer:  t.InvoiceIssuer,
		BillingEntity:  t.BillingEntity,
		CommitmentID:   t.CommitmentID,
		ChargeMonth:    t.ChargeMonth,
	}
}

// CheckTransfers refuses a list whose entries do not sum to zero, rule by rule
// and commitment by commitment, per payer and currency.
func CheckTransfers(list []Transfer) error {
	billed, effective := map[string]decimal.Decimal{}, map[string]decimal.Decimal{}
	for _, t := range list {
		names := []string{string(t.Kind), t.Rule, t.Provider, t.BillingAccount, string(t.Currency)}
		if t.Kind == TransferBenefit {
			names = append(names, t.CommitmentID)
		}
		key := strings.Join(names, " ")
		billed[key], effective[key] = billed[key].Add(t.Billed), effective[key].Add(t.Effective)
	}
	for key, sum := range billed {
		if !sum.IsZero() || !effective[key].IsZero() {
			return fault.New(
				fault.Conservation,
				fmt.Sprintf("the entries of %s sum to %s billed and %s effective, not to zero", key, sum,
					effective[key]),
				"stop and report this: cost would be lost or invented",
			)
		}
	}
	return nil
}

// Equal says whether two entries are the same to the last digit.
func (t Transfer) Equal(other Transfer) bool {
	return t.Taken == other.Taken && t.Rows == other.Rows && t.ServiceName == other.ServiceName &&
		compareTransfers(t, other) == 0
}

// SortTransfers puts a list in an order that depends on nothing but what the
// entries are, so that the same month gives the same list.
func SortTransfers(list []Transfer) { slices.SortStableFunc(list, compareTransfers) }

func compareTransfers(a, b Transfer) int {
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Provider, b.Provider),
		cmp.Compare(a.BillingAccount, b.BillingAccount), cmp.Compare(a.Currency, b.Currency),
		cmp.Compare(a.CommitmentID, b.CommitmentID), cmp.Compare(a.Side, b.Side),
		cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.SubAccount, b.SubAccount),
		cmp.Compare(a.ServiceCode, b.ServiceCode), cmp.Compare(a.ServiceName, b.ServiceName),
		cmp.Compare(a.UsageType, b.UsageType),
		cmp.Compare(a.Category, b.Category), cmp.Compare(a.Class, b.Class),
		cmp.Compare(a.InvoiceIssuer, b.InvoiceIssuer), cmp.Compare(a.BillingEntity, b.BillingEntity),
		a.ChargeMonth.Sub(b.ChargeMonth), a.Billed.Cmp(b.Billed), a.Effective.Cmp(b.Effective),
	)
}
