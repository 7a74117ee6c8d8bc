package sample

import (
	"time"

	"magam/domain/period"
)

// clock prints the instants of a month; every hour is printed once and then
// copied.
type clock struct {
	month period.Month
	hours []string // from the first hour up to and with the end of the month
}

func newClock(month period.Month) *clock {
	c := &clock{month: month}
	for at := month.Start(); !at.After(month.End()); at = at.Add(time.Hour) {
		c.hours = append(c.hours, at.Format(time.RFC3339))
	}
	return c
}

// length is how many hours the month has.
func (c *clock) length() int { return len(c.hours) - 1 }

func (c *clock) at(hour int) string { return c.hours[hour] }

// day is a day of the month, counted from 0, as a date.
const dateForm = time.DateOnly

func day(month period.Month, n int) string {
	return month.Start().AddDate(0, 0, n).Format(time.DateOnly)
}

// holiday is a day on which no rate is listed and no term ends.
type holiday struct{ date, name string }

// movable are the holidays that follow the moon or make up for a weekend; the
// others fall on the same date each year.
var movable = []holiday{
	{"2025-01-27", "임시공휴일"},
	{"2025-01-28", "설날 연휴"},
	{"2025-01-29", "설날"},
	{"2025-01-30", "설날 연휴"},
	{"2025-03-03", "삼일절 대체공휴일"},
	{"2025-05-06", "부처님오신날 대체공휴일"},
	{"2025-06-03", "대통령 선거일"},
	{"2025-10-05", "추석 연휴"},
	{"2025-10-06", "추석"},
	{"2025-10-07", "추석 연휴"},
	{"2025-10-08", "추석 대체공휴일"},
	{"2026-02-16", "설날 연휴"},
	{"2026-02-17", "설날"},
	{"2026-02-18", "설날 연휴"},
	{"2026-03-02", "삼일절 대체공휴일"},
	{"2026-05-24", "부처님오신날"},
	{"2026-05-25", "부처님오신날 대체공휴일"},
	{"2026-06-03", "전국동시지방선거일"},
	{"2026-08-17", "광복절 대체공휴일"},
	{"2026-09-24", "추석 연휴"},
	{"2026-09-25", "추석"},
	{"2026-09-26", "추석 연휴"},
	{"2026-10-05", "개천절 대체공휴일"},
	{"2027-02-06", "설날 연휴"},
	{"2027-02-07", "설날"},
	{"2027-02-08", "설날 연휴"},
	{"2027-02-09", "설날 대체공휴일"},
	{"2027-05-13", "부처님오신날"},
	{"2027-08-16", "광복절 대체공휴일"},
	{"2027-09-14", "추석 연휴"},
	{"2027-09-15", "추석"},
	{"2027-09-16", "추석 연휴"},
	{"2027-10-04", "개천절 대체공휴일"},
	{"2027-10-11", "한글날 대체공휴일"},
	{"2027-12-27", "기독탄신일 대체공휴일"},
}

var fixed = []holiday{
	{"01-01", "신정"},
	{"03-01", "삼일절"},
	{"05-05", "어린이날"},
	{"06-06", "현충일"},
	{"08-15", "광복절"},
	{"10-03", "개천절"},
	{"10-09", "한글날"},
	{"12-25", "기독탄신일"},
}

// holidays lists Korea's holidays of the months from one to another, in order.
func holidays(from, to period.Month) []holiday {
	var list []holiday
	for at := from.Start(); at.Before(to.End()); at = at.AddDate(0, 0, 1) {
		date := at.Format(time.DateOnly)
		for _, h := range fixed {
			if date[5:] == h.date {
				list = append(list, holiday{date, h.name})
			}
		}
		for _, h := range movable {
			if date == h.date {
				list = append(list, h)
			}
		}
	}
	return list
}

// businessDays lists the days of a month on which Seoul's rates are listed.
func businessDays(month period.Month) []string {
	closed := map[string]bool{}
	for _, h := range holidays(month, month) {
		closed[h.date] = true
	}
	var days []string
	for at := month.Start(); at.Before(month.End()); at = at.AddDate(0, 0, 1) {
		weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if date := at.Format(time.DateOnly); !weekend && !closed[date] {
			days = append(days, date)
		}
	}
	return days
}
