package invoice

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// FeeUse is one fee as shown on the document, with what it was taken of.
type FeeUse struct {
	ID, Kind, Plan string
	Account        string // empty where it is the customer's
	Currency       money.Currency
	Base           decimal.Decimal // after the price rules; of a savings fee, what was saved this month
	Rate           decimal.Decimal // per cent; zero where a plan says
	Amount         decimal.Decimal
	CarriedIn      decimal.Decimal // of a savings fee: what earlier months left to make up for, zero or below
	CarriedOut     decimal.Decimal
	Savings        []pricing.Saving `json:",omitempty"` // the evidence
}

// addFees charges what the contract charges beside the provider's cost. Each fee
// stands on lines of its own, one per account where it is taken per account.
func addFees(b *bill) error {
	fees := slices.Clone(b.in.Fees)
	slices.SortStableFunc(fees, func(x, y pricing.Fee) int { return cmp.Compare(x.ID, y.ID) })
	charges := b.own() // no fee is taken of a fee
	for _, fee := range fees {
		if !fee.Valid.Covers(b.in.Month) || fee.Provider != "" && fee.Provider != b.in.Provider {
			continue
		}
		uses, err := b.feeUses(fee, charges)
		if err != nil {
			return err
		}
		for _, use := range uses {
			b.charge(fee, use)
		}
	}
	return nil
}

// feeUses works a fee out, per currency and per account as it asks.
func (b *bill) feeUses(fee pricing.Fee, charges []*item) ([]FeeUse, error) {
	if fee.Kind == pricing.FeeSavings {
		return b.savingsUses(fee, charges), nil
	}
	bases, err := b.feeBases(fee, charges)
	if err != nil {
		return nil, err
	}
	var plan *pricing.Plan
	if fee.Plan != "" {
		table, err := pricing.PlanOf(b.in.Plans, fee.Plan, b.in.Month)
		if err != nil {
			return nil, err
		}
		plan = &table
	}
	var uses []FeeUse
	for _, base := range bases {
		if plan != nil && base.currency != plan.Currency {
			return nil, fee.Refused(
				fmt.Sprintf("plan %s is in %s, the charges in %s", fee.Plan, plan.Currency, base.currency),
			)
		}
		uses = append(uses, FeeUse{
			ID:       fee.ID,
			Kind:     string(fee.Kind),
			Plan:     fee.Plan,
			Account:  base.account,
			Currency: base.currency,
			Base:     base.sum,
			Rate:     fee.Rate,
			Amount:   fee.Of(base.sum, plan),
		})
	}
	return uses, nil
}

// feeBase is what one fee is taken of.
type feeBase struct {
	account  string
	currency money.Currency
	sum      decimal.Decimal
}

// feeBases sums a fee's base. A sum of money, unlike a rate, is owed once: it
// needs one currency, its own or the bill's only one, and it is owed also where
// nothing was used.
func (b *bill) feeBases(fee pricing.Fee, charges []*item) ([]feeBase, error) {
	var bases []feeBase
	for _, one := range charges {
		if !fee.Counts(one.group) {
			continue
		}
		key := feeBase{currency: one.group.Currency}
		if fee.Per == pricing.PoolAccount {
			key.account = one.group.SubAccount
		}
		at := slices.IndexFunc(bases, func(base feeBase) bool {
			return base.account == key.account && base.currency == key.currency
		})
		if at < 0 {
			at = len(bases)
			bases = append(bases, key)
		}
		bases[at].sum = bases[at].sum.Add(one.running)
	}
	slices.SortFunc(bases, func(x, y feeBase) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.currency, y.currency))
	})
	if !fee.IsSum() {
		return bases, nil
	}
	currency := cmp.Or(fee.Currency, b.onlySource())
	if currency == "" {
		return nil, fee.Refused(fmt.Sprintf("it names no currency and the bill has %d", len(b.sources)))
	}
	for _, base := range bases {
		if base.currency != currency {
			return nil, fee.Refused(
				fmt.Sprintf("it is in %s and would be taken of %s too", currency, base.currency),
			)
		}
	}
	if len(bases) == 0 && fee.Per != pricing.PoolAccount {
		bases = []feeBase{{currency: currency}}
	}
	return bases, nil
}

