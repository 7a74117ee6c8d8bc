package tax

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// DefaultFXType is the listing that a contract means when it names none: the
// base rate that Korean banks publish (매매기준율).
const DefaultFXType = "매매기준율"

// The choices of the contract's fx_rule column; the third is "day:25".
const (
	FXMonthEnd     = "month-end"
	FXMonthAverage = "month-average"
	fxDay          = "day:"
)

// averagePlaces is how finely a month's average rate is written.
const averagePlaces = 4

// Request names the rate that a document needs.
type Request struct {
	Month     period.Month
	From, To  money.Currency
	Rule      string // month-end, month-average, day:25; empty is month-end
	Type      string // empty is DefaultFXType
	Holidays  []time.Time
	MonthOver bool // the month has ended: its last listing and its average are known
}

// Conversion is the rate a document is frozen at: Per units of the source cost
// Value of the document's currency.
type Conversion struct {
	Value      decimal.Decimal
	Per        int
	On         time.Time // the listing's day, or the month's last for an average
	Type, Rule string
}

// Convert turns an amount over, exactly: Per is a power of ten, so nothing is
// ever divided and nothing rounded.
func (c Conversion) Convert(amount decimal.Decimal) decimal.Decimal {
	converted := amount.Mul(c.Value)
	if c.Per == 100 {
		return converted.Shift(-2)
	}
	return converted
}

// Find picks the rate that the contract asks for. What is not listed is
// missing: no inverse, no cross rate, and never the rate of another day
// (ruling R-12). A missing rate parks the customer.
func Find(rates []FXRate, want Request) (Conversion, error) {
	if want.Rule == "" {
		want.Rule = FXMonthEnd
	}
	if want.Type == "" {
		want.Type = DefaultFXType
	}
	if want.From == want.To {
		return Conversion{Value: decimal.NewFromInt(1), Per: 1, Rule: want.Rule, Type: want.Type}, nil
	}
	if want.Rule == FXMonthAverage {
		return average(rates, want)
	}
	day, err := want.day()
	if err != nil {
		return Conversion{}, err
	}
	listed, err := want.listed(rates, func(on time.Time) bool { return on.Equal(day) })
	if err != nil {
		return Conversion{}, err
	}
	if len(listed) == 0 {
		return Conversion{}, want.missing("on " + day.Format(time.DateOnly))
	}
	found := listed[0]
	return Conversion{Value: found.Value, Per: found.Per, On: day, Type: want.Type, Rule: want.Rule}, nil
}

// day is the listing day that a rule means.
func (want Request) day() (time.Time, error) {
	if want.Rule == FXMonthEnd {
		if !want.MonthOver {
			return time.Time{}, want.missing("for a month that has not ended")
		}
		return LastBusinessDay(want.Month, want.Holidays), nil
	}
	text, isDay := strings.CutPrefix(want.Rule, fxDay)
	number, err := strconv.Atoi(text)
	if !isDay || err != nil || number < 1 || number > 31 {
		return time.Time{}, fault.New(fault.Contract,
			fmt.Sprintf("exchange rate rule %q is not month-end, month-average or day:N", want.Rule),
			"correct fx_rule in the customers sheet, then retry the parked customer")
	}
	if number > want.Month.Days() {
		return time.Time{}, fault.New(fault.Contract,
			fmt.Sprintf("exchange rate rule %s asks for a day that %s does not have", want.Rule, want.Month),
			"use month-end in the customers sheet, then retry the parked customer")
	}
	return want.Month.Start().AddDate(0, 0, number-1), nil
}

// LastBusinessDay is the last day of a month that is neither a Saturday nor a
// Sunday nor a holiday: the day of its last listing.
func LastBusinessDay(month period.Month, holidays []time.Time) time.Time {
	closed := make(map[string]bool, len(holidays))
	for _, holiday := range holidays {
		closed[holiday.Format(time.DateOnly)] = true
	}
	day := month.LastDay()
	for month.Contains(day) {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend && !closed[day.Format(time.DateOnly)] {
			return day
		}
		day = day.AddDate(0, 0, -1)
	}
	return month.LastDay()
}

// average is the mean of the month's listings, half up to four decimals.
func average(rates []FXRate, want Request) (Conversion, error) {
	if !want.MonthOver {
		return Conversion{}, want.missing("for a month that has not ended")
	}
	listed, err := want.listed(rates, want.Month.Contains)
	if err != nil {
		return Conversion{}, err
	}
	if len(listed) == 0 {
		return Conversion{}, want.missing("in " + want.Month.String())
	}
	sum := decimal.Zero
	for _, rate := range listed {
		if rate.Per != listed[0].Per {
			return Conversion{}, want.refused(fmt.Sprintf("listed per %d on %s and per %d on %s",
				listed[0].Per, listed[0].Date.Format(time.DateOnly), rate.Per,
				rate.Date.Format(time.DateOnly)))
		}
		sum = sum.Add(rate.Value)
	}
	return Conversion{
		Value: money.Quotient(sum, decimal.NewFromInt(int64(len(listed))), averagePlaces),
		Per:   listed[0].Per, On: want.Month.LastDay(), Type: want.Type, Rule: want.Rule,
	}, nil
}

// listed gathers the pair's listings of the wanted type, one per day, in order.
func (want Request) listed(rates []FXRate, on func(time.Time) bool) ([]FXRate, error) {
	var found []FXRate
	for _, rate := range rates {
		rate.Date = dayOf(rate.Date)
		if rate.Base == want.From && rate.Quote == want.To && rate.Type == want.Type && on(rate.Date) {
			found = append(found, rate)
		}
	}
	sort.SliceStable(found, func(a, b int) bool { return found[a].Date.Before(found[b].Date) })

	once := found[:0]
	for _, rate := range found {
		if rate.Per != 1 && rate.Per != 100 || !rate.Value.IsPositive() {
			return nil, want.refused(fmt.Sprintf("%s per %d on %s is no rate",
				rate.Value, rate.Per, rate.Date.Format(time.DateOnly)))
		}
		if len(once) > 0 && once[len(once)-1].Date.Equal(rate.Date) {
			last := once[len(once)-1]
			if !last.Value.Equal(rate.Value) || last.Per != rate.Per {
				return nil, want.refused("two different values on " + rate.Date.Format(time.DateOnly))
			}
			continue
		}
		once = append(once, rate)
	}
	return once, nil
}

func (want Request) missing(when string) error {
	return fault.New(fault.FXMissing,
		fmt.Sprintf("no %s rate %s/%s is listed %s", want.Type, want.From, want.To, when),
		"add it to the rates sheet, then retry the parked customer")
}

func (want Request) refused(why string) error {
	return fault.New(fault.FXMissing,
		fmt.Sprintf("the %s rates %s/%s contradict: %s", want.Type, want.From, want.To, why),
		"correct the rates sheet, then retry the parked customer")
}

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
