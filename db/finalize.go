package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// locked is a document under its row's lock.
type locked struct {
	issuer, customer, provider, month  string
	state, number, digest, draftDigest string
	draft                              []byte
	supply, tax, afterTax, total       decimal.Decimal
}

// Finalize numbers and freezes one document in one transaction: the period is
// closing, the document is approved, its sums hold, and last of all it takes
// the next number of its issuer's series. Whatever fails rolls back, the number
// too, so that a series has no gaps. A document that is final already answers
// with the number it has. A month that its quarter's document will bill is
// frozen under the same conditions, without a number.
func (l *Ledger) Finalize(ctx context.Context, in closing.Finalizing) (closing.Finalized, error) {
	var done closing.Finalized
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		var month string
		err := tx.QueryRow(ctx, query("finalize/month_of"), in.InvoiceID).Scan(&month)
		if err != nil {
			return err
		}
		var state closing.State
		err = tx.QueryRow(ctx, query("finalize/share_period"), month).Scan(&state)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		document, err := lockDocument(ctx, tx, in.InvoiceID)
		if err != nil {
			return err
		}
		if document.state == "final" || document.state == "deferred" {
			done, err = alreadyFinal(ctx, tx, in.InvoiceID, document)
			return err
		}
		if state != closing.StateClosing {
			return fault.New(fault.PeriodClosed, fmt.Sprintf("%s is %s, not closing", month, state),
				"start the close of the month")
		}
		snapshot, err := verified(ctx, tx, in, document)
		if err != nil {
			return err
		}
		if snapshot.Deferred {
			done, err = deferMonth(ctx, tx, in, document, snapshot)
			return err
		}
		done, err = freeze(ctx, tx, in, document, snapshot)
		return err
	})
	if err != nil {
		return closing.Finalized{}, fmt.Errorf("finalize document %d: %w", in.InvoiceID, err)
	}
	return done, nil
}

func lockDocument(ctx context.Context, tx pgx.Tx, id int64) (locked, error) {
	var d locked
	err := tx.QueryRow(ctx, query("finalize/lock_document"), id).
		Scan(&d.issuer, &d.customer, &d.provider, &d.month,
			&d.state, &d.number, &d.digest, &d.draft, &d.draftDigest, &d.supply, &d.tax, &d.afterTax,
			&d.total)
	return d, err
}

func alreadyFinal(ctx context.Context, tx pgx.Tx, id int64, document locked) (closing.Finalized, error) {
	done := closing.Finalized{
		Number: document.number, Digest: document.digest, Deferred: document.state == "deferred",
	}
	return done, tx.QueryRow(ctx, query("finalize/count_mails"), id).Scan(&done.Recipients)
}

// verified checks everything that could forbid a number, before one is taken.
func verified(
	ctx context.Context, tx pgx.Tx, in closing.Finalizing, document locked,
) (invoice.Snapshot, error) {
	name := document.customer + " " + document.provider + " " + document.month
	if document.state != "approved" {
		return invoice.Snapshot{}, fault.New(fault.Approval,
			fmt.Sprintf("%s is %s, not approved", name, document.state), "approve it first")
	}
	snapshot, err := invoice.ParseSnapshot(document.draft)
	if err != nil {
		return snapshot, fmt.Errorf("read the draft of %s: %w", name, err)
	}
	_, digest, err := frozen(snapshot)
	if err != nil {
		return snapshot, err
	}
	if digest != document.draftDigest || digestOf(document.draft) != digest {
		return snapshot, fault.New(fault.PreviewDrift, name+" is not the draft that was approved",
			"call the engineer on duty: the draft's bytes and its digest differ")
	}
	for _, pair := range [][2]decimal.Decimal{
		{snapshot.Supply, document.supply},
		{snapshot.Tax, document.tax},
		{snapshot.AfterTax, document.afterTax},
		{snapshot.Total, document.total},
	} {
		if !pair[0].Equal(pair[1]) {
			return snapshot, fault.New(fault.PreviewDrift, fmt.Sprintf("%s: the draft says %s, the books %s",
				name, pair[0], pair[1]), "draft it again")
		}
	}
	err = invoice.Verify(snapshot)
	if err != nil {
		return snapshot, fmt.Errorf("verify %s: %w", name, err)
	}
	err = refuseStale(ctx, tx, in.InvoiceID, document, snapshot.Month)
	if err != nil {
		return snapshot, err
	}
	err = refuseChangedAdjustments(ctx, tx, in.InvoiceID, name)
	if err != nil {
		return snapshot, err
	}
	err = refuseOverdraft(ctx, tx, in, document.customer)
	if err != nil {
		return snapshot, err
	}
	return snapshot, refuseOtherQuarter(ctx, tx, document, snapshot)
}

