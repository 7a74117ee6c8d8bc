package invoice_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// earned is a credit line of the provider's.
func earned(account, service, billed string) charge.Group {
	return of(use(account, service, billed), charge.CategoryCredit, charge.ClassRegular)
}

func pooled(in invoice.Input) invoice.Input {
	in.Customer.Contract.ProviderCredit = invoice.CreditPooled
	return in
}

// chains prints every line of a document, with its account.
func chains(s invoice.Snapshot) []string {
	var lines []string
	for _, l := range s.Lines {
		lines = append(lines, l.Account+" "+l.Service+": "+chainOf(l))
	}
	return lines
}

func TestTheProvidersCredits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   invoice.Input
		want []string
	}{
		"R-4 pass to the account that earned them": {
			won(use("1", "EC2", "300"), use("2", "EC2", "100"), earned("1", "EDU", "-40")),
			[]string{"1 EC2: billed 300 = 300", "1 EDU: billed -40 = -40", "2 EC2: billed 100 = 100"},
		},
		"or are pooled over the accounts in proportion to their charges": {
			pooled(won(use("1", "EC2", "300"), use("2", "EC2", "100"), earned("1", "EDU", "-40"))),
			[]string{
				"1 EC2: billed 300 = 300", "1 EDU: billed -40 → pooled 10 (pooled) = -30",
				"2 EC2: billed 100 = 100", "2 EDU: billed 0 → pooled -10 (pooled) = -10",
			},
		},
		"to an account that earned none and none to one below zero": {
			pooled(won(use("1", "EC2", "-5"), use("2", "EC2", "100"), earned("1", "EDU", "-40"))),
			[]string{
				"1 EC2: billed -5 = -5", "1 EDU: billed -40 → pooled 40 (pooled) = 0",
				"2 EC2: billed 100 = 100", "2 EDU: billed 0 → pooled -40 (pooled) = -40",
			},
		},
		"and stay where nobody was charged": {
			pooled(won(earned("1", "EDU", "-40"), earned("2", "EDU", "-2"))),
			[]string{"1 EDU: billed -40 = -40", "2 EDU: billed -2 = -2"},
		},
		"two credits of one product are one": {
			pooled(
				won(use("1", "EC2", "1"), use("2", "EC2", "1"), earned("1", "EDU", "-40"),
					earned("2", "EDU", "-2")),
			),
			[]string{
				"1 EC2: billed 1 = 1", "1 EDU: billed -40 → pooled 19 (pooled) = -21",
				"2 EC2: billed 1 = 1", "2 EDU: billed -2 → pooled -19 (pooled) = -21",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, chains(assemble(t, tt.in)))
		})
	}
}

// A credit keeps its tax category wherever it goes, and each currency is a pool
// of its own.
func TestAPooledCreditKeepsItsCategoryAndCurrency(t *testing.T) {
	t.Parallel()
	in := pooled(dollars(use("1", "EC2", "100"), use("2", "EC2", "300"), earned("1", "EDU", "-8")))
	in.Groups = append(in.Groups, inWon(use("3", "Azure", "5000"))...)
	in.TaxRules = []tax.Rule{{Service: "EDU", TaxCategory: tax.Exempt}}

	s := assemble(t, in)

	require.Equal(t, []string{
		"1 EC2: billed 100 → currency 138810 (2026-10-30) = 138810",
		"1 EDU: billed -8 → pooled 6 (pooled) → currency -2776.2 (2026-10-30) → rounding 0.2 (document) = -2776",
		"2 EC2: billed 300 → currency 416430 (2026-10-30) = 416430",
		"2 EDU: billed 0 → pooled -6 (pooled) → currency -8328.6 (2026-10-30) → rounding -0.4 (document) = -8329",
		"3 Azure: billed 5000 = 5000",
	}, chains(s))
	require.Equal(t, tax.Exempt, s.Lines[1].TaxCategory)
	require.Equal(t, tax.Exempt, s.Lines[3].TaxCategory)
	require.Zero(t, s.Lines[3].Quantity.Sign(), "what is given is not used")
}

