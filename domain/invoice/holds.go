package invoice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Hold is a reason why a person must look before a document may go out.
type Hold struct {
	Code   HoldCode
	Reason string
}

// HoldCode names one kind of hold; the thresholds sheet sets some by name.
type HoldCode string

// The holds that need no threshold, and those that the sheet sets.
const (
	HoldNegativeTotal HoldCode = "negative-total"
	HoldNoContacts    HoldCode = "no-contacts"
	HoldTNumber       HoldCode = "t-number"
	HoldThreshold     HoldCode = "threshold"

	HoldJump         HoldCode = "jump"          // per cent of last month's total, up or down
	HoldJumpFloor    HoldCode = "jump-floor"    // a difference up to this sum is no jump
	HoldTotalMax     HoldCode = "total-max"     // in the document's currency
	HoldFirstInvoice HoldCode = "first-invoice" // 1: hold a customer's first document
)

// Threshold is one row of the thresholds sheet.
type Threshold struct {
	Customer string // or *
	Hold     HoldCode
	Value    decimal.Decimal
}

// Facts is what a hold must know beside the draft.
type Facts struct {
	Contacts   int // who would receive the document by mail
	Thresholds []Threshold
}

// Holds lists why a draft must wait for a person, in a fixed order. A threshold
// that names no hold we know holds every draft it concerns: a misspelt rule
// must not become no rule.
func Holds(draft Draft, facts Facts) []Hold {
	s := draft.Snapshot
	var holds []Hold
	hold := func(code HoldCode, format string, args ...any) {
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

	limits := limitsOf(s.Customer.Code, facts.Thresholds)
	if limit, set := limits[HoldTotalMax]; set && s.Total.Abs().Cmp(limit) > 0 {
		hold(HoldTotalMax, "the total %s is above %s", total, amountText(limit, s.Currency))
	}
	previous, known := s.previousTotal()
	if limit, set := limits[HoldFirstInvoice]; set && !limit.IsZero() && !known {
		hold(HoldFirstInvoice, "there is no total of %s to compare with", s.Month.Add(-1))
	}
	if limit, set := limits[HoldJump]; set && known && jumps(s.Total, previous, limit, limits[HoldJumpFloor]) {
		hold(HoldJump, "the total %s differs from last month's %s by more than %s %%",
			total, amountText(previous, s.Currency), money.Text(limit))
	}
	if unknown := unknownThresholds(s.Customer.Code, facts.Thresholds); len(unknown) > 0 {
		hold(HoldThreshold, "the thresholds sheet names %s, which is no hold", strings.Join(unknown, ", "))
	}
	return holds
}

// jumps says whether the total moved by more than per cent of the previous one.
func jumps(total, previous, percent, floor decimal.Decimal) bool {
	moved := total.Sub(previous).Abs()
	return moved.Cmp(floor) > 0 && moved.Cmp(money.Percent(previous.Abs(), percent)) > 0
}

// previousTotal is last month's, where the history has it.
func (s Snapshot) previousTotal() (decimal.Decimal, bool) {
	for _, month := range s.History {
		if month.Month == s.Month.Add(-1) {
			return month.Total, true
		}
	}
	return decimal.Zero, false
}

// limitsOf picks a customer's thresholds: its own row beats the one for all.
func limitsOf(customer string, thresholds []Threshold) map[HoldCode]decimal.Decimal {
	limits := map[HoldCode]decimal.Decimal{}
	for _, scope := range []string{"*", customer} {
		for _, threshold := range thresholds {
			if threshold.Customer == scope {
				limits[threshold.Hold] = threshold.Value
			}
		}
	}
	return limits
}

// KnownHold says whether the thresholds sheet may set a hold of this name.
func KnownHold(code HoldCode) bool {
	switch code {
	case HoldJump, HoldJumpFloor, HoldTotalMax, HoldFirstInvoice:
		return true
	case HoldNegativeTotal, HoldNoContacts, HoldTNumber, HoldThreshold:
		return false
	default:
		return false
	}
}

func unknownThresholds(customer string, thresholds []Threshold) []string {
	var unknown []string
	for _, threshold := range thresholds {
		concerns := threshold.Customer == "*" || threshold.Customer == customer
		if concerns && !KnownHold(threshold.Hold) {
			unknown = append(unknown, fmt.Sprintf("%q", string(threshold.Hold)))
		}
	}
	slices.Sort(unknown)
	return slices.Compact(unknown)
}

func amountText(amount decimal.Decimal, currency money.Currency) string {
	return money.Grouped(amount, currency.Places()) + " " + string(currency)
}
