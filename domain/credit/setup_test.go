package credit_test

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

var october = period.NewMonth(2026, time.October)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func texts(amounts []decimal.Decimal) []string {
	printed := make([]string, len(amounts))
	for i, amount := range amounts {
		printed[i] = money.Text(amount)
	}
	return printed
}

func month(text string) period.Month {
	m, err := period.ParseMonth(text)
	if err != nil {
		panic(err)
	}
	return m
}
