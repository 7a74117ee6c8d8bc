package activities_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/db"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/internal/blob"
	"magam/internal/devstack/mailsink"
	"magam/internal/devstack/pgtest"
	"magam/internal/mail"
)

// post is a delivery with everything real: Postgres, a folder, an SMTP server.
type post struct {
	*activities.Delivery
	app   *pgxpool.Pool
	blobs *blob.Store
	sink  *mailsink.Sink
}

const number = "INV-2026-000123"

func openPost(t *testing.T) *post {
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
	p.finalize(t, frozen(), "kim@alpha.test", "lee@alpha.test")
	p.render(t, "invoice-pdf", "%PDF-1.4 /Keywords (customer=alpha number=INV-2026-000123 month=2026-10)")
	return p
}

func frozen() invoice.Snapshot {
	return invoice.Snapshot{
		Schema: invoice.SchemaCurrent, Number: number, Kind: invoice.KindInvoice,
		Issuer:   invoice.Party{Code: "magam", Name: "마감클라우드", Email: "billing@issuer.test"},
		Customer: invoice.Party{Code: "alpha", Name: "알파전자"}, Language: "ko", Provider: "aws",
		Month: period.NewMonth(2026, 10), Currency: money.KRW,
		Supply: decimal.NewFromInt(1000), Tax: decimal.NewFromInt(100), Total: decimal.NewFromInt(1100),
	}
}

func (p *post) finalize(t *testing.T, s invoice.Snapshot, recipients ...string) {
	t.Helper()
	canonical, err := s.Canonical()
	require.NoError(t, err)
	var id int64
	err = p.app.QueryRow(t.Context(), `INSERT INTO invoice
		(issuer, customer, provider, month, state, number, snapshot, digest, finalized_at)
		VALUES ('magam', $4, 'aws', '2026-10', 'final', $1, $2, $3, '2026-11-03 00:30Z') RETURNING id`,
		s.Number, canonical, invoice.Digest(canonical), s.Customer.Code).Scan(&id)
	require.NoError(t, err)
	for i, recipient := range recipients {
		_, err = p.app.Exec(
			t.Context(),
			`INSERT INTO outbox (invoice_id, ordinal, recipient, language, documents, message_id)
			VALUES ($1, $2, $3, 'ko', '{invoice}', $4)`,
			id,
			i+1,
			recipient,
			fmt.Sprintf("<inv-%s.%d.0@issuer.test>", s.Number, i+1),
		)
		require.NoError(t, err)
	}
}

func (p *post) render(t *testing.T, kind, content string) {
	t.Helper()
	key := "documents/" + kind
	digest, size, err := p.blobs.Put(t.Context(), key, "application/pdf", strings.NewReader(content))
	require.NoError(t, err)
	_, err = p.app.Exec(
		t.Context(),
		`INSERT INTO document (invoice_id, kind, language, file_name, sha256, bytes, key)
		SELECT id, $1, 'ko', 'INV-2026-000123_알파전자_2026-10.pdf', $2, $3, $4 FROM invoice
		ON CONFLICT (invoice_id, kind, language, scope) DO UPDATE SET sha256 = excluded.sha256`,
		kind,
		digest,
		size,
		key,
	)
	require.NoError(t, err)
}

func (p *post) send(t *testing.T, also ...delivery.State) activities.SendResult {
	t.Helper()
	sent, err := p.Send(t.Context(), activities.SendInput{Number: number, Ordinal: 1, Also: also})
	require.NoError(t, err)
	return sent
}

func (p *post) arrived(t *testing.T) []mailsink.Summary {
	t.Helper()
	mails, err := p.sink.Mailbox().List("")
	require.NoError(t, err)
	return mails
}

var first = activities.MailInput{Number: number, Ordinal: 1}

func TestAMailArrivesAsItWasComposed(t *testing.T) {
	t.Parallel()
	p := openPost(t)

	composed, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	again, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, composed, again)
	sent := p.send(t)
	require.Equal(t, delivery.StateSent, sent.State)
	require.Equal(t, delivery.StateSent, p.send(t).State, "what is sent is left alone")

	mails := p.arrived(t)
	require.Len(t, mails, 1)
	require.Equal(t, composed.SHA256, mails[0].SHA256, "the bytes of the wire are the composed ones")
	require.Equal(t, []string{"kim@alpha.test"}, mails[0].To)
	require.Equal(t, "inv-INV-2026-000123.1.0@issuer.test", mails[0].MessageID)
	require.Equal(t, "INV-2026-000123_알파전자_2026-10.pdf", mails[0].Attachments[0].Name)
	raw, envelope, err := p.sink.Mailbox().Raw(mails[0].ID)
	require.NoError(t, err)
	require.Equal(t, "billing@issuer.test", envelope.From, "bounces go to the billing desk")
	require.NotContains(t, string(raw), "lee@alpha.test", "a recipient does not see the others")
}

