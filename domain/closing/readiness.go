package closing

import (
	"fmt"
	"strings"
	"time"

	"magam/domain/fault"
	"magam/domain/period"
)

// Finality is how sure a provider's word about a month is.
type Finality string

// The finalities.
const (
	FinalityFinal   Finality = "final"
	FinalityOpen    Finality = "not-final" // the provider may still change it
	FinalityMissing Finality = "missing"   // nothing of the month is in
)

// SourceMonth is what the books know of one source's month, counted per
// provider of its rows: a FOCUS export may hold several.
type SourceMonth struct {
	Source      string
	Provider    string
	Configured  bool // stands in the sources sheet
	Provisional int  // its close policy: day of the next month; 0 waits for final data
	// Expected says that the source was there in the month: it delivered the
	// month or an earlier one, or has not delivered anything yet.
	Expected  bool
	Delivered bool
	Rows      int64
	Unbilled  int64 // rows that are worth something, are no credit and carry no invoice id
	Unmarked  bool  // no row has one, and the format need not: FOCUS before 1.2 has no such column
	Support   bool  // a support fee was seen
	Rounding  bool  // a line that the provider writes only when a bill is final
}

// Ripe is one source's readiness for a month, and why.
type Ripe struct {
	Source   string   `json:"source"`
	Provider string   `json:"provider"`
	Finality Finality `json:"finality"`
	Why      string   `json:"why"`
	// Close says that the close need not wait for it; where it is not final, the
	// month is then closed provisionally.
	Close bool `json:"close"`
}

// finalDay is the day of the next month, in UTC, from which a provider's bill
// is taken as final where the data itself does not tell (docs/spec/13-readiness.md).
func finalDay(provider string) int {
	switch provider {
	case "aws":
		return 8 // support fees land on the sixth or seventh
	case "azure", "oci":
		return 5
	default:
		return 10 // gcp, and whoever is unknown
	}
}

// Judge says whether a source's month is final, and whether a close may go on
// without.
func Judge(known SourceMonth, month period.Month, now time.Time) Ripe {
	ripe := Ripe{Source: known.Source, Provider: known.Provider}
	if !known.Delivered {
		ripe.Finality, ripe.Why = FinalityMissing, "no sealed delivery holds "+month.String()
		ripe.Close = !known.Expected
		if ripe.Close {
			ripe.Why += ", and the source began later"
		}
		return ripe
	}
	ripe.Finality, ripe.Why = finality(known, month, now)
	switch {
	case ripe.Finality == FinalityFinal, !known.Configured:
		// A folder that no sheet names has no policy that would make anybody wait.
		ripe.Close = true
	case known.Provisional > 0:
		ripe.Close = !now.Before(dayAfter(month, known.Provisional))
	}
	return ripe
}

func finality(known SourceMonth, month period.Month, now time.Time) (Finality, string) {
	day := dayAfter(month, finalDay(known.Provider))
	switch {
	case now.Before(month.End()):
		return FinalityOpen, month.String() + " has not ended"
	case known.Rounding:
		return FinalityFinal, "the provider's closing lines are in"
	case known.Unmarked, known.Provider == "azure", known.Provider == "gcp", known.Provider == "oci":
		return byDate(day, now)
	case known.Unbilled > 0:
		return FinalityOpen, fmt.Sprintf("%d of %d rows have no invoice id yet", known.Unbilled, known.Rows)
	case known.Provider != "aws":
		return FinalityFinal, "every row has an invoice id"
	case known.Support:
		return FinalityFinal, "every row has an invoice id, and the support fee is in"
	case now.Before(day):
		return FinalityOpen, "every row has an invoice id; a support fee may come until " + dateOf(day)
	default:
		return FinalityFinal, "every row has an invoice id, and no support fee came until " + dateOf(day)
	}
}

func byDate(day, now time.Time) (Finality, string) {
	if now.Before(day) {
		return FinalityOpen, "the provider's bill is final about " + dateOf(day)
	}
	return FinalityFinal, "by date: since " + dateOf(day)
}

// dayAfter is a day of the month that follows a billing period.
func dayAfter(month period.Month, day int) time.Time { return month.End().AddDate(0, 0, day-1) }

func dateOf(day time.Time) string { return day.Format(time.DateOnly) }

// Ready is how a month stands before it may be drafted.
type Ready struct {
	Sources  []Ripe
	Waiting  []string // what is waited for, in words
	NotFinal []string // of these, what two people may close without
	// Provisional are the sources that the month closes without their final
	// word, by their policy or by somebody's.
	Provisional []string
}

// Weigh turns judgements into what a close waits for. Overridden says that two
// people let the month close before its data is final.
func Weigh(sources []Ripe, overridden bool) Ready {
	ready := Ready{Sources: sources}
	for _, one := range sources {
		name := strings.TrimSpace(one.Source)
		switch {
		case one.Finality == FinalityMissing && one.Close, one.Finality == FinalityFinal:
		case one.Finality == FinalityMissing:
			ready.Waiting = append(ready.Waiting, "source "+name+": "+one.Why)
		case one.Close, overridden:
			ready.Provisional = append(ready.Provisional, name+" ("+one.Provider+"): "+one.Why)
		default:
			sentence := fmt.Sprintf("%s source %s (%s): %s", fault.NotFinal, name, one.Provider, one.Why)
			ready.Waiting = append(ready.Waiting, sentence)
			ready.NotFinal = append(ready.NotFinal, sentence)
		}
	}
	return ready
}
