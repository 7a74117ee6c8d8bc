package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// Outbox is the ledger of mails. It keeps states and fences; Temporal keeps the
// time. Every change of state writes an event beside it, in one transaction.
type Outbox struct {
	pool *pgxpool.Pool
}

// NewOutbox keeps the ledger of mails in a database.
func NewOutbox(pool *pgxpool.Pool) *Outbox { return &Outbox{pool: pool} }

// Draft reads what a mail is written from.
func (o *Outbox) Draft(ctx context.Context, number string, ordinal int) (delivery.Draft, error) {
	var d delivery.Draft
	columns := append(mailColumns(&d.Mail), &d.InvoiceID, &d.Snapshot, &d.Digest, &d.FinalizedAt)
	var sent *time.Time
	columns[sentAtColumn] = &sent
	err := o.pool.QueryRow(ctx, query("outbox/draft"), number, ordinal).Scan(columns...)
	if errors.Is(err, pgx.ErrNoRows) {
		return d, noMail(number, ordinal)
	}
	if err != nil {
		return d, fmt.Errorf("read mail %s/%d: %w", number, ordinal, err)
	}
	d.SentAt = orZero(sent)
	d.Sender, err = senderOf(d.Snapshot)
	if err != nil {
		return d, fmt.Errorf("read mail %s/%d: %w", number, ordinal, err)
	}
	rows, err := o.pool.Query(ctx, query("outbox/documents"), d.ID)
	if err != nil {
		return d, fmt.Errorf("read the documents of mail %s/%d: %w", number, ordinal, err)
	}
	d.Documents, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (delivery.Document, error) {
		var f delivery.Document
		return f, row.Scan(&f.Kind, &f.Language, &f.FileName, &f.SHA256, &f.Key, &f.Bytes, &f.Scope)
	})
	if err != nil {
		return d, fmt.Errorf("read the documents of mail %s/%d: %w", number, ordinal, err)
	}
	return d, nil
}

// Composed records which bytes a mail is, once. Other bytes for the same mail
// are refused: the recipient may have the first ones already.
func (o *Outbox) Composed(ctx context.Context, id int64, sha256, key string) error {
	done, err := o.pool.Exec(ctx, query("outbox/composed"), id, sha256, key)
	if err != nil {
		return fmt.Errorf("record the bytes of mail %d: %w", id, err)
	}
	if done.RowsAffected() == 0 {
		return &fault.Error{
			Code: fault.DigestChanged, What: fmt.Sprintf("mail %d was composed before as other bytes", id),
			Cure: "call the engineer on duty: a frozen document was rendered differently",
		}
	}
	return nil
}

// Claim takes a mail for one attempt. Claimed is false while another attempt
// holds it, and when its state is not one to try; also names states beyond
// pending that may be tried, by policy or because a person said so.
func (o *Outbox) Claim(
	ctx context.Context, number string, ordinal int, also ...delivery.State,
) (mail delivery.Mail, claimed bool, err error) {
	err = pgx.BeginFunc(ctx, o.pool, func(tx pgx.Tx) error {
		if _, err := o.change(ctx, tx, "outbox/expire_dot", number, ordinal); err != nil {
			return err
		}
		names := make([]string, 0, len(also))
		for _, state := range also {
			names = append(names, string(state))
		}
		claimed, err = o.change(ctx, tx, "outbox/claim", number, ordinal,
			int(delivery.SendingLease.Seconds()), names)
		return err
	})
	if err != nil {
		return mail, false, fmt.Errorf("claim mail %s/%d: %w", number, ordinal, err)
	}
	draft, err := o.Draft(ctx, number, ordinal)
	return draft.Mail, claimed, err
}

// Dot commits that the final dot may go out, before it does. An attempt that
// lost its claim is refused and must hang up.
func (o *Outbox) Dot(ctx context.Context, id, fence int64) error {
	return pgx.BeginFunc(ctx, o.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, query("outbox/dot"), id, fence, int(delivery.DotLease.Seconds()))
		if err != nil {
			return fmt.Errorf("announce the final dot of mail %d: %w", id, err)
		}
		if done.RowsAffected() == 0 {
			return fenced(id, fence)
		}
		_, err = tx.Exec(ctx, query("outbox/add_event"), id, fence, string(delivery.StateDot), "")
		return err
	})
}

