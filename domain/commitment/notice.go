package commitment

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Notice is the record that a commitment was flagged on a rung.
type Notice struct {
	CommitmentID string
	EndsOn       time.Time
	Rung         int
	Mailed       bool
}

// Circle is one list of recipients and what they are told: one mail.
type Circle struct {
	Key        string // names the list without its addresses
	Recipients []string
	Expiring   []Expiry
	Mailed     bool // all of it was taken by the relay already
}

// Circles gathers what was noticed into one mail per list of recipients, in the
// order of their keys. A commitment without recipients is shown, never mailed.
func Circles(expiring []Expiry, noticed []Notice) []Circle {
	type rung struct {
		id  string
		day time.Time
		on  int
	}
	mailed := map[rung]bool{}
	for _, notice := range noticed {
		mailed[rung{notice.CommitmentID, dayOf(notice.EndsOn), notice.Rung}] = notice.Mailed
	}
	byKey := map[string]*Circle{}
	for _, one := range expiring {
		done, isNoticed := mailed[rung{one.Commitment.ID, dayOf(one.Commitment.EndsOn), one.Rung}]
		if !isNoticed || len(one.Commitment.Recipients) == 0 {
			continue
		}
		recipients := slices.Compact(slices.Sorted(slices.Values(one.Commitment.Recipients)))
		sum := sha256.Sum256([]byte(strings.Join(recipients, "\n")))
		key := hex.EncodeToString(sum[:6])
		circle, found := byKey[key]
		if !found {
			circle = &Circle{Key: key, Recipients: recipients, Mailed: true}
			byKey[key] = circle
		}
		circle.Expiring = append(circle.Expiring, one)
		circle.Mailed = circle.Mailed && done
	}
	circles := make([]Circle, 0, len(byKey))
	for _, circle := range byKey {
		circles = append(circles, *circle)
	}
	slices.SortFunc(circles, func(a, b Circle) int { return strings.Compare(a.Key, b.Key) })
	return circles
}
