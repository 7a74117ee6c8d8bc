package invoice_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/invoice"
)

// TestAnExcerptIsThePartOfItsAccounts: for any document and any accounts, what
// is shown is exactly those accounts' lines, the parts of a split add up to the
// supply value, and nothing of the others changes a byte of it.
func TestAnExcerptIsThePartOfItsAccounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := anyInput().Draw(rt, "input")
		draft, err := invoice.Assemble(in)
		if err != nil {
			rt.Skip("no document: ", err)
		}
		s := draft.Snapshot
		mine := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"111", "222", "333", "999", ""}),
			func(id string) string { return id }).Draw(rt, "accounts")
		inMine := map[string]bool{}
		for _, id := range mine {
			inMine[id] = id != ""
		}

		excerpt, shows := invoice.Narrow(s, mine)

		sum, others := decimal.Zero, decimal.Zero
		count := 0
		for _, line := range s.Lines {
			if inMine[line.Account] {
				sum = sum.Add(line.Amount)
				count++
				continue
			}
			others = others.Add(line.Amount)
		}
		require.Equal(rt, count > 0, shows)
		require.Len(rt, excerpt.Shown.Lines, count)
		require.True(rt, excerpt.Sum.Equal(sum))
		require.True(rt, sum.Add(others).Equal(s.Supply), "mine and the others' are the whole")
		net := decimal.Zero
		for i, line := range excerpt.Shown.Lines {
			require.Equal(rt, i+1, line.Position)
			require.True(rt, inMine[line.Account])
			net = net.Add(line.Net)
		}
		sources := decimal.Zero
		for _, source := range excerpt.Shown.Sources {
			sources = sources.Add(source.Net)
		}
		require.True(rt, sources.Equal(net))

		// What the others did, and what the whole came to, is not in it.
		changed := s
		changed.Lines = append([]invoice.Line{}, s.Lines...)
		for i := range changed.Lines {
			if !inMine[changed.Lines[i].Account] {
				changed.Lines[i].Amount = changed.Lines[i].Amount.Add(dec("7777"))
				changed.Lines[i].AccountName = "canary"
			}
		}
		changed.Supply, changed.Tax, changed.Total = dec("8"), dec("9"), dec("17")
		changed.Credits, changed.Adjustments, changed.Taxes, changed.History = nil, nil, nil, nil
		changed.Bank = "canary"
		again, _ := invoice.Narrow(changed, append(mine, mine...))
		require.Equal(rt, asJSON(rt, excerpt), asJSON(rt, again))
	})
}

// Every field of a document is filled with a canary; an excerpt of one account
// may hold those of its own lines and of the document's head, no other.
func TestAnExcerptLeavesTheRestBehind(t *testing.T) {
	t.Parallel()
	s := assemble(t, worked())
	require.NotEmpty(t, s.Lines)
	s.Bank = "canary bank"
	s.Issuer.BusinessNumber, s.Customer.BusinessNumber, s.Customer.Representative = "canary", "canary", "canary"
	s.Customer.Address, s.Issuer.Address, s.TaxName = "canary", "canary", "canary"
	s.Credits = append(s.Credits, invoice.CreditUse{ID: "canary"})
	s.Adjustments = append(s.Adjustments, invoice.AdjustmentUse{ID: "canary", Reason: "canary"})
	s.History = append(s.History, invoice.MonthTotal{Month: october, Total: dec("31337")})
	own := s.Lines[0].Account
	for i := range s.Lines {
		s.Lines[i].Billed = dec("31337")
		s.Lines[i].Steps = append(s.Lines[i].Steps, invoice.Step{Rule: "canary", Delta: dec("31337")})
	}
	s.Lines = append(s.Lines, invoice.Line{
		Account:     "canary",
		AccountName: "canary",
		Service:     "canary",
		ServiceName: "canary",
		UsageType:   "canary",
		Unit:        "canary",
		Amount:      dec("31337"),
		Net:         dec("31337"),
		Quantity:    dec("31337"),
		Source:      "XTS",
	}, invoice.Line{Account: "", ServiceName: "canary"})

	excerpt, shows := invoice.Narrow(s, []string{own, ""})

	require.True(t, shows)
	require.Equal(t, []string{own}, excerpt.Accounts)
	text := asJSON(t, excerpt)
	require.NotContains(t, text, "canary")
	require.NotContains(t, text, "31337")
	require.NotContains(t, text, s.Total.String())
	require.Error(t, invoice.Verify(excerpt.Shown), "an excerpt never passes for an invoice")
	_, shows = invoice.Narrow(s, []string{"nobody"})
	require.False(t, shows)
	_, shows = invoice.Narrow(s, nil)
	require.False(t, shows, "no accounts is nothing, never everything")
}

func TestAScopeIsNamedByItsAccounts(t *testing.T) {
	t.Parallel()
	require.Empty(t, invoice.ScopeOf(nil))
	require.Len(t, invoice.ScopeOf([]string{"1"}), 64)
	require.Equal(t, invoice.ScopeOf([]string{"2", "1"}), invoice.ScopeOf([]string{"1", "2", "1"}))
	require.NotEqual(t, invoice.ScopeOf([]string{"1", "2"}), invoice.ScopeOf([]string{"12"}))
}

func asJSON(t require.TestingT, value any) string {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}
