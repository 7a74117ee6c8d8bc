package delivery

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// The bounds of watching.
const (
	// SilenceMax is how long a source may send nothing new.
	SilenceMax = 24 * time.Hour
	// RowsFallPercent is by how much of its rows a month may shrink unnoticed.
	// It also tells of a file that was cut where neither it nor a manifest shows it.
	RowsFallPercent = 5
)

// JumpLimits say which change of a total is a jump.
type JumpLimits struct {
	Percent decimal.Decimal // of what was to be expected
	Floor   decimal.Decimal // a smaller difference, in the source's currency, is none
}

// Watched is everything an alarm can be read from.
type Watched struct {
	Now      time.Time
	Sources  []Heard
	Holdings []Holding
	Unsealed []Unsealed
	Unread   []Unread
	Aside    []SetAside
	Limits   JumpLimits
}

// Heard is a configured source and when it last sent something new.
type Heard struct {
	Source     string
	Configured time.Time
	Last       time.Time // zero: never
	Current    time.Time // of the current month; zero: nothing yet
}

// latest is when the source was last heard of. From the third day of a month on
// only the month itself counts: its predecessor may be restated for weeks.
func (h Heard) latest(now time.Time) time.Time {
	begun := period.MonthOf(now).Start()
	switch {
	case !h.Current.IsZero():
		return h.Current
	case h.Last.IsZero():
		return h.Configured
	case now.Sub(begun) < 2*SilenceMax:
		return h.Last
	default:
		if h.Configured.After(begun) {
			return h.Configured
		}
		return begun
	}
}

// Holding is what a published delivery holds of a month and currency, or what
// a superseded one held.
type Holding struct {
	Delivery     int64
	Source       string
	Scope        string
	State        string
	SupersededBy int64
	AsOf         time.Time
	Month        period.Month
	Currency     money.Currency
	Rows         int64
	Billed       decimal.Decimal
}

// Unsealed is a delivery that was refused or is held, and that no newer one of
// its scope has replaced.
type Unsealed struct {
	Delivery int64
	Source   string
	Scope    string
	Month    string
	State    string
	Why      string
}

// Unread is what the last looks at a source refused before it became a delivery:
// a file or a manifest that cannot be read, two exports of one cost.
type Unread struct {
	Source string
	Count  int64
	Codes  []string // each once, sorted
}

// SetAside counts a published month's rows that nobody has decided about.
type SetAside struct {
	Source string
	Month  period.Month
	Rows   int64
}

// Alarms lists what ops should look at, in a fixed order.
func (w Watched) Alarms() []Alarm {
	alarms := slices.Concat(w.silent(), w.unsealed(), w.unread(), w.changed(), w.aside())
	slices.SortFunc(alarms, func(a, b Alarm) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source),
			cmp.Compare(a.Month, b.Month), cmp.Compare(a.Subject, b.Subject))
	})
	return alarms
}

func (w Watched) silent() []Alarm {
	var alarms []Alarm
	for _, source := range w.Sources {
		last := source.latest(w.Now)
		if w.Now.Sub(last) <= SilenceMax {
			continue
		}
		alarms = append(alarms, Alarm{
			Kind: AlarmSilent, Source: source.Source, Month: period.MonthOf(w.Now).String(),
			Figures: []string{last.UTC().Format("2006-01-02 15:04Z")},
		})
	}
	return alarms
}

// unsealed tells of what was refused or held. A delivery that came too late is
// none of it: that it changes nothing is as it should be.
func (w Watched) unsealed() []Alarm {
	var alarms []Alarm
	for _, one := range w.Unsealed {
		kind := AlarmRefused
		switch {
		case one.State == StateStopped:
			kind = AlarmStopped
		case strings.HasPrefix(one.Why, string(fault.OlderDelivery)):
			continue
		}
		id := strconv.FormatInt(one.Delivery, 10)
		alarms = append(alarms, Alarm{
			Kind: kind, Source: one.Source, Month: one.Month, Subject: one.Scope,
			Figures: []string{id, codeOf(one.Why)},
		})
	}
	return alarms
}

func (w Watched) unread() []Alarm {
	var alarms []Alarm
	for _, one := range w.Unread {
		alarms = append(alarms, Alarm{
			Kind: AlarmUnread, Source: one.Source,
			Figures: []string{strconv.FormatInt(one.Count, 10), strings.Join(one.Codes, ", ")},
		})
	}
	return alarms
}

