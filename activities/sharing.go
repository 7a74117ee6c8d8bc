package activities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/master"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
)

// Sharing works out what one customer's documents depend on of another's cost.
type Sharing struct {
	Ledger SharingLedger
	Master MasterReader
	Now    func() time.Time
	Zone   *time.Location
}

// SharingLedger adds up who holds what, and keeps the month's list.
type SharingLedger interface {
	Committed(ctx context.Context, month period.Month) ([]pricing.Holding, error)
	Shareable(ctx context.Context, month period.Month, rules []pricing.SharedCost) ([]pricing.Holding, error)
	Spent(ctx context.Context, month period.Month) (map[pricing.Spender]decimal.Decimal, error)
	Holders(ctx context.Context, month period.Month) (map[pricing.Account]string, error)
	StoreTransfers(ctx context.Context, month period.Month, list []pricing.Transfer) error
}

// ShareResult counts what was moved in a month.
type ShareResult struct {
	Month                        period.Month
	Commitments, Shared, Entries int
}

// ShareCosts lists what benefit policies and shared costs move between
// customers in a month. The list is replaced as a set, so that running it again
// gives the same; what a final document stands on is never changed.
func (a *Sharing) ShareCosts(ctx context.Context, asked period.Month) (ShareResult, error) {
	month := resolveMonth(asked, a.Now(), a.Zone)
	list, err := a.list(ctx, month)
	if err != nil {
		return ShareResult{}, atEdge(fmt.Errorf("share the costs of %s: %w", month, err))
	}
	err = a.Ledger.StoreTransfers(ctx, month, list)
	if err != nil {
		return ShareResult{}, atEdge(err)
	}
	result := ShareResult{Month: month, Entries: len(list)}
	commitments, rules := map[string]bool{}, map[string]bool{}
	for _, t := range list {
		if t.Kind == pricing.TransferBenefit {
			commitments[t.CommitmentID] = true
		} else {
			rules[t.Rule] = true
		}
	}
	result.Commitments, result.Shared = len(commitments), len(rules)
	return result, nil
}

func (a *Sharing) list(ctx context.Context, month period.Month) ([]pricing.Transfer, error) {
	book, _, err := a.Master.LoadBook(ctx, month)
	if err != nil {
		return nil, err
	}
	redistributes := slices.ContainsFunc(book.Customers(month), func(customer party.Customer) bool {
		return pricing.Redistributes(customer.Contract)
	})
	var list []pricing.Transfer
	if redistributes {
		list, err = a.benefits(ctx, month, book)
		if err != nil {
			return nil, err
		}
	}
	shared, err := a.shared(ctx, month, book, list)
	return append(list, shared...), err
}

func (a *Sharing) benefits(
	ctx context.Context, month period.Month, book *master.Book,
) ([]pricing.Transfer, error) {
	committed, err := a.Ledger.Committed(ctx, month)
	if err != nil {
		return nil, err
	}
	holders, err := a.Ledger.Holders(ctx, month)
	if err != nil {
		return nil, err
	}
	return book.Benefits(month, holders).Move(committed)
}

// shared divides what the distributions name: the provider's charges, and what
// benefit policies moved to the accounts that are shared.
func (a *Sharing) shared(
	ctx context.Context, month period.Month, book *master.Book, benefits []pricing.Transfer,
) ([]pricing.Transfer, error) {
	rules := book.SharedCosts()
	if len(rules) == 0 {
		return nil, nil
	}
	holdings, err := a.Ledger.Shareable(ctx, month, rules)
	if err != nil {
		return nil, err
	}
	spent, err := a.Ledger.Spent(ctx, month)
	if err != nil {
		return nil, err
	}
	sharing := pricing.Sharing{
		Month: month, Rules: rules, Spent: spent,
		Contracted: func(customer string) bool {
			_, known := book.Customer(customer, month)
			return known
		},
	}
	return sharing.Share(append(holdings, pricing.AsHoldings(benefits)...))
}
