package invoice

import (
	"fmt"
	"github.com/shopspring/decimal"

	"magam/domain/money"
)

type Draft struct {
	Snapshot   Snapshot
	Shares     []Share
	CreditUses []CreditUse
	Authors    []string
}

type Share struct {
	Provider, BillingAccount string
	Currency                 money.Currency
	Rows                     int64
	Assigned, Retained       decimal.Decimal
}

func (s Snapshot) Canonical() ([]byte, error) { return nil, nil }
func (s Snapshot) Digest() (string, error)    { return "", nil }
func Verify(s Snapshot) error                 { return nil }

func Number(series string, year, n int) string { return fmt.Sprintf("%s-%04d-%06d", series, year, n) }
