package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
)

// Reports keeps the months' reports to finance, their files and their mails.
type Reports struct {
	pool *pgxpool.Pool
}

// NewReports keeps them in a database.
func NewReports(pool *pgxpool.Pool) *Reports { return &Reports{pool: pool} }

// Keep freezes what a month's report says. The same basis as the newest edition's
// gives that edition again, with its own content; another one makes a new edition.
func (r *Reports) Keep(
	ctx context.Context, month period.Month, basis string, content []byte, digest string,
) (kept delivery.Report, err error) {
	kept.Month = month.String()
	err = pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("report/lock"), kept.Month)
		if err != nil {
			return err
		}
		var before string
		err = tx.QueryRow(ctx, query("report/newest"), kept.Month).
			Scan(&kept.Edition, &before, &kept.Content, &kept.Digest, &kept.MadeAt)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err == nil && before == basis {
			kept.Same = true
			return nil
		}
		kept.Edition++
		kept.Content, kept.Digest = content, digest
		return tx.QueryRow(ctx, query("report/add"), kept.Month, kept.Edition, basis, content, digest).
			Scan(&kept.MadeAt)
	})
	if err != nil {
		return delivery.Report{}, fmt.Errorf("keep the report of %s: %w", month, err)
	}
	return kept, nil
}

// Newest is a month's newest edition.
func (r *Reports) Newest(ctx context.Context, month period.Month) (delivery.Report, error) {
	kept := delivery.Report{Month: month.String(), Same: true}
	err := r.pool.QueryRow(ctx, query("report/newest"), kept.Month).
		Scan(&kept.Edition, new(string), &kept.Content, &kept.Digest, &kept.MadeAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return kept, &fault.Error{
			Code: fault.Input, Value: kept.Month, What: "has no report yet",
			Cure: "run `starter report --month " + kept.Month + "`",
		}
	}
	if err != nil {
		return kept, fmt.Errorf("read the report of %s: %w", month, err)
	}
	return kept, nil
}

// Files lists what an edition became in a language.
func (r *Reports) Files(
	ctx context.Context, month string, edition int, language string,
) ([]delivery.Document, error) {
	files, err := collected(ctx, r.pool, func(row pgx.CollectableRow) (delivery.Document, error) {
		var f delivery.Document
		return f, row.Scan(&f.Kind, &f.Language, &f.FileName, &f.SHA256, &f.Key, &f.Bytes)
	}, query("report/files"), month, edition, language)
	if err != nil {
		return nil, fmt.Errorf("list the files of the report of %s: %w", month, err)
	}
	return files, nil
}

// AddFile records a file of an edition, once.
func (r *Reports) AddFile(ctx context.Context, month string, edition int, f delivery.Document) error {
	_, err := r.pool.Exec(ctx, query("report/add_file"), month, edition, f.Kind, f.Language, f.FileName,
		f.SHA256, f.Bytes, f.Key)
	if err != nil {
		return fmt.Errorf("record %s of the report of %s: %w", f.Kind, month, err)
	}
	return nil
}

// Address writes the ledger of an edition's mails, one per person, and gives all
// of them. Addressing again changes nothing but an address that was refused.
func (r *Reports) Address(ctx context.Context, mails []delivery.ReportMail) ([]delivery.ReportMail, error) {
	var all []delivery.ReportMail
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		for _, m := range mails {
			_, err := tx.Exec(ctx, query("report/address"), m.Month, m.Edition, m.Person, m.Recipient,
				m.Language, m.MessageID)
			if err != nil {
				return err
			}
		}
		if len(mails) == 0 {
			return nil
		}
		var err error
		all, err = collected(ctx, tx, scanReportMail, query("report/mails"), mails[0].Month, mails[0].Edition)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("address the report: %w", err)
	}
	return all, nil
}

// Mails lists an edition's mails.
func (r *Reports) Mails(ctx context.Context, month string, edition int) ([]delivery.ReportMail, error) {
	mails, err := collected(ctx, r.pool, scanReportMail, query("report/mails"), month, edition)
	if err != nil {
		return nil, fmt.Errorf("list the mails of the report of %s: %w", month, err)
	}
	return mails, nil
}

