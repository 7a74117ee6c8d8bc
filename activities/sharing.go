package activities

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

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
	contracts := map[string]party.Contract{}
	redistributes := false
	for _, customer := range book.Customers(month) {
		contracts[customer.Code] = customer.Contract
		redistributes = redistributes || pricing.Redistributes(customer.Contract)
	}
	var list []pricing.Transfer
	if redistributes {
		owners := map[pricing.Commitment]string{}
		for _, one := range book.Commitments() {
			owners[pricing.Commitment{Provider: one.Provider, ID: one.ID}] = one.SubAccount
		}
		list, err = a.benefits(ctx, month, owners, contracts)
		if err != nil {
			return nil, err
		}
	}
	shared, err := a.shared(ctx, month, book.SharedCosts(), list, contracts)
	return append(list, shared...), err
}

func (a *Sharing) benefits(
	ctx context.Context, month period.Month, owners map[pricing.Commitment]string,
	contracts map[string]party.Contract,
) ([]pricing.Transfer, error) {
	committed, err := a.Ledger.Committed(ctx, month)
	if err != nil {
		return nil, err
	}
	holders, err := a.Ledger.Holders(ctx, month)
	if err != nil {
		return nil, err
	}
	policies := pricing.Benefits{
		Owners: owners, Holders: holders,
		Contract: func(customer string) (party.Contract, bool) {
			contract, known := contracts[customer]
			return contract, known
		},
	}
	return policies.Move(committed)
}

// shared divides what the distributions name: the provider's charges, and what
// benefit policies moved to the accounts that are shared.
func (a *Sharing) shared(
	ctx context.Context, month period.Month, rules []pricing.SharedCost, benefits []pricing.Transfer,
	contracts map[string]party.Contract,
) ([]pricing.Transfer, error) {
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
			_, known := contracts[customer]
			return known
		},
	}
	return sharing.Share(append(holdings, pricing.AsHoldings(benefits)...))
}
