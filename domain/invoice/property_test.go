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

// anyGroup draws a group of any kind that a provider sends.
func anyGroup() *rapid.Generator[charge.Group] {
	return rapid.Custom(func(t *rapid.T) charge.Group {
		g := use(rapid.SampledFrom([]string{"111", "222", "333"}).Draw(t, "account"),
			rapid.SampledFrom([]string{"EC2", "S3", "RDS"}).Draw(t, "service"), "0")
		g.BillingAccount = rapid.SampledFrom([]string{"payer 1", "payer 2"}).Draw(t, "payer")
		g.Currency = rapid.SampledFrom([]money.Currency{money.USD, money.USD, money.KRW, money.JPY}).
			Draw(t, "currency")
		g.Category = rapid.SampledFrom([]charge.Category{
			charge.CategoryUsage, charge.CategoryUsage, charge.CategoryPurchase,
			charge.CategoryTax, charge.CategoryCredit, charge.CategoryAdjustment,
		}).Draw(t, "category")
		g.Class = charge.Class(rapid.IntRange(0, 3).Draw(t, "class"))
		scale := rapid.Int32Range(0, 15).Draw(t, "scale")
		g.Billed = decimal.New(rapid.Int64Range(-1e9, 1e10).Draw(t, "billed"), -scale)
		g.List = decimal.New(rapid.Int64Range(0, 1e10).Draw(t, "list"), -scale)
		g.Effective = decimal.New(rapid.Int64Range(0, 1e10).Draw(t, "effective"), -scale)
		return g
	})
}

// anyInput draws a document with every step of the chain at work.
func anyInput() *rapid.Generator[invoice.Input] {
	return rapid.Custom(func(t *rapid.T) invoice.Input {
		in := dollars(rapid.SliceOfN(anyGroup(), 0, 15).Draw(t, "groups")...)
		in.Rates = append(in.Rates, tax.FXRate{
			Date:  day("2026-10-30"),
			Base:  money.JPY,
			Quote: money.KRW,
			Type:  tax.DefaultFXType,
			Per:   100,
			Value: dec("912.34"),
		})
		contract := &in.Customer.Contract
		contract.PriceBasis = rapid.SampledFrom([]string{"billed", "list", "effective"}).Draw(t, "basis")
		contract.RoundingPoint = rapid.SampledFrom([]string{"line", "product", "document"}).Draw(t, "point")
		contract.RoundingMode = rapid.SampledFrom([]money.Mode{"truncate", "half-up", "ceil"}).Draw(t, "mode")
		contract.RoundingUnit = rapid.SampledFrom([]decimal.Decimal{dec("1"), dec("10"), dec("1000")}).
			Draw(t, "unit")
		contract.ProviderTax = rapid.SampledFrom([]string{"retain", "pass"}).Draw(t, "tax")
		contract.PartnerDiscount = rapid.SampledFrom([]string{"retain", "pass"}).Draw(t, "partner")
		contract.ProviderCredit = rapid.SampledFrom([]string{"pass", "pooled"}).Draw(t, "credit")
		in.TaxRules = []tax.Rule{{Service: "RDS", TaxCategory: tax.Exempt}}
		in.Rules = []pricing.Rule{
			{ID: "P-1", Customer: "*", Kind: pricing.KindMarkup, Value: dec("7.5")},
			{ID: "P-2", Customer: "acme", Service: "EC2", Kind: pricing.KindDiscount, Value: dec("3.3")},
		}
		flat := func(id, value string, stage credit.Stage, currency money.Currency) credit.Adjustment {
			one := adjustment(id, "flat", value, stage)
			one.Currency = currency
			return one
		}
		in.Adjustments = rapid.SliceOfNDistinct(rapid.SampledFrom([]credit.Adjustment{
			adjustment("a", "percent", "-12.5", credit.StageBeforeDiscount),
			adjustment("b", "percent", "3", credit.StageAfterDiscount),
			adjustment("c", "percent", "1.1", credit.StageAfterTax),
			flat("d", "-77.77", credit.StageBeforeDiscount, money.USD),
			flat("e", "-50000", credit.StageAfterDiscount, money.KRW),
			flat("f", "1234.5", credit.StageAfterTax, money.USD),
		}), 0, 6, func(a credit.Adjustment) string { return a.ID }).Draw(t, "adjustments")
		in.Credits = rapid.SliceOfNDistinct(rapid.SampledFrom([]credit.Credit{
			{ID: "C-1", Currency: money.USD, Balance: dec("333.33"), Services: []string{"S3", "RDS"}},
			{ID: "C-2", Currency: money.KRW, Balance: dec("1000000")},
			{ID: "C-3", Currency: money.USD, Balance: dec("0.01"), Priority: -1},
		}), 0, 3, func(c credit.Credit) string { return c.ID }).Draw(t, "credits")
		return in
	})
}

