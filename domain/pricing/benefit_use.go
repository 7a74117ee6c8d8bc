package pricing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/period"
)

// CommitmentUse is one commitment on one payer's bill: who owns it, by which
// policy, and which accounts used or paid it.
type CommitmentUse struct {
	Commitment
	BillingAccount  string
	Currency        money.Currency
	Owner, Customer string // the owning account and its customer; empty where nobody is known
	Policy          string
	Accounts        []AccountUse
	Kept            decimal.Decimal // by the reseller
}

// AccountUse is what one account used of a commitment, was billed for it, and
// what the policy moved to it.
type AccountUse struct {
	Account, Customer       string
	OnDemand, Billed, Moved decimal.Decimal
}

// Bears is what the account pays in the end.
func (a AccountUse) Bears() decimal.Decimal { return a.Billed.Add(a.Moved) }

// Uses shows the month's commitments with their owners and users, beside what
// was moved of them.
func (b Benefits) Uses(holdings []Holding, moved []Transfer) []CommitmentUse {
	var uses []CommitmentUse
	find := func(of Commitment, account string, currency money.Currency) *CommitmentUse {
		at := slices.IndexFunc(uses, func(u CommitmentUse) bool {
			return u.Commitment == of && u.BillingAccount == account && u.Currency == currency
		})
		if at < 0 {
			at = len(uses)
			one := CommitmentUse{
				Commitment:     of,
				BillingAccount: account,
				Currency:       currency,
				Policy:         BenefitAsBilled,
			}
			one.Owner = b.Owner(of, holdings)
			one.Customer = b.Holders[Account{of.Provider, one.Owner}]
			if contract, known := b.Contract(one.Customer); known && Redistributes(contract) {
				one.Policy = contract.BenefitPolicy
			}
			uses = append(uses, one)
		}
		return &uses[at]
	}
	for _, h := range holdings {
		if h.CommitmentID == "" || !Spends(h.Group) {
			continue
		}
		one := find(Commitment{h.Provider, h.CommitmentID}, h.BillingAccount,
			h.Currency).account(h.SubAccount, h.Customer)
		one.OnDemand, one.Billed = one.OnDemand.Add(OnDemand(h.Group)), one.Billed.Add(h.Billed)
	}
	for _, t := range moved {
		if t.Kind != TransferBenefit {
			continue
		}
		use := find(Commitment{t.Provider, t.CommitmentID}, t.BillingAccount, t.Currency)
		if t.Side == SideRetained {
			use.Kept = use.Kept.Sub(t.Billed)
			continue
		}
		one := use.account(t.SubAccount, t.Customer)
		one.Moved = one.Moved.Add(t.Billed)
	}
	slices.SortFunc(uses, func(x, y CommitmentUse) int {
		return cmp.Or(cmp.Compare(x.Provider, y.Provider), cmp.Compare(x.ID, y.ID),
			cmp.Compare(x.BillingAccount, y.BillingAccount), cmp.Compare(x.Currency, y.Currency))
	})
	return uses
}

func (u *CommitmentUse) account(account, customer string) *AccountUse {
	at := slices.IndexFunc(u.Accounts, func(a AccountUse) bool {
		return a.Account == account && a.Customer == customer
	})
	if at < 0 {
		at = len(u.Accounts)
		u.Accounts = append(u.Accounts, AccountUse{Account: account, Customer: customer})
	}
	return &u.Accounts[at]
}

// Users are the accounts that used the commitment, in order.
func (u CommitmentUse) Users() []string {
	var users []string
	for _, one := range u.Accounts {
		if one.OnDemand.IsPositive() {
			users = append(users, one.Account)
		}
	}
	slices.Sort(users)
	return slices.Compact(users)
}

// TakenGroup says whether a shared cost took a customer's charge, whatever its
// commitment and its month of use are: what then stands on the line as billed.
func TakenGroup(transfers []Transfer, g charge.Group) bool {
	g.CommitmentID, g.ChargeMonth = "", period.Month{}
	return slices.ContainsFunc(transfers, func(t Transfer) bool {
		place := t.Place()
		place.CommitmentID, place.ChargeMonth, place.UsageType = "", period.Month{}, ""
		return t.Taken && place == PlaceOf(g)
	})
}
