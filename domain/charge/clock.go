package charge

import (
	"time"

	"magam/domain/period"
)

// The years that an instant may lie in. There was no cloud to bill before them,
// and a month beyond them is a slip of a pen: its cost would stand, sealed and
// proved, in a month that nobody will ever close.
const (
	yearMin = 2000
	yearMax = 2199
)

// ParseInstant reads an instant as exports print it: 2024-09-18, with an
// optional time after a T or a blank, an optional fraction, and an optional Z
// or +00:00. All are UTC; any other zone is refused, as is a day that does not
// exist and a year in which nobody sells or sold cloud.
func ParseInstant(text []byte) (time.Time, bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return time.Time{}, false
	}
	year, ok1 := number(text[0:4])
	month, ok2 := number(text[5:7])
	day, ok3 := number(text[8:10])
	if !ok1 || !ok2 || !ok3 || year < yearMin || year > yearMax || month < 1 || month > 12 || day < 1 ||
		day > daysIn(year, month) {
		return time.Time{}, false
	}
	seconds, nanos, ok := clock(text[10:])
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(int64(daysFromEpoch(year, month, day))*86400+int64(seconds), int64(nanos)).UTC(), true
}

// PackMonth packs the billing period that t lies in.
func PackMonth(t time.Time) Month {
	return Month(t.Year()*12 + int(t.Month()) - 1)
}

// Period unpacks a billing period; the zero Month gives the zero period.
func (m Month) Period() period.Month {
	if m == 0 {
		return period.Month{}
	}
	return period.NewMonth(int(m)/12, time.Month(int(m)%12+1))
}

// MonthOf packs a billing period.
func MonthOf(m period.Month) Month {
	if m.IsZero() {
		return 0
	}
	return Month(m.Year()*12 + m.Number() - 1)
}

// clock reads "", "T22:00:00", " 22:00:00.000", "T22:00" as Azure and Oracle have
// it, each with Z, +00:00 or nothing.
func clock(text []byte) (seconds, nanos int, ok bool) {
	if len(text) == 0 {
		return 0, 0, true
	}
	if len(text) < 6 || (text[0] != 'T' && text[0] != ' ') || text[3] != ':' {
		return 0, 0, false
	}
	hour, ok1 := number(text[1:3])
	minute, ok2 := number(text[4:6])
	second, ok3, rest := 0, true, text[6:]
	if len(rest) >= 3 && rest[0] == ':' {
		second, ok3 = number(rest[1:3])
		rest = rest[3:]
	}
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return 0, 0, false
	}
	if len(text)-len(rest) == 9 && len(rest) > 0 && rest[0] == '.' {
		places := 1
		for scale := 100_000_000; places < len(rest) && rest[places] >= '0' && rest[places] <= '9'; places++ {
			nanos += int(rest[places]-'0') * scale
			scale /= 10
		}
		if places == 1 || places > 10 {
			return 0, 0, false
		}
		rest = rest[places:]
	}
	switch string(rest) {
	case "", "Z", "+00:00", " UTC":
		return hour*3600 + minute*60 + second, nanos, true
	default:
		return 0, 0, false
	}
}

func number(digits []byte) (int, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// daysFromEpoch counts days since 1970-01-01 in the proleptic Gregorian calendar,
// with years that begin in March so that the leap day comes last.
func daysFromEpoch(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}
