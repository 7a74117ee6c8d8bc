package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/internal/golden"
	"magam/templates/fonts"
	"magam/templates/pdf"
	"magam/templates/texts"
)

func TestPagesAreLaidOutAsRead(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			structure, err := pdf.Structure(snapshot, golden.Digest)
			require.NoError(t, err)
			golden.Require(t, name+".txt", []byte(structure))
		})
	}
}

func TestEveryTextAndGlyphIsInTheFile(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed, err := pdf.Invoice(snapshot, golden.Digest)
			require.NoError(t, err)
			require.True(t, bytes.HasPrefix(printed, []byte("%PDF-")))
			pages, err := pdf.Texts(printed)
			require.NoError(t, err)

			words, err := texts.For(snapshot.Language)
			require.NoError(t, err)
			all := strings.Join(slices.Concat(pages...), "\n")
			for _, want := range []string{
				words.Title(snapshot.Kind), snapshot.Number, words.DateText(snapshot.DueOn),
				golden.Digest[:12], words.DateText(snapshot.DataAsOf),
				money.Grouped(snapshot.Total.Abs(), snapshot.Currency.Places()), snapshot.Salesman.Name,
				snapshot.Issuer.Name,
			} {
				require.Contains(t, all, want)
			}
			for _, r := range all {
				require.True(t, r == '\n' || fonts.Has(r), "%c has no glyph", r)
			}
			for i := range pages {
				require.Contains(t, pages[i], fmt.Sprintf(words.Page, i+1, len(pages)))
			}
		})
	}
}

// The text must also come out for somebody else's reader.
func TestAnotherReaderFindsTheText(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("poppler is not installed: the house's own reader alone has read the pages")
		return
	}
	for _, snapshot := range []invoice.Snapshot{golden.Korean(), golden.Japanese(), golden.LongNames()} {
		printed, err := pdf.Invoice(snapshot, golden.Digest)
		require.NoError(t, err)
		command := exec.CommandContext(t.Context(), reader, "-layout", "-", "-")
		command.Stdin = bytes.NewReader(printed)
		text, err := command.Output()
		require.NoError(t, err)
		require.Contains(t, string(text), snapshot.Number)
		require.Contains(t, string(text), firstLetters(snapshot.Customer.Name))
		require.Contains(t, string(text), money.Grouped(snapshot.Total, 0))
	}
}

func TestTheSameSnapshotGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	if os.Getenv("PRINT_DIGESTS") != "" {
		t.Log("digests", digests(t))
		return
	}
	want := digests(t)
	t.Run("in one process, printed side by side", func(t *testing.T) {
		t.Parallel()
		var group sync.WaitGroup
		got := make([]string, 4)
		for i := range got {
			group.Go(func() { got[i] = digests(t) })
		}
		group.Wait()
		for i := range got {
			require.Equal(t, want, got[i])
		}
	})
	t.Run("in other processes", func(t *testing.T) {
		t.Parallel()
		for range 3 {
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.v",
				"-test.run=^TestTheSameSnapshotGivesTheSameBytes$")
			command.Env = append(os.Environ(), "PRINT_DIGESTS=1")
			output, err := command.Output()
			require.NoError(t, err)
			require.Contains(t, string(output), want)
		}
	})
}

