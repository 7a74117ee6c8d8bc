package closing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
)

// AsideState is how a row set aside stands.
type AsideState string

// The states of a row set aside. One that a newer delivery replaced is fixed.
const (
	AsideOpen     AsideState = "open"
	AsideFixed    AsideState = "fixed"
	AsideAccepted AsideState = "accepted" // two people: billed to no customer
	AsideRejected AsideState = "rejected" // the provider must deliver again
)

// AsideVerdict is what somebody says about a row set aside.
type AsideVerdict string

// The verdicts. Accepting lets the month close with the row's amount billed to
// nobody; rejecting keeps it from closing until the row is delivered again.
const (
	AcceptAside AsideVerdict = "accept"
	RejectAside AsideVerdict = "reject"
)

// AsideWord is one person's verdict, in the order in which they were given.
type AsideWord struct {
	Verdict    AsideVerdict
	By, Reason string
}

// AsideStanding is what the words about a row amount to.
type AsideStanding struct {
	State     AsideState
	By        []string // who decided it; nobody yet where it is open
	Accepters []string // who accepted since the last rejection
	Reason    string   // the first of the words that decided it
}

// StandAside reads words in order. One acceptance is a proposal; the second, by
// somebody else, decides. A rejection decides at once, and takes acceptances
// back; two people may accept after all, where nothing better will come.
func StandAside(words []AsideWord) AsideStanding {
	stands := AsideStanding{State: AsideOpen}
	proposed := "" // why the first of two accepts
	for _, word := range words {
		if word.Verdict == RejectAside {
			stands = AsideStanding{State: AsideRejected, By: []string{word.By}, Reason: word.Reason}
			proposed = ""
			continue
		}
		if slices.Contains(stands.Accepters, word.By) {
			continue
		}
		stands.Accepters = append(stands.Accepters, word.By)
		if len(stands.Accepters) == 1 {
			proposed = word.Reason
			continue
		}
		stands.State, stands.By, stands.Reason = AsideAccepted, stands.Accepters, proposed
	}
	return stands
}

// Repeats says whether a word would change nothing about how the row stands.
func (s AsideStanding) Repeats(verdict AsideVerdict, by string) bool {
	if verdict == RejectAside {
		return s.State == AsideRejected && len(s.Accepters) == 0
	}
	return s.State == AsideAccepted || slices.Contains(s.Accepters, by)
}

// MaySayAside says whether a person may give a verdict about a row that stands
// like this, and if not, why.
//
// Signing money off takes two people, of whom the second is an approver.
// Rejecting is always safe, but what a month was closed with stays.
func MaySayAside(verdict AsideVerdict, person party.Person, stands AsideStanding, closed bool) error {
	trusted := person.Holds(party.RoleApprover) || person.Holds(party.RoleFinance)
	switch {
	case verdict != AcceptAside && verdict != RejectAside:
		return refuse(fmt.Sprintf("%q is no verdict about a row set aside", string(verdict)),
			"accept or reject")
	case person.Code == "" || !trusted:
		return refuse(fmt.Sprintf("%q is no approver and not of finance", person.Code),
			"ask somebody whose row in the people sheet has one of these roles")
	case verdict == AcceptAside && len(stands.Accepters) > 0 && !person.Holds(party.RoleApprover):
		return refuse(person.Code+" is no approver",
			"the second of two people must be one: ask somebody whose row in the people sheet has the role")
	case verdict == RejectAside && stands.State == AsideAccepted && closed:
		return fault.New(fault.PeriodClosed, "the month was closed with this row signed off",
			"correct the documents by notes, if the provider delivers it after all")
	default:
		return nil
	}
}

// AsideName is how people call a row set aside: Q-1182.
func AsideName(id int64) string { return "Q-" + strconv.FormatInt(id, 10) }

// ParseAsideName reads Q-1182, or the number alone.
func ParseAsideName(name string) (int64, error) {
	digits, _ := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(name)), "Q-")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id < 1 {
		return 0, fault.New(fault.Input, fmt.Sprintf("%q is no row set aside", name),
			"name one like Q-1182, as `starter quarantine list` shows")
	}
	return id, nil
}

// AsideFilter chooses rows set aside. Empty fields ask for nothing; without a
// state it chooses what no newer delivery has replaced.
type AsideFilter struct {
	Rows     []int64      `json:"rows,omitempty"` // by name, and then nothing else
	Month    period.Month `json:"month,omitzero"`
	Source   string       `json:"source,omitempty"`
	Delivery int64        `json:"delivery,omitempty"`
	Code     string       `json:"code,omitempty"`
	State    AsideState   `json:"state,omitempty"` // or AsideAny
}

// Empty says whether a filter chooses nothing in particular.
func (f AsideFilter) Empty() bool {
	return len(f.Rows) == 0 && f.Month.IsZero() && f.Source == "" && f.Delivery == 0 && f.Code == "" &&
		f.State == ""
}

// AsideAny asks for rows of any state.
const AsideAny AsideState = "all"

// AsideGroup adds up rows set aside that agree in what people decide by.
type AsideGroup struct {
	Source   string     `json:"source"`
	Month    string     `json:"month"`
	Code     string     `json:"code"`
	Currency string     `json:"currency"` // XXX where the row names none
	State    AsideState `json:"state"`
	Said     string     `json:"said,omitempty"` // by whom and why
	Rows     int64      `json:"rows"`
	Unknown  int64      `json:"unknown"` // rows whose amount nobody can read
	Blocks   int64      `json:"blocks"`  // rows that keep the month from closing
	Billed   string     `json:"billed"`  // of the others, with every digit
}

// AsideDecision is one person's word about rows set aside. The digest names the
// rows that the person saw; a second person may name them by it alone.
type AsideDecision struct {
	Verdict AsideVerdict
	Filter  AsideFilter
	Digest  string
	By      party.Person
	Reason  string
}

// AsideDecided is how the rows of a decision stand.
type AsideDecided struct {
	Digest                             string
	Rows                               int64
	Open, Accepted, Rejected, Replaced int64    // rows by how they stand
	Waiting                            int64    // of the open and rejected, those that one person accepted
	By                                 []string // who did
	Months                             []period.Month
	Groups                             []AsideGroup
}

// Count adds a row to how the rows of a decision stand.
func (d *AsideDecided) Count(state AsideState, stands AsideStanding) {
	d.Rows++
	switch {
	case state == AsideFixed:
		d.Replaced++
		return
	case stands.State == AsideAccepted:
		d.Accepted++
		return
	case stands.State == AsideRejected:
		d.Rejected++
	default:
		d.Open++
	}
	if len(stands.Accepters) == 0 {
		return
	}
	d.Waiting++
	for _, by := range stands.Accepters {
		if !slices.Contains(d.By, by) {
			d.By = append(d.By, by)
		}
	}
}
