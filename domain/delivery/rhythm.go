package delivery

import "time"

// Policy is what happens to a mail whose fate is unknown.
type Policy string

// The policies. Resending the same bytes under the same Message-ID may show the
// recipient one mail twice; holding may leave a recipient without one until a
// person has asked.
const (
	PolicyResend Policy = "resend"
	PolicyHold   Policy = "hold"
)

// The bounds of trying.
const (
	// PatienceMax is how long a mail is tried; then it has expired.
	PatienceMax = 4 * 24 * time.Hour
	// ResendAfter is the pause before a mail of unknown fate goes out again: a
	// relay that only hung up late has shown by then what it did.
	ResendAfter = 30 * time.Minute
	// AmbiguousMax is how often a fate may stay unknown before a person decides.
	AmbiguousMax = 3
	// SendingLease is how long an attempt may take up to the final dot, DotLease
	// how long it may then wait for the reply. Both are above what the mail door allows.
	SendingLease = 3 * time.Minute
	DotLease     = 12 * time.Minute
)

var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

// Pause is how long to wait after the n-th attempt that may be repeated, n from
// 1: 1, 5, 15, 30 minutes, then an hour each time.
func Pause(attempt int) time.Duration {
	return pauses[min(max(attempt, 1), len(pauses))-1]
}

// Expired says whether a further attempt after the pause would come too late.
func Expired(tried, pause time.Duration) bool { return tried+pause > PatienceMax }
