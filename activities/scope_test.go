package activities_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	gomail "github.com/emersion/go-message/mail"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/internal/blob"
	"magam/internal/devstack/mailsink"
	"magam/internal/devstack/pgtest"
	"magam/internal/golden"
	"magam/internal/mail"
)

// The accounts of the English specimen, and who holds which.
var (
	holders = [][]string{nil, {"111122223333"}, {"111122223333", "444455556666"}, {"777788889999"}}
	aliases = map[string]string{
		"111122223333": "운영-production", "444455556666": "개발-development", "777788889999": "데이터분석",
	}
)

// openScoped is a post with one document of three accounts and four recipients:
// Root, and three of some accounts.
func openScoped(t *testing.T) (*post, *activities.Documents, invoice.Snapshot) {
	t.Helper()
	app := pgtest.Open(t).App(t)
	blobs, err := blob.Open(t.Context(), "file://"+t.TempDir())
	require.NoError(t, err)
	sink, err := mailsink.Start(context.WithoutCancel(t.Context()), t.TempDir(), "127.0.0.1:0", "")
	require.NoError(t, err)
	door, err := mail.New(mail.Config{Address: sink.SMTPAddr, Plain: true, ReplyMax: 2 * time.Second})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, door.Close())
		require.NoError(t, sink.Close())
		require.NoError(t, blobs.Close())
	})
	p := &post{&activities.Delivery{Outbox: db.NewOutbox(app), Blobs: blobs, Relay: door}, app, blobs, sink}
	s := golden.English()
	p.finalize(t, s)
	for i, accounts := range holders {
		documents := []string{"detail"}
		if accounts == nil {
			documents, accounts = []string{"invoice", "detail"}, []string{}
		}
		_, err := app.Exec(t.Context(), `INSERT INTO outbox
			(invoice_id, ordinal, recipient, language, documents, message_id, accounts, scope)
			SELECT id, $1, $2, 'ko', $3, $4, $5, $6 FROM invoice`,
			i+1, fmt.Sprintf("holder-%d@nimbus.test", i+1), documents,
			fmt.Sprintf("<inv-%s.%d.0@issuer.test>", s.Number, i+1), accounts, invoice.ScopeOf(accounts))
		require.NoError(t, err)
	}
	return p, &activities.Documents{Books: db.NewDocuments(app), Store: blobs}, s
}

// T1, F51, F56: from the frozen document over Postgres, files and SMTP to the
// mailbox, each recipient gets its own accounts and no byte of another's.
func TestEachRecipientGetsItsOwnAccounts(t *testing.T) {
	t.Parallel()
	p, documents, s := openScoped(t)

	rendered, err := documents.Render(t.Context(), activities.RenderInput{Number: s.Number})
	require.NoError(t, err)
	require.Len(t, rendered.Documents, 2+3,
		"the page, the workbook and one workbook for each set of accounts")
	again, err := documents.Render(t.Context(), activities.RenderInput{Number: s.Number})
	require.NoError(t, err)
	for i, document := range again.Documents {
		require.True(t, document.Same)
		require.Equal(t, rendered.Documents[i].SHA256, document.SHA256)
	}

	for i, accounts := range holders {
		ordinal := i + 1
		composed, err := p.Compose(t.Context(), activities.MailInput{Number: s.Number, Ordinal: ordinal})
		require.NoError(t, err)
		sent, err := p.Send(t.Context(), activities.SendInput{Number: s.Number, Ordinal: ordinal})
		require.NoError(t, err)
		require.Equal(t, delivery.StateSent, sent.State)
		found := p.received(t, fmt.Sprintf("holder-%d@nimbus.test", ordinal))
		if accounts == nil {
			require.Equal(t, 2, composed.Attachments)
			require.Contains(t, found.words, "$"+grouped(s), "Root reads what is owed")
			continue
		}
		require.Equal(t, 1, composed.Attachments)
		require.Contains(t, found.subject, fmt.Sprintf("계정 %d개", len(accounts)))
		held := map[string]bool{}
		for _, account := range accounts {
			held[account] = true
		}
		everything := found.words + found.subject + found.unpacked + found.raw
		for account, alias := range aliases {
			require.Equal(t, held[account], strings.Contains(everything, account), "%s for %v", account,
				accounts)
			require.Equal(t, held[account], strings.Contains(everything, alias), "%s for %v", alias, accounts)
		}
		for _, line := range s.Lines {
			require.Equal(t, held[line.Account],
				strings.Contains(found.unpacked, "<v>"+line.Amount.String()+"</v>"), "%s of %s for %v",
				line.Amount, line.Account, accounts)
		}
		for _, whole := range []string{s.Total.String(), s.Supply.String(), grouped(s), "SWIFT", "123-910022-33304"} {
			require.NotContains(t, everything, whole)
		}
		for other := range holders {
			if other != i {
				require.NotContains(t, everything, fmt.Sprintf("holder-%d@", other+1),
					"no address of another")
			}
		}
	}
}

