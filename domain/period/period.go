// Package period holds billing periods and charge periods.
//
// It owns months and half-open windows in UTC. It does not own calendars of
// holidays or due dates (see receivable).
package period

import (
	"errors"
	"fmt"
	"time"
)

// ErrMonth refuses a month that is not of the form 2026-10.
var ErrMonth = errors.New("not a month of the form 2026-10")

// Month is a billing period: from its first day 00:00 UTC up to, not including,
// the next month's. The zero Month is not valid.
type Month struct {
	year  int
	month time.Month
}

// MonthOf returns the billing period that contains t, in UTC.
func MonthOf(t time.Time) Month {
	t = t.UTC()
	return Month{t.Year(), t.Month()}
}

// NewMonth returns a year's month, which may be out of 1..12 and then carries over.
func NewMonth(year int, month time.Month) Month {
	return MonthOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
}

// ParseMonth reads 2026-10.
func ParseMonth(text string) (Month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return Month{}, fmt.Errorf("%q: %w", text, ErrMonth)
	}
	return MonthOf(t), nil
}

// Previous is the month that ended before the one t lies in, by the wall clock
// of t's own zone: at 00:30 in Seoul on 1 November it is October, although in
// UTC October has not ended yet (ruling R-13).
func Previous(t time.Time) Month {
	return NewMonth(t.Year(), t.Month()-1)
}

// String prints 2026-10.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.year, int(m.month)) }

// IsZero tells the invalid zero Month.
func (m Month) IsZero() bool { return m == Month{} }

// Year is the calendar year, which also names the number series.
func (m Month) Year() int { return m.year }

// Number is the month of the year, 1 to 12.
func (m Month) Number() int { return int(m.month) }

// Start is the first instant of the month.
func (m Month) Start() time.Time { return time.Date(m.year, m.month, 1, 0, 0, 0, 0, time.UTC) }

// End is the first instant after the month.
func (m Month) End() time.Time { return m.Add(1).Start() }

// LastDay is the last calendar day of the month.
func (m Month) LastDay() time.Time { return m.End().AddDate(0, 0, -1) }

// Add moves by n months, which may be negative.
func (m Month) Add(n int) Month { return NewMonth(m.year, m.month+time.Month(n)) }

// Sub counts the months from other to m.
func (m Month) Sub(other Month) int { return (m.year-other.year)*12 + int(m.month-other.month) }

// Before orders months.
func (m Month) Before(other Month) bool { return m.Sub(other) < 0 }

// After orders months.
func (m Month) After(other Month) bool { return m.Sub(other) > 0 }

// Contains says whether an instant lies in the month; the end does not.
func (m Month) Contains(t time.Time) bool { return Window{m.Start(), m.End()}.Contains(t) }

// Days counts the days of the month.
func (m Month) Days() int { return int(m.End().Sub(m.Start()).Hours() / 24) }

// MarshalText writes 2026-10, so that JSON and flags read like people do.
func (m Month) MarshalText() ([]byte, error) {
	if m.IsZero() {
		return nil, nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads 2026-10, and empty as the zero Month.
func (m *Month) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Month{}
		return nil
	}
	parsed, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// Window is a charge period: start included, end excluded.
type Window struct {
	Start, End time.Time
}

// Contains says whether an instant lies in the window.
func (w Window) Contains(t time.Time) bool { return !t.Before(w.Start) && t.Before(w.End) }

// Span is the validity of a row of master data in months, both included; a
// zero From or To is open.
type Span struct {
	From, To Month
}

// Covers says whether the span is in force in month.
func (s Span) Covers(month Month) bool {
	return (s.From.IsZero() || !month.Before(s.From)) && (s.To.IsZero() || !month.After(s.To))
}

// Overlaps says whether two spans share a month.
func (s Span) Overlaps(other Span) bool {
	startsLate := !s.To.IsZero() && !other.From.IsZero() && other.From.After(s.To)
	endsEarly := !s.From.IsZero() && !other.To.IsZero() && other.To.Before(s.From)
	return !startsLate && !endsEarly
}
