package commitment

import (
	"sort"
	"strings"
	"time"
)

// Rungs are how many days before its end a commitment is flagged: thirty days
// give time to buy again, one day is the last chance.
var Rungs = []int{30, 14, 7, 1}

// Expiry is a commitment that ends soon, and the rung it stands on.
type Expiry struct {
	Commitment Commitment
	DaysLeft   int // 0 is: it ends today
	Rung       int
}

// Expiring lists the commitments that end within thirty days of a day, each on
// the lowest rung it has reached, the soonest first. Asked on any day of a rung
// it gives the same rung, so that a day on which nobody asked is made up for
// on the next; the caller remembers which rungs were noticed. What has ended
// already, or begins later, is not flagged.
func Expiring(commitments []Commitment, day time.Time) []Expiry {
	today := dayOf(day)
	var expiring []Expiry
	for _, one := range commitments {
		started := one.StartsOn.IsZero() || !dayOf(one.StartsOn).After(today)
		left := daysBetween(today, dayOf(one.EndsOn))
		rung, reached := RungOf(left)
		if one.EndsOn.IsZero() || !started || !reached {
			continue
		}
		expiring = append(expiring, Expiry{Commitment: one, DaysLeft: left, Rung: rung})
	}
	sort.SliceStable(expiring, func(a, b int) bool {
		if expiring[a].DaysLeft != expiring[b].DaysLeft {
			return expiring[a].DaysLeft < expiring[b].DaysLeft
		}
		return strings.Compare(expiring[a].Commitment.ID, expiring[b].Commitment.ID) < 0
	})
	return expiring
}

// RungOf is the lowest rung that so many remaining days have reached: 31 days
// none, 30 to 15 the first, 1 and 0 the last.
func RungOf(daysLeft int) (int, bool) {
	if daysLeft < 0 {
		return 0, false
	}
	reached, any := 0, false
	for _, rung := range Rungs {
		if daysLeft <= rung {
			reached, any = rung, true
		}
	}
	return reached, any
}

// daysBetween counts calendar days; both are midnights in UTC, where every day
// has 24 hours.
func daysBetween(from, to time.Time) int { return int(to.Sub(from) / (24 * time.Hour)) }

func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