// codeOf is the code that a refusal begins with. The rest of its sentence may
// quote a cell, which is nothing for a mail.
func codeOf(why string) string {
	code, _, _ := strings.Cut(why, " ")
	return strings.TrimSuffix(code, ":")
}

// changed compares each published month with the delivery it replaced, and with
// the source's month before.
func (w Watched) changed() []Alarm {
	var alarms []Alarm
	for _, now := range w.Holdings {
		if now.State != StateSealed {
			continue
		}
		if before, found := w.replaced(now); found {
			fell := now.Rows*100 < before.Rows*(100-RowsFallPercent)
			alarms = append(alarms, compare(now, before, fell, w.Limits)...)
		} else if before, found := w.monthBefore(now); found {
			whole := !now.AsOf.Before(now.Month.End())
			alarms = append(alarms, compare(now, before, whole && now.Rows*2 < before.Rows, w.Limits)...)
		}
	}
	return alarms
}

// replaced is what the delivery before held of the same month and currency.
func (w Watched) replaced(now Holding) (Holding, bool) {
	var found Holding
	for _, one := range w.Holdings {
		if one.SupersededBy == now.Delivery && one.Month == now.Month && one.Currency == now.Currency &&
			one.Delivery > found.Delivery {
			found = one
		}
	}
	return found, found.Delivery != 0
}

// monthBefore is what the source's published deliveries hold of the month
// before, in the same currency.
func (w Watched) monthBefore(now Holding) (Holding, bool) {
	var found Holding
	for _, one := range w.Holdings {
		if one.State != StateSealed || one.Source != now.Source || one.Currency != now.Currency ||
			one.Month != now.Month.Add(-1) || one.AsOf.Before(one.Month.End()) {
			continue
		}
		found.Delivery, found.Month, found.AsOf = one.Delivery, one.Month, one.AsOf
		found.Rows += one.Rows
		found.Billed = found.Billed.Add(one.Billed)
	}
	return found, found.Delivery != 0
}

// compare raises what differs too much. A month that still runs grows with its
// days, so that what is expected is what was there before, for as many days.
func compare(now, before Holding, fell bool, limits JumpLimits) []Alarm {
	var alarms []Alarm
	alarm := Alarm{Source: now.Source, Month: now.Month.String(), Subject: string(now.Currency)}
	if fell {
		alarm.Kind = AlarmRows
		alarm.Figures = []string{
			fmt.Sprint(now.Delivery),
			fmt.Sprint(now.Rows),
			fmt.Sprint(before.Delivery),
			fmt.Sprint(before.Rows),
		}
		alarms = append(alarms, alarm)
	}
	expected := money.Quotient(before.Billed.Mul(decimal.NewFromInt(now.elapsed())),
		decimal.NewFromInt(before.elapsed()), now.Currency.Places())
	difference := now.Billed.Sub(expected).Abs()
	allowed := expected.Abs().Mul(limits.Percent).Shift(-2)
	if difference.Cmp(allowed) > 0 && difference.Cmp(limits.Floor) > 0 {
		alarm.Kind = AlarmJump
		alarm.Figures = []string{
			fmt.Sprint(now.Delivery), string(now.Currency), money.Grouped(now.Billed, now.Currency.Places()),
			money.Grouped(expected, now.Currency.Places()),
		}
		alarms = append(alarms, alarm)
	}
	return alarms
}

// elapsed is how many hours of the month the data covers, one day at least.
func (h Holding) elapsed() int64 {
	until := h.AsOf
	if end := h.Month.End(); until.After(end) {
		until = end
	}
	return max(int64(until.Sub(h.Month.Start())/time.Hour), 24)
}

func (w Watched) aside() []Alarm {
	var alarms []Alarm
	for _, one := range w.Aside {
		if one.Rows == 0 || w.Now.Before(one.Month.End()) {
			continue
		}
		alarms = append(alarms, Alarm{
			Kind: AlarmQuarantine, Source: one.Source, Month: one.Month.String(),
			Figures: []string{strconv.FormatInt(one.Rows, 10)},
		})
	}
	return alarms
}
