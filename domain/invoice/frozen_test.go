package invoice_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
)

func TestCanonicalHasOneSpelling(t *testing.T) {
	t.Parallel()
	s := assemble(t, worked())
	canonical, err := s.Canonical()
	require.NoError(t, err)

	other := s
	other.Total = dec("1902630.000")
	again, err := other.Canonical()
	require.NoError(t, err)
	require.Equal(t, string(canonical), string(again), "equal amounts of other scale print alike")

	require.Contains(t, string(canonical), `"Total":"1902630"`)
	require.Contains(t, string(canonical), `"IssuedOn":"2026-10-31"`)
	require.Contains(t, string(canonical), `"Month":"2026-10"`)
	require.NotContains(t, string(canonical), `"-0"`)
	require.Len(t, invoice.Digest(canonical), 64)
	require.NotEqual(t, invoice.Digest(canonical), invoice.Digest(canonical[1:]))
}

func TestParseSnapshotReadsWhatCanonicalWroteAndNothingElse(t *testing.T) {
	t.Parallel()
	s := assemble(t, worked())
	canonical, err := s.Canonical()
	require.NoError(t, err)
	read, err := invoice.ParseSnapshot(canonical)
	require.NoError(t, err)
	require.NoError(t, invoice.Verify(read))
	again, err := read.Canonical()
	require.NoError(t, err)
	require.Equal(t, canonical, again)

	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, canonical, "", " "))
	for name, text := range map[string][]byte{
		"nothing":            nil,
		"no JSON":            []byte("PDF"),
		"an unknown field":   bytes.Replace(canonical, []byte(`"Kind":`), []byte(`"Sort":`), 1),
		"another schema":     bytes.Replace(canonical, []byte(`"Schema":1`), []byte(`"Schema":2`), 1),
		"another spelling":   bytes.Replace(canonical, []byte(`"1902630"`), []byte(`"1902630.0"`), 1),
		"blanks":             indented.Bytes(),
		"something after it": append(append([]byte{}, canonical...), "{}"...),
		"a day that is none": bytes.Replace(canonical, []byte("2026-11-30"), []byte("2026-11-31"), 1),
		"a month that is none": bytes.Replace(canonical, []byte(`"Month":"2026-10"`),
			[]byte(`"Month":"2026-13"`), 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := invoice.ParseSnapshot(text)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.DigestChanged, code)
		})
	}
}

func TestDateSurvivesJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`""`, `"2028-02-29"`} {
		var d invoice.Date
		require.NoError(t, json.Unmarshal([]byte(text), &d))
		again, err := json.Marshal(d)
		require.NoError(t, err)
		require.Equal(t, text, string(again))
	}
	var d invoice.Date
	require.NoError(t, json.Unmarshal([]byte("null"), &d))
	require.True(t, d.IsZero())
}

func TestNumber(t *testing.T) {
	t.Parallel()
	require.Equal(t, "INV-2026-000123", invoice.Number("INV", 2026, 123))
	require.Equal(t, "INV-2026-1234567", invoice.Number("INV", 2026, 1234567))
	require.Equal(t, "INV-2026", invoice.Series("INV", 2026))
}

