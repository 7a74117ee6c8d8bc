package invoice

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Verify recomputes from its own lines all that a snapshot claims: before it is
// written and after it is read. It trusts no total. A snapshot that does not
// add up stops the close, since something is wrong with the program or the store.
func Verify(s Snapshot) error {
	checks := []func(Snapshot) error{
		verifyHead, verifyLines, verifySources, verifyRounding, verifyTaxes, verifyUses, verifyTotal,
	}
	if s.IsQuarter() {
		checks = []func(Snapshot) error{verifyHead, verifyMonths, verifyQuarterTaxes, verifyTotal}
	}
	for _, check := range checks {
		err := check(s)
		if err != nil {
			return &fault.Error{
				Code: fault.Conservation,
				Err:  err,
				What: fmt.Sprintf("the document of %s for %s %s does not add up", s.Customer.Code,
					s.Provider, s.Month),
				Cure: "stop, keep the draft and report this: no figure of it may go out",
			}
		}
	}
	return nil
}

func verifyHead(s Snapshot) error {
	switch {
	case s.Schema != SchemaCurrent:
		return fmt.Errorf("schema %d is not %d", s.Schema, SchemaCurrent)
	case s.Month.IsZero():
		return fmt.Errorf("it has no month")
	case s.Kind != KindInvoice && s.Kind != KindNote:
		return fmt.Errorf("kind %q is unknown", string(s.Kind))
	case (s.Kind == KindNote) != (s.Corrects != ""):
		return fmt.Errorf("a %s corrects %q", s.Kind, s.Corrects)
	case s.Deferred && (s.Number != "" || s.IsQuarter()):
		return fmt.Errorf("a deferred month is %q with %d months", s.Number, len(s.Months))
	}
	return nil
}

// verifyLines walks every line's chain.
func verifyLines(s Snapshot) error {
	rates := map[money.Currency]tax.Conversion{}
	for _, source := range s.Sources {
		rates[source.Currency] = tax.Conversion{Value: source.Rate, Per: source.Per}
	}
	for i, l := range s.Lines {
		if l.Position != i+1 {
			return fmt.Errorf("line %d stands at position %d", l.Position, i+1)
		}
		rate, known := rates[l.Source]
		if !known {
			return fmt.Errorf("line %d is in %s, which is no source", l.Position, l.Source)
		}
		err := verifyChain(s, l, rate)
		if err != nil {
			return fmt.Errorf("line %d: %w", l.Position, err)
		}
	}
	return nil
}

func verifyChain(s Snapshot, l Line, rate tax.Conversion) error {
	if len(l.Steps) == 0 || l.Steps[0].Name != StepBilled || !l.Steps[0].Delta.Equal(l.Billed) {
		return fmt.Errorf("its chain does not begin with the billed cost %s", l.Billed)
	}
	running, net, place := decimal.Zero, decimal.Zero, 0
	currency := l.Source
	for _, step := range l.Steps {
		order, known := stepOrder[step.Name]
		if !known || order < place {
			return fmt.Errorf("step %s is out of order", step.Name)
		}
		place = order
		if step.Name == StepCurrency {
			if !step.Delta.Equal(rate.Convert(running)) {
				return fmt.Errorf("%s %s is not %s", running, l.Source, step.Delta)
			}
			running, currency = decimal.Zero, s.Currency
		}
		running = running.Add(step.Delta)
		if !running.Equal(step.After) || step.Currency != currency {
			return fmt.Errorf("step %s leaves %s %s, not %s", step.Name, running, currency, step.After)
		}
		if order < stepOrder[StepCurrency] {
			net = running
		}
	}
	switch {
	case currency != s.Currency:
		return fmt.Errorf("it was never turned over into %s", s.Currency)
	case !net.Equal(l.Net):
		return fmt.Errorf("its net is %s, not %s", net, l.Net)
	case !running.Equal(l.Amount):
		return fmt.Errorf("its chain ends at %s, not %s", running, l.Amount)
	}
	return nil
}

