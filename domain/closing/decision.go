package closing

import (
	"fmt"

	"magam/domain/fault"
	"magam/domain/party"
)

// Verdict is what somebody says about a draft.
type Verdict string

// The verdicts. AutoApprove is the contract's word where nothing is held.
const (
	Approve     Verdict = "approve"
	Reject      Verdict = "reject"
	HoldIt      Verdict = "hold"
	Release     Verdict = "release"
	AutoApprove Verdict = "auto-approve"
)

// Decision is one verdict about a draft, in the order in which they were given.
type Decision struct {
	Verdict    Verdict
	By, Reason string
}

// Desk is what the rules of deciding must know about a draft.
type Desk struct {
	Starters    []string // who started the close; empty codes are schedules
	Authors     []string // who wrote its adjustments
	Holds       []Hold
	AutoApprove bool // by contract
}

// May says whether a person may give a verdict, and if not, why.
//
// Letting money out takes two people: who approves or releases is an approver,
// did not start the close and wrote none of the draft's adjustments. Stopping
// is always safe: an approver or finance may reject or hold, starter or not.
func May(verdict Verdict, person party.Person, desk Desk) error {
	switch verdict {
	case AutoApprove:
		if len(desk.Holds) > 0 {
			return refuse("a held draft is approved by a person", "approve it by name")
		}
		if !desk.AutoApprove {
			return refuse("the contract does not approve by itself",
				"approve it by name, or set auto_approve")
		}
		return nil
	case Approve, Release:
		return mayRelease(verdict, person, desk)
	case Reject, HoldIt:
		if person.Code == "" || !person.Holds(party.RoleApprover) && !person.Holds(party.RoleFinance) {
			return refuse(fmt.Sprintf("%q is no approver and not of finance", person.Code),
				"ask somebody whose row in the people sheet has one of these roles")
		}
		return nil
	default:
		return refuse(fmt.Sprintf("%q is no verdict", string(verdict)), "approve, reject, hold or release")
	}
}

func mayRelease(verdict Verdict, person party.Person, desk Desk) error {
	if person.Code == "" || !person.Holds(party.RoleApprover) {
		return refuse(fmt.Sprintf("%q is no approver", person.Code),
			"ask somebody whose row in the people sheet has the role approver")
	}
	for _, starter := range desk.Starters {
		if starter == person.Code {
			return refuse(fmt.Sprintf("%s started this close", person.Code),
				"a second person must "+string(verdict))
		}
	}
	for _, author := range desk.Authors {
		if author == person.Code {
			return refuse(fmt.Sprintf("%s wrote an adjustment of this draft", person.Code),
				"a second person must "+string(verdict))
		}
	}
	return nil
}

func refuse(what, cure string) error { return fault.New(fault.Approval, what, cure) }

// Standing is what a draft's decisions amount to.
type Standing struct {
	Approved bool // somebody approved and nobody holds or rejects
	Held     string
	Rejected string
}

// Stand reads decisions in order. A hold stops an approved draft and its
// release lets the approval stand again; a rejection ends the matter for these
// bytes until somebody approves after all.
func Stand(decisions []Decision) Standing {
	var approved bool
	var stands Standing
	for _, decision := range decisions {
		switch decision.Verdict {
		case Approve, AutoApprove:
			approved, stands.Rejected = true, ""
		case Reject:
			approved, stands.Rejected = false, "rejected by "+decision.By+": "+decision.Reason
		case HoldIt:
			stands.Held = "held by " + decision.By + ": " + decision.Reason
		case Release:
			stands.Held = ""
		}
	}
	stands.Approved = approved && stands.Held == ""
	return stands
}

// MayOverride says whether a person may let a month close before its data is
// final: an approver who did not start the close, with a reason.
func MayOverride(person party.Person, startedBy, reason string) error {
	if reason == "" {
		return refuse("no reason is given", "say why: the audit log keeps it")
	}
	return mayRelease("accept-not-final", person, Desk{Starters: []string{startedBy}})
}

// MayDecideDelivery says whether a person may decide about a delivery: somebody
// of ops, of finance or an approver, with a reason.
func MayDecideDelivery(person party.Person, reason string) error {
	if reason == "" {
		return refuse("no reason is given", "say why: the audit log keeps it")
	}
	for _, role := range []party.Role{party.RoleOps, party.RoleFinance, party.RoleApprover} {
		if person.Code != "" && person.Holds(role) {
			return nil
		}
	}
	return refuse(fmt.Sprintf("%q is not of ops or finance and no approver", person.Code),
		"ask somebody whose row in the people sheet has one of these roles")
}