func TestTheRelaysAnswerDecidesTheState(t *testing.T) {
	t.Parallel()
	refuse := func(code int, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	}
	tests := map[string]struct {
		behaviour mailsink.Behaviour
		want      delivery.State
		reply     string
		after     delivery.State // when it is tried again as the workflow would
		arrived   int
	}{
		"450 waits and is taken later": {
			mailsink.Behaviour{OnRecipient: func(string) error { return refuse(450, "busy") }},
			delivery.StatePending, "450 busy", delivery.StateSent, 1,
		},
		"452 after the message waits too": {
			mailsink.Behaviour{OnData: func(int) error { return refuse(452, "full") }},
			delivery.StatePending, "452 full", delivery.StateSent, 1,
		},
		"550 has failed and its reply hides the address": {
			mailsink.Behaviour{OnRecipient: func(to string) error { return refuse(550, to+" unknown") }},
			delivery.StateFailed, "550 k**@alpha.test unknown", delivery.StateFailed, 0,
		},
		"a relay that stores and hangs up leaves it unknown; again it is the same mail twice": {
			mailsink.Behaviour{DropReply: func(int) bool { return true }},
			delivery.StateUnknown, "no reply", delivery.StateSent, 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openPost(t)
			_, err := p.Compose(t.Context(), first)
			require.NoError(t, err)
			p.sink.Behave(tt.behaviour)

			sent := p.send(t)
			require.Equal(t, tt.want, sent.State)
			require.Contains(t, sent.Reply, tt.reply)
			require.NotContains(t, sent.Reply, "kim@", "histories hold no address")

			p.sink.Behave(mailsink.Behaviour{})
			require.Equal(t, tt.after, p.send(t, delivery.StateUnknown).State)
			mails := p.arrived(t)
			require.Len(t, mails, tt.arrived)
			for _, mail := range mails {
				require.Equal(t, mails[0].MessageID, mail.MessageID)
				require.Equal(t, mails[0].SHA256, mail.SHA256, "byte for byte")
			}
		})
	}
}

// F8: an attempt whose time is over may still run; it must not send the dot.
func TestAnAttemptThatLostItsClaimSendsNothing(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	_, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	p.sink.Behave(mailsink.Behaviour{OnRecipient: func(string) error {
		_, err := p.app.Exec(context.Background(), `UPDATE outbox SET fence = fence + 1 WHERE ordinal = 1`)
		return err
	}})

	require.True(t, p.send(t).Busy)
	require.Empty(t, p.arrived(t))
}

// F56: whatever was mixed up, nobody gets another's file.
func TestAForeignFileIsNeverAttached(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ content, stored string }{
		"another customer's page": {content: "%PDF-1.4 (customer=beta number=INV-2026-000123 month=2026-10)"},
		"another number's page": {
			content: "%PDF-1.4 (customer=alpha number=INV-2026-000124 month=2026-10)",
		},
		"a page of another scope": {
			content: "%PDF-1.4 (customer=alpha number=INV-2026-000123 scope=aa month=2026-10)",
		},
		"a page without marks":    {content: "%PDF-1.4"},
		"a workbook that is none": {content: "PK\x03\x04 customer=alpha number=INV-2026-000123 "},
		"other bytes than were rendered": {
			content: "%PDF-1.4 (customer=alpha number=INV-2026-000123 month=2026-10)",
			stored:  "%PDF-1.4 changed",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openPost(t)
			p.render(t, "invoice-pdf", tt.content)
			if tt.stored != "" {
				_, _, err := p.blobs.Put(t.Context(), "documents/invoice-pdf", "application/pdf",
					strings.NewReader(tt.stored))
				require.NoError(t, err)
			}
			_, err := p.Compose(t.Context(), first)
			require.Equal(t, fault.Attachment, activities.CodeOf(err), "%v", err)
			require.Empty(t, p.arrived(t))
		})
	}
}

func TestAMailWithoutItsDocumentsIsNotWritten(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	_, err := p.app.Exec(t.Context(), `DELETE FROM document`)
	require.NoError(t, err)
	_, err = p.Compose(t.Context(), first)
	require.Equal(t, fault.Attachment, activities.CodeOf(err))
	_, err = p.Send(t.Context(), activities.SendInput{Number: number, Ordinal: 1})
	require.Equal(t, fault.Input, activities.CodeOf(err), "what is not composed cannot be sent")
}

func TestAStoredMailThatWasChangedIsNotSent(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	composed, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	_, _, err = p.blobs.Put(t.Context(), "mail/"+composed.SHA256+".eml", "message/rfc822",
		bytes.NewReader([]byte("To: x\r\n\r\n")))
	require.NoError(t, err)

	_, err = p.Send(t.Context(), activities.SendInput{Number: number, Ordinal: 1})

	require.Equal(t, fault.DigestChanged, activities.CodeOf(err))
	require.Empty(t, p.arrived(t))
}

func TestARelayWithoutTLSGetsNothing(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	_, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	door, err := mail.New(mail.Config{Address: p.sink.SMTPAddr})
	require.NoError(t, err)
	p.Relay = door

	_, err = p.Send(t.Context(), activities.SendInput{Number: number, Ordinal: 1})

	require.Equal(t, fault.TLSRequired, activities.CodeOf(err))
	require.Empty(t, p.arrived(t))
	listed, err := db.NewOutbox(p.app).List(t.Context(), period.NewMonth(2026, 10))
	require.NoError(t, err)
	require.Equal(t, delivery.StatePending, listed[0].State, "it waits for a relay that has it")
}

// The stored digest names the stored bytes, whoever computed it.
func TestTheLedgerNamesTheBytes(t *testing.T) {
	t.Parallel()
	p := openPost(t)
	composed, err := p.Compose(t.Context(), first)
	require.NoError(t, err)
	stored, err := p.blobs.Get(t.Context(), "mail/"+composed.SHA256+".eml")
	require.NoError(t, err)
	sum := sha256.Sum256(stored)
	require.Equal(t, composed.SHA256, hex.EncodeToString(sum[:]))
}
