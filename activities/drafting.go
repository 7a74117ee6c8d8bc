package activities

import (
	"context"
	"fmt"
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
)

// DraftingLedger is what drafting reads and writes of the books.
type DraftingLedger interface {
	Documents(ctx context.Context, month period.Month, customer string) ([]closing.Stored, error)
	Draft(ctx context.Context, id int64) (invoice.Snapshot, error)
	Groups(ctx context.Context, month period.Month, customer string, withTags bool) ([]charge.Group, error)
	TransfersOf(ctx context.Context, month period.Month, customer string) ([]pricing.Transfer, error)
	Aliases(ctx context.Context, month period.Month, customer string) (map[string]string, error)
	DataAsOf(ctx context.Context, month period.Month, customer string) (map[string]invoice.Date, error)
	Provisional(ctx context.Context, month period.Month) (map[string]bool, error)
	History(ctx context.Context, month period.Month, customer, provider string,
		currency money.Currency) ([]invoice.MonthTotal, error)
	EarlierFees(ctx context.Context, month period.Month, customer string) (map[string][]invoice.FeeUse, error)
	Quarter(ctx context.Context, month period.Month, customer string) (closing.Quarter, error)
	UsedBefore(ctx context.Context, month period.Month) (map[string]decimal.Decimal, error)
	UsedIn(ctx context.Context, month period.Month, customer string) (map[string]decimal.Decimal, error)
	CreditCurrencies(ctx context.Context, customer string) (map[string]money.Currency, error)
	StoreDrafts(ctx context.Context, month period.Month, customer string,
		documents []closing.Document) ([]closing.Stored, error)
	Objected(ctx context.Context, month period.Month, customer string) (bool, error)
}

// Draft assembles and stores the drafts of one customer's month, one per
// provider. Running it again replaces them as a set; the same bytes keep what
// was decided about them, and final documents are left alone. Whatever cannot
// be computed exactly is an error that parks the customer. The contract approves
// nothing that a person held or rejected, although the draft has changed since.
func (a *Closing) Draft(ctx context.Context, in CustomerInput) (DraftResult, error) {
	d := &drafting{Closing: a, month: in.Month, code: in.Customer}
	stored, err := d.run(ctx)
	if err != nil {
		return DraftResult{}, atEdge(fmt.Errorf("draft %s %s: %w", in.Customer, in.Month, err))
	}
	objected, err := a.Ledger.Objected(ctx, in.Month, in.Customer)
	if err != nil {
		return DraftResult{}, atEdge(fmt.Errorf("draft %s %s: %w", in.Customer, in.Month, err))
	}
	result := DraftResult{
		Customer: in.Customer, AutoApprove: d.customer.Contract.AutoApprove && !objected, Defers: d.defers,
	}
	for _, one := range stored {
		document := DraftedDocument{
			InvoiceID: one.InvoiceID, Provider: one.Provider, Currency: string(one.Currency),
			Total: money.Text(one.Total), Number: one.Number, Deferred: one.Deferred, Approved: one.Approved,
			Held: one.Held,
		}
		for _, hold := range one.Holds {
			document.Holds = append(document.Holds, Hold(hold))
		}
		result.Documents = append(result.Documents, document)
	}
	sort.Slice(result.Documents, func(i, j int) bool {
		return result.Documents[i].Provider < result.Documents[j].Provider
	})
	return result, nil
}

// drafting is one customer's month on its way to drafts.
type drafting struct {
	*Closing
	month    period.Month
	code     string
	book     *master.Book
	versions map[string]int64
	customer party.Customer
	issuer   party.Issuer
	quarter  closing.Quarter
	defers   bool              // a later document of the quarter bills the month
	final    map[string]bool   // providers whose document is final
	names    map[string]string // what those documents are called
	applied  map[string]bool   // flat adjustments that a final document carries
	charged  map[string]bool   // fees that one carries
}