func verifySources(s Snapshot) error {
	for _, source := range s.Sources {
		var billed, net decimal.Decimal
		for _, l := range s.Lines {
			if l.Source == source.Currency {
				billed, net = billed.Add(l.Billed), net.Add(l.Net)
			}
		}
		rate := tax.Conversion{Value: source.Rate, Per: source.Per}
		switch {
		case !billed.Equal(source.Billed):
			return fmt.Errorf("%s billed is %s, not %s", source.Currency, billed, source.Billed)
		case !net.Equal(source.Net):
			return fmt.Errorf("%s net is %s, not %s", source.Currency, net, source.Net)
		case !rate.Convert(net).Equal(source.Converted):
			return fmt.Errorf("%s %s at %s is not %s", net, source.Currency, source.Rate, source.Converted)
		}
	}
	return nil
}

// verifyRounding rounds again, by the terms that the snapshot carries.
func verifyRounding(s Snapshot) error {
	places := s.Currency.Places()
	err := s.Rounding.check(places)
	if err != nil {
		return err
	}
	lines := make([]*line, len(s.Lines))
	for i, l := range s.Lines {
		exact := l.Amount
		if last := l.Steps[len(l.Steps)-1]; last.Name == StepRounding {
			exact = exact.Sub(last.Delta)
		}
		lines[i] = &line{running: exact, net: l.Amount, key: lineKey{service: l.Service}}
	}
	for _, part := range roundingParts(lines, s.Rounding.Point) {
		exact := make([]decimal.Decimal, len(part))
		for i, l := range part {
			exact[i] = l.running
		}
		rounded, err := Apportion(exact, s.Rounding, places)
		if err != nil {
			return err
		}
		for i, l := range part {
			if !rounded[i].Equal(l.net) {
				return fmt.Errorf("%s %s is rounded to %s, not %s", l.running, s.Currency, l.net, rounded[i])
			}
		}
	}
	return nil
}

