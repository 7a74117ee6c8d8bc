package closing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"magam/domain/invoice"
	"magam/domain/party"
)

// Recipient is one row of the outbox to be: one contact and what it may see.
type Recipient struct {
	Email, Name, CC, Language string
	Documents                 []string
	Accounts                  []string // of this document, sorted; none: the whole document
}

// Scope names what the recipient may see; empty is the whole document.
func (r Recipient) Scope() string { return invoice.ScopeOf(r.Accounts) }

// LeftOut is a contact that gets no mail of a document, and why.
type LeftOut struct {
	Email, Role, Reason string
}

// The kinds of documents that this house renders now.
const (
	DocumentInvoice = "invoice" // by product, as PDF
	DocumentDetail  = "detail"  // the workbook
)

// Why a contact that may see something gets no mail.
const (
	LeftNoMail  = "delivery is none"
	LeftTwice   = "the address has a mail of this document already"
	LeftNoLines = "none of its accounts has a charge in this document"

	LeftUnbuilt        = "not built yet" // and the kinds it asks for
	LeftUnbuiltOrRoots = "not built yet, or for Root alone"
)

// Parties are the rows of master data that say what a contact may see.
type Parties struct {
	Accounts []party.Account
	Groups   []party.Group
}

// Recipients are the contacts who get a document by mail, and those who do not
// with the reason: nobody is left out in silence.
//
// A Root contact gets what covers the whole customer. A contact of some accounts
// or of a group gets the detail of those that are charged in this document, and
// nothing else. Root contacts come first, then the others, each by address, so
// that ordinals are the same on every run.
func Recipients(contacts []party.Contact, s invoice.Snapshot, p Parties) ([]Recipient, []LeftOut) {
	ordered := slices.Clone(contacts)
	slices.SortStableFunc(ordered, func(a, b party.Contact) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Email, b.Email))
	})
	var recipients []Recipient
	var left []LeftOut
	seen := map[string]bool{}
	for _, contact := range ordered {
		recipient, reason := recipientOf(contact, s, p)
		address := strings.ToLower(contact.Email)
		if reason == "" && seen[address] {
			reason = LeftTwice
		}
		if reason != "" {
			left = append(left, LeftOut{Email: contact.Email, Role: string(contact.Role), Reason: reason})
			continue
		}
		seen[address] = true
		recipients = append(recipients, recipient)
	}
	return recipients, left
}

func rank(c party.Contact) int {
	if c.Role == party.ContactRoot {
		return 0
	}
	return 1
}

// recipientOf says what one contact gets, or why nothing.
func recipientOf(c party.Contact, s invoice.Snapshot, p Parties) (Recipient, string) {
	sight := party.SightOf(c, s.Provider, s.Month, p.Accounts, p.Groups)
	if sight.Blind != "" {
		return Recipient{}, sight.Blind
	}
	if c.Delivery != "mail" {
		return Recipient{}, LeftNoMail
	}
	documents, missing := rendered(c.Documents, sight.Whole)
	if len(documents) == 0 {
		why := LeftUnbuilt
		if !sight.Whole {
			why = LeftUnbuiltOrRoots
		}
		return Recipient{}, why + ": " + strings.Join(missing, ", ")
	}
	recipient := Recipient{
		Email: c.Email, Name: c.Name, CC: c.CC, Language: c.Language, Documents: documents,
	}
	if !sight.Whole {
		recipient.Accounts = s.AccountsAmong(sight.Accounts)
		if len(recipient.Accounts) == 0 {
			return Recipient{}, LeftNoLines
		}
	}
	return recipient, ""
}

// rendered keeps the kinds that exist, and names the others. The workbook holds
// the account detail too. A contact that names no kind gets all that it may see;
// one that does not see the whole gets no invoice, whatever its row asks for.
func rendered(asked []string, whole bool) (kept, missing []string) {
	if len(asked) == 0 {
		asked = []string{DocumentInvoice, DocumentDetail}
	}
	var wantsInvoice, wantsDetail bool
	for _, kind := range asked {
		switch {
		case kind == DocumentInvoice && whole:
			wantsInvoice = true
		case kind == DocumentDetail || kind == "account-detail":
			wantsDetail = true
		default:
			missing = append(missing, kind)
		}
	}
	if wantsInvoice {
		kept = append(kept, DocumentInvoice)
	}
	if wantsDetail {
		kept = append(kept, DocumentDetail)
	}
	return kept, missing
}

// MessageID names one mail of one document for good: the same number and
// ordinal is the same mail, however often it is sent. Resend counts deliberate
// repetitions by a person; the first sending is 0.
func MessageID(number string, ordinal, resend int, mailFrom string) string {
	_, domain, found := strings.Cut(strings.Trim(mailFrom, "<> "), "@")
	if !found || domain == "" {
		domain = "magam.invalid"
	}
	return fmt.Sprintf("<inv-%s.%d.%d@%s>", number, ordinal, resend, domain)
}
