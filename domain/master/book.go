package master

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/commitment"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// Book is the typed view of all sheets that a close reads. It never changes
// once made, so that many customers may be drafted from one at a time.
//
// What it returns is in the order of the sheets, or by code where it says so.
type Book struct {
	tables []Table

	issuers       []party.Issuer
	people        []party.Person
	customers     []party.Customer // by code, then validity
	organizations []Organization
	groups        []party.Group
	accounts      []party.Account
	contacts      []party.Contact
	sources       []Source
	prices        []pricing.Rule
	fees          []pricing.Fee
	plans         []pricing.PlanRow
	sharedCosts   []pricing.SharedCost
	adjustments   []credit.Adjustment
	credits       []credit.Credit
	tags          []Tag
	rates         []tax.FXRate
	taxes         []tax.Rate
	taxRules      []tax.Rule
	budgets       []Budget
	commitments   []commitment.Commitment
	payments      []Payment
	thresholds    map[[2]string]decimal.Decimal // customer and hold
	holidays      []Holiday

	customersByCode map[string][]party.Customer
	contactsOf      map[string][]party.Contact
	pricesOf        map[string][]pricing.Rule
	adjustmentsOf   map[string][]credit.Adjustment
	creditsOf       map[string][]credit.Credit
	personByCode    map[string]party.Person
}

// NewBook reads tables that Validate has accepted. Tables with a problem give
// no Book: a close never reads what an import would refuse.
func NewBook(tables []Table) (*Book, error) {
	if problems := Validate(tables, nil); len(problems) > 0 {
		return nil, &fault.Error{
			Code: fault.Master, What: fmt.Sprintf("the stored master data has %d problems", len(problems)),
			Cure: "import a corrected workbook", Err: problems[0],
		}
	}
	b := &Book{tables: tables, thresholds: map[[2]string]decimal.Decimal{}}
	b.readParties()
	b.readPrices()
	b.readMonth()
	b.index()
	return b, nil
}

// rows walks a sheet's rows with a reader of cells that knows the defaults.
func (b *Book) rows(sheet Sheet, read func(cells)) {
	table, _ := find(b.tables, sheet.Name)
	for _, row := range table.Rows {
		read(cells{sheet, row})
	}
}

func (b *Book) index() {
	sort.SliceStable(b.customers, func(i, j int) bool { return b.customers[i].Code < b.customers[j].Code })
	sort.Slice(b.holidays, func(i, j int) bool { return b.holidays[i].Date.Before(b.holidays[j].Date) })
	b.customersByCode = by(b.customers, func(c party.Customer) string { return c.Code })
	b.contactsOf = by(b.contacts, func(c party.Contact) string { return c.Customer })
	b.pricesOf = by(b.prices, func(r pricing.Rule) string { return r.Customer })
	b.adjustmentsOf = by(b.adjustments, func(a credit.Adjustment) string { return a.Customer })
	b.creditsOf = by(b.credits, func(c credit.Credit) string { return c.Customer })
	b.personByCode = map[string]party.Person{}
	for _, person := range b.people {
		b.personByCode[person.Code] = person
	}
}

func by[T any](list []T, key func(T) string) map[string][]T {
	index := map[string][]T{}
	for _, one := range list {
		index[key(one)] = append(index[key(one)], one)
	}
	return index
}

// everyone is the customer of rows that hold for all.
const everyone = "*"

// cells reads one row's cells by name, empty ones by their default.
type cells struct {
	sheet Sheet
	row   Row
}

func (c cells) text(column string) string            { return c.row.Get(c.sheet, column) }
func (c cells) list(column string) []string          { return List(c.text(column)) }
func (c cells) number(column string) decimal.Decimal { return number(c.text(column)) }
func (c cells) integer(column string) int            { return int(number(c.text(column)).IntPart()) }
func (c cells) month(column string) period.Month     { return month(c.text(column)) }
func (c cells) day(column string) time.Time          { return day(c.text(column)) }
func (c cells) yes(column string) bool               { return c.text(column) == "yes" }

func (c cells) valid() period.Span { return period.Span{From: c.month("from"), To: c.month("to")} }

// Tables are what the book was made from.
func (b *Book) Tables() []Table { return b.tables }

// Customers are whom we invoice in a month, by code.
func (b *Book) Customers(month period.Month) []party.Customer {
	var current []party.Customer
	for _, customer := range b.customers {
		if customer.Valid.Covers(month) {
			current = append(current, customer)
		}
	}
	return current
}

// Customer is one customer with the contract in force in a month.
func (b *Book) Customer(code string, month period.Month) (party.Customer, bool) {
	for _, customer := range b.customersByCode[code] {
		if customer.Valid.Covers(month) {
			return customer, true
		}
	}
	return party.Customer{}, false
}

// Issuers are all issuers.
func (b *Book) Issuers() []party.Issuer { return b.issuers }

// Issuer finds an issuer by code; empty is the only one.
func (b *Book) Issuer(code string) (party.Issuer, bool) {
	if code == "" && len(b.issuers) == 1 {
		return b.issuers[0], true
	}
	for _, issuer := range b.issuers {
		if issuer.Code == code {
			return issuer, true
		}
	}
	return party.Issuer{}, false
}

// People are our own staff.
func (b *Book) People() []party.Person { return b.people }

// Person finds one of our own staff by code.
func (b *Book) Person(code string) (party.Person, bool) {
	person, found := b.personByCode[code]
	return person, found
}

