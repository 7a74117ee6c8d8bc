package credit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// The choices of an adjustment's repeat column. Empty is once.
const (
	RepeatOnce        = "once"
	RepeatMonthly     = "monthly"
	repeatInstalments = "instalments:"
)

// The kinds of adjustments.
const (
	KindFlat    = "flat"
	KindPercent = "percent"
)

// instalmentsMax bounds how long a plan may run: ten years.
const instalmentsMax = 120

// DueAdjustment is an adjustment as it falls due in one month: its value is
// that month's part, its month is that month, and it does not repeat, so that
// asking again of what is due gives the same.
type DueAdjustment struct {
	Adjustment
	Note string // instalment 2 of 3, monthly since 2026-08, or empty
}

// Due lists the adjustments that fall due in a month, in the order given.
func Due(adjustments []Adjustment, month period.Month) ([]DueAdjustment, error) {
	var due []DueAdjustment
	for _, adjustment := range adjustments {
		one, falls, err := adjustment.inMonth(month)
		if err != nil {
			return nil, err
		}
		if falls {
			due = append(due, one)
		}
	}
	return due, nil
}

func (a Adjustment) inMonth(month period.Month) (DueAdjustment, bool, error) {
	turn := month.Sub(a.Month) // 0 in the first month
	once := a
	once.Month, once.Repeat, once.To = month, RepeatOnce, period.Month{}

	count, isPlan := strings.CutPrefix(a.Repeat, repeatInstalments)
	switch {
	case a.Repeat == "" || a.Repeat == RepeatOnce:
		return DueAdjustment{Adjustment: once}, turn == 0, nil
	case a.Repeat == RepeatMonthly:
		falls := turn >= 0 && (a.To.IsZero() || !month.After(a.To))
		return DueAdjustment{once, "monthly since " + a.Month.String()}, falls, nil
	case !isPlan:
		return DueAdjustment{}, false, a.refused(
			fmt.Sprintf("repeat %q is not once, monthly or instalments:N", a.Repeat),
		)
	}

	parts, err := strconv.Atoi(count)
	if err != nil || parts < 1 || parts > instalmentsMax || a.Kind == KindPercent {
		return DueAdjustment{}, false, a.refused(fmt.Sprintf("a %s cannot be paid in %q", a.Kind, a.Repeat))
	}
	if turn < 0 || turn >= parts {
		return DueAdjustment{}, false, nil
	}
	once.Value = Instalments(a.Value, parts, a.Currency)[turn]
	return DueAdjustment{once, fmt.Sprintf("instalment %d of %d", turn+1, parts)}, true, nil
}

// InInstalments says whether the value is cut into parts.
func (a Adjustment) InInstalments() bool { return strings.HasPrefix(a.Repeat, repeatInstalments) }

// Instalments cuts a value into equal parts, each truncated toward zero to the
// currency's smallest unit, or finer where the value itself is written finer.
// The remaining units go one each to the earliest, so that the parts sum to the
// value: -100.00 in three is -33.34, -33.33, -33.33 (ruling R-19).
func Instalments(value decimal.Decimal, count int, currency money.Currency) []decimal.Decimal {
	places := currency.Places()
	if written := -value.Exponent(); written > places {
		places = written
	}
	shares := make([]decimal.Decimal, count)
	for i := range shares {
		shares[i] = decimal.NewFromInt(1)
	}
	parts, err := money.Split(value, shares, places)
	if err != nil { // count is zero: nothing to cut
		return nil
	}
	return parts
}

// Check refuses an adjustment that nobody, or only its own author, approved,
// or whose words the close does not know.
func (a Adjustment) Check() error {
	switch {
	case a.Approver == "" || a.Approver == a.Author:
		return a.refused("it has no approver other than its author")
	case a.Kind != KindFlat && a.Kind != KindPercent:
		return a.refused(fmt.Sprintf("kind %q is not flat or percent", a.Kind))
	}
	switch a.Stage {
	case StageBeforeDiscount, StageAfterDiscount, StageAfterTax:
		return nil
	default:
		return a.refused(
			fmt.Sprintf("stage %q is not before-discount, after-discount or after-tax", string(a.Stage)),
		)
	}
}

func (a Adjustment) refused(why string) error {
	return &fault.Error{
		Code:  fault.AdjustmentTerm,
		Place: fault.Place{File: "adjustments"},
		What:  fmt.Sprintf("adjustment %s cannot be carried out: %s", a.ID, why),
		Cure:  "correct it in the adjustments sheet, then retry the parked customer",
	}
}
