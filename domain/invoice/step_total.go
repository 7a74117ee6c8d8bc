package invoice

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/money"
)

// total adds up what is owed. It is computed once, here; everybody else reads
// it or checks it.
func total(b *bill) error {
	b.snapshot.addUp()
	return nil
}

func (s *Snapshot) addUp() {
	s.Supply, s.Tax, s.AfterTax = s.supply(), s.taxed(), s.afterTax()
	s.Total = money.Sum(s.Supply, s.Tax, s.AfterTax)
}

// supply is what the lines come to, and the months of a quarter.
func (s Snapshot) supply() decimal.Decimal {
	sum := decimal.Zero
	for _, l := range s.Lines {
		sum = sum.Add(l.Amount)
	}
	for _, month := range s.Months {
		sum = sum.Add(month.Supply)
	}
	return sum
}

// afterTax is what adjustments outside the supply value come to, of all months.
func (s Snapshot) afterTax() decimal.Decimal {
	sum := decimal.Zero
	for _, use := range s.Adjustments {
		if use.Stage == string(credit.StageAfterTax) {
			sum = sum.Add(use.Amount)
		}
	}
	for _, month := range s.Months {
		sum = sum.Add(month.AfterTax)
	}
	return sum
}

func (s Snapshot) taxed() decimal.Decimal {
	sum := decimal.Zero
	for _, t := range s.Taxes {
		sum = sum.Add(t.Tax)
	}
	return sum
}

// freezeLines numbers the lines, writes every step's running amount and adds
// up the source currencies: from here on the supply value stands.
func freezeLines(b *bill) error {
	for i, l := range b.lines {
		frozen := Line{
			Position: i + 1,
			Account:  l.key.account, AccountName: accountName(b, l.key.account),
			Service: l.key.service, ServiceName: or(l.name, l.key.service),
			UsageType: l.key.usageType, Unit: l.key.unit, Quantity: l.quantity,
			Source: l.key.source, Billed: l.billed, Net: l.net,
			TaxCategory: l.key.category, Amount: l.running,
		}
		after := decimal.Zero
		for _, step := range l.steps {
			if step.Name == StepCurrency {
				after = decimal.Zero
			}
			after = after.Add(step.Delta)
			step.After = after
			frozen.Steps = append(frozen.Steps, step.Step)
		}
		b.snapshot.Lines = append(b.snapshot.Lines, frozen)
	}
	sources, err := sourceTotals(b)
	b.snapshot.Sources = sources
	return err
}

// noAccountNames are what stands in an account's place where a line belongs to
// none: what is shared, a fee or an adjustment for all of the customer.
var noAccountNames = map[string]string{"ko": "계정 공통", "en": "All accounts", "ja": "全アカウント共通"}

// accountName is the customer's own name of an account, or the account again.
func accountName(b *bill, account string) string {
	if account == "" {
		return or(noAccountNames[b.snapshot.Language], noAccountNames["ko"])
	}
	return or(b.in.Accounts[account], account)
}

// usesOf lists what the adjustments inside the supply value came to.
func usesOf(b *bill) []AdjustmentUse {
	var uses []AdjustmentUse
	for _, a := range b.adjustments {
		for _, currency := range sortedCurrencies(b.currenciesUsed(a.ID)) {
			uses = append(uses, AdjustmentUse{
				ID: a.ID, ReasonCode: a.ReasonCode, Reason: a.Reason, Stage: string(a.Stage),
				Currency: currency, Amount: b.uses[useKey{a.ID, currency}],
			})
		}
	}
	slices.SortStableFunc(uses, func(x, y AdjustmentUse) int { return cmp.Compare(x.ID, y.ID) })
	return uses
}

func (b *bill) currenciesUsed(id string) map[money.Currency]bool {
	used := map[money.Currency]bool{}
	for key := range b.uses {
		if key.id == id {
			used[key.currency] = true
		}
	}
	return used
}

func sortedCurrencies[V any](set map[money.Currency]V) []money.Currency {
	sorted := make([]money.Currency, 0, len(set))
	for currency := range set {
		sorted = append(sorted, currency)
	}
	slices.Sort(sorted)
	return sorted
}