// A credit that a shared cost gives to others is theirs: nothing of it is pooled.
func TestWhatASharedCostTakesIsNotPooled(t *testing.T) {
	t.Parallel()
	in := pooled(won(use("1", "EC2", "300"), use("2", "EC2", "100"), earned("1", "EDU", "-40")))
	in.Transfers = []pricing.Transfer{taken(in.Groups[2])}

	require.Equal(t, []string{
		"1 EC2: billed 300 = 300", "1 EDU: billed -40 → shared 40 (net) = 0", "2 EC2: billed 100 = 100",
	}, chains(assemble(t, in)))
}

func TestAPoolThatLosesADigitIsNoticed(t *testing.T) {
	t.Parallel()
	s := assemble(t, pooled(won(use("1", "EC2", "300"), use("2", "EC2", "100"), earned("1", "EDU", "-40"))))
	s.Lines[3].Steps[1].Name = invoice.StepBasis
	code, _ := fault.CodeOf(invoice.Verify(s))
	require.Equal(t, fault.Conservation, code)
}

// TestPoolingMovesAndNeverMakes: pooled or passed, the document's net is the
// same to the last digit, in every currency.
func TestPoolingMovesAndNeverMakes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Credits, in.Adjustments = nil, nil
		in.Customer.Contract.ProviderCredit = "pass"
		passed, shared := assemble(t, in), assemble(t, pooled(in))

		require.Len(t, shared.Sources, len(passed.Sources))
		for i, source := range passed.Sources {
			require.True(t, source.Net.Equal(shared.Sources[i].Net))
			require.True(t, source.Billed.Equal(shared.Sources[i].Billed))
		}
		if in.Customer.Contract.RoundingPoint == invoice.PointDocument {
			require.True(t, passed.Supply.Equal(shared.Supply))
		}
	})
}

// What a credit in won leaves of a balance is whole won: 1,388.1 won of charges
// use up 1,388 of it, and the tenth is rounded with the document.
func TestACreditInTheDocumentsCurrencyIsUsedInWholeUnits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mode                    money.Mode
		balance, used, rest, of string
		supply                  string
	}{
		"more than is owed":               {money.ModeTruncate, "2000", "1388", "612", "KRW", "0"},
		"more than is owed, half up":      {money.ModeHalfUp, "2000", "1388", "612", "KRW", "0"},
		"more than is owed, ceil":         {money.ModeCeil, "2000", "1388", "612", "KRW", "1"},
		"less than is owed":               {money.ModeTruncate, "1000", "1000", "0", "KRW", "388"},
		"a balance with half a won":       {money.ModeTruncate, "1000.5", "1000", "0.5", "KRW", "388"},
		"in dollars it is used as it is":  {money.ModeTruncate, "0.123456", "0.123456", "0", "USD", "1216"},
		"in dollars to the charge's last": {money.ModeTruncate, "5", "1", "4", "USD", "0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := dollars(use("1", "EC2", "0.6"), use("2", "EC2", "0.4"))
			in.Customer.Contract.RoundingMode = tt.mode
			in.Credits = []credit.Credit{{ID: "c", Currency: money.Currency(tt.of), Balance: dec(tt.balance)}}

			s := assemble(t, in)

			require.Equal(t, tt.used, money.Text(s.Credits[0].Used))
			require.Equal(t, tt.rest, money.Text(s.Credits[0].Remaining))
			require.Equal(t, tt.supply, money.Text(s.Supply))
		})
	}
	in := won(use("1", "EC2", "99.9"))
	in.Credits = []credit.Credit{{ID: "c", Balance: dec("500")}}
	s := assemble(t, in)
	require.Equal(t, "99", money.Text(s.Credits[0].Used), "also where the bill itself is in won")
	require.True(t, decimal.Zero.Equal(s.Total))
}
