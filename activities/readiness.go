package activities

import (
	"context"
	"fmt"
	"time"

	"magam/domain/closing"
	"magam/domain/party"
	"magam/domain/period"
)

// CheckReadiness looks whether a month has ended and every source is in and
// final. It may run twice: what it notes of the sources is replaced as a set.
func (a *Closing) CheckReadiness(ctx context.Context, month period.Month) (Readiness, error) {
	now := a.Now()
	ready, err := a.Ledger.Waiting(ctx, month, now)
	if err != nil {
		return Readiness{}, atEdge(err)
	}
	if err := a.Ledger.NoteReadiness(ctx, month, ready.Sources); err != nil {
		return Readiness{}, atEdge(err)
	}
	if end := month.End(); now.Before(end) {
		ready.Waiting = append(ready.Waiting,
			fmt.Sprintf("the end of %s, %s", month, end.Format(time.RFC3339)))
	}
	result := Readiness{Ready: len(ready.Waiting) == 0, NotFinal: len(ready.NotFinal) > 0}
	for _, one := range ready.Waiting {
		result.Waiting = note(result.Waiting, one)
	}
	for _, one := range ready.Provisional {
		result.Provisional = note(result.Provisional, one)
	}
	return result, nil
}

// AcceptNotFinal records who lets a month close before its data is final, and
// why: an approver who did not start the close. The same word again is written
// once.
func (a *Closing) AcceptNotFinal(ctx context.Context, in AcceptInput) error {
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return atEdge(err)
	}
	_, startedBy, err := a.Ledger.Period(ctx, in.Month)
	if err != nil {
		return atEdge(err)
	}
	person, known := book.Person(in.By)
	if !known && len(book.People()) == 0 { // before the first import nobody has a role
		person = party.Person{Code: in.By, Roles: []party.Role{party.RoleApprover}}
	}
	if err := closing.MayOverride(person, startedBy, in.Reason); err != nil {
		return atEdge(err)
	}
	return atEdge(a.Ledger.AcceptNotFinal(ctx, in.Month, in.By, in.Reason))
}
