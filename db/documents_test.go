package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
)

func TestDocumentsAreRememberedByContent(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")
	documents := db.NewDocuments(b.app)

	draft, digest, err := documents.Draft(t.Context(), ids[0])
	require.NoError(t, err)
	require.Equal(t, digest, invoice.Digest(draft))
	final, err := b.Finalize(t.Context(), b.finalizing(ids[0]))
	require.NoError(t, err)
	frozen, digest, err := documents.Frozen(t.Context(), final.Number)
	require.NoError(t, err)
	require.Equal(t, digest, invoice.Digest(frozen))
	require.Equal(t, final.Digest, digest)

	file := delivery.Document{
		Kind: "invoice-pdf", Language: "ko", FileName: "INV-2026-000001_acme_2026-10.pdf",
		SHA256: "aa", Key: "documents/aa", Bytes: 12,
	}
	before, err := documents.SaveDocument(t.Context(), final.Number, file)
	require.NoError(t, err)
	require.False(t, before)
	before, err = documents.SaveDocument(t.Context(), final.Number, file)
	require.NoError(t, err)
	require.True(t, before, "the same file again changes nothing")

	other := file
	other.SHA256 = "bb"
	_, err = documents.SaveDocument(t.Context(), final.Number, other)
	requireCode(t, fault.DigestChanged, err)
	files, err := documents.Of(t.Context(), final.Number)
	require.NoError(t, err)
	require.Equal(t, []delivery.Document{file}, files, "what was first stays")
}

func TestWhatHasNoDocumentIsRefused(t *testing.T) {
	t.Parallel()
	documents := db.NewDocuments(openBooks(t).app)

	_, _, err := documents.Frozen(t.Context(), "INV-2026-999999")
	requireCode(t, fault.Input, err)
	_, _, err = documents.Draft(t.Context(), 404)
	requireCode(t, fault.Input, err)
	_, err = documents.SaveDocument(t.Context(), "INV-2026-999999", delivery.Document{Kind: "invoice-pdf"})
	requireCode(t, fault.Input, err)
	files, err := documents.Of(t.Context(), "INV-2026-999999")
	require.NoError(t, err)
	require.Empty(t, files)
}
