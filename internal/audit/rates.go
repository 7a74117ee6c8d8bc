package audit

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// baseRate is the listing that a contract means which names none (매매기준율).
const baseRate = "매매기준율"

// rate is one exchange rate: so many units of a source currency cost value.
type rate struct {
	value           *big.Rat
	per             string
	kind, rule, day string
}

func (r rate) String() string {
	if r.value == nil {
		return "none is listed"
	}
	return strings.TrimSpace(fmt.Sprintf("%s per %s, %s %s %s", text(r.value), r.per, r.kind, r.rule, r.day))
}

// of turns an amount over.
func (r rate) of(amount *big.Rat) *big.Rat {
	per, known := new(big.Rat).SetString(r.per)
	if r.value == nil || !known || per.Sign() == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Quo(times(amount, r.value), per)
}

// rateOf is the rate that a contract's rule asks for (docs/spec/07).
func (in *inspection) rateOf(contract row, from, to string, sheet func(string) []row) rate {
	found := rate{rule: contract.or("fx_rule", "month-end"), kind: contract.or("fx_type", baseRate)}
	if from == to {
		found.value, found.per = big.NewRat(1, 1), "1"
		return found
	}
	first, err := time.Parse("2006-01", in.month)
	if err != nil {
		return found
	}
	average := found.rule == "month-average"
	switch number, fixed := strings.CutPrefix(found.rule, "day:"); {
	case fixed:
		n, _ := strconv.Atoi(number) // what is no number is no listing's day
		found.day = first.AddDate(0, 0, n-1).Format(time.DateOnly)
	case average:
		found.day = first.AddDate(0, 1, -1).Format(time.DateOnly)
	default:
		found.day = lastBusinessDay(first, sheet("holidays"))
	}
	listed := map[string]*big.Rat{}
	for _, r := range sheet("rates") {
		pair := r["base"] == from && r["quote"] == to && r.or("type", baseRate) == found.kind
		if pair && (r["date"] == found.day || average && strings.HasPrefix(r["date"], in.month)) {
			found.per = text(in.amount("rate of "+from, r.or("per", "1")))
			listed[r["date"]] = in.number(r, "value")
		}
	}
	if len(listed) == 0 {
		return found
	}
	sum := new(big.Rat)
	for _, value := range listed {
		sum.Add(sum, value)
	}
	found.value = sum.Quo(sum, big.NewRat(int64(len(listed)), 1))
	if average {
		found.value = in.rounded("average of "+from, found.value, "half-up", big.NewRat(1, 10000))
	}
	return found
}

// lastBusinessDay is a month's last day that is no Saturday, Sunday or holiday.
func lastBusinessDay(first time.Time, holidays []row) string {
	last := first.AddDate(0, 1, -1)
	for day := last; !day.Before(first); day = day.AddDate(0, 0, -1) {
		date := day.Format(time.DateOnly)
		closed := slices.ContainsFunc(holidays, func(r row) bool { return r["date"] == date })
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !closed {
			return date
		}
	}
	return last.Format(time.DateOnly)
}
