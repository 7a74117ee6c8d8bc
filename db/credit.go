package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// CreditRow is one credit's figures as the ledger has them. Amounts are text
// with every digit: granted less used plus returned less expired is left.
type CreditRow struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	Currency string `json:"currency"` // empty: the source currency, and not used yet
	Granted  string `json:"granted"`
	Used     string `json:"used"`
	Returned string `json:"returned"`
	Expired  string `json:"expired"`
	Left     string `json:"left"`
}

// CreditEntry is one line of a credit's ledger.
type CreditEntry struct {
	Kind     string `json:"kind"`  // grant, use, return, expire
	Month    string `json:"month"` // of the document, or the credit's last; empty for a grant
	Customer string `json:"customer"`
	Currency string `json:"currency"`
	Amount   string `json:"amount"`  // what it added to the balance
	Invoice  string `json:"invoice"` // on which it was used, or from which it came back
	Reason   string `json:"reason"`
	On       string `json:"on"`
	Left     string `json:"left"` // after this entry
}

// Credits are the figures of all credits up to the end of a month, or of one
// customer's; a zero month is everything so far.
func (l *Ledger) Credits(ctx context.Context, month period.Month, customer string) ([]CreditRow, error) {
	upTo := ""
	if !month.IsZero() {
		upTo = month.String()
	}
	rows, err := l.pool.Query(ctx, query("credit/balances"), upTo, customer)
	if err != nil {
		return nil, fmt.Errorf("read the credits: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (CreditRow, error) {
		var c CreditRow
		return c, row.Scan(&c.ID, &c.Customer, &c.Currency, &c.Granted, &c.Used, &c.Returned, &c.Expired,
			&c.Left)
	})
}

// CreditEntries is one credit's ledger, in the order in which it was written.
func (l *Ledger) CreditEntries(ctx context.Context, id string) ([]CreditEntry, error) {
	rows, err := l.pool.Query(ctx, query("credit/entries"), id)
	if err != nil {
		return nil, fmt.Errorf("read the ledger of credit %s: %w", id, err)
	}
	left := decimal.Zero
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (CreditEntry, error) {
		var e CreditEntry
		err := row.Scan(&e.Kind, &e.Month, &e.Customer, &e.Currency, &e.Amount, &e.Invoice, &e.Reason, &e.On)
		if err != nil {
			return e, err
		}
		amount, err := money.Parse(e.Amount)
		left = left.Add(amount)
		e.Left = money.Text(left)
		return e, err
	})
}

// CreditCurrencies says in which currency a customer's credits were used so far.
// A credit whose row names none is from its first use on in that currency, since
// nothing is ever added across currencies.
func (l *Ledger) CreditCurrencies(ctx context.Context, customer string) (map[string]money.Currency, error) {
	rows, err := l.pool.Query(ctx, query("credit/currencies"), customer)
	if err != nil {
		return nil, fmt.Errorf("read the credits of %s: %w", customer, err)
	}
	currencies := map[string]money.Currency{}
	var id string
	var currency money.Currency
	_, err = pgx.ForEachRow(rows, []any{&id, &currency}, func() error {
		currencies[id] = currency
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the credits of %s: %w", customer, err)
	}
	return currencies, nil
}

// expireCredit books what is left of a credit as lost. A document of a month in
// which it was still valid may use it all the same: then it is revived.
func expireCredit(ctx context.Context, tx pgx.Tx, month period.Month, item closing.DueItem) error {
	_, err := tx.Exec(ctx, query("credit/lock"), item.Customer)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query("credit/expire"), item.ID, item.Customer, item.Until.String(),
		"valid until "+item.Until.String(), "credits/"+month.String())
	if err != nil {
		return fmt.Errorf("expire credit %s: %w", item.ID, err)
	}
	return nil
}

// ReturnCredits gives credits back that a final document used: all of them, or
// as much of each as is named. It is what voiding or noting a document does.
// What was given back already is not given back twice.
func (l *Ledger) ReturnCredits(ctx context.Context, in closing.CreditReturn) ([]closing.CreditGiven, error) {
	var given []closing.CreditGiven
	err := l.inTransaction(ctx, func(tx pgx.Tx) error {
		given = nil
		var customer, number string
		err := tx.QueryRow(ctx, query("credit/final_document"), in.InvoiceID).Scan(&customer, &number)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.CreditTerm, fmt.Sprintf("document %d is not final", in.InvoiceID),
				"a draft's credits come back by themselves when it is drafted again")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, query("credit/lock"), customer)
		if err != nil {
			return err
		}
		held, err := heldCredits(ctx, tx, in.InvoiceID)
		if err != nil {
			return err
		}
		given, err = in.Given(held)
		if err != nil || len(given) == 0 {
			return err
		}
		detail := map[string]any{"reason": in.Reason}
		for _, one := range given {
			_, err = tx.Exec(ctx, query("credit/give_back"), one.Credit, customer, one.Month.String(),
				one.Currency, one.Amount, in.InvoiceID, in.Reason, in.By)
			if err != nil {
				return fmt.Errorf("credit %s: %w", one.Credit, err)
			}
			detail[one.Credit] = money.Text(one.Amount) + " " + string(one.Currency)
		}
		return audit(ctx, tx, in.By, "return-credits", number, detail)
	})
	if err != nil {
		return nil, fmt.Errorf("give back the credits of document %d: %w", in.InvoiceID, err)
	}
	return given, nil
}

// heldCredits is what a final document still holds of credits.
func heldCredits(ctx context.Context, tx pgx.Tx, invoiceID int64) ([]closing.CreditGiven, error) {
	rows, err := tx.Query(ctx, query("credit/uses_of_document"), invoiceID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (closing.CreditGiven, error) {
		var held closing.CreditGiven
		var month, customer string
		err := row.Scan(&held.Credit, &customer, &month, &held.Currency, &held.Amount)
		if err != nil {
			return held, err
		}
		held.Month, err = period.ParseMonth(month)
		return held, err
	})
}