func digests(t *testing.T) string {
	t.Helper()
	specimens := golden.Specimens()
	names := make([]string, 0, len(specimens))
	for name := range specimens {
		names = append(names, name)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		printed, err := pdf.Invoice(specimens[name], golden.Digest)
		require.NoError(t, err)
		sum.Write(printed)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestNothingInAPageActs(t *testing.T) {
	t.Parallel()
	for name, snapshot := range golden.Specimens() {
		printed, err := pdf.Invoice(snapshot, golden.Digest)
		require.NoError(t, err)
		for _, action := range []string{"/JS", "/JavaScript", "/URI", "/Launch", "/EmbeddedFile", "/AA", "/Annots"} {
			require.NotContains(t, string(printed), action+" ", name)
			require.NotContains(t, string(printed), action+"<", name)
		}
	}
}

func TestADraftSaysSo(t *testing.T) {
	t.Parallel()
	draft := golden.Korean()
	draft.Number = ""
	printed, err := pdf.Invoice(draft, "")
	require.NoError(t, err)
	pages, err := pdf.Texts(printed)
	require.NoError(t, err)
	for _, page := range pages {
		require.Contains(t, strings.Join(page, "\n"), "초안")
	}
}

func TestTheProvidersBillIsNotShown(t *testing.T) {
	t.Parallel()
	s := golden.Tiny()
	s.Lines[0].Billed, s.Sources[0].Billed = decimal.NewFromInt(98765), decimal.NewFromInt(98765)
	printed, err := pdf.Invoice(s, golden.Digest)
	require.NoError(t, err)
	pages, err := pdf.Texts(printed)
	require.NoError(t, err)
	require.NotContains(t, strings.Join(pages[0], "\n"), "98,765")
}

func TestFiguresThatAreNotTheSnapshotsAreRefused(t *testing.T) {
	t.Parallel()
	printed, err := pdf.Invoice(golden.Korean(), golden.Digest)
	require.NoError(t, err)
	require.NoError(t, pdf.Verify(printed, golden.Korean()))

	one := decimal.NewFromInt(1)
	for name, change := range map[string]func(*invoice.Snapshot){
		"another total":    func(s *invoice.Snapshot) { s.Total = s.Total.Add(one) },
		"another supply":   func(s *invoice.Snapshot) { s.Supply = s.Supply.Add(one) },
		"another tax":      func(s *invoice.Snapshot) { s.Taxes[0].Tax = s.Taxes[0].Tax.Sub(one) },
		"another customer": func(s *invoice.Snapshot) { s.Customer.Code = "beta" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			other := golden.Korean()
			change(&other)
			requireCode(t, fault.Conservation, pdf.Verify(printed, other))
		})
	}
	t.Run("a quarter whose month has another sum (R-20)", func(t *testing.T) {
		t.Parallel()
		printed, err := pdf.Invoice(golden.Quarterly(), golden.Digest)
		require.NoError(t, err)
		other := golden.Quarterly()
		other.Months[1].Supply = other.Months[1].Supply.Add(one)
		requireCode(t, fault.Conservation, pdf.Verify(printed, other))
	})
	t.Run("a line that the total does not have", func(t *testing.T) {
		t.Parallel()
		other := golden.Korean()
		other.Lines[0].Amount = other.Lines[0].Amount.Add(one)
		_, err := pdf.Invoice(other, golden.Digest)
		requireCode(t, fault.Conservation, err)
	})
	t.Run("bytes that are no document of ours", func(t *testing.T) {
		t.Parallel()
		require.Error(t, pdf.Verify([]byte("%PDF-1.3 nothing"), golden.Korean()))
	})
}

func TestWhatCannotBePrintedIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*invoice.Snapshot)
		want   fault.Code
	}{
		"a name with a picture letter": {
			func(s *invoice.Snapshot) { s.Customer.Name = "알파 😀" },
			fault.Glyph,
		},
		"a kanji off the basic plane": {
			func(s *invoice.Snapshot) { s.Lines[0].ServiceName = "𠮷" },
			fault.Glyph,
		},
		"a reason in an unknown script": {
			func(s *invoice.Snapshot) { s.Credits[0].Reason = "ก" },
			fault.Glyph,
		},
		"a colour that is none":   {func(s *invoice.Snapshot) { s.Color = "teal" }, fault.Template},
		"a language nobody chose": {func(s *invoice.Snapshot) { s.Language = "fr" }, fault.Template},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := golden.Korean()
			tt.change(&s)
			_, err := pdf.Invoice(s, golden.Digest)
			requireCode(t, tt.want, err)
		})
	}
}

func TestThePrintedSourceColumnAddsUp(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ exact, want []string }{
		"three thirds lose no cent": {
			[]string{"0.333333", "0.333333", "0.333334"},
			[]string{"0.33", "0.33", "0.34"},
		},
		"three halves of a cent gain none": {
			[]string{"0.005", "0.005", "0.005"},
			[]string{"0", "0.01", "0.01"},
		},
		"charges and credits side by side": {
			[]string{"10.004", "-3.004", "-0.003"},
			[]string{"10.00", "-3.00", "0"},
		},
		"nothing at all": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var exact []decimal.Decimal
			for _, text := range tt.exact {
				exact = append(exact, decimal.RequireFromString(text))
			}
			shown, err := pdf.ShowColumn(exact, money.USD)
			require.NoError(t, err)
			require.Len(t, shown, len(exact))
			total, err := money.Round(money.Sum(exact...), money.ModeHalfUp, money.Unit(2))
			require.NoError(t, err)
			require.True(t, total.Equal(money.Sum(shown...)))
			for i := range shown {
				require.True(t, decimal.RequireFromString(tt.want[i]).Equal(shown[i]), "%d: %s", i, shown[i])
			}
		})
	}
}

func TestFontsAreCutByTheDocumentsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"알파전자 ₩1,234 (주) · …": "korean", "株式会社 さくら": "kanji", "뷁쀍": "whole", "": "korean",
	} {
		require.Equal(t, want, pdf.TierOf(text), text)
	}
}

func requireCode(t *testing.T, want fault.Code, err error) {
	t.Helper()
	code, _ := fault.CodeOf(err)
	require.Equal(t, want, code, "%v", err)
}

func BenchmarkInvoice(b *testing.B) {
	s := golden.Tiny()
	for b.Loop() {
		_, err := pdf.Invoice(s, golden.Digest)
		require.NoError(b, err)
	}
}

// firstLetters are those of a name that stand on one printed line.
func firstLetters(name string) string {
	letters := []rune(name)
	return string(letters[:min(10, len(letters))])
}

func TestSelfTest(t *testing.T) {
	t.Parallel()
	require.NoError(t, pdf.SelfTest())
}