// refuseStale proves the document against the provider's bill once more: what
// it took is what its customer's accounts hold now, payer by payer.
func refuseStale(ctx context.Context, tx pgx.Tx, id int64, document locked, month period.Month) error {
	var proved bool
	err := tx.QueryRow(ctx, query("finalize/proved"), document.month).Scan(&proved)
	if err != nil {
		return err
	}
	if !proved {
		return fault.New(fault.Conservation, document.month+" has no proof",
			"prove the month before finalizing")
	}
	current, err := customerShares(ctx, tx, month, document.customer)
	if err != nil {
		return err
	}
	holds := map[closing.Payer]decimal.Decimal{}
	for _, share := range current {
		if share.Provider == document.provider {
			holds[closing.Payer{
				Provider: share.Provider, BillingAccount: share.BillingAccount, Currency: share.Currency,
			}] = share.Assigned
		}
	}
	rows, err := tx.Query(ctx, query("finalize/shares"), id)
	if err != nil {
		return err
	}
	var payer closing.Payer
	var count int64
	var took decimal.Decimal
	_, err = pgx.ForEachRow(rows,
		[]any{&payer.Provider, &payer.BillingAccount, &payer.Currency, &count, &took}, func() error {
			if !holds[payer].Equal(took) {
				return staleError(document, payer, took, holds[payer])
			}
			delete(holds, payer)
			return nil
		})
	if err != nil {
		return err
	}
	for payer, held := range holds {
		if !held.IsZero() {
			return staleError(document, payer, decimal.Zero, held)
		}
	}
	return nil
}

// refuseChangedAdjustments stops a document whose adjustments were changed
// between its draft and its number: they would be passed over.
func refuseChangedAdjustments(ctx context.Context, tx pgx.Tx, id int64, name string) error {
	var changed []string
	err := tx.QueryRow(ctx, query("finalize/changed_adjustments"), id).Scan(&changed)
	if err != nil || len(changed) == 0 {
		return err
	}
	return fault.New(fault.PreviewDrift,
		fmt.Sprintf("%s was drafted before adjustment %s was changed", name, strings.Join(changed, ", ")),
		"start the close of the month again: it is drafted anew")
}

func staleError(document locked, payer closing.Payer, took, holds decimal.Decimal) error {
	return fault.New(fault.Conservation, fmt.Sprintf("%s %s took %s of %s, its accounts hold %s",
		document.customer, document.month, took, payer,
		holds), "draft it again: data or accounts changed since")
}

func refuseOverdraft(ctx context.Context, tx pgx.Tx, in closing.Finalizing, customer string) error {
	_, err := tx.Exec(ctx, query("finalize/lock_credits"), customer)
	if err != nil {
		return err
	}
	ids := sortedKeys(in.Granted)
	granted := make([]string, len(ids))
	for i, id := range ids {
		granted[i] = money.Text(in.Granted[id])
	}
	rows, err := tx.Query(ctx, query("finalize/overdrawn"), in.InvoiceID, ids, granted)
	if err != nil {
		return err
	}
	var id, of, used string
	_, err = pgx.ForEachRow(rows, []any{&id, &of, &used}, func() error {
		return fault.New(fault.PreviewDrift,
			fmt.Sprintf("credit %s: %s would be used of %s granted", id, used, of),
			"draft it again: another document used the credit meanwhile")
	})
	return err
}

