package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"magam/db"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/period"
	"magam/domain/pricing"
)

// movedAnswer says where a benefit on a line comes from.
type movedAnswer struct {
	Commitment   string   `json:"commitment"`
	Policy       string   `json:"policy"`
	OwnerAccount string   `json:"owner_account"`
	UsedBy       []string `json:"used_by_accounts"`
}

// benefitBehind names the account that owns the commitment of a benefit, and
// those that use it. Lines without a benefit have none.
func benefitBehind(
	ctx context.Context, ledger *db.Ledger, book *master.Book, month period.Month, line invoice.Line,
) (*movedAnswer, error) {
	if !slices.ContainsFunc(line.Steps, func(s invoice.Step) bool { return s.Name == invoice.StepBenefit }) {
		return nil, nil //nolint:nilnil // most lines have none
	}
	uses, err := usesOf(ctx, ledger, book, month)
	if err != nil {
		return nil, err
	}
	for _, use := range uses {
		if pricing.CommitmentName(use.ID) == line.UsageType {
			return &movedAnswer{use.ID, use.Policy, use.Owner, use.Users()}, nil
		}
	}
	return nil, nil //nolint:nilnil // its delivery was replaced since
}

// usesOf reads who owns and uses the month's commitments.
func usesOf(
	ctx context.Context, ledger *db.Ledger, book *master.Book, month period.Month,
) ([]pricing.CommitmentUse, error) {
	committed, err := ledger.Committed(ctx, month)
	if err != nil {
		return nil, err
	}
	holders, err := ledger.Holders(ctx, month)
	if err != nil {
		return nil, err
	}
	moved, err := ledger.Transfers(ctx, month)
	if err != nil {
		return nil, err
	}
	return book.Benefits(month, holders).Uses(committed, moved), nil
}

func printMoved(s *session, moved *movedAnswer) {
	if moved != nil {
		fmt.Fprintf(s.out, "commitment %s: owned by account %s, used by %s; policy %s\n", moved.Commitment,
			moved.OwnerAccount, strings.Join(moved.UsedBy, ", "), moved.Policy)
	}
}
