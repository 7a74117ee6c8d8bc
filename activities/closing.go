package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
)

// Closing holds the hands of a month's close: the lock, the plan, the proof,
// decisions, numbers and the board. Drafting is in drafting.go.
type Closing struct {
	Ledger Ledger
	Master MasterReader
	Runs   Runs             // nil: whoever holds a month's lock is taken to be running
	Now    func() time.Time // what day it is; months end in UTC
	Zone   *time.Location   // the house's, which says what `{}` means
	// Language of boards and desks in the web UI, read by our own staff: ko, or else English.
	Language string
}

// Ledger keeps the books of a close.
type Ledger interface {
	OpenPeriod(ctx context.Context, in closing.Opening) (closing.Opened, error)
	Waiting(ctx context.Context, month period.Month, now time.Time) (closing.Ready, error)
	NoteReadiness(ctx context.Context, month period.Month, sources []closing.Ripe) error
	AcceptNotFinal(ctx context.Context, month period.Month, by, reason string) error
	Period(ctx context.Context, month period.Month) (closing.State, string, error)
	AcceptUnassigned(ctx context.Context, month period.Month, by, reason string) error
	Settle(ctx context.Context, month period.Month) (closing.Settled, error)
	Customers(
		ctx context.Context, month period.Month, after string, limit int, onlyParked bool,
	) ([]string, error)
	Park(ctx context.Context, month period.Month, issuer, customer, reason string) error
	Decide(ctx context.Context, month period.Month, customer string, verdict closing.Verdict, by party.Person,
		reason string, starters []string, autoApprove bool) error
	Unowned(ctx context.Context, month period.Month, limit int) ([]closing.Unowned, error)
	Prove(ctx context.Context, month period.Month) (closing.Proved, error)
	Finalize(ctx context.Context, in closing.Finalizing) (closing.Finalized, error)
	Board(ctx context.Context, month period.Month) ([]closing.Row, error)
	DraftingLedger
}

// MasterReader gives the master data as it stands for a month, and which import
// each sheet stands at.
type MasterReader interface {
	LoadBook(ctx context.Context, month period.Month) (*master.Book, map[string]int64, error)
}

// Runs knows whether a workflow still runs.
type Runs interface {
	Running(ctx context.Context, workflowID string) (bool, error)
}

// lyingMax bounds how many kinds of unowned cost a proof names.
const lyingMax = 8

// customersMax bounds a page of a plan.
const customersMax = 150

// OpenPeriod takes the month's lock for the workflow that asks. Running it
// again joins: the row in the books names its holder. A holder that runs no
// more, ended by hand say, gives way.
func (a *Closing) OpenPeriod(ctx context.Context, in OpenPeriodInput) (OpenPeriodResult, error) {
	month := resolveMonth(in.Month, a.Now(), a.Zone)
	if in.StartedBy != "" {
		_, err := a.person(ctx, month, in.StartedBy)
		if err != nil {
			return OpenPeriodResult{}, atEdge(err)
		}
	}
	run := activity.GetInfo(ctx).WorkflowExecution
	opening := closing.Opening{
		Month: month, WorkflowID: run.ID, RunID: run.RunID,
		StartedBy: in.StartedBy, AcceptUnassigned: in.AcceptUnassigned,
	}
	opened, err := a.Ledger.OpenPeriod(ctx, opening)
	if code, _ := fault.CodeOf(err); code == fault.PeriodBusy && a.Runs != nil {
		running, asked := a.Runs.Running(ctx, opened.Holder)
		if asked != nil {
			return OpenPeriodResult{}, fmt.Errorf("ask whether %s still runs: %w", opened.Holder, asked)
		}
		if !running {
			opening.Abandoned = opened.Holder
			opened, err = a.Ledger.OpenPeriod(ctx, opening)
		}
	}
	if err != nil {
		return OpenPeriodResult{}, atEdge(err)
	}
	return OpenPeriodResult{
		Month: month, Closed: opened.State == closing.StateClosed, Language: a.Language,
	}, nil
}

// PlanCustomers lists a page of the customers a close must visit. It only reads.
func (a *Closing) PlanCustomers(ctx context.Context, in PlanInput) (PlanResult, error) {
	limit := in.Limit
	if limit < 1 || limit > customersMax {
		limit = customersMax
	}
	customers, err := a.Ledger.Customers(ctx, in.Month, in.After, limit, in.OnlyParked)
	if err != nil {
		return PlanResult{}, atEdge(err)
	}
	return PlanResult{Customers: customers}, nil
}

// Park sets a customer aside with a reason. Running it again writes the same
// reason over itself; final documents stay.
func (a *Closing) Park(ctx context.Context, in ParkInput) error {
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return atEdge(err)
	}
	customer, _ := book.Customer(in.Customer, in.Month) // unknown: parked without an issuer
	reason := in.Reason
	if reason == "" {
		reason = in.Code
	}
	return atEdge(a.Ledger.Park(ctx, in.Month, customer.Issuer, in.Customer, reason))
}