// Contacts are who receives a customer's documents in a month, pending ones too.
func (b *Book) Contacts(customer string, month period.Month) []party.Contact {
	var current []party.Contact
	for _, contact := range b.contactsOf[customer] {
		if contact.Valid.Covers(month) {
			current = append(current, contact)
		}
	}
	return current
}

// Accounts are all assignments of accounts to customers.
func (b *Book) Accounts() []party.Account { return b.accounts }

// Organizations are the parts of all customers' companies.
func (b *Book) Organizations() []Organization { return b.organizations }

// Groups are the groups of all organizations.
func (b *Book) Groups() []party.Group { return b.groups }

// Sources are where exports come from.
func (b *Book) Sources() []Source { return b.sources }

// Tags are all custom tags, whenever they hold.
func (b *Book) Tags() []Tag { return b.tags }

// Commitments are all commitments.
func (b *Book) Commitments() []commitment.Commitment { return b.commitments }

// Budgets are all budgets.
func (b *Book) Budgets() []Budget { return b.budgets }

// Payments are all payments.
func (b *Book) Payments() []Payment { return b.payments }

// PriceRules are the rules that may price a customer's lines: its
// own and everyone's, of any month. A line is priced by the rule of its month
// of use (ruling R-10), which pricing.Select looks at.
func (b *Book) PriceRules(customer string) []pricing.Rule {
	own := b.pricesOf[customer]
	rules := make([]pricing.Rule, 0, len(own)+len(b.pricesOf[everyone]))
	return append(append(rules, own...), b.pricesOf[everyone]...)
}

// Fees are what a customer's contract charges in a month beside the provider's cost.
func (b *Book) Fees(customer string, month period.Month) []pricing.Fee {
	var current []pricing.Fee
	for _, fee := range b.fees {
		if fee.Customer == customer && fee.Valid.Covers(month) {
			current = append(current, fee)
		}
	}
	return current
}

// Plans are the slices of every plan, of any month.
func (b *Book) Plans() []pricing.PlanRow { return b.plans }

// SharedCosts are all distributions, of any month, in the order of the sheet.
func (b *Book) SharedCosts() []pricing.SharedCost { return b.sharedCosts }

// Benefits are the month's benefit policies, given who held each account last.
func (b *Book) Benefits(month period.Month, holders map[pricing.Account]string) pricing.Benefits {
	owners := map[pricing.Commitment]string{}
	for _, one := range b.commitments {
		owners[pricing.Commitment{Provider: one.Provider, ID: one.ID}] = one.SubAccount
	}
	return pricing.Benefits{
		Owners: owners, Holders: holders,
		Contract: func(code string) (party.Contract, bool) {
			customer, known := b.Customer(code, month)
			return customer.Contract, known
		},
	}
}

// Adjustments are a customer's adjustments that can fall due in a month;
// credit.Due says what of each.
func (b *Book) Adjustments(customer string, month period.Month) []credit.Adjustment {
	var begun []credit.Adjustment
	for _, adjustment := range b.adjustmentsOf[customer] {
		if !month.Before(adjustment.Month) && (adjustment.To.IsZero() || !month.After(adjustment.To)) {
			begun = append(begun, adjustment)
		}
	}
	return begun
}

// Credits are a customer's credits in force in a month, their balances still
// what was granted: what other months used is in the books, not in the sheet.
func (b *Book) Credits(customer string, month period.Month) []credit.Credit {
	var current []credit.Credit
	for _, one := range b.creditsOf[customer] {
		if one.Valid.Covers(month) {
			current = append(current, one)
		}
	}
	return current
}

// AllCredits are all credits, expired and future ones too.
func (b *Book) AllCredits() []credit.Credit { return b.credits }

// AllAdjustments are all adjustments.
func (b *Book) AllAdjustments() []credit.Adjustment { return b.adjustments }

// Rates are the listed exchange rates.
func (b *Book) Rates() []tax.FXRate { return b.rates }

// Taxes are the rates of taxes, of any month.
func (b *Book) Taxes() []tax.Rate { return b.taxes }

// TaxRate is a tax's rate in a month, in per cent.
func (b *Book) TaxRate(name string, month period.Month) (decimal.Decimal, bool) {
	for _, rate := range b.taxes {
		if rate.Tax == name && rate.Valid.Covers(month) {
			return rate.Rate, true
		}
	}
	return decimal.Zero, false
}

// TaxRules say which lines are in which tax category, in any month.
func (b *Book) TaxRules() []tax.Rule { return b.taxRules }

// Threshold is a customer's threshold, else everybody's, else the product's own.
func (b *Book) Threshold(customer, hold string) (decimal.Decimal, bool) {
	for _, whose := range []string{customer, "*"} {
		if value, set := b.thresholds[[2]string{whose, hold}]; set {
			return value, true
		}
	}
	return holdDefault(hold)
}

// Holidays are the bank holidays, in order.
func (b *Book) Holidays() []time.Time {
	days := make([]time.Time, len(b.holidays))
	for i, holiday := range b.holidays {
		days[i] = holiday.Date
	}
	return days
}

// Language is the one a contact reads: its own, else its customer's.
func Language(contact party.Contact, customer party.Customer) string {
	if contact.Language != "" {
		return strings.ToLower(contact.Language)
	}
	return customer.Language
}
