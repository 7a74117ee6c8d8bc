package invoice

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Excerpt is what somebody who holds some of a customer's accounts may see of a
// document. It is no invoice: nobody owes its sum.
type Excerpt struct {
	Accounts []string // of the document, sorted: the only ones in here
	Scope    string   // the digest of Accounts
	// Shown is the document narrowed to the accounts. It holds no total, tax,
	// credit, adjustment, earlier month or bank account, and no step or cost of
	// the provider's: what is not copied by Narrow is not in it.
	Shown Snapshot
	Sum   decimal.Decimal // of the shown lines, before tax, in Shown.Currency
}

// Narrow keeps of a document the lines of some accounts. It is false where none
// of them has a line: there is nothing to show then.
//
// Every field that goes along is named here, so that one added to a snapshot
// later stays behind until somebody decides otherwise.
func Narrow(s Snapshot, accounts []string) (Excerpt, bool) {
	held := s.AccountsAmong(accounts)
	if len(held) == 0 {
		return Excerpt{}, false
	}
	excerpt := Excerpt{Accounts: held, Scope: ScopeOf(held)}
	if !s.IsQuarter() {
		excerpt.Shown, excerpt.Sum = narrowMonth(s, held)
		return excerpt, true
	}
	excerpt.Shown = narrowHead(s)
	for _, month := range s.Months {
		shown, sum := narrowMonth(month, held)
		excerpt.Shown.Months, excerpt.Sum = append(excerpt.Shown.Months, shown), excerpt.Sum.Add(sum)
	}
	return excerpt, true
}

// narrowHead keeps what says which document this is, and whose.
func narrowHead(s Snapshot) Snapshot {
	return Snapshot{
		Schema:   s.Schema,
		Number:   s.Number,
		Kind:     s.Kind,
		Revision: s.Revision,
		Corrects: s.Corrects,
		Issuer: Party{
			Code:    s.Issuer.Code,
			Name:    s.Issuer.Name,
			Country: s.Issuer.Country,
			Email:   s.Issuer.Email,
		},
		Customer:    Party{Code: s.Customer.Code, Name: s.Customer.Name, Country: s.Customer.Country},
		Salesman:    s.Salesman,
		Language:    s.Language,
		Color:       s.Color,
		Provider:    s.Provider,
		Month:       s.Month,
		IssuedOn:    s.IssuedOn,
		DataAsOf:    s.DataAsOf,
		Provisional: s.Provisional,
		GroupBy:     s.GroupBy,
		Currency:    s.Currency,
	}
}

// narrowMonth keeps the lines of the accounts, with their sum before tax, and of
// the rates those that turned them over.
func narrowMonth(s Snapshot, held []string) (Snapshot, decimal.Decimal) {
	shown, sum := narrowHead(s), decimal.Zero
	net := map[money.Currency]decimal.Decimal{}
	for _, l := range s.Lines {
		if _, isHeld := slices.BinarySearch(held, l.Account); !isHeld {
			continue
		}
		shown.Lines = append(shown.Lines, Line{
			Position:    len(shown.Lines) + 1,
			Account:     l.Account,
			AccountName: l.AccountName,
			Service:     l.Service,
			ServiceName: l.ServiceName,
			UsageType:   l.UsageType,
			Unit:        l.Unit,
			Quantity:    l.Quantity,
			Source:      l.Source,
			Net:         l.Net,
			Amount:      l.Amount,
		})
		net[l.Source] = net[l.Source].Add(l.Net)
		sum = sum.Add(l.Amount)
	}
	for _, source := range s.Sources {
		of, isShown := net[source.Currency]
		if !isShown {
			continue
		}
		shown.Sources = append(shown.Sources, SourceTotal{
			Currency: source.Currency, Net: of, Rate: source.Rate, Per: source.Per,
			RateOn: source.RateOn, RateType: source.RateType, RateRule: source.RateRule,
		})
	}
	return shown, sum
}

// AccountsAmong are those of the given accounts that have a line in the
// document, sorted. A line without an account is nobody's part.
func (s Snapshot) AccountsAmong(accounts []string) []string {
	asked := make(map[string]bool, len(accounts))
	for _, account := range accounts {
		asked[account] = account != ""
	}
	var held []string
	for _, l := range s.allLines() {
		if asked[l.Account] {
			held = append(held, l.Account)
			asked[l.Account] = false
		}
	}
	slices.Sort(held)
	return held
}

// ScopeOf names a set of accounts: the SHA-256 of their ids, sorted, one on each
// line. No accounts is the whole document, whose scope is empty.
func ScopeOf(accounts []string) string {
	if len(accounts) == 0 {
		return ""
	}
	sorted := slices.Clone(accounts)
	slices.Sort(sorted)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(sorted), "\n")))
	return hex.EncodeToString(sum[:])
}
