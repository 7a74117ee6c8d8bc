package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/tax"
)

// quarterOf drafts October, November and December; all but the last are deferred.
func quarterOf(t require.TestingT, inputs ...invoice.Input) invoice.Draft {
	var deferred []invoice.Snapshot
	last := len(inputs) - 1
	for i, in := range inputs[:last] {
		in.Deferred, in.Month = true, october.Add(i)
		deferred = append(deferred, assemble(t, in))
	}
	in := inputs[last]
	in.Month = october.Add(last)
	own, err := invoice.Assemble(in)
	require.NoError(t, err)
	whole, err := invoice.Quarter(own, deferred)
	require.NoError(t, err)
	require.Equal(t, own.Shares, whole.Shares, "the other months' cost was taken in their own closes")
	require.Equal(t, own.CreditUses, whole.CreditUses)
	return whole
}

func TestR20TaxIsOwedOnTheSumsOfTheQuarter(t *testing.T) {
	t.Parallel()
	month := func() invoice.Input { return won(use("1", "EC2", "15.9"), use("2", "S3", "3")) }

	whole := quarterOf(t, month(), month(), month()).Snapshot

	// Each month alone: 18.9 is 18 won, tax 1.8 is 1 won. Together 54, tax 5.4.
	for _, part := range whole.Parts() {
		requireOwed(t, part, "18", "1", "19")
	}
	requireOwed(t, whole, "54", "5", "59")
	require.Empty(t, whole.Lines)
	require.Equal(t, 6, whole.LineCount())
	require.Equal(t, "36", money.Text(whole.Carried()))
	first, last := whole.Span()
	require.Equal(t, []string{"2026-10", "2026-12"}, []string{first.String(), last.String()})
}

func TestR20EachMonthKeepsItsRatesCreditsAndAdjustments(t *testing.T) {
	t.Parallel()
	first, second := won(use("1", "EC2", "1000")), won(use("1", "EC2", "2000"))
	third := won(use("1", "EC2", "500"))
	first.Credits = []credit.Credit{{ID: "C-1", Balance: dec("300")}}
	second.Adjustments = []credit.Adjustment{adjustment("A-1", "flat", "-77", credit.StageAfterTax)}
	second.Adjustments[0].Month = october.Add(1)
	third.TaxRate = &tax.Rate{Tax: "kr-vat", Rate: dec("12")}

	whole := quarterOf(t, first, second, third).Snapshot

	// 700 and 2,000 at 10 %, 500 at 12 %; 77 less after the tax.
	requireOwed(t, whole, "3200", "330", "3453")
	require.Equal(t, "-77", money.Text(whole.AfterTax))
	require.Len(t, whole.Taxes, 2)
	require.Equal(t, []string{"2700", "270", "500", "60"}, []string{
		money.Text(whole.Taxes[0].Base), money.Text(whole.Taxes[0].Tax),
		money.Text(whole.Taxes[1].Base), money.Text(whole.Taxes[1].Tax),
	})
	require.Equal(t, "C-1", whole.Months[0].Credits[0].ID)
	require.Equal(t, "A-1", whole.Months[1].Adjustments[0].ID)
}

// The example of docs/spec/18-quarterly.md.
func TestR20TheWorkedExample(t *testing.T) {
	t.Parallel()
	month := func(billed, on, rate string) invoice.Input {
		in := dollars(use("1", "EC2", billed))
		in.Rates[0].Date, in.Rates[0].Value = day(on), dec(rate)
		return in
	}

	whole := quarterOf(t, month("100.30", "2026-10-30", "1388.1"), month("200.70", "2026-11-30", "1402.55"),
		month("50.09", "2026-12-31", "1379.9")).Snapshot

	requireOwed(t, whole.Months[0], "139226", "13922", "153148")
	requireOwed(t, whole.Months[1], "281491", "28149", "309640")
	requireOwed(t, whole.Months[2], "69119", "6911", "76030")
	requireOwed(t, whole, "489836", "48983", "538819")
}

func TestR20AContractThatBeganLateOrEndsEarlyBillsFewerMonths(t *testing.T) {
	t.Parallel()
	two := quarterOf(t, won(use("1", "EC2", "7")), won(use("1", "EC2", "8"))).Snapshot
	requireOwed(t, two, "15", "1", "16")

	alone := quarterOf(t, won(use("1", "EC2", "7"))).Snapshot
	require.False(t, alone.IsQuarter(), "one month is a document like any other")

	nothing := quarterOf(t, won(use("1", "EC2", "7")), won()).Snapshot
	requireOwed(t, nothing, "7", "0", "7")
	require.Equal(t, "0", money.Text(nothing.Own().Supply), "a last month without charges bills the others")
}