// Mail reads one mail.
func (r *Reports) Mail(
	ctx context.Context, month string, edition int, person string,
) (delivery.ReportMail, error) {
	rows, err := r.pool.Query(ctx, query("report/mail"), month, edition, person)
	if err != nil {
		return delivery.ReportMail{}, err
	}
	mail, err := pgx.CollectExactlyOneRow(rows, scanReportMail)
	if err != nil {
		return mail, fmt.Errorf("read the mail of the report of %s to %s: %w", month, person, err)
	}
	return mail, nil
}

// Composed records which bytes a mail is, once.
func (r *Reports) Composed(ctx context.Context, mail delivery.ReportMail, sha256, key string) error {
	done, err := r.pool.Exec(ctx, query("report/composed"), mail.ID, sha256, key)
	if err != nil {
		return fmt.Errorf("record the bytes of the report's mail %d: %w", mail.ID, err)
	}
	if done.RowsAffected() == 0 {
		return &fault.Error{
			Code: fault.DigestChanged,
			What: "the report's mail to " + mail.Person + " was composed as other bytes",
			Cure: "call the engineer on duty: a frozen report was rendered differently",
		}
	}
	return nil
}

// Claim takes a mail for one attempt; again lets one of unknown fate go out once
// more. Claimed is false while another attempt holds it, or when it is settled.
func (r *Reports) Claim(
	ctx context.Context, mail delivery.ReportMail, again bool,
) (delivery.ReportMail, bool, error) {
	claimed := true
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, query("report/expire_dot"), mail.ID)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, query("report/claim"), mail.ID, int(delivery.SendingLease.Seconds()), again).
			Scan(new(int64))
		if errors.Is(err, pgx.ErrNoRows) {
			claimed, err = false, nil
		}
		return err
	})
	if err != nil {
		return mail, false, fmt.Errorf("claim the report's mail %d: %w", mail.ID, err)
	}
	mail, err = r.Mail(ctx, mail.Month, mail.Edition, mail.Person)
	return mail, claimed, err
}

// Dot commits that the final dot may go out, before it does.
func (r *Reports) Dot(ctx context.Context, mail delivery.ReportMail) error {
	done, err := r.pool.Exec(ctx, query("report/dot"), mail.ID, mail.Fence, int(delivery.DotLease.Seconds()))
	if err != nil {
		return fmt.Errorf("announce the final dot of the report's mail %d: %w", mail.ID, err)
	}
	if done.RowsAffected() == 0 {
		return fenced(mail.ID, mail.Fence)
	}
	return nil
}

// Settle ends an attempt. One that lost its claim changes nothing.
func (r *Reports) Settle(ctx context.Context, mail delivery.ReportMail, end delivery.Settlement) error {
	done, err := r.pool.Exec(ctx, query("report/settle"), mail.ID, mail.Fence, string(end.State), end.Reply)
	if err != nil {
		return fmt.Errorf("settle the report's mail %d: %w", mail.ID, err)
	}
	if done.RowsAffected() == 0 {
		return fenced(mail.ID, mail.Fence)
	}
	return nil
}

// SetAside ends the trying of a mail that waits.
func (r *Reports) SetAside(ctx context.Context, mail delivery.ReportMail, end delivery.Settlement) error {
	_, err := r.pool.Exec(ctx, query("report/set_aside"), mail.ID, string(end.State), end.Reply)
	if err != nil {
		return fmt.Errorf("set the report's mail %d aside: %w", mail.ID, err)
	}
	return nil
}

func scanReportMail(row pgx.CollectableRow) (delivery.ReportMail, error) {
	var m delivery.ReportMail
	return m, row.Scan(&m.ID, &m.Month, &m.Edition, &m.Person, &m.Recipient, &m.Language, &m.MessageID,
		&m.MIMESHA256, &m.MIMEKey, &m.State, &m.Fence, &m.Attempts, &m.Ambiguous, &m.LastReply)
}
