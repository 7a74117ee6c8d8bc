package activities

import (
	"context"
	"fmt"
	"time"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
)

// What people may say about a delivery.
const (
	AcceptDelivery   = "accept"
	WithdrawDelivery = "withdraw"
)

// Deciding holds the hands by which people decide about deliveries.
type Deciding struct {
	Books  DecidingBooks
	Master MasterReader
	Now    func() time.Time
}

// DecidingBooks writes down what people decided.
type DecidingBooks interface {
	LetThrough(ctx context.Context, word delivery.Word) (delivery.Decided, error)
	Withdraw(ctx context.Context, word delivery.Word) (delivery.Decided, error)
}

// DecideDeliveryInput is one person's word about one delivery.
type DecideDeliveryInput struct {
	DeliveryID int64
	Verdict    string // accept or withdraw
	By         string // a code of the people sheet
	Reason     string
}

// DecideDeliveryResult is how the delivery stands then.
type DecideDeliveryResult struct {
	State   string
	Missing string // who must speak yet
}

// DecideDelivery writes down a person's word, if the rules let that person
// speak. The same word again is written once.
func (d *Deciding) DecideDelivery(ctx context.Context, in DecideDeliveryInput) (DecideDeliveryResult, error) {
	book, _, err := d.Master.LoadBook(ctx, period.MonthOf(d.Now()))
	if err != nil {
		return DecideDeliveryResult{}, atEdge(err)
	}
	person, known := book.Person(in.By)
	if !known && len(book.People()) == 0 && in.By != "" { // before the first import nobody has a role
		person = party.Person{Code: in.By, Roles: []party.Role{party.RoleApprover}}
	}
	if err := closing.MayDecideDelivery(person, in.Reason); err != nil {
		return DecideDeliveryResult{}, atEdge(err)
	}
	word := delivery.Word{
		Delivery: in.DeliveryID,
		By:       person.Code,
		Approver: person.Holds(party.RoleApprover),
		Reason:   in.Reason,
	}
	var decided delivery.Decided
	switch in.Verdict {
	case AcceptDelivery:
		decided, err = d.Books.LetThrough(ctx, word)
	case WithdrawDelivery:
		decided, err = d.Books.Withdraw(ctx, word)
	default:
		err = fault.New(fault.Input, fmt.Sprintf("%q is nothing to say about a delivery", in.Verdict),
			"accept or withdraw")
	}
	return DecideDeliveryResult(decided), atEdge(err)
}
