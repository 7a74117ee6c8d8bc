package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
	"magam/templates/pdf"
	"magam/templates/texts"
	"magam/templates/xlsx"
)

// Documents holds the hands that make files from snapshots.
type Documents struct {
	Books DocumentBooks
	Store DocumentStore
}

// DocumentBooks has the snapshots, and remembers what they became.
type DocumentBooks interface {
	Frozen(ctx context.Context, number string) (snapshot []byte, digest string, err error)
	Draft(ctx context.Context, invoiceID int64) (snapshot []byte, digest string, err error)
	SaveDocument(ctx context.Context, number string, file delivery.Document) (before bool, err error)
}

// DocumentStore keeps files under keys made from their content.
type DocumentStore interface {
	Put(
		ctx context.Context,
		key, contentType string,
		content io.Reader,
	) (digest string, size int64, err error)
	Exists(ctx context.Context, key string) (bool, error)
}

// The kinds of rendered files.
const (
	DocumentInvoicePDF = "invoice-pdf"
	DocumentDetailXLSX = "detail-xlsx"
)

// PreviewInput names the drafts of one customer's month.
type PreviewInput struct {
	Month      period.Month
	Customer   string
	InvoiceIDs []int64
}

// PreviewResult says how many drafts can be printed: all of them.
type PreviewResult struct {
	Drafts int
}

// RenderInput names a finalized document.
type RenderInput struct {
	Number string
}

// RenderResult lists what a document became.
type RenderResult struct {
	Number    string
	Documents []RenderedDocument
}

// RenderedDocument is one file, by content. Same says that these very bytes were
// there before.
type RenderedDocument struct {
	Kind, Language, SHA256 string
	Bytes                  int64
	Same                   bool
}

// Preview prints drafts to nowhere: a character that no page can show or a
// setting that no template takes parks the customer before a number is used.
// Running it again prints again; nothing is kept.
func (a *Documents) Preview(ctx context.Context, in PreviewInput) (PreviewResult, error) {
	for _, id := range in.InvoiceIDs {
		canonical, digest, err := a.Books.Draft(ctx, id)
		if err == nil {
			err = a.preview(ctx, canonical, digest)
		}
		if err != nil {
			return PreviewResult{}, atEdge(fmt.Errorf("preview %s %s: %w", in.Customer, in.Month, err))
		}
	}
	return PreviewResult{Drafts: len(in.InvoiceIDs)}, nil
}

func (a *Documents) preview(ctx context.Context, canonical []byte, digest string) error {
	snapshot, err := trusted(canonical, digest)
	if err != nil {
		return err
	}
	for _, form := range forms {
		_, err = form.render(snapshot, digest)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// Render makes a finalized document's files from its frozen snapshot alone and
// keeps them by content. Running it again gives the same bytes: files that are
// there already stay, and other bytes for the same document raise E_DIGEST.
func (a *Documents) Render(ctx context.Context, in RenderInput) (RenderResult, error) {
	result := RenderResult{Number: in.Number}
	canonical, digest, err := a.Books.Frozen(ctx, in.Number)
	if err != nil {
		return RenderResult{}, atEdge(fmt.Errorf("render %s: %w", in.Number, err))
	}
	snapshot, err := trusted(canonical, digest)
	if err != nil {
		return RenderResult{}, atEdge(fmt.Errorf("render %s: %w", in.Number, err))
	}
	for _, form := range forms {
		made, err := a.keep(ctx, form, snapshot, digest)
		if err != nil {
			return RenderResult{}, atEdge(fmt.Errorf("render %s of %s: %w", form.kind, in.Number, err))
		}
		result.Documents = append(result.Documents, made)
	}
	return result, nil
}

// form is one kind of file.
type form struct {
	kind, extension, contentType string
	render                       func(s invoice.Snapshot, digest string) ([]byte, error)
}

var forms = []form{
	{DocumentInvoicePDF, "pdf", "application/pdf", pdf.Invoice},
	{
		DocumentDetailXLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(s invoice.Snapshot, digest string) ([]byte, error) {
			var written bytes.Buffer
			err := xlsx.Workbook(s, digest, &written)
			return written.Bytes(), err
		},
	},
}

// keep stores one file before the books say that it is there.
func (a *Documents) keep(
	ctx context.Context, f form, s invoice.Snapshot, digest string,
) (RenderedDocument, error) {
	content, err := f.render(s, digest)
	if err != nil {
		return RenderedDocument{}, err
	}
	words, err := texts.For(s.Language)
	if err != nil {
		return RenderedDocument{}, err
	}
	sum := sha256.Sum256(content)
	file := delivery.Document{
		Kind: f.kind, Language: s.Language, FileName: words.FileName(s, f.extension),
		SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)),
	}
	file.Key = "documents/" + file.SHA256
	there, err := a.Store.Exists(ctx, file.Key)
	if err != nil {
		return RenderedDocument{}, err
	}
	if !there {
		stored, _, err := a.Store.Put(ctx, file.Key, f.contentType, bytes.NewReader(content))
		if err != nil {
			return RenderedDocument{}, err
		}
		if stored != file.SHA256 {
			return RenderedDocument{}, &fault.Error{
				Code: fault.Hash, Value: stored, What: "is what the store kept of " + file.SHA256,
				Cure: "look at the store; nothing was sent",
			}
		}
	}
	before, err := a.Books.SaveDocument(ctx, s.Number, file)
	if err != nil {
		return RenderedDocument{}, err
	}
	return RenderedDocument{
		Kind: file.Kind, Language: file.Language, SHA256: file.SHA256, Bytes: file.Bytes, Same: before,
	}, nil
}

// trusted reads a snapshot whose bytes are those that were decided about, and
// whose figures still add up.
func trusted(canonical []byte, digest string) (invoice.Snapshot, error) {
	found := invoice.Digest(canonical)
	if found != digest {
		return invoice.Snapshot{}, &fault.Error{
			Code: fault.DigestChanged, Value: found,
			What: "is the digest of the stored snapshot, " + digest + " the one it was written with",
			Cure: "restore the books from a backup and run `starter audit` for the month",
		}
	}
	snapshot, err := invoice.ParseSnapshot(canonical)
	if err != nil {
		return invoice.Snapshot{}, err
	}
	return snapshot, invoice.Verify(snapshot)
}