// onlySource is the bill's one source currency; a bill of nothing has the
// document's, one of several has none.
func (b *bill) onlySource() money.Currency {
	switch len(b.sources) {
	case 0:
		return b.in.Customer.Currency
	case 1:
		return b.sources[0]
	default:
		return ""
	}
}

// savingsUses works a savings fee out, per source currency and per currency that
// an earlier month left something to make up for in.
func (b *bill) savingsUses(fee pricing.Fee, charges []*item) []FeeUse {
	currencies := slices.Clone(b.sources)
	for key := range b.in.Carried {
		if key.Fee == fee.ID && !slices.Contains(currencies, key.Currency) {
			currencies = append(currencies, key.Currency) // nothing was used, and it must not be forgotten
		}
	}
	slices.Sort(currencies)
	var uses []FeeUse
	for _, currency := range currencies {
		var groups []charge.Group
		for _, one := range charges {
			if one.group.Currency == currency {
				groups = append(groups, one.group)
			}
		}
		use := FeeUse{
			ID: fee.ID, Kind: string(fee.Kind), Currency: currency, Rate: fee.Rate,
			CarriedIn: b.in.Carried[CarryKey{fee.ID, currency}], Savings: fee.Savings(groups),
		}
		if len(use.Savings) == 0 && use.CarriedIn.IsZero() {
			continue
		}
		for i, one := range use.Savings {
			use.Base = use.Base.Add(one.Saved())
			use.Savings[i].Name = or(b.in.Commitments[one.CommitmentID],
				pricing.CommitmentName(one.CommitmentID))
		}
		use.Amount, use.CarriedOut = fee.Share(use.Savings, use.CarriedIn)
		uses = append(uses, use)
	}
	return uses
}

// Evidenced are the savings fees whose evidence a document shows. One that was
// frozen before commitments had names keeps the pages that it had.
func Evidenced(s Snapshot) []FeeUse {
	var fees []FeeUse
	for _, use := range s.Fees {
		if len(use.Savings) > 0 && use.Savings[0].Name != "" {
			fees = append(fees, use)
		}
	}
	return fees
}

// CarryKey names what a savings fee carries from month to month.
type CarryKey struct {
	Fee      string
	Currency money.Currency
}

// charge puts a fee on a line of its own and lists it.
func (b *bill) charge(fee pricing.Fee, use FeeUse) {
	b.snapshot.Fees = append(b.snapshot.Fees, use)
	if use.Amount.IsZero() {
		return
	}
	own := &item{category: tax.Taxable, group: charge.Group{
		Provider:    b.in.Provider,
		SubAccount:  use.Account,
		Currency:    use.Currency,
		ServiceCode: string(fee.Kind) + "-fee",
		ServiceName: feeName(fee, b.snapshot.Language),
		UsageType:   fee.ID,
		Category:    charge.CategoryAdjustment,
	}}
	own.add(StepBilled, "", 0, decimal.Zero)
	own.add(StepFee, fee.ID, 0, use.Amount)
	b.items = append(b.items, own)
	if !slices.Contains(b.sources, use.Currency) {
		b.sources = append(b.sources, use.Currency)
		slices.Sort(b.sources)
	}
}

// feeNames are what fees are called on a document, by language.
var feeNames = map[pricing.FeeKind]map[string]string{
	pricing.FeeSupport:    {"ko": "기술지원료", "en": "Support fee", "ja": "サポート料金"},
	pricing.FeeManagement: {"ko": "관리료", "en": "Management fee", "ja": "運用管理料金"},
	pricing.FeeSavings:    {"ko": "절감 수수료", "en": "Savings fee", "ja": "削減成果報酬"},
}

func feeName(fee pricing.Fee, language string) string {
	name := or(feeNames[fee.Kind][language], feeNames[fee.Kind]["ko"])
	if fee.Plan != "" {
		name += " (" + fee.Plan + ")"
	}
	return name
}
