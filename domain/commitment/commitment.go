// Package commitment holds reservations, Savings Plans and committed use
// discounts: their terms and when they end.
//
// It owns the expiry ladder. It does not own what they save (see pricing).
package commitment

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Commitment is one row of the commitments sheet.
type Commitment struct {
	ID, Provider, Kind         string // kind: ri, sp, cud, reservation
	SubAccount, Service        string
	Region, Family             string
	Description                string
	TermMonths                 int
	PaymentOption              string // no, partial, all
	Upfront, Hourly            decimal.Decimal
	Currency                   money.Currency
	BoughtOn, StartsOn, EndsOn time.Time // days, UTC
	Recipients                 []string
}
