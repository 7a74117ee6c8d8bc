// Package credit reconciles what is given with what is charged: allowances
// with a balance, and adjustments of one customer's bill.
//
// It owns which credit applies where and in which order, and the explanation of
// every remainder. It does not own rounding (see money) or what a customer is
// shown (see invoice).
//
// For any input, what was used plus what remains equals what was granted.
package credit

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// Credit is an allowance with a balance: one row of the credits sheet.
type Credit struct {
	ID, Customer, Provider string
	Services, SubAccounts  []string // empty is all
	Granted                decimal.Decimal
	Currency               money.Currency // empty is the source currency
	Priority               int            // 1 before 2
	Reason                 string
	Valid                  period.Span
	Balance                decimal.Decimal // granted less what other months used
}

// Adjustment is a change to one customer's bill: one row of the adjustments sheet.
type Adjustment struct {
	ID, Customer, Provider, SubAccount string
	Month                              period.Month // the first, where it repeats
	Kind                               string       // flat, percent
	Value                              decimal.Decimal
	Currency                           money.Currency // empty is the source currency
	Stage                              Stage
	Repeat                             string // once, monthly, instalments:3
	To                                 period.Month
	ReasonCode, Reason                 string
	Author, Approver                   string // codes of the people sheet, never the same
	ApprovedOn                         time.Time
}

// Stage is when in the chain an adjustment applies.
type Stage string

// The stages of adjustments.
const (
	StageBeforeDiscount Stage = "before-discount"
	StageAfterDiscount  Stage = "after-discount"
	StageAfterTax       Stage = "after-tax"
)
