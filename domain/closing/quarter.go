package closing

import (
	"fmt"
	"slices"
	"strings"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
)

// Quarter is what the books know of a customer's quarter, seen from one of its
// months (ruling R-20).
type Quarter struct {
	// Deferred are earlier months that no document bills yet, oldest first; of
	// earlier quarters too, which is a mistake that somebody must see.
	Deferred []invoice.Snapshot
	Earlier  []QuarterMonth // the quarter's months before this one
	Billed   string         // the number of a document of one of its later months; empty: none
}

// QuarterMonth is how one month of a quarter stands for a customer.
type QuarterMonth struct {
	Month period.Month
	State State // of its close
	// Waiting are its documents that are neither final nor deferred: "aws (parked)".
	Waiting []string
}

// Defers says whether the month is billed with a later one, where the contract
// asks for it: what is found late, when the quarter has its number, goes out alone.
func (q Quarter) Defers(byContract bool) bool { return byContract && q.Billed == "" }

// Check refuses a document that would leave out a month of its quarter. Wanted
// are the earlier months that the contract bills with this one.
func (q Quarter) Check(customer string, month period.Month, wanted []period.Month) error {
	for _, left := range q.Deferred {
		if left.Month.Before(month.QuarterStart()) {
			return fault.New(
				fault.Quarter,
				fmt.Sprintf("%s %s of %s was deferred and no document bills it",
					customer, left.Provider, left.Month),
				fmt.Sprintf("give it a contract in the customers sheet of %[1]s, close %[1]s again "+
					"(`starter close --month %[1]s`), then retry the parked customer", left.Month.QuarterEnd()),
			)
		}
	}
	for _, earlier := range q.Earlier {
		if !slices.Contains(wanted, earlier.Month) {
			continue
		}
		var why string
		switch {
		case len(earlier.Waiting) > 0:
			why = "is not done there: " + strings.Join(earlier.Waiting, ", ")
		case earlier.State != StateClosed && earlier.State != StateClosedWithParked:
			why = "was not drafted there, it is " + string(earlier.State)
		default:
			continue
		}
		return fault.New(
			fault.Quarter,
			fmt.Sprintf("%s is a month of this quarter's document, and %s %s", earlier.Month, customer, why),
			fmt.Sprintf("close it (`starter close --month %s`) and cure what is parked there, "+
				"then retry the parked customer", earlier.Month),
		)
	}
	return nil
}

// Of are the earlier months that a provider's document bills with its own.
func (q Quarter) Of(provider string) []invoice.Snapshot {
	var months []invoice.Snapshot
	for _, month := range q.Deferred {
		if month.Provider == provider {
			months = append(months, month)
		}
	}
	return months
}