// TestEveryDocumentAddsUp assembles random months. Assemble verifies what it
// made: the chains, the sums, the rounding, the taxes, and that the lines begin
// with exactly the billed cost that was assigned.
func TestEveryDocumentAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")

		draft, err := invoice.Assemble(in)
		require.NoError(t, err)

		billed, shared := map[money.Currency]decimal.Decimal{}, map[money.Currency]decimal.Decimal{}
		for _, g := range in.Groups {
			billed[g.Currency] = billed[g.Currency].Add(g.Billed)
		}
		for _, share := range draft.Shares {
			shared[share.Currency] = money.Sum(shared[share.Currency], share.Assigned, share.Retained)
		}
		for currency, sum := range billed {
			require.True(t, sum.Equal(shared[currency]), "%s: billed is assigned or retained", currency)
		}
		require.True(t, draft.Snapshot.Supply.Mod(in.Customer.Contract.RoundingUnit).IsZero())
		for _, use := range draft.CreditUses {
			require.False(t, use.Remaining.IsNegative())
			if use.Currency == in.Customer.Currency {
				require.True(t, use.Used.IsInteger(), "a won is not divided")
			}
		}
	})
}

// TestTheOrderOfTheInputLeavesNoTrace: any permutation of any list gives the
// same bytes.
func TestTheOrderOfTheInputLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.History = []invoice.MonthTotal{
			{Month: october.Add(-2), Total: dec("2")},
			{Month: october.Add(-1), Total: dec("1")},
		}
		shuffled := in
		shuffled.Groups = rapid.Permutation(in.Groups).Draw(t, "groups")
		shuffled.Rules = rapid.Permutation(in.Rules).Draw(t, "rules")
		shuffled.Credits = rapid.Permutation(in.Credits).Draw(t, "credits")
		shuffled.Adjustments = rapid.Permutation(in.Adjustments).Draw(t, "adjustments")
		shuffled.Rates = rapid.Permutation(in.Rates).Draw(t, "rates")
		shuffled.History = rapid.Permutation(in.History).Draw(t, "history")

		require.Equal(t, digest(t, in), digest(t, shuffled))
	})
}

// TestSplittingAGroupChangesNothing: SQL may add up finer or coarser, as long
// as no rule tells the parts apart. A percentage, a sum and a rate are linear.
func TestSplittingAGroupChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := won(use("1", "EC2", "900.37"), use("2", "S3", "100.5"))
		in.Rules = markup("7.5")
		in.Customer.Contract.PriceBasis = "billed"
		part := decimal.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "part"), -3)

		split := in
		first, second := in.Groups[0], in.Groups[0]
		first.Billed, second.Billed = part, in.Groups[0].Billed.Sub(part)
		second.Quantity = decimal.Zero
		first.LineType, second.LineType = "a", "b"
		split.Groups = []charge.Group{first, second, in.Groups[1]}

		require.Equal(t, digest(t, in), digest(t, split))
	})
}

// TestAZeroLineChangesNothing: a group without cost or use leaves no trace.
func TestAZeroLineChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		if len(in.Groups) == 0 {
			return
		}
		more := in
		zero := use(rapid.SampledFrom([]string{"111", "999"}).Draw(t, "account"), "EC2", "0")
		zero.Quantity, zero.Currency = decimal.Zero, in.Groups[0].Currency
		if pricing.Retained(in.Groups[0], in.Customer.Contract) {
			return // then the currency might be new to the document
		}
		more.Groups = append([]charge.Group{zero}, in.Groups...)

		require.Equal(t, digest(t, in), digest(t, more))
	})
}

// TestACreditNoteMirrorsItsInvoice: the negative of every charge gives the
// negative of every amount, so that a note can take back what was charged.
func TestACreditNoteMirrorsItsInvoice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Adjustments, in.Credits = nil, nil
		in.Customer.Contract.ProviderCredit = "pass" // shares follow what is above zero: its mirror is another month
		mirrored := in
		mirrored.Groups = append([]charge.Group(nil), in.Groups...)
		for i := range mirrored.Groups {
			g := &mirrored.Groups[i]
			g.Billed, g.List, g.Effective = g.Billed.Neg(), g.List.Neg(), g.Effective.Neg()
		}
		s, m := assemble(t, in), assemble(t, mirrored)
		require.True(t, s.Total.Equal(m.Total.Neg()))
		require.Len(t, m.Lines, len(s.Lines))
		for i := range s.Lines {
			require.True(t, s.Lines[i].Amount.Equal(m.Lines[i].Amount.Neg()))
		}
	})
}

