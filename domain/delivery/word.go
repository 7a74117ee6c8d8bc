package delivery

// Word is what a person says about a delivery, and why.
type Word struct {
	Delivery int64
	By       string // a code of the people sheet
	Approver bool
	Reason   string
}

// Decided is how a delivery stands after a person's word.
type Decided struct {
	State   string
	Missing string // who must speak yet; empty: nobody
}

// StillMissing says who must speak before a held delivery is let through: two
// people, one of them an approver.
func StillMissing(words []Word) string {
	people, approver := map[string]bool{}, false
	for _, word := range words {
		people[word.By] = true
		approver = approver || word.Approver
	}
	switch {
	case len(people) == 0:
		return "two people, one of them an approver"
	case len(people) == 1 && !approver:
		return "an approver"
	case len(people) == 1:
		return "a second person"
	case !approver:
		return "an approver"
	default:
		return ""
	}
}
