package closing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// CreditReturn asks for credits back that a final document used.
type CreditReturn struct {
	InvoiceID  int64
	Amounts    map[string]decimal.Decimal // per credit; nil is all that the document holds
	By, Reason string                     // a code of the people sheet, and why
}

// CreditGiven is what a document gives back of one credit. Month is the
// document's, so that the month's uses and returns net out.
type CreditGiven struct {
	Credit   string
	Month    period.Month
	Currency money.Currency
	Amount   decimal.Decimal
}

// Given says what comes back of what the document holds, in its order. More
// than it holds is refused, and so is a return that nobody can explain.
func (r CreditReturn) Given(held []CreditGiven) ([]CreditGiven, error) {
	if r.By == "" || r.Reason == "" {
		return nil, fault.New(fault.CreditTerm, "a return of credits names who and why", "name both")
	}
	if r.Amounts == nil {
		return held, nil
	}
	var given []CreditGiven
	known := 0
	for _, one := range held {
		asked, named := r.Amounts[one.Credit]
		if !named {
			continue
		}
		known++
		if !asked.IsPositive() || asked.Cmp(one.Amount) > 0 {
			return nil, fault.New(fault.CreditTerm,
				fmt.Sprintf("the document holds %s %s of credit %s, not %s",
					money.Text(one.Amount), one.Currency, one.Credit, money.Text(asked)),
				"give back more than nothing and at most what it holds")
		}
		one.Amount = asked
		given = append(given, one)
	}
	if known < len(r.Amounts) {
		return nil, fault.New(fault.CreditTerm, "a credit is asked back that the document does not hold",
			"name credits that it used and did not give back yet")
	}
	return given, nil
}
