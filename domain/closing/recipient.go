package closing

import (
	"fmt"
	"sort"
	"strings"

	"magam/domain/party"
)

// Recipient is one row of the outbox to be: one contact and what it may see.
type Recipient struct {
	Email, Name, CC, Language string
	Documents                 []string
}

// The kinds of documents that this house renders now.
const (
	DocumentInvoice = "invoice" // by product, as PDF
	DocumentDetail  = "detail"  // the workbook
)

// Recipients are the contacts who get a document by mail, in the order of their
// addresses, so that ordinals are the same on every run.
//
// A pending contact gets nothing until a role is given, and only a Root contact
// gets what covers the whole customer. What is scoped to accounts or a group is
// not rendered yet: such a contact may see none of these documents and is left
// out, never sent more than its part.
func Recipients(contacts []party.Contact) []Recipient {
	var recipients []Recipient
	seen := map[string]bool{}
	for _, contact := range contacts {
		address := strings.ToLower(contact.Email)
		if contact.Delivery != "mail" || contact.Role != "root" || seen[address] {
			continue
		}
		documents := rendered(contact.Documents)
		if len(documents) == 0 {
			continue
		}
		seen[address] = true
		recipients = append(recipients, Recipient{
			Email: contact.Email, Name: contact.Name, CC: contact.CC,
			Language: contact.Language, Documents: documents,
		})
	}
	sort.SliceStable(recipients, func(i, j int) bool { return recipients[i].Email < recipients[j].Email })
	return recipients
}

// rendered keeps the kinds that exist; a contact that names none gets all.
func rendered(asked []string) []string {
	if len(asked) == 0 {
		return []string{DocumentInvoice, DocumentDetail}
	}
	var kept []string
	for _, kind := range []string{DocumentInvoice, DocumentDetail} {
		for _, one := range asked {
			if one == kind {
				kept = append(kept, kind)
				break
			}
		}
	}
	return kept
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
