package db

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// standing is a document as it stands in the books.
type standing struct {
	closing.Stored
	state   string
	digest  string
	authors []string
}

// Documents are a customer's documents of a month as they stand.
func (l *Ledger) Documents(
	ctx context.Context, month period.Month, customer string,
) ([]closing.Stored, error) {
	documents, err := documentsOf(ctx, l.pool, query("draft/documents"), month, customer)
	if err != nil {
		return nil, fmt.Errorf("read the documents of %s %s: %w", customer, month, err)
	}
	stored := make([]closing.Stored, 0, len(documents))
	for _, document := range documents {
		stored = append(stored, document.Stored)
	}
	return stored, nil
}

// StoreDrafts replaces a customer's drafts of a month as a set: what is no
// longer drafted goes. A draft with the bytes of the one before keeps what was
// decided about it; other bytes must be decided about again. Final documents
// are refused.
func (l *Ledger) StoreDrafts(
	ctx context.Context, month period.Month, customer string, documents []closing.Document,
) ([]closing.Stored, error) {
	var stored []closing.Stored
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		stored = nil
		before, err := documentsOf(ctx, tx, query("draft/lock_documents"), month, customer)
		if err != nil {
			return err
		}
		kept := map[int64]bool{}
		for _, document := range documents {
			one, err := storeDraft(ctx, tx, month, customer, document, before)
			if err != nil {
				return err
			}
			kept[one.InvoiceID] = true
			stored = append(stored, one)
		}
		for _, old := range before {
			if kept[old.InvoiceID] {
				continue
			}
			if old.Done() {
				stored = append(stored, old.Stored)
				continue
			}
			_, err = tx.Exec(ctx, query("draft/remove_document"), old.InvoiceID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store the drafts of %s %s: %w", customer, month, err)
	}
	return stored, nil
}

func storeDraft(
	ctx context.Context, tx pgx.Tx, month period.Month, customer string, document closing.Document,
	before []standing,
) (closing.Stored, error) {
	snapshot := document.Draft.Snapshot
	stored := closing.Stored{
		Provider: snapshot.Provider,
		Currency: snapshot.Currency,
		Total:    snapshot.Total,
		Holds:    document.Holds,
	}
	bytes, digest, err := frozen(snapshot)
	if err != nil {
		return stored, err
	}
	for _, old := range before {
		switch {
		case old.Provider != snapshot.Provider:
		case old.Done():
			return stored, fault.New(fault.PeriodClosed,
				fmt.Sprintf("%s %s %s is final as %s", customer, snapshot.Provider, month, old.Name()),
				"correct it by a note")
		case old.digest == digest && old.state != "parked":
			// Of two payers the same bytes may take other parts.
			return old.Stored, replaceShares(ctx, tx, old.InvoiceID, document.Draft.Shares)
		}
	}

	sources, err := sourceTotals(snapshot)
	if err != nil {
		return stored, err
	}
	holds, master, err := documentJSON(document)
	if err != nil {
		return stored, err
	}
	authors := append([]string{}, document.Draft.Authors...)
	err = tx.QueryRow(ctx, query("draft/store"), snapshot.Issuer.Code, customer, snapshot.Provider,
		month.String(), snapshot.Currency, sources, snapshot.Supply, snapshot.Tax, snapshot.AfterTax,
		snapshot.Total,
		holds, authors, master, bytes, digest).
		Scan(&stored.InvoiceID)
	if err != nil {
		return stored, fmt.Errorf("store %s: %w", snapshot.Provider, err)
	}
	err = replaceShares(ctx, tx, stored.InvoiceID, document.Draft.Shares)
	if err != nil {
		return stored, err
	}
	err = replaceUses(ctx, tx, stored.InvoiceID, month, customer, document.Draft.CreditUses)
	if err != nil {
		return stored, err
	}
	stands, err := restand(ctx, tx, stored.InvoiceID, digest)
	stored.Approved, stored.Held = stands.Approved, stands.Held
	return stored, err
}

// restand lets earlier decisions about the same bytes stand again.
func restand(ctx context.Context, tx pgx.Tx, id int64, digest string) (closing.Standing, error) {
	decisions, err := decisionsOf(ctx, tx, id, digest)
	if err != nil {
		return closing.Standing{}, err
	}
	stands := closing.Stand(decisions)
	if stands.Approved {
		_, err = tx.Exec(ctx, query("draft/set_state"), id, "approved", "")
	}
	return stands, err
}

// Park sets a customer's month aside with a reason. Its documents keep what they
// took from the provider's bill, so that the books balance without them; a
// customer who was never drafted gets one parked document per provider. Final
// documents stay final.
func (l *Ledger) Park(
	ctx context.Context, month period.Month, issuer, customer, reason string,
) error {
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		before, err := documentsOf(ctx, tx, query("draft/lock_documents"), month, customer)
		if err != nil {
			return err
		}
		shares, err := customerShares(ctx, tx, month, customer)
		if err != nil {
			return err
		}
		perProvider := map[string][]invoice.Share{}
		for _, share := range shares {
			perProvider[share.Provider] = append(perProvider[share.Provider], share)
		}
		for _, old := range before {
			if old.Done() {
				delete(perProvider, old.Provider)
			} else if perProvider[old.Provider] == nil {
				perProvider[old.Provider] = []invoice.Share{}
			}
		}
		if len(perProvider) == 0 && len(before) == 0 {
			perProvider[""] = nil // nothing charged, only something due
		}
		for _, provider := range sortedKeys(perProvider) {
			err = parkDocument(ctx, tx, month, issuer, customer, provider, reason, before,
				perProvider[provider])
			if err != nil {
				return err
			}
		}
		return audit(ctx, tx, "close/"+month.String(), "park", customer+" "+month.String(),
			map[string]any{"reason": reason})
	})
	if err != nil {
		return fmt.Errorf("park %s %s: %w", customer, month, err)
	}
	return nil
}

