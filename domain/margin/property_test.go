package margin_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
)

// Whatever the documents are, bought and the steps make what is sold, every list
// has the same sums, the order of the documents leaves no trace, and what is
// printed adds up.
func TestAnyMonthAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var documents []margin.Document
		sold, bought := decimal.Zero, map[money.Currency]decimal.Decimal{}
		for i := range rapid.IntRange(1, 4).Draw(t, "documents") {
			var groups []charge.Group
			for range rapid.IntRange(1, 8).Draw(t, "groups") {
				currency := rapid.SampledFrom([]money.Currency{money.USD, money.JPY}).Draw(t, "currency")
				category := rapid.SampledFrom([]charge.Category{
					charge.CategoryUsage, charge.CategoryUsage, charge.CategoryCredit, charge.CategoryTax,
				}).Draw(t, "category")
				amount := decimal.New(rapid.Int64Range(-1e6, 1e9).Draw(t, "billed"),
					-rapid.Int32Range(0, 9).Draw(t, "scale"))
				groups = append(groups, group(
					rapid.SampledFrom([]string{"1", "2"}).Draw(t, "account"),
					rapid.SampledFrom([]string{"EC2", "S3"}).
						Draw(t, "service"),
					category,
					currency,
					amount.String(),
				))
			}
			change := rapid.SampledFrom([]func(*invoice.Input){nil, discount("down", "7.5"), markup("3.3")}).
				Draw(t, "rule")
			d := document(t, fmt.Sprintf("c%d", i), change, groups...)
			documents = append(documents, d)
			sold = sold.Add(d.Snapshot.Supply)
			for _, share := range d.Shares {
				bought[share.Currency] = bought[share.Currency].Add(share.Assigned)
			}
		}
		got := report(t, margin.Around{}, documents...)

		requireSums(t, got.Totals, margin.Positions(got.Customers))
		requireSums(t, got.Totals, margin.Positions(got.Services))
		requireSums(t, got.Totals, margin.Positions(got.Accounts))
		var total decimal.Decimal
		for _, p := range got.Totals {
			total = total.Add(p.Sold)
			require.True(t, bought[p.Source].Equal(p.Bought), "%s bought %s", p.Source, p.Bought)
		}
		require.True(t, sold.Equal(total))
		requireSteps(t, got)

		shown, err := margin.Shown(margin.Positions(got.Accounts))
		require.NoError(t, err)
		exact := margin.ByCurrency(got.Totals)
		printed := margin.ByCurrency(shown)
		for i := range exact {
			whole, err := money.Round(exact[i].Converted, money.ModeHalfUp, dec("1"))
			require.NoError(t, err)
			require.True(t, whole.Equal(printed[i].Converted), "%s is not %s", whole, printed[i].Converted)
		}

		backwards := make([]margin.Document, len(documents))
		for i, d := range documents {
			backwards[len(documents)-1-i] = d
		}
		one, err := got.Canonical()
		require.NoError(t, err)
		two, err := report(t, margin.Around{}, backwards...).Canonical()
		require.NoError(t, err)
		require.Equal(t, string(one), string(two))
	})
}

func requireSums(t require.TestingT, want, rows []margin.Position) {
	for _, total := range want {
		left := total
		for _, row := range rows {
			if row.Source == total.Source && row.Currency == total.Currency {
				left.Bought, left.Converted = left.Bought.Sub(row.Bought), left.Converted.Sub(row.Converted)
				left.Sold, left.Rounded = left.Sold.Sub(row.Sold), left.Rounded.Sub(row.Rounded)
			}
		}
		for _, rest := range []decimal.Decimal{left.Bought, left.Converted, left.Sold, left.Rounded} {
			require.True(t, rest.IsZero(), "%s→%s leaves %s", total.Source, total.Currency, rest)
		}
	}
}

// requireSteps walks each pair's steps from what was billed to what was sold.
func requireSteps(t require.TestingT, got margin.Report) {
	for _, total := range got.Totals {
		var last margin.StepSum
		for _, step := range got.Steps {
			if step.Source == total.Source && step.Currency == total.Currency {
				last = step
			}
		}
		require.True(t, last.After.Equal(total.Sold), "%s→%s steps end at %s, sold is %s", total.Source,
			total.Currency, last.After, total.Sold)
	}
}
