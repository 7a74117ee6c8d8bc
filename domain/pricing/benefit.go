package pricing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/party"
)

// The choices of the contract's benefit_policy column. Empty is as billed.
const (
	BenefitAsBilled     = "as-billed"
	BenefitOwnerOnly    = "owner-only"
	BenefitPooled       = "pooled"
	BenefitPartnerKeeps = "partner-keeps"
)

// accountOfARN is the place of the account in an ARN, as in arn:aws:ec2:region:ACCOUNT.
const accountOfARN = 4

// transferPlaces is how finely moved cost is divided (golden case G-5).
const transferPlaces = 6

// Benefits says who has the benefit of the month's commitments. The contract of
// the customer that owns a commitment decides (docs/spec/17-benefits.md).
type Benefits struct {
	Owners   map[Commitment]string // the owning account, where the commitments sheet names one
	Holders  map[Account]string    // the customer that held an account last in the month
	Contract func(customer string) (party.Contract, bool)
}

// Commitment names one at its provider.
type Commitment struct{ Provider, ID string }

// Account names one at its provider.
type Account struct{ Provider, SubAccount string }

// Redistributes says whether any contract asks for more than what is billed.
func Redistributes(contract party.Contract) bool {
	return contract.BenefitPolicy != "" && contract.BenefitPolicy != BenefitAsBilled
}

// Owner is the account that owns a commitment: by the commitments sheet, else
// where its fee was bought, else the account in its ARN, else nobody.
func (b Benefits) Owner(of Commitment, holdings []Holding) string {
	if account := b.Owners[of]; account != "" {
		return account
	}
	fees := map[string]decimal.Decimal{}
	for _, h := range holdings {
		if h.Provider == of.Provider && h.CommitmentID == of.ID && h.Category == charge.CategoryPurchase {
			fees[h.SubAccount] = fees[h.SubAccount].Add(h.Billed)
		}
	}
	owner := ""
	for account, fee := range fees {
		larger := fee.Cmp(fees[owner])
		if owner == "" || larger > 0 || larger == 0 && account < owner {
			owner = account
		}
	}
	if fields := strings.Split(of.ID, ":"); owner == "" && fields[0] == "arn" && len(fields) > accountOfARN {
		owner = fields[accountOfARN]
	}
	return owner
}

// Move carries out the policies on all charges that belong to a commitment.
func (b Benefits) Move(holdings []Holding) ([]Transfer, error) {
	byCommitment := map[Commitment][]Holding{}
	for _, h := range holdings {
		if h.CommitmentID != "" && Spends(h.Group) {
			of := Commitment{h.Provider, h.CommitmentID}
			byCommitment[of] = append(byCommitment[of], h)
		}
	}
	var list []Transfer
	for of, mine := range byCommitment {
		account := b.Owner(of, mine)
		customer := b.Holders[Account{of.Provider, account}]
		contract, known := b.Contract(customer)
		if customer == "" || !known || !Redistributes(contract) {
			continue
		}
		for _, bill := range billsOf(mine) {
			p := &pledge{
				commitment: of, bill: bill.payer, owner: account, customer: customer, contract: contract,
			}
			p.open(bill.holdings)
			err := p.judge()
			if err != nil {
				return nil, err
			}
			list = append(list, p.entries()...)
		}
	}
	SortTransfers(list)
	return list, CheckTransfers(list)
}

// Spends says whether a charge is spending, use or fee: credits and taxes pass
// by rules of their own, partner discounts are our margin.
func Spends(g charge.Group) bool {
	bought := g.Category == charge.CategoryUsage || g.Category == charge.CategoryPurchase
	return bought && g.Class != charge.ClassPartnerDiscount
}

// OnDemand is what a charge would have cost without its commitment: the list
// price of what was used, or, where the provider gives none, what it billed
// before its negation.
func OnDemand(g charge.Group) decimal.Decimal {
	switch {
	case !used(g):
		return money.Zero
	case !g.List.IsZero():
		return g.List
	default:
		return decimal.Max(g.Billed, money.Zero)
	}
}