func TestHolds(t *testing.T) {
	t.Parallel()
	history := func(totals ...string) []invoice.MonthTotal {
		var months []invoice.MonthTotal
		for i, total := range totals {
			months = append(months,
				invoice.MonthTotal{Month: october.Add(i - len(totals)), Total: dec(total)})
		}
		return months
	}
	tests := map[string]struct {
		billed   string
		history  []invoice.MonthTotal
		contacts int
		limits   map[string]string
		want     []string
	}{
		"an ordinary month": {
			"1000",
			history("900", "1000", "1100"),
			1,
			map[string]string{"jump": "5", "total-below": "0"},
			nil,
		},
		"nobody receives it": {"1000", nil, 0, nil, []string{"no-contacts"}},
		"below zero": {
			"-1000",
			nil,
			1,
			map[string]string{"total-below": "0"},
			[]string{"negative-total"},
		},
		"above the bound": {
			"1000",
			nil,
			1,
			map[string]string{"total-above": "1099"},
			[]string{"total-above"},
		},
		"at the bound": {
			"1000",
			nil,
			1,
			map[string]string{"total-above": "1100"},
			nil,
		},
		"below the least": {
			"1000",
			nil,
			1,
			map[string]string{"total-below": "1101"},
			[]string{"total-below"},
		},
		"more than five times the median": {
			"1000",
			history("100", "219", "900"),
			1,
			map[string]string{"jump": "5"},
			[]string{"jump"},
		},
		"just five times the median": {
			"1000",
			history("100", "220", "900"),
			1,
			map[string]string{"jump": "5"},
			nil,
		},
		"the median of two is between them": {
			"1000",
			history("100", "339"),
			1,
			map[string]string{"jump": "5"},
			[]string{"jump"},
		},
		"a fourth month ago does not count": {
			"1000",
			history("100", "900", "900", "900"),
			1,
			map[string]string{"jump": "5"},
			nil,
		},
		"below the floor no jump is asked": {
			"1000",
			history("1"),
			1,
			map[string]string{"jump": "5", "jump-floor": "1100"},
			nil,
		},
		"after months of nothing": {
			"1000",
			history("0", "0"),
			1,
			map[string]string{"jump": "5"},
			[]string{"jump"},
		},
		"a first document has nothing to jump": {"1000", nil, 1, map[string]string{"jump": "5"}, nil},
		"a large credit jumps too, and is held": {
			"-1000",
			history("100"),
			1,
			map[string]string{"jump": "5"},
			[]string{"negative-total", "jump"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := won(of(use("1", "EC2", tt.billed), charge.CategoryUsage, charge.ClassRegular))
			in.History = tt.history
			draft, err := invoice.Assemble(in)
			require.NoError(t, err)
			var codes []string
			for _, hold := range invoice.Holds(draft, invoice.Facts{Contacts: tt.contacts, Limit: limits(tt.limits)}) {
				require.NotEmpty(t, hold.Reason)
				codes = append(codes, hold.Code)
			}
			require.Equal(t, tt.want, codes)
		})
	}
}

func limits(values map[string]string) func(string) (decimal.Decimal, bool) {
	return func(name string) (decimal.Decimal, bool) {
		value, set := values[name]
		if !set {
			return decimal.Zero, false
		}
		return dec(value), true
	}
}

func TestAQualifiedInvoiceNeedsATNumber(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.Customer.Contract.Tax = "jp-ct"
	draft, err := invoice.Assemble(in)
	require.NoError(t, err)
	holds := invoice.Holds(draft, invoice.Facts{Contacts: 1})
	require.Len(t, holds, 1)
	require.Equal(t, invoice.HoldTNumber, holds[0].Code)
}

func TestBounded(t *testing.T) {
	t.Parallel()
	draft, err := invoice.Assemble(won(use("1", "EC2", "100"), use("2", "EC2", "100")))
	require.NoError(t, err)
	require.NoError(t, invoice.Bounded(draft, invoice.Facts{}))
	require.NoError(t, invoice.Bounded(draft, invoice.Facts{Limit: limits(nil)}))
	require.NoError(t, invoice.Bounded(draft, invoice.Facts{Limit: limits(map[string]string{"lines": "2"})}))
	code, _ := fault.CodeOf(
		invoice.Bounded(draft, invoice.Facts{Limit: limits(map[string]string{"lines": "1"})}),
	)
	require.Equal(t, fault.Bound, code)
}

func TestANoteVerifiesLikeAnInvoice(t *testing.T) {
	t.Parallel()
	s := assemble(t, worked())
	s.Kind, s.Corrects = invoice.KindNote, "INV-2026-000001"
	require.NoError(t, invoice.Verify(s))
}

func TestApportionOfNothing(t *testing.T) {
	t.Parallel()
	parts, err := invoice.Apportion(nil, invoice.Rounding{Mode: money.ModeTruncate, Unit: dec("1")}, 0)
	require.NoError(t, err)
	require.Empty(t, parts)
	_, err = invoice.Apportion([]decimal.Decimal{dec("1")},
		invoice.Rounding{Mode: "bankers", Unit: dec("1")}, 0)
	require.ErrorIs(t, err, money.ErrUnknownMode)
}

func TestAuthorsAreNamedOnce(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.Adjustments = []credit.Adjustment{
		adjustment("b", "percent", "1", credit.StageAfterDiscount),
		adjustment("a", "percent", "1", credit.StageAfterDiscount),
	}
	in.Adjustments[1].Author = "choi"
	in.Adjustments = append(in.Adjustments, adjustment("c", "percent", "1", credit.StageAfterTax))
	draft, err := invoice.Assemble(in)
	require.NoError(t, err)
	require.Equal(t, []string{"choi", "kim"}, draft.Authors)
}
