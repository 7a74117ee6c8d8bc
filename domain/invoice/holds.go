package invoice

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/party"
)

// Hold is a reason why a person must look before a document may go out.
type Hold struct {
	Code   string
	Reason string
}

// The holds that need no threshold. Those that do are named like theirs.
const (
	HoldNegativeTotal = "negative-total"
	HoldNoContacts    = "no-contacts"
	HoldTNumber       = "t-number"
)

// medianMonths is how many earlier months a jump is measured against.
const medianMonths = 3

// Facts is what a hold must know beside the draft.
type Facts struct {
	Contacts int // who would receive the document by mail
	// Limit is a threshold by its name in the thresholds sheet, the customer's
	// own before everybody's; false where none is set.
	Limit func(name string) (decimal.Decimal, bool)
}

// Holds lists why a draft must wait for a person, in a fixed order. A document
// below zero (ruling R-17) or with nobody to receive it always waits.
func Holds(draft Draft, facts Facts) []Hold {
	s := draft.Snapshot
	var holds []Hold
	hold := func(code, format string, args ...any) {
		holds = append(holds, Hold{code, fmt.Sprintf(format, args...)})
	}
	total := amountText(s.Total, s.Currency)
	if s.Total.IsNegative() {
		hold(HoldNegativeTotal, "the total %s is below zero", total)
	}
	if facts.Contacts == 0 {
		hold(HoldNoContacts, "nobody is set to receive the document by mail")
	}
	if s.TaxName == "jp-ct" && s.Issuer.TNumber == "" {
		hold(HoldTNumber, "the issuer %s has no T-number and cannot issue a qualified invoice", s.Issuer.Code)
	}
	if facts.Limit == nil {
		return holds
	}
	if limit, set := facts.Limit(party.ThresholdTotalAbove); set && s.Total.Cmp(limit) > 0 {
		hold(party.ThresholdTotalAbove, "the total %s is above %s", total, amountText(limit, s.Currency))
	}
	if limit, set := facts.Limit(party.ThresholdTotalBelow); set && !s.Total.IsNegative() &&
		s.Total.Cmp(limit) < 0 {
		hold(party.ThresholdTotalBelow, "the total %s is below %s", total, amountText(limit, s.Currency))
	}
	// Months are compared with months, also where the document is a quarter's.
	median, known := s.median()
	own := s.Own().Total
	times, set := facts.Limit(party.ThresholdJump)
	if set && known && jumps(own, median, times, facts.Limit) {
		hold(party.ThresholdJump, "the total %s is more than %s times %s, the median of the last months",
			amountText(own, s.Currency), money.Text(times), amountText(median, s.Currency))
	}
	return holds
}

// Bounded refuses a document of more source rows than the threshold allows.
func Bounded(draft Draft, facts Facts) error {
	if facts.Limit == nil {
		return nil
	}
	limit, set := facts.Limit(party.ThresholdLines)
	rows := decimal.Zero
	for _, share := range draft.Shares {
		rows = rows.Add(decimal.NewFromInt(share.Rows))
	}
	if !set || rows.Cmp(limit) <= 0 {
		return nil
	}
	return fault.New(
		fault.Bound,
		fmt.Sprintf("%s source rows are more than %s", rows, limit),
		"look at the delivery; if it is right, raise lines in the thresholds sheet and retry the parked customer",
	)
}

// jumps says whether a total is more than so many times the median, either way,
// and large enough to matter. After months of nothing any sum is a jump.
func jumps(
	total, median, times decimal.Decimal, limit func(string) (decimal.Decimal, bool),
) bool {
	floor, _ := limit(party.ThresholdJumpFloor)
	size := total.Abs()
	return size.Cmp(floor) > 0 && size.Cmp(median.Abs().Mul(times)) > 0
}

// median is that of the totals of the last three months, of as many as there
// are; a first document has none to be compared with.
func (s Snapshot) median() (decimal.Decimal, bool) {
	var totals []decimal.Decimal
	for _, one := range s.History {
		if ago := s.Month.Sub(one.Month); ago >= 1 && ago <= medianMonths {
			totals = append(totals, one.Total)
		}
	}
	if len(totals) == 0 {
		return decimal.Zero, false
	}
	slices.SortFunc(totals, decimal.Decimal.Cmp)
	middle := len(totals) / 2
	if len(totals)%2 == 1 {
		return totals[middle], true
	}
	return money.Percent(totals[middle-1].Add(totals[middle]), decimal.NewFromInt(50)), true
}

func amountText(amount decimal.Decimal, currency money.Currency) string {
	return money.Grouped(amount, currency.Places()) + " " + string(currency)
}
