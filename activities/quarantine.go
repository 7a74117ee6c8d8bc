package activities

import (
	"context"
	"fmt"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

// Quarantine is the hand that writes down what people say about rows set aside.
type Quarantine struct {
	Ledger AsideLedger
	Master MasterReader
	// Language of what our own staff read in the web UI: ko, or else English.
	Language string
}

// AsideLedger keeps rows set aside.
type AsideLedger interface {
	LookAside(ctx context.Context, filter closing.AsideFilter, digest string) (closing.AsideDecided, error)
	DecideAside(ctx context.Context, in closing.AsideDecision) (closing.AsideDecided, error)
}

// AsideChoice names rows set aside.
type AsideChoice struct {
	Filter closing.AsideFilter
	Digest string // of the rows as they were shown; empty where nobody has looked yet
}

// DecideAsideInput is one person's word about rows set aside.
type DecideAsideInput struct {
	AsideChoice
	Verdict string // accept, reject
	By      string // a code of the people sheet, never an address
	Reason  string
}

// AsideStands is how chosen rows stand.
type AsideStands struct {
	Digest                             string
	Rows                               int64
	Open, Accepted, Rejected, Replaced int64
	Waiting                            int64    // for a second person
	By                                 []string // who accepted those
	Months                             []period.Month
	Groups                             []AsideGroup
	Language                           string // of what our own staff read: ko, or else English
}

// AsideGroup adds up rows set aside that agree in what people decide by.
type AsideGroup struct {
	Source, Code, State, Currency, Billed string
	Rows, Unknown, Blocks                 int64
	Said                                  string // by whom and why
}

// LookAside says how rows set aside stand. It only reads.
func (a *Quarantine) LookAside(ctx context.Context, in AsideChoice) (AsideStands, error) {
	stands, err := a.Ledger.LookAside(ctx, in.Filter, in.Digest)
	if err != nil {
		return AsideStands{}, atEdge(err)
	}
	return a.shown(stands), nil
}

// DecideAside writes down what a person says about rows set aside, if the rules
// let that person say it. The same word again is written once.
func (a *Quarantine) DecideAside(ctx context.Context, in DecideAsideInput) (AsideStands, error) {
	book, _, err := a.Master.LoadBook(ctx, period.Month{})
	if err != nil {
		return AsideStands{}, atEdge(err)
	}
	if len(book.People()) == 0 {
		return AsideStands{}, atEdge(fault.New(fault.Approval,
			fmt.Sprintf("%q holds no role: the books know no people yet", in.By),
			"import the people sheet: starter master import"))
	}
	person, known := book.Person(in.By)
	if !known {
		person.Code = in.By // refused by the rules, in their words
	}
	stands, err := a.Ledger.DecideAside(ctx, closing.AsideDecision{
		Verdict: closing.AsideVerdict(in.Verdict),
		Filter:  in.Filter,
		Digest:  in.Digest,
		By:      person,
		Reason:  in.Reason,
	})
	if err != nil {
		return AsideStands{}, atEdge(err)
	}
	return a.shown(stands), nil
}

func (a *Quarantine) shown(s closing.AsideDecided) AsideStands {
	return AsideStands{
		Digest:   s.Digest,
		Rows:     s.Rows,
		Open:     s.Open,
		Accepted: s.Accepted,
		Rejected: s.Rejected,
		Replaced: s.Replaced,
		Waiting:  s.Waiting,
		By:       s.By,
		Months:   s.Months,
		Groups:   asideGroups(s.Groups),
		Language: a.Language,
	}
}

// asideGroupsShown bounds how many sums go into a history.
const asideGroupsShown = 12

// asideGroups prints sums for history, those that block a month first.
func asideGroups(groups []closing.AsideGroup) []AsideGroup {
	shown := make([]AsideGroup, 0, min(len(groups), asideGroupsShown))
	for _, g := range groups[:min(len(groups), asideGroupsShown)] {
		shown = append(shown, AsideGroup{
			Source: g.Source, Code: g.Code, State: string(g.State), Currency: g.Currency, Billed: g.Billed,
			Rows: g.Rows, Unknown: g.Unknown, Blocks: g.Blocks, Said: cut(g.Said),
		})
	}
	return shown
}