// A line of any month is found by its place in the whole, with the month whose
// rows and rules it is made of.
func TestR20ALineIsOfItsMonth(t *testing.T) {
	t.Parallel()
	whole := quarterOf(t, won(use("1", "EC2", "1"), use("1", "S3", "2")), won(use("1", "EC2", "3"))).Snapshot

	for place, want := range map[int]string{1: "2026-10 1", 2: "2026-10 2", 3: "2026-11 3"} {
		month, line, found := whole.LineAt(place)
		require.True(t, found)
		require.Equal(t, want, month.Month.String()+" "+money.Text(line.Amount))
	}
	for _, place := range []int{-1, 0, 4} {
		_, _, found := whole.LineAt(place)
		require.False(t, found)
	}
}

func TestR20MonthsOfDifferentTermsAreNotOneDocument(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*invoice.Input){
		"another issuer": func(in *invoice.Input) { in.Issuer.Code = "other" },
		"another currency": func(in *invoice.Input) {
			in.Customer.Currency, in.Groups[0].Currency = money.USD, money.USD
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deferred := won(use("1", "EC2", "100"))
			deferred.Deferred = true
			change(&deferred)
			in := won(use("1", "EC2", "100"))
			in.Month = october.Add(1)
			own, err := invoice.Assemble(in)
			require.NoError(t, err)

			_, err = invoice.Quarter(own, []invoice.Snapshot{assemble(t, deferred)})

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Quarter, code)
			require.Equal(t, fault.ClassPark, code.Class())
			require.ErrorContains(t, err, "2026-10")
		})
	}
}

// TestR20AQuarterIsItsMonths draws three months with every step of the chain at
// work: the sums are the months' own, and each month's bytes stay what they were.
func TestR20AQuarterIsItsMonths(t *testing.T) {
	t.Parallel()
	listed := []string{"2026-10-30", "2026-11-30", "2026-12-31"}
	rapid.Check(t, func(t *rapid.T) {
		var inputs []invoice.Input
		for i := range rapid.IntRange(2, 3).Draw(t, "months") {
			in := anyInput().Draw(t, "input")
			for r := range in.Rates {
				in.Rates[r].Date = day(listed[i])
			}
			for a := range in.Adjustments {
				in.Adjustments[a].Month = october.Add(i)
			}
			inputs = append(inputs, in)
		}

		whole := quarterOf(t, inputs...).Snapshot

		supply, afterTax, byProduct := money.Zero, money.Zero, money.Zero
		for _, month := range whole.Months {
			supply, afterTax = supply.Add(month.Supply), afterTax.Add(month.AfterTax)
		}
		for _, row := range invoice.ByProduct(whole) {
			byProduct = byProduct.Add(row.Amount)
		}
		require.True(t, supply.Equal(whole.Supply))
		require.True(t, supply.Equal(byProduct))
		require.True(t, afterTax.Equal(whole.AfterTax))
		require.True(t, whole.Total.Equal(money.Sum(whole.Supply, whole.Tax, whole.AfterTax)))

		canonical, err := whole.Canonical()
		require.NoError(t, err)
		read, err := invoice.ParseSnapshot(canonical)
		require.NoError(t, err)
		require.NoError(t, invoice.Verify(read))
		for i, month := range read.Months {
			before, err := whole.Months[i].Canonical()
			require.NoError(t, err)
			after, err := month.Canonical()
			require.NoError(t, err)
			require.Equal(t, string(before), string(after))
			require.Contains(t, string(canonical), string(before), "the month stands in it byte for byte")
		}
		shown, some := invoice.Narrow(whole, []string{"111"})
		sum := money.Zero
		for _, month := range shown.Shown.Parts() {
			for _, line := range month.Lines {
				require.Equal(t, "111", line.Account)
				sum = sum.Add(line.Amount)
			}
		}
		require.Equal(t, some, len(whole.AccountsAmong([]string{"111"})) > 0)
		require.True(t, sum.Equal(shown.Sum))
	})
}

