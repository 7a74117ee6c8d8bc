package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"go.temporal.io/sdk/activity"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/templates/email"
)

// Delivery holds the hands that write a mail and hand it to the relay.
type Delivery struct {
	Outbox Outbox
	Blobs  MailBlobs
	Relay  Relay
}

// Outbox is the ledger of mails.
type Outbox interface {
	Draft(ctx context.Context, number string, ordinal int) (delivery.Draft, error)
	Composed(ctx context.Context, id int64, sha256, key string) error
	Claim(
		ctx context.Context, number string, ordinal int, also ...delivery.State,
	) (delivery.Mail, bool, error)
	Dot(ctx context.Context, id, fence int64) error
	Settle(ctx context.Context, id, fence int64, end delivery.Settlement) error
	SetAside(ctx context.Context, number string, ordinal int, end delivery.Settlement) error
}

// MailBlobs keeps rendered documents and composed mails by key.
type MailBlobs interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(
		ctx context.Context, key, contentType string, content io.Reader,
	) (digest string, size int64, err error)
}

// Relay is the door to SMTP. Its verdict is sent, try-again, refused, unknown or
// tls-required; an error is beforeDot's own, and then nothing was delivered.
type Relay interface {
	Send(ctx context.Context, from string, to []string, message []byte, beforeDot func(context.Context) error,
	) (verdict, reply string, err error)
}

// MailInput names one mail by its document and recipient.
type MailInput struct {
	Number  string
	Ordinal int
}

// ComposeResult is what a mail is made of.
type ComposeResult struct {
	SHA256      string
	Bytes       int
	Attachments int
}

// SendInput asks for one attempt.
type SendInput struct {
	Number  string
	Ordinal int
	// Also are states beyond pending that may be tried: unknown by policy, failed
	// or held because a person said so.
	Also []delivery.State
}

// SendResult is where the mail stands after an attempt.
type SendResult struct {
	State     delivery.State
	Reply     string // of the relay, addresses masked
	Attempts  int
	Ambiguous int
	Busy      bool // another attempt holds the mail: nothing was tried
}

// SetAsideInput ends the trying of a mail.
type SetAsideInput struct {
	Number  string
	Ordinal int
	State   delivery.State // failed, held
	Reason  string
}

// Compose writes the mail from the frozen snapshot and the stored documents that
// its recipient may see. Running it again gives the same bytes under the same
// digest; other bytes are refused by the ledger.
func (d *Delivery) Compose(ctx context.Context, in MailInput) (ComposeResult, error) {
	draft, err := d.Outbox.Draft(ctx, in.Number, in.Ordinal)
	if err != nil {
		return ComposeResult{}, atEdge(err)
	}
	if draft.MIMESHA256 != "" {
		message, err := d.stored(ctx, draft.Mail)
		if err != nil {
			return ComposeResult{}, atEdge(err)
		}
		return ComposeResult{draft.MIMESHA256, len(message), len(draft.Documents)}, nil
	}
	message, err := d.write(ctx, draft)
	if err != nil {
		return ComposeResult{}, atEdge(fmt.Errorf("compose mail %s/%d: %w", in.Number, in.Ordinal, err))
	}
	digest := mailDigest(message)
	key := "mail/" + digest + ".eml"
	if _, _, err := d.Blobs.Put(ctx, key, "message/rfc822", bytes.NewReader(message)); err != nil {
		return ComposeResult{}, fmt.Errorf("store mail %s/%d: %w", in.Number, in.Ordinal, err)
	}
	if err := d.Outbox.Composed(ctx, draft.ID, digest, key); err != nil {
		return ComposeResult{}, atEdge(err)
	}
	return ComposeResult{digest, len(message), len(draft.Documents)}, nil
}

func (d *Delivery) write(ctx context.Context, draft delivery.Draft) ([]byte, error) {
	snapshot, err := frozenSnapshot(draft)
	if err != nil {
		return nil, err
	}
	if len(draft.Documents) == 0 {
		return nil, fault.New(fault.Attachment, "no document is stored that this recipient may see",
			"render the documents first: RenderDocuments "+draft.Number)
	}
	letter := email.Letter{
		Snapshot: snapshot, Recipient: draft.Recipient, RecipientName: draft.RecipientName, CC: draft.CC,
		Language: draft.Language, MessageID: draft.MessageID, Date: draft.FinalizedAt,
	}
	for _, document := range draft.Documents {
		content, err := d.Blobs.Get(ctx, document.Key)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", document.Kind, err)
		}
		if err := checkAttachment(document, content, snapshot, draft.Scope); err != nil {
			return nil, err
		}
		letter.Attachments = append(letter.Attachments,
			email.Attachment{FileName: document.FileName, Content: content})
	}
	if draft.Scope == "" && len(draft.Accounts) == 0 {
		return email.Invoice(letter)
	}
	excerpt, err := excerptOf(snapshot, draft.Scope, draft.Accounts)
	if err != nil {
		return nil, err
	}
	return email.Excerpt(letter, excerpt)
}

// frozenSnapshot reads the snapshot and refuses one that is not this document's.
func frozenSnapshot(draft delivery.Draft) (invoice.Snapshot, error) {
	if invoice.Digest(draft.Snapshot) != draft.Digest {
		return invoice.Snapshot{}, fault.New(fault.DigestChanged, draft.Number+" is not what was frozen",
			"call the engineer on duty: the snapshot's bytes and its digest differ")
	}
	snapshot, err := invoice.ParseSnapshot(draft.Snapshot)
	if err != nil {
		return invoice.Snapshot{}, err
	}
	if snapshot.Number != draft.Number || snapshot.Customer.Code != draft.Customer {
		return invoice.Snapshot{}, fault.New(
			fault.DigestChanged,
			fmt.Sprintf("the snapshot of %s says %s of %s",
				draft.Number, snapshot.Number, snapshot.Customer.Code),
			"call the engineer on duty",
		)
	}
	return snapshot, nil
}

