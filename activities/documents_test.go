package activities_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"magam/activities"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
	"magam/internal/golden"
)

// shelf is a book and a store in memory.
type shelf struct {
	canonical []byte
	digest    string
	saved     map[string]delivery.Document
	kept      map[string][]byte
	puts      int
	scopes    []delivery.Scope
}

func newShelf(t *testing.T, s invoice.Snapshot) *shelf {
	t.Helper()
	canonical, err := s.Canonical()
	require.NoError(t, err)
	return &shelf{
		canonical: canonical, digest: invoice.Digest(canonical),
		saved: map[string]delivery.Document{}, kept: map[string][]byte{},
	}
}

func (s *shelf) Frozen(context.Context, string) ([]byte, string, error) {
	if s.canonical == nil {
		return nil, "", fault.New(fault.Input, "is no document's number", "look it up")
	}
	return s.canonical, s.digest, nil
}

func (s *shelf) Scopes(context.Context, string) ([]delivery.Scope, error) { return s.scopes, nil }

func (s *shelf) Draft(ctx context.Context, _ int64) ([]byte, string, error) { return s.Frozen(ctx, "") }

func (s *shelf) SaveDocument(_ context.Context, _ string, file delivery.Document) (bool, error) {
	before, there := s.saved[file.Kind+file.Scope]
	if there && before.SHA256 != file.SHA256 {
		return false, fault.New(fault.DigestChanged, "other bytes", "call somebody")
	}
	s.saved[file.Kind+file.Scope] = file
	return there, nil
}

func (s *shelf) Put(_ context.Context, key, _ string, content io.Reader) (string, int64, error) {
	bytes, err := io.ReadAll(content)
	s.kept[key] = bytes
	s.puts++
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:]), int64(len(bytes)), err
}

func (s *shelf) Exists(_ context.Context, key string) (bool, error) {
	_, there := s.kept[key]
	return there, nil
}

func TestRenderKeepsFilesByContent(t *testing.T) {
	t.Parallel()
	kept := newShelf(t, golden.Japanese())
	hands := &activities.Documents{Books: kept, Store: kept}

	first, err := hands.Render(t.Context(), activities.RenderInput{Number: "INV-2026-000140"})
	require.NoError(t, err)
	require.Len(t, first.Documents, 2)
	pdf := kept.saved[activities.DocumentInvoicePDF]
	require.Equal(t, "INV-2026-000140_株式会社さくら食品髙橋﨑製作所_2026-10.pdf", pdf.FileName)
	require.Equal(t, "documents/"+pdf.SHA256, pdf.Key)
	require.Equal(t, pdf.Bytes, int64(len(kept.kept[pdf.Key])))
	require.True(t, strings.HasPrefix(string(kept.kept[pdf.Key]), "%PDF-"))
	require.Equal(t, "ja", kept.saved[activities.DocumentDetailXLSX].Language)

	again, err := hands.Render(t.Context(), activities.RenderInput{Number: "INV-2026-000140"})
	require.NoError(t, err)
	for i, document := range again.Documents {
		require.False(t, first.Documents[i].Same)
		require.True(t, document.Same)
		require.Equal(t, first.Documents[i].SHA256, document.SHA256)
	}
	require.Equal(t, 2, kept.puts, "nothing is stored twice")
}

func TestRenderRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(*shelf)
		want  fault.Code
	}{
		"a number that nobody has": {func(s *shelf) { s.canonical = nil }, fault.Input},
		"a snapshot that is not the one frozen": {
			func(s *shelf) { s.canonical = []byte(strings.Replace(string(s.canonical), "763", "764", 1)) },
			fault.DigestChanged,
		},
		"figures that do not add up, digest and all": {
			func(s *shelf) {
				s.canonical = []byte(strings.Replace(string(s.canonical), `"Total":"763"`, `"Total":"764"`, 1))
				s.digest = invoice.Digest(s.canonical)
			}, fault.Conservation,
		},
		"a document that became other bytes before": {
			func(s *shelf) {
				s.saved[activities.DocumentInvoicePDF] = delivery.Document{Kind: activities.DocumentInvoicePDF, SHA256: "other"}
			}, fault.DigestChanged,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := newShelf(t, golden.Tiny())
			tt.spoil(kept)
			hands := &activities.Documents{Books: kept, Store: kept}
			_, err := hands.Render(t.Context(), activities.RenderInput{Number: "INV-2026-000150"})
			require.Equal(t, tt.want, activities.CodeOf(err), "%v", err)
			var final *temporal.ApplicationError
			require.ErrorAs(t, err, &final)
			require.True(t, final.NonRetryable())
		})
	}
}

func TestPreviewParksWhatNoPageCanShow(t *testing.T) {
	t.Parallel()
	in := activities.PreviewInput{
		Month: period.NewMonth(2026, 10), Customer: "alpha", InvoiceIDs: []int64{1, 2},
	}
	kept := newShelf(t, golden.Negative())
	hands := &activities.Documents{Books: kept, Store: kept}
	got, err := hands.Preview(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 2, got.Drafts)
	require.Zero(t, kept.puts, "a preview keeps nothing")
	require.Empty(t, kept.saved)

	unprintable := golden.Negative()
	unprintable.Customer.Name = "알파 😀"
	kept = newShelf(t, unprintable)
	hands = &activities.Documents{Books: kept, Store: kept}
	_, err = hands.Preview(t.Context(), in)
	require.Equal(t, fault.Glyph, activities.CodeOf(err))
	require.Equal(t, fault.ClassPark, activities.CodeOf(err).Class())
}
