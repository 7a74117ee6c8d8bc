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
	Scopes(ctx context.Context, number string) ([]delivery.Scope, error)
	SaveDocument(ctx context.Context, number string, file delivery.Document) (before bool, err error)
}

// DocumentStore keeps files under keys made from their content.
type DocumentStore interface {
	Put(
		ctx context.Context, key, contentType string, content io.Reader,
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
	More      int `json:",omitempty"` // files that are kept and have no row, so that history stays small
}

// RenderedDocument is one file, by content. Same says that these very bytes were
// there before.
type RenderedDocument struct {
	Kind, Language, SHA256 string
	Bytes                  int64
	Same                   bool
	Scope                  string `json:",omitempty"` // the beginning of it; empty: the whole document
	Accounts               int    `json:",omitempty"` // that it is narrowed to
}

// renderedMax bounds the rows of a result: about 200 bytes each.
const renderedMax = 60

// Preview prints drafts to nowhere: a character that no page can show or a
// setting that no template takes parks the customer before a number is used.
// Running it again prints again; nothing is kept.
func (a *Documents) Preview(ctx context.Context, in PreviewInput) (PreviewResult, error) {
	defer keepAlive(ctx)()
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
	defer keepAlive(ctx)()
	result := RenderResult{Number: in.Number}
	canonical, digest, err := a.Books.Frozen(ctx, in.Number)
	if err != nil {
		return RenderResult{}, atEdge(fmt.Errorf("render %s: %w", in.Number, err))
	}
	snapshot, err := trusted(canonical, digest)
	if err != nil {
		return RenderResult{}, atEdge(fmt.Errorf("render %s: %w", in.Number, err))
	}
	made, err := files(snapshot, digest)
	if err == nil {
		made, err = a.withScopes(ctx, made, snapshot, digest)
	}
	if err != nil {
		return RenderResult{}, atEdge(fmt.Errorf("render %s: %w", in.Number, err))
	}
	for _, one := range made {
		if ctx.Err() != nil {
			return RenderResult{}, ctx.Err()
		}
		kept, err := a.keep(ctx, one, snapshot)
		if err != nil {
			return RenderResult{}, atEdge(fmt.Errorf("render %s of %s: %w", one.kind, in.Number, err))
		}
		if len(result.Documents) == renderedMax {
			result.More++
			continue
		}
		result.Documents = append(result.Documents, kept)
	}
	return result, nil
}

// file is one file to be: rendered when its turn comes, so that one at a time is
// in memory.
type file struct {
	form
	name     string
	accounts []string // that it is narrowed to; none: the whole document
	scope    string
	content  func() ([]byte, error)
}

// files are those of the whole document.
func files(s invoice.Snapshot, digest string) ([]file, error) {
	words, err := texts.For(s.Language)
	if err != nil {
		return nil, err
	}
	var made []file
	for _, form := range forms {
		made = append(made, file{
			form: form, name: words.FileName(s, form.extension),
			content: func() ([]byte, error) { return form.render(s, digest) },
		})
	}
	return made, nil
}

// withScopes adds the workbook of each part of the document that a recipient may
// see. A scope was frozen from the document's own lines: one that the document
// does not have is a mix-up, and nothing is rendered.
func (a *Documents) withScopes(
	ctx context.Context, made []file, s invoice.Snapshot, digest string,
) ([]file, error) {
	words, err := texts.For(s.Language)
	if err != nil {
		return nil, err
	}
	scopes, err := a.Books.Scopes(ctx, s.Number)
	if err != nil {
		return nil, err
	}
	for _, scope := range scopes {
		excerpt, err := excerptOf(s, scope.Digest, scope.Accounts)
		if err != nil {
			return nil, err
		}
		made = append(made, file{
			form: workbookForm, name: words.ExcerptFileName(excerpt, workbookForm.extension),
			accounts: excerpt.Accounts, scope: excerpt.Scope,
			content: func() ([]byte, error) {
				var written bytes.Buffer
				err := xlsx.Excerpt(excerpt, digest, &written)
				return written.Bytes(), err
			},
		})
	}
	return made, nil
}

// excerptOf narrows a document to a frozen scope and proves that it is this
// scope: every account of it has a line, and they are named by its digest.
func excerptOf(s invoice.Snapshot, scope string, accounts []string) (invoice.Excerpt, error) {
	excerpt, shows := invoice.Narrow(s, accounts)
	if !shows || excerpt.Scope != scope {
		return invoice.Excerpt{}, &fault.Error{
			Code: fault.Attachment, Place: fault.Place{File: s.Number}, Value: scope,
			What: "is the scope of a recipient and not of the document's accounts",
			Cure: "nothing was sent; call the engineer on duty",
		}
	}
	return excerpt, nil
}

// form is one kind of file.
type form struct {
	kind, extension, contentType string
	render                       func(s invoice.Snapshot, digest string) ([]byte, error)
}

var forms = []form{{DocumentInvoicePDF, "pdf", "application/pdf", pdf.Invoice}, workbookForm}

var workbookForm = form{
	DocumentDetailXLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	func(s invoice.Snapshot, digest string) ([]byte, error) {
		var written bytes.Buffer
		err := xlsx.Workbook(s, digest, &written)
		return written.Bytes(), err
	},
}

// keep stores one file before the books say that it is there.
func (a *Documents) keep(ctx context.Context, f file, s invoice.Snapshot) (RenderedDocument, error) {
	content, err := f.content()
	if err != nil {
		return RenderedDocument{}, err
	}
	sum := sha256.Sum256(content)
	kept := delivery.Document{
		Kind: f.kind, Language: s.Language, FileName: f.name,
		SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content)), Scope: f.scope, Accounts: f.accounts,
	}
	kept.Key = "documents/" + kept.SHA256
	there, err := a.Store.Exists(ctx, kept.Key)
	if err != nil {
		return RenderedDocument{}, err
	}
	if !there {
		stored, _, err := a.Store.Put(ctx, kept.Key, f.contentType, bytes.NewReader(content))
		if err != nil {
			return RenderedDocument{}, err
		}
		if stored != kept.SHA256 {
			return RenderedDocument{}, &fault.Error{
				Code: fault.Hash, Value: stored, What: "is what the store kept of " + kept.SHA256,
				Cure: "look at the store; nothing was sent",
			}
		}
	}
	before, err := a.Books.SaveDocument(ctx, s.Number, kept)
	if err != nil {
		return RenderedDocument{}, err
	}
	return RenderedDocument{
		Kind: kept.Kind, Language: kept.Language, SHA256: kept.SHA256, Bytes: kept.Bytes, Same: before,
		Scope: f.scope[:min(12, len(f.scope))], Accounts: len(f.accounts),
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