func (d *drafting) run(ctx context.Context) ([]closing.Stored, error) {
	err := d.readMaster(ctx)
	if err != nil {
		return nil, err
	}
	before, err := d.Ledger.Documents(ctx, d.month, d.code)
	if err != nil {
		return nil, err
	}
	err = d.readFinal(ctx, before)
	if err != nil {
		return nil, err
	}
	state, _, err := d.Ledger.Period(ctx, d.month)
	if err != nil {
		return nil, err
	}
	if state == closing.StateClosed {
		if len(before) > 0 && len(d.final) == len(before) {
			return before, nil
		}
		return nil, fault.New(fault.PeriodClosed, d.month.String()+" is closed", "correct it by a note")
	}
	if d.rootRecipients() == 0 {
		return nil, fault.New(fault.ContactMissing, "no contact receives the invoice by mail",
			"add a contact with role root and delivery mail, then retry the parked customer")
	}
	err = d.readQuarter(ctx)
	if err != nil {
		return nil, err
	}

	inputs, err := d.inputs(ctx)
	if err != nil {
		return nil, err
	}
	drafts, parked := invoice.AssembleMonth(inputs)
	documents := make([]closing.Document, 0, len(drafts))
	for i, draft := range drafts {
		if parked[i] != nil {
			return nil, parked[i] // one document parks the customer's month whole
		}
		draft, err = d.ofQuarter(draft)
		if err != nil {
			return nil, err
		}
		document, err := d.judge(draft)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return d.Ledger.StoreDrafts(ctx, d.month, d.code, documents)
}

// readMaster finds the contract in force, its issuer, and who receives.
func (d *drafting) readMaster(ctx context.Context) error {
	var err error
	d.book, d.versions, err = d.Master.LoadBook(ctx, d.month)
	if err != nil {
		return err
	}
	var known bool
	d.customer, known = d.book.Customer(d.code, d.month)
	if !known {
		return fault.New(fault.Contract,
			fmt.Sprintf("%s has no row of the customers sheet in %s", d.code, d.month),
			"add the customer, or give its accounts to another, then retry the parked customer")
	}
	d.issuer, known = d.book.Issuer(d.customer.Issuer)
	if !known {
		return fault.New(fault.Contract,
			fmt.Sprintf("issuer %q is not in the issuer sheet", d.customer.Issuer),
			"correct the customer's issuer, then retry the parked customer")
	}
	return nil
}

// readFinal notes which providers are done, and what was used on them once.
func (d *drafting) readFinal(ctx context.Context, before []closing.Stored) error {
	d.final, d.applied, d.charged = map[string]bool{}, map[string]bool{}, map[string]bool{}
	d.names = map[string]string{}
	for _, document := range before {
		if !document.Done() {
			continue
		}
		d.final[document.Provider], d.names[document.Provider] = true, document.Name()
		snapshot, err := d.Ledger.Draft(ctx, document.InvoiceID)
		if err != nil {
			return err
		}
		own := snapshot.Own()
		for _, use := range own.Adjustments {
			d.applied[use.ID] = true
		}
		for _, use := range own.Fees {
			d.charged[use.ID] = true
		}
	}
	return nil
}

// readQuarter finds out whether the month is billed with a later one of its
// quarter, and if not, which earlier ones are billed with it (ruling R-20).
func (d *drafting) readQuarter(ctx context.Context) error {
	var err error
	d.quarter, err = d.Ledger.Quarter(ctx, d.month, d.code)
	if err != nil {
		return err
	}
	d.defers = d.quarter.Defers(d.book.Defers(d.code, d.month))
	return d.quarter.Check(d.code, d.month, d.book.DeferredTo(d.code, d.month))
}

// ofQuarter is the month's draft, with the months that were deferred to it.
func (d *drafting) ofQuarter(draft invoice.Draft) (invoice.Draft, error) {
	if d.defers {
		return draft, nil
	}
	return invoice.Quarter(draft, d.quarter.Of(draft.Snapshot.Provider))
}

// judge verifies a draft and lists why a person must look at it.
func (d *drafting) judge(draft invoice.Draft) (closing.Document, error) {
	err := invoice.Verify(draft.Snapshot)
	if err != nil {
		return closing.Document{}, err
	}
	facts := invoice.Facts{
		Contacts: d.rootRecipients(),
		Limit:    func(name string) (decimal.Decimal, bool) { return d.book.Threshold(d.code, name) },
	}
	err = invoice.Bounded(draft, facts)
	if err != nil {
		return closing.Document{}, err
	}
	document := closing.Document{Draft: draft, Master: d.versions}
	for _, hold := range invoice.Holds(draft, facts) {
		document.Holds = append(document.Holds, closing.Hold(hold))
	}
	return document, nil
}

// rootRecipients counts who receives the customer's whole documents: somebody
// must, however many receive the detail of some accounts.
func (d *drafting) rootRecipients() int {
	whole, _ := recipients(d.book, invoice.Snapshot{Customer: invoice.Party{Code: d.code}, Month: d.month})
	return len(whole)
}

// recipients are the contacts who receive a document, each in its own language
// or else the customer's, and those who receive nothing of it. A document
// without lines is for Root contacts alone.
func recipients(book *master.Book, s invoice.Snapshot) ([]closing.Recipient, []closing.LeftOut) {
	customer, _ := book.Customer(s.Customer.Code, s.Month)
	contacts := append([]party.Contact{}, book.Contacts(s.Customer.Code, s.Month)...)
	for i := range contacts {
		contacts[i].Language = master.Language(contacts[i], customer)
	}
	return closing.Recipients(contacts, s, closing.Parties{Accounts: book.Accounts(), Groups: book.Groups()})
}

func granted(credits []credit.Credit, customer string) map[string]decimal.Decimal {
	amounts := map[string]decimal.Decimal{}
	for _, one := range credits {
		if one.Customer == customer {
			amounts[one.ID] = one.Granted
		}
	}
	return amounts
}