// TestR20NoChangeOfAQuarterGoesUnnoticed: Verify looks into every month.
func TestR20NoChangeOfAQuarterGoesUnnoticed(t *testing.T) {
	t.Parallel()
	one := dec("1")
	for name, change := range map[string]func(*invoice.Snapshot){
		"a month's line":            func(s *invoice.Snapshot) { s.Months[0].Lines[0].Amount = one },
		"a month's supply value":    func(s *invoice.Snapshot) { s.Months[1].Supply = one },
		"a month's tax":             func(s *invoice.Snapshot) { s.Months[1].Taxes[0].Tax = dec("2") },
		"a month that is missing":   func(s *invoice.Snapshot) { s.Months = s.Months[1:] },
		"a month that stands twice": func(s *invoice.Snapshot) { s.Months[1] = s.Months[0] },
		"months in another order": func(s *invoice.Snapshot) {
			s.Months[0], s.Months[1] = s.Months[1], s.Months[0]
		},
		"a month of last quarter":  func(s *invoice.Snapshot) { s.Months[0].Month = october.Add(-1) },
		"a month with a number":    func(s *invoice.Snapshot) { s.Months[0].Number = "INV-2026-000001" },
		"a month not deferred":     func(s *invoice.Snapshot) { s.Months[0].Deferred = false },
		"a last month deferred":    func(s *invoice.Snapshot) { s.Months[2].Deferred = true },
		"a month of another":       func(s *invoice.Snapshot) { s.Months[0].Customer.Code = "beta" },
		"another provider's month": func(s *invoice.Snapshot) { s.Months[0].Provider = "gcp" },
		"another issuer's month":   func(s *invoice.Snapshot) { s.Months[0].Issuer.Code = "other" },
		"only its own month":       func(s *invoice.Snapshot) { s.Months = s.Months[2:] },
		"another last month":       func(s *invoice.Snapshot) { s.Month = october.Add(3) },
		"a line of no month":       func(s *invoice.Snapshot) { s.Lines = s.Months[0].Lines },
		"a quarter that waits":     func(s *invoice.Snapshot) { s.Deferred = true },
		"a tax base":               func(s *invoice.Snapshot) { s.Taxes[0].Base = one },
		"a tax":                    func(s *invoice.Snapshot) { s.Taxes[0].Tax = one },
		"the sum of the months' taxes in its place": func(s *invoice.Snapshot) {
			s.Taxes[0].Tax, s.Tax, s.Total = dec("3"), dec("3"), dec("57")
		},
		"a missing category":   func(s *invoice.Snapshot) { s.Taxes = nil },
		"the supply value":     func(s *invoice.Snapshot) { s.Supply = one },
		"what follows the tax": func(s *invoice.Snapshot) { s.AfterTax = one },
		"the total":            func(s *invoice.Snapshot) { s.Total = one },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			month := func() invoice.Input { return won(use("1", "EC2", "15.9"), use("2", "S3", "3")) }
			s := quarterOf(t, month(), month(), month()).Snapshot
			require.NoError(t, invoice.Verify(s))
			change(&s)
			code, _ := fault.CodeOf(invoice.Verify(s))
			require.Equal(t, fault.Conservation, code)
		})
	}

	waiting := won(use("1", "EC2", "1"))
	waiting.Deferred = true
	s := assemble(t, waiting)
	s.Number = "INV-2026-000001"
	require.Error(t, invoice.Verify(s), "a month that waits for its quarter has no number")
}

// What was frozen before there were quarters keeps its bytes.
func TestR20AMonthOfItsOwnKeepsItsSpelling(t *testing.T) {
	t.Parallel()
	canonical, err := assemble(t, won(use("1", "EC2", "1"))).Canonical()
	require.NoError(t, err)
	require.NotContains(t, string(canonical), "Months")
	require.NotContains(t, string(canonical), "Deferred")
}

func TestR20AMonthIsComparedWithMonths(t *testing.T) {
	t.Parallel()
	month := func() invoice.Input {
		in := won(use("1", "EC2", "100"))
		in.History = []invoice.MonthTotal{{Month: october.Add(1), Total: dec("110")}}
		return in
	}
	draft := quarterOf(t, month(), month(), month())
	limit := limits(map[string]string{"jump": "2"})
	require.Empty(t, invoice.Holds(draft, invoice.Facts{Contacts: 1, Limit: limit}),
		"330 is three months, and each of them is like the one before")
}
