// Package party holds who takes part: issuers, people, customers, their
// accounts, organizations and contacts.
//
// It owns what each may see and the check digits of their identity numbers. It
// does not own what they are charged (see pricing, invoice).
package party

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// Issuer is the reseller's company that an invoice comes from.
type Issuer struct {
	Code, Name, NameEn, NameJa        string
	BusinessNumber, BranchID, TNumber string
	Representative                    string
	BusinessType, BusinessItem        string // 업태, 종목
	Address, AddressEn, AddressJa     string
	BankAccount, MailFrom             string
	NumberSeries                      string // e.g. INV: numbers read INV-2026-000123
	Logo                              string // a path in the blob store, or empty
	Color                             string // #RRGGBB, the one accent of a page
}

// Person is one of our own staff. Every decision names the code, never the address.
type Person struct {
	Code, Name, Email string
	Roles             []Role
}

// Role is what a person may do.
type Role string

// The roles of our own staff.
const (
	RoleFinance  Role = "finance"
	RoleApprover Role = "approver"
	RoleOps      Role = "ops"
)

// Holds says whether the person has a role.
func (p Person) Holds(role Role) bool {
	for _, held := range p.Roles {
		if held == role {
			return true
		}
	}
	return false
}

// Customer is whom we invoice, with the contract that is in force in a month.
type Customer struct {
	Code, Issuer                      string
	Name, NameEn, NameJa              string
	Country                           string // ISO 3166 alpha-2
	BusinessNumber, BranchID, TNumber string
	Representative                    string
	BusinessType, BusinessItem        string
	Address                           string
	Language                          string // ko, en, ja
	Currency                          money.Currency
	Salesman                          string // a person's code
	Contract                          Contract
	Valid                             period.Span
}

// Contract is what differs between customers; DOMAIN's "contract is data".
type Contract struct {
	PriceBasis      string          // billed, list, effective
	BenefitPolicy   string          // as-billed, owner-only, pooled, partner-keeps
	BenefitShare    decimal.Decimal // per cent the partner keeps
	FXRule          string          // month-end, month-average, day:25
	FXType          string          // 매매기준율 and others, as in the rates sheet
	RoundingPoint   string          // line, product, document
	RoundingMode    money.Mode
	RoundingUnit    decimal.Decimal
	Tax             string // kr-vat, jp-ct, none
	TaxRounding     money.Mode
	ProviderTax     string // retain, pass
	PartnerDiscount string // retain, pass
	ProviderCredit  string // pass, pooled
	MovePolicy      string // whole-month, by-day
	TermsDays       int
	BillingCycle    string // monthly, quarterly
	GroupBy         string // account, alias
	AutoApprove     bool
}

// Account says which customer a cloud account belonged to and when.
type Account struct {
	Provider, SubAccount, Alias   string
	Customer, Organization, Group string
	From, To                      time.Time // days, UTC, To excluded; zero is open
}

// Group is a node of an organization's tree; without a parent it is Root.
type Group struct {
	Customer, Organization, Code, Name, Parent string
}

// Contact is somebody who receives documents.
type Contact struct {
	Customer, Email, Name, Language string
	Role                            ContactRole
	Scope                           []string // account ids, or one group's code
	Documents                       []string // invoice, by-account, detail, …
	Delivery                        string   // mail, none
	CC                              string
	Valid                           period.Span
}