// Send makes one attempt by the protocol of docs/spec/12-mail.md. Running it
// again is safe: a mail that is sent is left alone, one that another attempt
// holds is busy, and an attempt that lost its claim cannot send the final dot.
func (d *Delivery) Send(ctx context.Context, in SendInput) (SendResult, error) {
	mail, claimed, err := d.Outbox.Claim(ctx, in.Number, in.Ordinal, in.Also...)
	if err != nil {
		return SendResult{}, atEdge(err)
	}
	if !claimed {
		busy := mail.State == delivery.StateSending || mail.State == delivery.StateDot
		return resultOf(mail, delivery.Settlement{State: mail.State, Reply: mail.LastReply}, busy), nil
	}
	defer keepAlive(ctx)()

	end, err := d.attempt(ctx, mail)
	if code, _ := fault.CodeOf(err); code == fault.Fenced {
		return resultOf(mail, delivery.Settlement{State: delivery.StateSending}, true), nil
	}
	if settleErr := d.settle(ctx, mail, end); settleErr != nil {
		return SendResult{}, atEdge(errors.Join(settleErr, err))
	}
	if err != nil {
		return SendResult{}, atEdge(fmt.Errorf("send mail %s/%d: %w", in.Number, in.Ordinal, err))
	}
	if end.State == delivery.StateUnknown {
		mail.Ambiguous++
	}
	return resultOf(mail, end, false), nil
}

// attempt speaks with the relay and reads its verdict as a state.
func (d *Delivery) attempt(ctx context.Context, mail delivery.Mail) (delivery.Settlement, error) {
	waits := delivery.Settlement{State: delivery.StatePending}
	message, err := d.stored(ctx, mail)
	if err != nil {
		waits.Reply = err.Error()
		return waits, err
	}
	to := append([]string{mail.Recipient}, email.Addresses(mail.CC)...)
	verdict, reply, err := d.Relay.Send(ctx, mail.Sender, to, message,
		func(ctx context.Context) error { return d.Outbox.Dot(ctx, mail.ID, mail.Fence) })
	if err != nil {
		waits.Reply = "stopped before the final dot: " + err.Error()
		return waits, err
	}
	switch verdict {
	case "sent":
		return delivery.Settlement{State: delivery.StateSent, Reply: reply}, nil
	case "try-again":
		return delivery.Settlement{State: delivery.StatePending, Reply: reply}, nil
	case "refused":
		return delivery.Settlement{State: delivery.StateFailed, Reply: reply}, nil
	case "unknown":
		return delivery.Settlement{State: delivery.StateUnknown, Reply: reply}, nil
	case "tls-required":
		waits.Reply = reply
		return waits, fault.New(fault.TLSRequired, reply,
			"give MAGAM_SMTP_ADDRESS a relay with STARTTLS, then start the delivery again")
	default:
		return delivery.Settlement{State: delivery.StateUnknown, Reply: reply},
			fault.New(fault.Bug, fmt.Sprintf("the mail door answered %q", verdict), "report it")
	}
}

// settle writes down the end even when the attempt's own time is over: an
// outcome that is known must not turn into a doubt.
func (d *Delivery) settle(ctx context.Context, mail delivery.Mail, end delivery.Settlement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	var err error
	for range 5 {
		err = d.Outbox.Settle(ctx, mail.ID, mail.Fence, end)
		if _, coded := fault.CodeOf(err); err == nil || coded || ctx.Err() != nil {
			return err
		}
		time.Sleep(500 * time.Millisecond)
	}
	return err
}

// SetAside ends the trying: a mail whose time is over has failed, one that a
// person must decide is held. Running it again changes nothing.
func (d *Delivery) SetAside(ctx context.Context, in SetAsideInput) error {
	return atEdge(
		d.Outbox.SetAside(ctx, in.Number, in.Ordinal, delivery.Settlement{State: in.State, Reply: in.Reason}),
	)
}

// stored reads the composed bytes and proves that they are the recorded ones.
func (d *Delivery) stored(ctx context.Context, mail delivery.Mail) ([]byte, error) {
	if mail.MIMEKey == "" {
		return nil, fault.New(fault.Input,
			fmt.Sprintf("mail %s/%d is not composed", mail.Number, mail.Ordinal),
			"start the delivery again: it composes first")
	}
	message, err := d.Blobs.Get(ctx, mail.MIMEKey)
	if err != nil {
		return nil, fmt.Errorf("read mail %s/%d: %w", mail.Number, mail.Ordinal, err)
	}
	if mailDigest(message) != mail.MIMESHA256 {
		return nil, fault.New(
			fault.DigestChanged,
			fmt.Sprintf("the stored mail %s/%d is not what was composed",
				mail.Number, mail.Ordinal),
			"call the engineer on duty: a stored file was changed",
		)
	}
	return message, nil
}

// keepAlive heartbeats until it is ended: a relay may take minutes to answer, a
// giant workbook minutes to write.
func keepAlive(ctx context.Context) (end func()) {
	if !activity.IsActivity(ctx) {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		beat := time.NewTicker(15 * time.Second)
		defer beat.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-beat.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return func() { cancel(); <-done }
}

func resultOf(mail delivery.Mail, end delivery.Settlement, busy bool) SendResult {
	return SendResult{
		State:     end.State,
		Reply:     delivery.Mask(end.Reply),
		Attempts:  mail.Attempts,
		Ambiguous: mail.Ambiguous,
		Busy:      busy,
	}
}

func mailDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