// payerKey is what a provider bills, in one currency.
type payerKey struct {
	account  string
	currency money.Currency
}

type payerBill struct {
	payer    payerKey
	holdings []Holding
}

func billsOf(holdings []Holding) []payerBill {
	var bills []payerBill
	for _, h := range holdings {
		key := payerKey{h.BillingAccount, h.Currency}
		at := slices.IndexFunc(bills, func(b payerBill) bool { return b.payer == key })
		if at < 0 {
			at = len(bills)
			bills = append(bills, payerBill{payer: key})
		}
		bills[at].holdings = append(bills[at].holdings, h)
	}
	return bills
}

// unitKey is who used or paid a commitment, and for which service.
type unitKey struct {
	account, customer, code, service string
	category                         charge.Category
	issuer, entity                   string
}

// unit is what one account used of a commitment and was billed for it, and what
// the policy moves to it.
type unit struct {
	key                         unitKey
	name                        string
	demand                      decimal.Decimal
	billed, effective           decimal.Decimal
	movedBilled, movedEffective decimal.Decimal
}

// pledge is one commitment on one payer's bill, on its way through a policy.
type pledge struct {
	commitment      Commitment
	bill            payerKey
	owner, customer string
	contract        party.Contract
	units           []*unit
	byKey           map[unitKey]*unit
	kept, keptEff   decimal.Decimal
}

func (p *pledge) open(holdings []Holding) {
	p.byKey = map[unitKey]*unit{}
	for _, h := range holdings {
		one := p.unit(unitKey{
			h.SubAccount,
			h.Customer,
			h.ServiceCode,
			serviceOf(h.Group),
			h.Category,
			h.InvoiceIssuer,
			h.BillingEntity,
		}, h.ServiceName)
		one.demand = one.demand.Add(OnDemand(h.Group))
		one.billed = one.billed.Add(h.Billed)
		one.effective = one.effective.Add(h.Effective)
	}
	slices.SortFunc(p.units, func(a, b *unit) int {
		return cmp.Or(cmp.Compare(a.key.account, b.key.account), cmp.Compare(a.key.customer, b.key.customer),
			cmp.Compare(a.key.service, b.key.service), cmp.Compare(a.key.category, b.key.category),
			cmp.Compare(a.key.issuer, b.key.issuer), cmp.Compare(a.key.entity, b.key.entity))
	})
}

func (p *pledge) unit(key unitKey, name string) *unit {
	one := p.byKey[key]
	if one == nil {
		one = &unit{key: key}
		p.byKey[key] = one
		p.units = append(p.units, one)
	}
	one.name = max(one.name, name)
	return one
}

func (p *pledge) judge() error {
	switch p.contract.BenefitPolicy {
	case BenefitOwnerOnly:
		p.chargeOthers(func(u *unit) bool { return u.key.account == p.owner && u.key.customer == p.customer })
		return nil
	case BenefitPooled:
		return p.pool()
	default:
		return p.keep()
	}
}

// chargeOthers lets everybody else pay what its use would have cost. What they
// pay more, or less, is the owner's, on the same service.
func (p *pledge) chargeOthers(own func(*unit) bool) {
	for _, u := range slices.Clone(p.units) {
		if own(u) {
			continue
		}
		mirror := u.key
		mirror.account, mirror.customer = p.owner, p.customer
		owner := p.unit(mirror, u.name)
		u.move(u.demand.Sub(u.billed), u.demand.Sub(u.effective))
		owner.move(u.billed.Sub(u.demand), u.effective.Sub(u.demand))
	}
}

