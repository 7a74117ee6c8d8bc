package master

import (
	"strconv"
	"strings"

	"magam/domain/money"
	"magam/domain/party"
)

func (b *Book) readParties() {
	b.rows(issuerSheet, func(c cells) { b.issuers = append(b.issuers, issuerOf(c)) })
	b.rows(peopleSheet, func(c cells) {
		person := party.Person{Code: c.text("code"), Name: c.text("name"), Email: c.text("email")}
		for _, role := range c.list("roles") {
			person.Roles = append(person.Roles, party.Role(role))
		}
		b.people = append(b.people, person)
	})
	b.rows(customersSheet, func(c cells) { b.customers = append(b.customers, b.customerOf(c)) })
	b.rows(organizationsSheet, func(c cells) {
		b.organizations = append(b.organizations,
			Organization{c.text("customer"), c.text("code"), c.text("name")})
	})
	b.rows(groupsSheet, func(c cells) {
		b.groups = append(b.groups, party.Group{
			Customer: c.text("customer"), Organization: c.text("organization"),
			Code: c.text("code"), Name: c.text("name"), Parent: c.text("parent"),
		})
	})
	b.rows(accountsSheet, func(c cells) { b.accounts = append(b.accounts, accountOf(c)) })
	b.rows(contactsSheet, func(c cells) { b.contacts = append(b.contacts, contactOf(c)) })
	b.rows(sourcesSheet, func(c cells) { b.sources = append(b.sources, sourceOf(c)) })
}

func issuerOf(c cells) party.Issuer {
	return party.Issuer{
		Code: c.text("code"), Name: c.text("name"), NameEn: c.text("name_en"), NameJa: c.text("name_ja"),
		BusinessNumber: c.text("business_number"), BranchID: c.text("branch_id"), TNumber: c.text("t_number"),
		Representative: c.text("representative"),
		BusinessType:   c.text("business_type"), BusinessItem: c.text("business_item"),
		Address: c.text("address"), AddressEn: c.text("address_en"), AddressJa: c.text("address_ja"),
		BankAccount: c.text("bank_account"), MailFrom: c.text("mail_from"),
		NumberSeries: c.text("number_series"), Logo: c.text("logo"), Color: c.text("color"),
	}
}

// customerOf names the issuer where the sheet leaves the only one out.
func (b *Book) customerOf(c cells) party.Customer {
	issuer := c.text("issuer")
	if issuer == "" && len(b.issuers) == 1 {
		issuer = b.issuers[0].Code
	}
	return party.Customer{
		Code:           c.text("code"),
		Issuer:         issuer,
		Name:           c.text("name"),
		NameEn:         c.text("name_en"),
		NameJa:         c.text("name_ja"),
		Country:        c.text("country"),
		BusinessNumber: c.text("business_number"),
		BranchID:       c.text("branch_id"),
		TNumber:        c.text("t_number"),
		Representative: c.text("representative"),
		BusinessType:   c.text("business_type"),
		BusinessItem:   c.text("business_item"),
		Address:        c.text("address"),
		Language:       c.text("language"),
		Currency:       money.Currency(c.text("currency")),
		Salesman:       c.text("salesman"),
		Contract:       contractOf(c),
		Valid:          c.valid(),
	}
}

// contractOf reads a contract; without a rounding unit it is the smallest sum
// that the customer's currency is paid in.
func contractOf(c cells) party.Contract {
	unit := c.number("rounding_unit")
	if unit.IsZero() {
		unit = money.Unit(money.Currency(c.text("currency")).Places())
	}
	return party.Contract{
		PriceBasis:      c.text("price_basis"),
		BenefitPolicy:   c.text("benefit_policy"),
		BenefitShare:    c.number("benefit_share"),
		FXRule:          c.text("fx_rule"),
		FXType:          c.text("fx_type"),
		RoundingPoint:   c.text("rounding_point"),
		RoundingMode:    money.Mode(c.text("rounding_mode")),
		RoundingUnit:    unit,
		Tax:             c.text("tax"),
		TaxRounding:     money.Mode(c.text("tax_rounding")),
		ProviderTax:     c.text("provider_tax"),
		PartnerDiscount: c.text("partner_discount"),
		ProviderCredit:  c.text("provider_credit"),
		MovePolicy:      c.text("move_policy"),
		TermsDays:       c.integer("terms_days"),
		BillingCycle:    c.text("billing_cycle"),
		GroupBy:         c.text("group_by"),
		AutoApprove:     c.yes("auto_approve"),
	}
}

// accountOf turns the sheet's last day, included, into an excluded end.
func accountOf(c cells) party.Account {
	account := party.Account{
		Provider: c.text("provider"), SubAccount: c.text("sub_account"), Alias: c.text("alias"),
		Customer: c.text("customer"), Organization: c.text("organization"), Group: c.text("group"),
		From: c.day("from"), To: c.day("to"),
	}
	if !account.To.IsZero() {
		account.To = account.To.AddDate(0, 0, 1)
	}
	return account
}

// contactOf fills in the documents that a role receives unless told otherwise.
func contactOf(c cells) party.Contact {
	contact := party.Contact{
		Customer:  c.text("customer"),
		Email:     c.text("email"),
		Name:      c.text("name"),
		Language:  c.text("language"),
		Role:      party.ContactRole(c.text("role")),
		Scope:     c.list("scope"),
		Documents: c.list("documents"),
		Delivery:  c.text("delivery"),
		CC:        c.text("cc"),
		Valid:     c.valid(),
	}
	if len(contact.Documents) == 0 {
		contact.Documents = []string{"account-detail"}
		if contact.Role == party.ContactRoot {
			contact.Documents = []string{"invoice", "detail"}
		}
	}
	return contact
}

func sourceOf(c cells) Source {
	source := Source{
		Name: c.text("name"), Provider: c.text("provider"), Format: c.text("format"), URL: c.text("url"),
		BillingAccount: c.text("billing_account"), Currency: money.Currency(c.text("currency")),
	}
	if dayOfMonth, provisional := strings.CutPrefix(c.text("close_policy"), "provisional:"); provisional {
		source.Provisional, _ = strconv.Atoi(dayOfMonth)
	}
	return source
}

// AccountsOf reads the accounts sheet alone.
func AccountsOf(table Table) []party.Account {
	accounts := make([]party.Account, len(table.Rows))
	for i, row := range table.Rows {
		accounts[i] = accountOf(cells{accountsSheet, row})
	}
	return accounts
}