// TestNoSmallChangeGoesUnnoticed: Verify refuses a snapshot in which any one
// figure was changed.
func TestNoSmallChangeGoesUnnoticed(t *testing.T) {
	t.Parallel()
	cent := dec("0.01")
	one := dec("1")
	changes := map[string]func(*invoice.Snapshot){
		"the schema":               func(s *invoice.Snapshot) { s.Schema = 2 },
		"the month":                func(s *invoice.Snapshot) { s.Month = zeroMonth },
		"the kind":                 func(s *invoice.Snapshot) { s.Kind = "bill" },
		"an invoice that corrects": func(s *invoice.Snapshot) { s.Corrects = "INV-2026-000001" },
		"a position":               func(s *invoice.Snapshot) { s.Lines[1].Position = 7 },
		"a line's source":          func(s *invoice.Snapshot) { s.Lines[1].Source = "EUR" },
		"a line's billed cost":     func(s *invoice.Snapshot) { s.Lines[1].Billed = s.Lines[1].Billed.Add(cent) },
		"a line without steps":     func(s *invoice.Snapshot) { s.Lines[1].Steps = nil },
		"a line's net":             func(s *invoice.Snapshot) { s.Lines[1].Net = s.Lines[1].Net.Add(cent) },
		"a line's amount":          func(s *invoice.Snapshot) { s.Lines[1].Amount = s.Lines[1].Amount.Add(one) },
		"a line's tax category":    func(s *invoice.Snapshot) { s.Lines[1].TaxCategory = tax.Exempt },
		"a step's delta":           func(s *invoice.Snapshot) { s.Lines[1].Steps[2].Delta = cent },
		"a step's running amount":  func(s *invoice.Snapshot) { s.Lines[1].Steps[2].After = cent },
		"a step's currency":        func(s *invoice.Snapshot) { s.Lines[1].Steps[2].Currency = "EUR" },
		"a step's name":            func(s *invoice.Snapshot) { s.Lines[1].Steps[2].Name = "gift" },
		"a step's rule":            func(s *invoice.Snapshot) { s.Lines[1].Steps[1].Rule = "A-9" },
		"the steps' order": func(s *invoice.Snapshot) {
			steps := s.Lines[1].Steps
			steps[1], steps[2] = steps[2], steps[1]
		},
		"a missing conversion": func(s *invoice.Snapshot) {
			l := &s.Lines[0]
			l.Steps, l.Amount = l.Steps[:1], l.Steps[0].After
		},
		"the converted amount":     func(s *invoice.Snapshot) { s.Lines[0].Steps[1].Delta = one },
		"a source's billed":        func(s *invoice.Snapshot) { s.Sources[0].Billed = one },
		"a source's net":           func(s *invoice.Snapshot) { s.Sources[0].Net = one },
		"a source's converted":     func(s *invoice.Snapshot) { s.Sources[0].Converted = one },
		"the rate":                 func(s *invoice.Snapshot) { s.Sources[0].Rate = s.Sources[0].Rate.Add(cent) },
		"the rounding's unit":      func(s *invoice.Snapshot) { s.Rounding.Unit = dec("10") },
		"the rounding's mode":      func(s *invoice.Snapshot) { s.Rounding.Mode = money.ModeCeil },
		"the rounding's point":     func(s *invoice.Snapshot) { s.Rounding.Point = "line" },
		"an unknown point":         func(s *invoice.Snapshot) { s.Rounding.Point = "page" },
		"a tax base":               func(s *invoice.Snapshot) { s.Taxes[0].Base = one },
		"a tax":                    func(s *invoice.Snapshot) { s.Taxes[0].Tax = one },
		"a tax rate":               func(s *invoice.Snapshot) { s.Taxes[0].Rate = one },
		"the tax rounding":         func(s *invoice.Snapshot) { s.TaxRounding = "bankers" },
		"a missing category":       func(s *invoice.Snapshot) { s.Taxes = nil },
		"a credit's use":           func(s *invoice.Snapshot) { s.Credits[0].Used = one },
		"a credit overdrawn":       func(s *invoice.Snapshot) { s.Credits[0].Remaining = one.Neg() },
		"a credit not listed":      func(s *invoice.Snapshot) { s.Credits = s.Credits[:1] },
		"an adjustment":            func(s *invoice.Snapshot) { s.Adjustments[0].Amount = one },
		"an adjustment not listed": func(s *invoice.Snapshot) { s.Adjustments = s.Adjustments[1:] },
		"an adjustment after tax":  func(s *invoice.Snapshot) { s.Adjustments[2].Amount = one },
		"the supply value":         func(s *invoice.Snapshot) { s.Supply = one },
		"the tax total":            func(s *invoice.Snapshot) { s.Tax = one },
		"what follows the tax":     func(s *invoice.Snapshot) { s.AfterTax = one },
		"the total":                func(s *invoice.Snapshot) { s.Total = s.Total.Add(one) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := assemble(t, worked())
			change(&s)
			code, _ := fault.CodeOf(invoice.Verify(s))
			require.Equal(t, fault.Conservation, code)
		})
	}
}

func digest(t require.TestingT, in invoice.Input) string {
	s := assemble(t, in)
	canonical, err := s.Canonical()
	require.NoError(t, err)
	again, err := invoice.ParseSnapshot(canonical)
	require.NoError(t, err)
	require.NoError(t, invoice.Verify(again))
	return invoice.Digest(canonical)
}
