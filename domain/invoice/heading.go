package invoice

import (
	"sort"

	"magam/domain/money"
	"magam/domain/party"
)

// HistoryMonths is how many earlier months a document shows.
const HistoryMonths = 6

// heading fills everything of a document but its figures.
func heading(in Input) Snapshot {
	contract := in.Customer.Contract
	issued := in.Month.LastDay()
	return Snapshot{
		Schema: SchemaCurrent, Kind: KindInvoice,
		Issuer:   supplier(in.Issuer, in.Customer.Language),
		Customer: recipient(in.Customer),
		Salesman: Salesman{Name: in.Salesman.Name, Email: in.Salesman.Email},
		Language: or(in.Customer.Language, "ko"),
		Color:    in.Issuer.Color, Bank: in.Issuer.BankAccount,
		Provider: in.Provider, Month: in.Month, Deferred: in.Deferred,
		IssuedOn: NewDate(issued), DueOn: NewDate(issued.AddDate(0, 0, contract.TermsDays)),
		DataAsOf: dateOrNone(in), Provisional: in.Provisional,
		GroupBy:  or(contract.GroupBy, GroupByAccount),
		Currency: in.Customer.Currency, Rounding: roundingTerms(in.Customer),
		TaxName:     or(contract.Tax, "none"),
		TaxRounding: money.Mode(or(string(contract.TaxRounding), string(money.ModeTruncate))),
		History:     recent(in),
	}
}

// roundingTerms fills what the contract leaves out: the document, truncated to
// the currency's smallest unit, which in won is the Korean custom.
func roundingTerms(customer party.Customer) Rounding {
	terms := Rounding{
		Point: or(customer.Contract.RoundingPoint, PointDocument),
		Mode:  money.Mode(or(string(customer.Contract.RoundingMode), string(money.ModeTruncate))),
		Unit:  customer.Contract.RoundingUnit,
	}
	if terms.Unit.IsZero() {
		terms.Unit = money.Unit(customer.Currency.Places())
	}
	return terms
}

// supplier is the issuer in the document's language, as far as it has one.
func supplier(issuer party.Issuer, language string) Party {
	name, address := issuer.Name, issuer.Address
	switch language {
	case "en":
		name, address = or(issuer.NameEn, name), or(issuer.AddressEn, address)
	case "ja":
		name, address = or(issuer.NameJa, name), or(issuer.AddressJa, address)
	}
	return Party{
		Code: issuer.Code, Name: name, Address: address, Email: issuer.MailFrom,
		BusinessNumber: issuer.BusinessNumber, BranchID: issuer.BranchID, TNumber: issuer.TNumber,
		Representative: issuer.Representative,
		BusinessType:   issuer.BusinessType, BusinessItem: issuer.BusinessItem,
	}
}

func recipient(customer party.Customer) Party {
	name := customer.Name
	switch customer.Language {
	case "en":
		name = or(customer.NameEn, name)
	case "ja":
		name = or(customer.NameJa, name)
	}
	return Party{
		Code: customer.Code, Name: name, Address: customer.Address, Country: customer.Country,
		BusinessNumber: customer.BusinessNumber, BranchID: customer.BranchID, TNumber: customer.TNumber,
		Representative: customer.Representative,
		BusinessType:   customer.BusinessType, BusinessItem: customer.BusinessItem,
	}
}

// recent keeps the six months before the document's, oldest first.
func recent(in Input) []MonthTotal {
	var months []MonthTotal
	for _, one := range in.History {
		if ago := in.Month.Sub(one.Month); ago >= 1 && ago <= HistoryMonths {
			months = append(months, one)
		}
	}
	sort.SliceStable(months, func(a, b int) bool { return months[a].Month.Before(months[b].Month) })
	return months
}

func dateOrNone(in Input) Date {
	if in.DataAsOf.IsZero() {
		return Date{}
	}
	return NewDate(in.DataAsOf)
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