// pool lets the customer's own accounts share what is left of the cost in
// proportion to their use. Where none of them used it, it stays with the owner.
func (p *pledge) pool() error {
	own := func(u *unit) bool { return u.key.customer == p.customer }
	var mine []*unit
	var weights []decimal.Decimal
	billed, effective := money.Zero, money.Zero
	for _, u := range p.units {
		if own(u) {
			mine, weights = append(mine, u), append(weights, decimal.Max(u.demand, money.Zero))
			billed, effective = billed.Add(u.billed), effective.Add(u.effective)
		} else {
			billed, effective = billed.Add(u.billed).Sub(u.demand), effective.Add(u.effective).Sub(u.demand)
		}
	}
	if money.Sum(weights...).IsZero() {
		p.chargeOthers(own)
		return nil
	}
	for _, u := range p.units {
		if !own(u) {
			u.move(u.demand.Sub(u.billed), u.demand.Sub(u.effective))
		}
	}
	return divide(mine, weights, billed, effective, func(u *unit, b, e decimal.Decimal) {
		u.move(b.Sub(u.billed), e.Sub(u.effective))
	})
}

// keep takes our part of what was saved from those who saved, in proportion to
// their use. A commitment that saved nothing leaves nothing to keep.
func (p *pledge) keep() error {
	demand, billed, effective := money.Zero, money.Zero, money.Zero
	var users []*unit
	var weights []decimal.Decimal
	for _, u := range p.units {
		demand, billed, effective = demand.Add(u.demand), billed.Add(u.billed), effective.Add(u.effective)
		if u.demand.IsPositive() {
			users, weights = append(users, u), append(weights, u.demand)
		}
	}
	if len(users) == 0 {
		return nil
	}
	part := func(cost decimal.Decimal) decimal.Decimal {
		return money.Percent(decimal.Max(demand.Sub(cost), money.Zero), p.contract.BenefitShare)
	}
	p.kept, p.keptEff = part(billed), part(effective)
	return divide(users, weights, p.kept, p.keptEff, (*unit).move)
}

func divide(
	units []*unit, weights []decimal.Decimal, billed, effective decimal.Decimal,
	give func(*unit, decimal.Decimal, decimal.Decimal),
) error {
	ofBilled, err := money.Split(billed, weights, transferPlaces)
	if err != nil {
		return err
	}
	ofEffective, err := money.Split(effective, weights, transferPlaces)
	if err != nil {
		return err
	}
	for i, u := range units {
		give(u, ofBilled[i], ofEffective[i])
	}
	return nil
}

func (u *unit) move(billed, effective decimal.Decimal) {
	u.movedBilled, u.movedEffective = u.movedBilled.Add(billed), u.movedEffective.Add(effective)
}

// entries lists what moved. What the reseller keeps stands on the retained side.
func (p *pledge) entries() []Transfer {
	var list []Transfer
	for _, u := range p.units {
		if u.movedBilled.IsZero() && u.movedEffective.IsZero() {
			continue
		}
		one := p.entry(sideOf(u.key.customer), u.key.customer, u.key.account)
		one.ServiceCode, one.ServiceName, one.Category = u.key.code, u.name, u.key.category
		one.InvoiceIssuer, one.BillingEntity = u.key.issuer, u.key.entity
		one.Billed, one.Effective = u.movedBilled, u.movedEffective
		if one.Side == SideUnassigned && !one.Billed.IsZero() {
			one.Rows = 1
		}
		list = append(list, one)
	}
	if !p.kept.IsZero() || !p.keptEff.IsZero() {
		one := p.entry(SideRetained, p.customer, p.owner)
		one.Category = charge.CategoryAdjustment
		one.Billed, one.Effective = p.kept.Neg(), p.keptEff.Neg()
		list = append(list, one)
	}
	return list
}

func (p *pledge) entry(side Side, customer, account string) Transfer {
	return Transfer{
		Kind: TransferBenefit, Rule: p.contract.BenefitPolicy, Provider: p.commitment.Provider,
		BillingAccount: p.bill.account, Currency: p.bill.currency, Side: side, Customer: customer,
		SubAccount: account, UsageType: CommitmentName(p.commitment.ID), CommitmentID: p.commitment.ID,
	}
}

// CommitmentName is what a document calls a commitment: of an ARN the part
// after the account, since that may be another customer's.
func CommitmentName(id string) string {
	if fields := strings.SplitN(id, ":", accountOfARN+2); fields[0] == "arn" &&
		len(fields) == accountOfARN+2 {
		return fields[accountOfARN+1]
	}
	return id
}