// Prove recomputes the month's conservation proof and replaces the one before.
// Where it does not hold the close stops for good.
func (a *Closing) Prove(ctx context.Context, month period.Month) (Proof, error) {
	proved, err := a.Ledger.Prove(ctx, month)
	if err != nil {
		return Proof{}, atEdge(err)
	}
	proof := Proof{
		Unassigned: proved.Undecided(), Unowned: proved.Unowned, Blocked: proved.Blocked,
		Aside: asideGroups(proved.Aside),
	}
	if proved.Unowned {
		lying, err := a.Ledger.Unowned(ctx, month, lyingMax)
		if err != nil {
			return Proof{}, atEdge(err)
		}
		for _, one := range lying {
			proof.Lying = append(proof.Lying, one.String())
		}
	}
	for _, total := range closing.ByCurrency(proved.Rows) {
		proof.Currencies = append(proof.Currencies, ProofTotal{
			Currency:    string(total.Currency),
			Delivered:   money.Text(total.Delivered),
			Sealed:      money.Text(total.Sealed),
			Quarantined: money.Text(total.Quarantined),
			Assigned:    money.Text(total.Assigned),
			Retained:    money.Text(total.Retained),
			Unassigned:  money.Text(total.Unassigned),
		})
	}
	return proof, nil
}

// AcceptUnassigned records who lets a month close although some of its cost has
// no customer, and why. The same word again is written once.
func (a *Closing) AcceptUnassigned(ctx context.Context, in AcceptInput) error {
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return atEdge(err)
	}
	// Before the first import nobody has a role, nor is there a customer to invoice.
	person, _ := book.Person(in.By)
	if len(book.People()) > 0 && !person.Holds(party.RoleApprover) && !person.Holds(party.RoleFinance) {
		return atEdge(fault.New(fault.Approval, fmt.Sprintf("%q is no approver and not of finance", in.By),
			"name somebody whose row in the people sheet has one of these roles"))
	}
	return atEdge(a.Ledger.AcceptUnassigned(ctx, in.Month, in.By, in.Reason))
}

// Decide writes a person's decision about one customer's drafts, if the rules
// let that person decide. The same decision again is written once.
func (a *Closing) Decide(ctx context.Context, in DecideInput) error {
	book, _, err := a.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return atEdge(err)
	}
	person, known := book.Person(in.By)
	if !known {
		person.Code = in.By // without a role: refused by the rules, in their words
	}
	customer, _ := book.Customer(in.Customer, in.Month)
	return atEdge(a.Ledger.Decide(ctx, in.Month, in.Customer, closing.Verdict(in.Verdict), person, in.Reason,
		[]string{in.StartedBy}, customer.Contract.AutoApprove))
}

// Finalize numbers and freezes one document; a month that its quarter's document
// will bill is frozen without a number and has no recipients. A document that is
// final already answers with the number it has.
func (a *Closing) Finalize(ctx context.Context, in FinalizeInput) (FinalizeResult, error) {
	snapshot, err := a.Ledger.Draft(ctx, in.InvoiceID)
	if err != nil {
		return FinalizeResult{}, atEdge(err)
	}
	book, _, err := a.Master.LoadBook(ctx, snapshot.Month)
	if err != nil {
		return FinalizeResult{}, atEdge(err)
	}
	issuer, known := book.Issuer(snapshot.Issuer.Code)
	if !known {
		return FinalizeResult{}, atEdge(fault.New(fault.Master,
			fmt.Sprintf("issuer %q is no longer in the issuer sheet", snapshot.Issuer.Code), "put it back"))
	}
	finalizing := closing.Finalizing{
		InvoiceID: in.InvoiceID, Series: issuer.NumberSeries, MailFrom: issuer.MailFrom,
		Granted: granted(book.AllCredits(), snapshot.Customer.Code),
	}
	if !snapshot.Deferred {
		finalizing.Recipients, finalizing.LeftOut = recipients(book, snapshot)
	}
	final, err := a.Ledger.Finalize(ctx, finalizing)
	if err != nil {
		return FinalizeResult{}, atEdge(err)
	}
	return FinalizeResult{
		Number: final.Number, Digest: final.Digest, Recipients: final.Recipients, Deferred: final.Deferred,
	}, nil
}

// Settle writes how the month ended. A month that has settled keeps its state.
func (a *Closing) Settle(ctx context.Context, month period.Month) (SettleResult, error) {
	settled, err := a.Ledger.Settle(ctx, month)
	if err != nil {
		return SettleResult{}, atEdge(err)
	}
	return SettleResult{
		State: string(settled.State),
		Final: settled.Final, Deferred: settled.Deferred, Parked: settled.Parked,
	}, nil
}

// person finds somebody of our own staff by code.
func (a *Closing) person(ctx context.Context, month period.Month, code string) (party.Person, error) {
	book, _, err := a.Master.LoadBook(ctx, month)
	if err != nil {
		return party.Person{}, err
	}
	person, known := book.Person(code)
	if !known {
		return party.Person{}, fault.New(fault.Approval, fmt.Sprintf("%q is not in the people sheet", code),
			"name a code of the people sheet")
	}
	return person, nil
}

// resolveMonth is the month that was asked for; none is the one before today by
// the wall clock of the house (ruling R-13).
func resolveMonth(asked period.Month, now time.Time, zone *time.Location) period.Month {
	if !asked.IsZero() {
		return asked
	}
	if zone == nil {
		zone = time.UTC
	}
	return period.Previous(now.In(zone))
}