func parkDocument(
	ctx context.Context, tx pgx.Tx, month period.Month, issuer, customer, provider, reason string,
	before []standing, shares []invoice.Share,
) error {
	for _, old := range before {
		if old.Provider != provider {
			continue
		}
		_, err := tx.Exec(ctx, query("draft/set_state"), old.InvoiceID, "parked", reason)
		if err != nil {
			return err
		}
		return replaceShares(ctx, tx, old.InvoiceID, shares)
	}
	var id int64
	err := tx.QueryRow(ctx, query("draft/park"), issuer, customer, provider, month.String(), reason).Scan(&id)
	if err != nil {
		return err
	}
	return replaceShares(ctx, tx, id, shares)
}

func documentsOf(
	ctx context.Context, books reader, statement string, month period.Month, customer string,
) ([]standing, error) {
	rows, err := books.Query(ctx, statement, month.String(), customer)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (standing, error) {
		var one standing
		var holds []byte
		err := row.Scan(&one.InvoiceID, &one.Provider, &one.state, &one.Number, &one.digest, &one.Currency,
			&one.Total, &holds, &one.authors)
		if err != nil {
			return one, err
		}
		one.Approved, one.Deferred = one.state == "approved", one.state == "deferred"
		return one, json.Unmarshal(holds, &one.Holds)
	})
}

func replaceShares(ctx context.Context, tx pgx.Tx, id int64, shares []invoice.Share) error {
	_, err := tx.Exec(ctx, query("draft/clear_shares"), id)
	if err != nil {
		return err
	}
	for _, share := range shares {
		_, err = tx.Exec(ctx, query("draft/add_share"), id, share.Provider, share.BillingAccount,
			share.Currency, share.Rows, share.Assigned, share.Retained)
		if err != nil {
			return fmt.Errorf("share of %s %s: %w", share.Provider, share.BillingAccount, err)
		}
	}
	return nil
}

func replaceUses(
	ctx context.Context, tx pgx.Tx, id int64, month period.Month, customer string, uses []invoice.CreditUse,
) error {
	_, err := tx.Exec(ctx, query("draft/clear_uses"), id)
	if err != nil {
		return err
	}
	for _, use := range uses {
		if use.Used.IsZero() {
			continue
		}
		_, err = tx.Exec(ctx, query("draft/add_use"), id, use.ID, customer, month.String(), use.Currency,
			use.Used)
		if err != nil {
			return fmt.Errorf("use of credit %s: %w", use.ID, err)
		}
	}
	return nil
}

// sourceTotals prints what each source currency contributed over all months of a
// document, every digit as text.
func sourceTotals(s invoice.Snapshot) ([]byte, error) {
	billed := map[money.Currency]decimal.Decimal{}
	for _, month := range s.Parts() {
		for _, source := range month.Sources {
			billed[source.Currency] = billed[source.Currency].Add(source.Billed)
		}
	}
	totals := make([]SourceAmount, 0, len(billed))
	for _, currency := range slices.Sorted(maps.Keys(billed)) {
		totals = append(totals, SourceAmount{string(currency), money.Text(billed[currency])})
	}
	return json.Marshal(totals)
}

func documentJSON(document closing.Document) (holds, master []byte, err error) {
	holds, err = json.Marshal(append([]closing.Hold{}, document.Holds...))
	if err != nil {
		return nil, nil, err
	}
	if document.Master == nil {
		return holds, []byte("{}"), nil
	}
	master, err = json.Marshal(document.Master)
	return holds, master, err
}
