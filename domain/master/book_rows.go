package master

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// Source is where exports come from.
type Source struct {
	Name, Provider, Format, URL string
	BillingAccount              string
	Currency                    money.Currency
	Provisional                 int // day of the next month from which a close may be provisional; 0 waits for final data
}

// Organization is a part of a customer's company.
type Organization struct {
	Customer, Code, Name string
}

// Tag is a custom tag, in force from a month until the next row of its key; an
// empty value takes it off.
type Tag struct {
	Provider, Service, ResourceID, Key, Value string
	From                                      period.Month // zero: from the beginning
}

// Budget is one month's budget and the per cent of it at which to alert.
type Budget struct {
	Customer, Organization, SubAccount string
	Month                              period.Month
	Amount                             decimal.Decimal
	Currency                           money.Currency
	AlertAt                            decimal.Decimal
}

// Payment is money received.
type Payment struct {
	InvoiceNumber string
	PaidOn        time.Time
	Amount        decimal.Decimal
	Currency      money.Currency
	Reference     string
}

// Holiday is a day on which banks are closed.
type Holiday struct {
	Date time.Time
	Name string
}