// freeze takes the number and writes everything that carries it.
func freeze(
	ctx context.Context, tx pgx.Tx, in closing.Finalizing, document locked, snapshot invoice.Snapshot,
) (closing.Finalized, error) {
	_, err := tx.Exec(ctx, query("finalize/finalize_uses"), in.InvoiceID)
	if err != nil {
		return closing.Finalized{}, err
	}
	series := invoice.Series(in.Series, snapshot.Month.Year())
	var last int
	err = tx.QueryRow(ctx, query("finalize/next_number"), document.issuer, series).Scan(&last)
	if err != nil {
		return closing.Finalized{}, fmt.Errorf("take a number of %s: %w", series, err)
	}
	snapshot.Number = invoice.Number(in.Series, snapshot.Month.Year(), last)
	bytes, digest, err := frozen(snapshot)
	if err != nil {
		return closing.Finalized{}, err
	}
	_, err = tx.Exec(ctx, query("finalize/freeze"), in.InvoiceID, snapshot.Number, bytes, digest)
	if err != nil {
		return closing.Finalized{}, err
	}
	err = billDeferred(ctx, tx, in, document)
	if err != nil {
		return closing.Finalized{}, fmt.Errorf("note which months %s bills: %w", snapshot.Number, err)
	}
	_, err = tx.Exec(ctx, query("credit/revive"), in.InvoiceID)
	if err != nil {
		return closing.Finalized{}, fmt.Errorf("book the credits of %s: %w", snapshot.Number, err)
	}
	for i, recipient := range in.Recipients {
		_, err = tx.Exec(ctx, query("finalize/add_mail"), in.InvoiceID, i+1, recipient.Email, recipient.Name,
			recipient.CC, recipient.Language, recipient.Documents,
			closing.MessageID(snapshot.Number, i+1, 0, in.MailFrom),
			append([]string{}, recipient.Accounts...), recipient.Scope())
		if err != nil {
			return closing.Finalized{}, fmt.Errorf("write mail %d of %s: %w", i+1, snapshot.Number, err)
		}
	}
	for i, left := range in.LeftOut {
		_, err = tx.Exec(ctx, query("finalize/leave_out"), in.InvoiceID, i+1, left.Email, left.Role,
			left.Reason)
		if err != nil {
			return closing.Finalized{}, fmt.Errorf("write who gets no mail of %s: %w", snapshot.Number, err)
		}
	}
	err = audit(ctx, tx, "close/"+document.month, "finalize", snapshot.Number, map[string]any{
		"invoice": in.InvoiceID, "customer": document.customer, "provider": document.provider,
		"month": document.month, "digest": digest, "draft": document.draftDigest,
		"total": money.Text(snapshot.Total), "currency": snapshot.Currency, "mails": len(in.Recipients),
		"left_out": len(in.LeftOut), "sights": sights(in.Recipients),
	})
	return closing.Finalized{Number: snapshot.Number, Digest: digest, Recipients: len(in.Recipients)}, err
}

// sights is a digest of what each mail may show, for the audit log: one line per
// recipient with its ordinal, its scope and its kinds of documents.
func sights(recipients []closing.Recipient) string {
	var lines strings.Builder
	for i, recipient := range recipients {
		fmt.Fprintf(&lines, "%d %s %s\n", i+1, recipient.Scope(), strings.Join(recipient.Documents, ","))
	}
	return digestOf([]byte(lines.String()))
}

// frozen gives a snapshot's canonical bytes and their digest.
func frozen(snapshot invoice.Snapshot) ([]byte, string, error) {
	bytes, err := snapshot.Canonical()
	if err != nil {
		return nil, "", fmt.Errorf("freeze %s %s: %w", snapshot.Customer.Code, snapshot.Provider, err)
	}
	return bytes, digestOf(bytes), nil
}

func digestOf(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

// Draft reads a document's snapshot as it stands, frozen or not.
func (l *Ledger) Draft(ctx context.Context, id int64) (invoice.Snapshot, error) {
	var bytes []byte
	err := l.pool.QueryRow(ctx, query("finalize/snapshot"), id).Scan(&bytes)
	if err != nil {
		return invoice.Snapshot{}, fmt.Errorf("read document %d: %w", id, err)
	}
	snapshot, err := invoice.ParseSnapshot(bytes)
	if err != nil {
		return invoice.Snapshot{}, fmt.Errorf("read document %d: %w", id, err)
	}
	return snapshot, nil
}