// verifyTaxes taxes again: every line in one category, one rounding each.
func verifyTaxes(s Snapshot) error {
	left := make(map[tax.Category]decimal.Decimal)
	for _, l := range s.Lines {
		left[l.TaxCategory] = left[l.TaxCategory].Add(l.Amount)
	}
	for _, t := range s.Taxes {
		base, present := left[t.Category]
		if !present || !base.Equal(t.Base) {
			return fmt.Errorf("%s base is %s, not %s", t.Category, base, t.Base)
		}
		delete(left, t.Category)
		owed, err := tax.Of(t.Base, t.Rate, s.TaxRounding, s.Currency)
		if err != nil {
			return err
		}
		if !owed.Equal(t.Tax) || t.Category != tax.Taxable && t.Category != tax.Reduced && !t.Tax.IsZero() {
			return fmt.Errorf("%s tax of %s %% on %s is %s, not %s", t.Category, t.Rate, t.Base, owed, t.Tax)
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%d tax categories have lines and no total", len(left))
	}
	return nil
}

// verifyUses compares what the credit and adjustment sections say with what
// the lines' steps did.
func verifyUses(s Snapshot) error {
	done := map[useKey]decimal.Decimal{}
	for _, l := range s.Lines {
		for _, step := range l.Steps {
			switch step.Name {
			case StepCredit, StepInvoiceCredit:
				key := useKey{"credit " + step.Rule, step.Currency}
				done[key] = done[key].Sub(step.Delta)
			case StepAdjustmentBefore, StepAdjustmentAfter, StepInvoiceAdjust:
				key := useKey{"adjustment " + step.Rule, step.Currency}
				done[key] = done[key].Add(step.Delta)
			case StepFee:
				key := useKey{"fee " + step.Rule, step.Currency}
				done[key] = done[key].Add(step.Delta)
			case StepPooled:
				key := useKey{"pooled provider credits", step.Currency}
				done[key] = done[key].Add(step.Delta)
			case StepBilled,
				StepRetained,
				StepBenefit,
				StepBasis,
				StepPrice,
				StepShared,
				StepCurrency,
				StepRounding:
			}
		}
	}
	for _, use := range s.Credits {
		key := useKey{"credit " + use.ID, use.Currency}
		if !use.Used.IsPositive() || use.Remaining.IsNegative() || !done[key].Equal(use.Used) {
			return fmt.Errorf("credit %s says %s used and %s left, the lines say %s",
				use.ID, use.Used, use.Remaining, done[key])
		}
		delete(done, key)
	}
	for _, use := range s.Adjustments {
		key := useKey{"adjustment " + use.ID, use.Currency}
		if use.Stage == string(credit.StageAfterTax) {
			continue
		}
		if !done[key].Equal(use.Amount) {
			return fmt.Errorf("adjustment %s says %s, the lines say %s", use.ID, use.Amount, done[key])
		}
		delete(done, key)
	}
	err := verifyFees(s.Fees, done)
	if err != nil {
		return err
	}
	for key, amount := range done {
		if !amount.IsZero() {
			return fmt.Errorf("%s did %s %s and is not listed", key.id, amount, key.currency)
		}
	}
	return nil
}

// verifyFees takes off what the fees' section explains, and works the savings
// fees out again from their evidence.
func verifyFees(fees []FeeUse, done map[useKey]decimal.Decimal) error {
	for _, use := range fees {
		key := useKey{"fee " + use.ID, use.Currency}
		done[key] = done[key].Sub(use.Amount)
		if use.Kind != string(pricing.FeeSavings) {
			continue
		}
		amount, carry := (pricing.Fee{Rate: use.Rate}).Share(use.Savings, use.CarriedIn)
		if !amount.Equal(use.Amount) || !carry.Equal(use.CarriedOut) {
			return fmt.Errorf("savings fee %s says %s and carries %s, its evidence %s and %s",
				use.ID, use.Amount, use.CarriedOut, amount, carry)
		}
	}
	return nil
}

func verifyTotal(s Snapshot) error {
	switch {
	case !s.Supply.Equal(s.supply()):
		return fmt.Errorf("the supply value is %s, the lines sum to %s", s.Supply, s.supply())
	case !s.Tax.Equal(s.taxed()):
		return fmt.Errorf("the tax is %s, its categories sum to %s", s.Tax, s.taxed())
	case !s.AfterTax.Equal(s.afterTax()):
		return fmt.Errorf("what follows the tax is %s, its adjustments sum to %s", s.AfterTax, s.afterTax())
	case !s.Total.Equal(money.Sum(s.Supply, s.Tax, s.AfterTax)):
		return fmt.Errorf("the total is %s, its parts sum to %s", s.Total,
			money.Sum(s.Supply, s.Tax, s.AfterTax))
	}
	return nil
}

// agree checks a new snapshot, and that its lines bear exactly the cost that was
// assigned to it, currency by currency: as billed, and as moved by benefit
// policies and shared costs.
func agree(s Snapshot, shares []Share) error {
	err := Verify(s)
	if err != nil {
		return err
	}
	left := map[money.Currency]decimal.Decimal{}
	for _, share := range shares {
		left[share.Currency] = left[share.Currency].Add(share.Assigned)
	}
	for _, l := range s.Lines {
		for _, step := range l.Steps {
			switch step.Name { //nolint:exhaustive // the steps that move the provider's cost
			case StepBilled, StepBenefit, StepShared:
				left[l.Source] = left[l.Source].Sub(step.Delta)
			}
		}
	}
	for _, currency := range sortedCurrencies(left) {
		if !left[currency].IsZero() {
			return fault.New(
				fault.Conservation,
				fmt.Sprintf("%s %s of the cost assigned to %s is on no line", left[currency], currency,
					s.Customer.Code),
				"stop, keep the draft and report this: no figure of it may go out",
			)
		}
	}
	return nil
}