// F56: rows and files that were mixed up stop before anything is sent.
func TestAFileOfAnotherScopeIsNeverAttached(t *testing.T) {
	t.Parallel()
	for name, mix := range map[string]string{
		"another scope's file under this scope": `UPDATE document d SET key = o.key, sha256 = o.sha256 FROM document o
			WHERE d.scope = '` + invoice.ScopeOf(holders[1]) + `' AND o.scope = '` + invoice.ScopeOf(holders[3]) + `'`,
		"the whole workbook under this scope": `UPDATE document d SET key = o.key, sha256 = o.sha256 FROM document o
			WHERE d.scope = '` + invoice.ScopeOf(holders[1]) + `' AND o.scope = '' AND o.kind = 'detail-xlsx'`,
		"the page under this scope": `UPDATE document d SET key = o.key, sha256 = o.sha256 FROM document o
			WHERE d.scope = '` + invoice.ScopeOf(holders[1]) + `' AND o.scope = '' AND o.kind = 'invoice-pdf'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, documents, s := openScoped(t)
			_, err := documents.Render(t.Context(), activities.RenderInput{Number: s.Number})
			require.NoError(t, err)
			done, err := p.app.Exec(t.Context(), mix)
			require.NoError(t, err)
			require.Equal(t, int64(1), done.RowsAffected())

			_, err = p.Compose(t.Context(), activities.MailInput{Number: s.Number, Ordinal: 2})

			require.Equal(t, fault.Attachment, activities.CodeOf(err), "%v", err)
			require.Empty(t, p.arrived(t))
		})
	}
	t.Run("a scoped workbook for Root", func(t *testing.T) {
		t.Parallel()
		p, documents, s := openScoped(t)
		_, err := documents.Render(t.Context(), activities.RenderInput{Number: s.Number})
		require.NoError(t, err)
		_, err = p.app.Exec(t.Context(), `UPDATE document d SET key = o.key, sha256 = o.sha256 FROM document o
			WHERE d.scope = '' AND d.kind = 'detail-xlsx' AND o.scope = '`+invoice.ScopeOf(holders[1])+`'`)
		require.NoError(t, err)
		_, err = p.Compose(t.Context(), activities.MailInput{Number: s.Number, Ordinal: 1})
		require.Equal(t, fault.Attachment, activities.CodeOf(err), "%v", err)
	})
}

func TestAScopeThatTheDocumentDoesNotHaveIsNotRendered(t *testing.T) {
	t.Parallel()
	kept := newShelf(t, golden.Tiny())
	kept.scopes = []delivery.Scope{{
		Digest: invoice.ScopeOf([]string{"111122223333", "9"}), Accounts: []string{"111122223333", "9"},
	}}
	hands := &activities.Documents{Books: kept, Store: kept}
	_, err := hands.Render(t.Context(), activities.RenderInput{Number: "INV-2026-000150"})
	require.Equal(t, fault.Attachment, activities.CodeOf(err), "%v", err)
	require.Zero(t, kept.puts)
}

// received is a mail as it lies in the mailbox, its workbook unpacked.
type received struct{ raw, subject, words, unpacked string }

func (p *post) received(t *testing.T, recipient string) received {
	t.Helper()
	mails, err := p.sink.Mailbox().List("")
	require.NoError(t, err)
	var found received
	for _, one := range mails {
		if one.To[0] != recipient {
			continue
		}
		raw, _, err := p.sink.Mailbox().Raw(one.ID)
		require.NoError(t, err)
		require.Empty(t, found.raw, "one mail each")
		found.raw = string(raw)
	}
	reader, err := gomail.CreateReader(strings.NewReader(found.raw))
	require.NoError(t, err)
	found.subject, err = reader.Header.Subject()
	require.NoError(t, err)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		content, err := io.ReadAll(part.Body)
		require.NoError(t, err)
		if !bytes.HasPrefix(content, []byte("PK\x03\x04")) {
			found.words += string(content)
			continue
		}
		archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		require.NoError(t, err)
		for _, file := range archive.File {
			opened, err := file.Open()
			require.NoError(t, err)
			text, err := io.ReadAll(opened)
			require.NoError(t, err)
			found.unpacked += string(text)
		}
	}
}

func grouped(s invoice.Snapshot) string {
	text := s.Total.StringFixed(2)
	point := strings.Index(text, ".")
	return text[:point-3] + "," + text[point-3:]
}