// Settle ends an attempt. One that lost its claim changes nothing.
func (o *Outbox) Settle(ctx context.Context, id, fence int64, end delivery.Settlement) error {
	return pgx.BeginFunc(ctx, o.pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, query("outbox/settle"), id, fence, string(end.State), end.Reply)
		if err != nil {
			return fmt.Errorf("settle mail %d: %w", id, err)
		}
		if done.RowsAffected() == 0 {
			return fenced(id, fence)
		}
		_, err = tx.Exec(ctx, query("outbox/add_event"), id, fence, string(end.State), end.Reply)
		return err
	})
}

// SetAside ends the trying of a mail that waits: failed when its time is over,
// held when a person must decide.
func (o *Outbox) SetAside(ctx context.Context, number string, ordinal int, end delivery.Settlement) error {
	err := pgx.BeginFunc(ctx, o.pool, func(tx pgx.Tx) error {
		_, err := o.change(ctx, tx, "outbox/set_aside", number, ordinal, string(end.State), end.Reply)
		return err
	})
	if err != nil {
		return fmt.Errorf("set mail %s/%d aside: %w", number, ordinal, err)
	}
	return nil
}

// List gives every mail of a month's documents, in the order of their numbers.
func (o *Outbox) List(ctx context.Context, month period.Month) ([]delivery.Mail, error) {
	rows, err := o.pool.Query(ctx, query("outbox/list"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list the mails of %s: %w", month, err)
	}
	mails, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (delivery.Mail, error) {
		var mail delivery.Mail
		var sent *time.Time
		columns := mailColumns(&mail)
		columns[sentAtColumn] = &sent
		err := row.Scan(columns...)
		mail.SentAt = orZero(sent)
		return mail, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the mails of %s: %w", month, err)
	}
	return mails, nil
}

// LeftOut lists the contacts that get no mail of a month's documents, and why.
func (o *Outbox) LeftOut(ctx context.Context, month period.Month) ([]delivery.LeftOut, error) {
	rows, err := o.pool.Query(ctx, query("outbox/left_out"), month.String())
	if err != nil {
		return nil, fmt.Errorf("list who got no mail of %s: %w", month, err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowToStructByPos[delivery.LeftOut])
	if err != nil {
		return nil, fmt.Errorf("list who got no mail of %s: %w", month, err)
	}
	return left, nil
}

// change runs a statement that returns the row it changed, if any, and records it.
func (o *Outbox) change(ctx context.Context, tx pgx.Tx, name string, args ...any) (bool, error) {
	var id, fence int64
	var state, reply string
	err := tx.QueryRow(ctx, query(name), args...).Scan(&id, &fence, &state, &reply)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if state == string(delivery.StateSending) {
		reply = "" // the reply in the row is the attempt before's
	}
	_, err = tx.Exec(ctx, query("outbox/add_event"), id, fence, state, reply)
	return true, err
}

// sentAtColumn is the place of sent_at among the columns, which may be NULL.
const sentAtColumn = 17

func mailColumns(m *delivery.Mail) []any {
	return []any{
		&m.ID,
		&m.Number,
		&m.Ordinal,
		&m.Customer,
		&m.Provider,
		&m.Recipient,
		&m.RecipientName,
		&m.CC,
		&m.Language,
		&m.MessageID,
		&m.MIMESHA256,
		&m.MIMEKey,
		&m.State,
		&m.Fence,
		&m.Attempts,
		&m.Ambiguous,
		&m.LastReply,
		&m.SentAt,
		&m.Accounts,
		&m.Scope,
	}
}

// senderOf finds the issuer's billing address in a frozen snapshot: bounces go
// to the address that the mail comes from.
func senderOf(snapshot []byte) (string, error) {
	var frozen struct{ Issuer struct{ Email string } }
	err := json.Unmarshal(snapshot, &frozen)
	return frozen.Issuer.Email, err
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func noMail(number string, ordinal int) error {
	return &fault.Error{
		Code: fault.Input, Value: fmt.Sprintf("%s/%d", number, ordinal), What: "is not in the outbox",
		Cure: "see `starter mails --month M` for the mails of a month",
	}
}

func fenced(id, fence int64) error {
	return &fault.Error{
		Code: fault.Fenced, What: fmt.Sprintf("attempt %d at mail %d lost its claim", fence, id),
		Cure: "nothing: another attempt has taken over",
	}
}
