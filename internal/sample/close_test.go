package sample_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/tax"
	"magam/internal/sample"
)

// TestTheMonthCloses assembles all invoices of the sample with the rules of
// domain/, without a database: what a demo must find.
func TestTheMonthCloses(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	at := month(t, "2026-10")
	book, err := master.NewBook(tables(t, dir))
	require.NoError(t, err)
	groups := groupsByCustomer(t, dir, summary, book, at)
	least := map[money.Currency]string{"KRW": "100000", "JPY": "100000", "USD": "1000"}
	most := map[money.Currency]string{"KRW": "30000000", "JPY": "3000000", "USD": "30000"}
	held, conserved := []string{}, decimal.Zero

	for _, customer := range book.Customers(at) {
		drafts := draftsOf(t, book, customer, groups[customer.Code], at)
		require.Len(t, drafts, 1, "%s has one provider", customer.Code)
		snapshot := drafts[0].Snapshot
		t.Log(customer.Code, money.Grouped(snapshot.Total, snapshot.Currency.Places()), snapshot.Currency)

		require.True(t, snapshot.Total.GreaterThan(decimal.RequireFromString(least[snapshot.Currency])),
			customer.Code)
		require.True(t, snapshot.Total.LessThan(decimal.RequireFromString(most[snapshot.Currency])),
			customer.Code)
		for _, share := range drafts[0].Shares {
			conserved = conserved.Add(share.Assigned).Add(share.Retained)
		}
		holds := invoice.Holds(drafts[0], invoice.Facts{
			Contacts: len(book.Contacts(customer.Code, at)),
			Limit: func(name string) (decimal.Decimal,
				bool,
			) {
				return book.Threshold(customer.Code, name)
			},
		})
		if len(holds) > 0 {
			held = append(held, customer.Code)
		}
	}

	require.Equal(t, []string{"narae"}, held, "one customer waits for a person, for its total")
	billed := decimal.Zero
	for _, source := range summary.Sources {
		billed = billed.Add(decimal.RequireFromString(source.Billed))
	}
	require.True(t, billed.Equal(conserved), "billed %s, assigned and retained %s", billed, conserved)
}

// draftsOf assembles a customer's documents.
func draftsOf(
	t *testing.T, book *master.Book, customer party.Customer, groups []charge.Group, at period.Month,
) []invoice.Draft {
	t.Helper()
	issuer, known := book.Issuer(customer.Issuer)
	require.True(t, known)
	rate, err := tax.InForce(book.Taxes(), customer.Contract.Tax, at)
	require.NoError(t, err)
	credits := book.Credits(customer.Code, at)
	for i := range credits {
		credits[i].Balance = credits[i].Granted
	}
	drafts, errs := invoice.AssembleMonth([]invoice.Input{{
		Month: at, Provider: "aws", Issuer: issuer, Customer: customer, Groups: groups, Credits: credits,
		Adjustments: book.Adjustments(customer.Code, at), Rules: book.PriceRules(customer.Code),
		Rates:    book.Rates(),
		Holidays: book.Holidays(), TaxRate: rate, TaxRules: book.TaxRules(), DataAsOf: at.End(),
		MonthHasEnded: true,
	}})
	require.NoError(t, errors.Join(errs...), customer.Code)
	return drafts
}

// groupsByCustomer adds up the lines as the books would.
func groupsByCustomer(
	t *testing.T, dir string, summary sample.Summary, book *master.Book, at period.Month,
) map[string][]charge.Group {
	t.Helper()
	owners := map[string]string{}
	for _, account := range book.Accounts() {
		owners[account.SubAccount] = account.Customer
	}
	sums := map[charge.Group]*charge.Group{}
	var order []charge.Group
	for _, source := range summary.Sources {
		eachLine(t, dir, source, func(line *charge.Line) {
			key := keyOf(line, at)
			if sums[key] == nil {
				sum := key
				sums[key] = &sum
				order = append(order, key)
			}
			sum := sums[key]
			sum.Rows++
			for to, text := range map[*decimal.Decimal][]byte{
				&sum.Quantity: line.Quantity, &sum.Billed: line.Billed, &sum.Effective: line.Effective,
				&sum.List: line.List, &sum.Contracted: line.Contracted,
			} {
				*to = to.Add(parsed(t, text))
			}
		})
	}
	byCustomer := map[string][]charge.Group{}
	for _, key := range order {
		owner := owners[key.SubAccount]
		require.NotEmpty(t, owner)
		byCustomer[owner] = append(byCustomer[owner], *sums[key])
	}
	return byCustomer
}

func keyOf(line *charge.Line, at period.Month) charge.Group {
	key := charge.Group{
		Provider: string(line.Provider), BillingAccount: string(line.BillingAccountID),
		SubAccount: string(line.SubAccountID), InvoiceIssuer: string(line.InvoiceIssuer),
		BillingEntity: string(line.BillingEntity), Currency: money.Currency(line.Currency),
		ServiceCode: string(line.ServiceCode), ServiceName: string(line.ServiceName),
		UsageType: string(line.UsageType),
		Region:    string(line.Region), SkuID: string(line.SkuID), Unit: string(line.Unit),
		LineType: string(line.LineType),
		Category: line.Category, Class: line.Class, PricingCategory: string(line.PricingCategory),
		CommitmentID: string(line.CommitmentID),
	}
	if used := period.MonthOf(line.Start.In(time.UTC)); used != at {
		key.ChargeMonth = used
	}
	return key
}

func parsed(t *testing.T, text []byte) decimal.Decimal {
	t.Helper()
	if len(text) == 0 {
		return decimal.Zero
	}
	amount, err := money.Parse(string(text))
	require.NoError(t, err)
	return amount
}
