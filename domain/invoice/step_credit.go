package invoice

import (
	"fmt"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
)

// applyCredits uses the credits that are in a source currency on the lines of
// that currency. Each currency is a ledger of its own, in its own order.
func applyCredits(b *bill) error {
	ledger := credit.Ledger(b.in.Credits, b.in.Provider, b.in.Month)
	for _, source := range b.sources {
		var mine []credit.Credit
		for _, one := range ledger {
			if one.Currency == "" && len(b.sources) > 1 {
				return ambiguousCredit(one, len(b.sources))
			}
			if !b.late(one) && (one.Currency == "" || one.Currency == source) {
				mine = append(mine, one)
			}
		}
		b.use(mine, source, StepCredit)
	}
	return nil
}

// applyInvoiceCredits uses the credits that are in the document's currency,
// once its lines are.
func applyInvoiceCredits(b *bill) error {
	var mine []credit.Credit
	for _, one := range credit.Ledger(b.in.Credits, b.in.Provider, b.in.Month) {
		if b.late(one) {
			mine = append(mine, one)
		}
	}
	b.use(mine, b.in.Customer.Currency, StepInvoiceCredit)
	return nil
}

// late says whether a credit waits for the conversion.
func (b *bill) late(one credit.Credit) bool {
	return one.Currency == b.in.Customer.Currency && b.foreign()
}

// use applies credits to the lines that are now in a currency and books them.
func (b *bill) use(ledger []credit.Credit, currency money.Currency, name StepName) {
	var touched []*line
	var charges []credit.Charge
	room := money.Zero
	for _, l := range b.lines {
		if l.currency == currency {
			touched, charges = append(touched, l), append(charges, l.charge())
			room = room.Add(l.running)
		}
	}
	uses := credit.Apply(ledger, charges, room)
	if currency == b.in.Customer.Currency {
		uses = credit.ApplyWhole(ledger, charges, room, currency)
	}
	for turn, use := range uses {
		for i, part := range use.Parts {
			touched[i].add(name, use.Credit.ID, turn, currency, part.Neg())
		}
		b.snapshot.Credits = append(b.snapshot.Credits, CreditUse{
			ID: use.Credit.ID, Reason: use.Credit.Reason, Currency: currency,
			Used: use.Used, Remaining: use.Remaining, Expires: use.Credit.Valid.To,
		})
	}
}

func ambiguousCredit(one credit.Credit, currencies int) error {
	return &fault.Error{
		Code:  fault.CreditTerm,
		Place: fault.Place{File: "credits"},
		What:  fmt.Sprintf("credit %s names no currency and the bill has %d", one.ID, currencies),
		Cure:  "name its currency in the credits sheet, then retry the parked customer",
	}
}
