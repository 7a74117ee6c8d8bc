package audit

import (
	"context"
	"fmt"
	"math/big"
)

// moved is what was moved to one side of one payer's bill.
type moved struct {
	payer          payer
	side, customer string
}

// moves are the month's transfers by side, and how many there are. Entries of
// one rule, and of one commitment, that do not sum to zero are findings.
func (in *inspection) moves(
	ctx context.Context, each func(subject string, billed *big.Rat),
) (sums[moved], int, error) {
	totals := sums[moved]{}
	var ordinal, looked int
	var kind, rule, commitment, billed, effective string
	var key moved
	err := in.query(ctx, "transfers", []any{
		&ordinal, &kind, &rule, &commitment, &key.payer.provider, &key.payer.account, &key.payer.currency,
		&key.side, &key.customer, &billed, &effective,
	}, func() error {
		looked++
		subject := fmt.Sprintf("entry %d of %s", ordinal, rule)
		amount := in.amount(subject, billed)
		totals.add(key, amount)
		if each != nil {
			name := kind + " " + rule + " " + commitment + " of " + key.payer.String()
			each(name+" billed", amount)
			each(name+" effective", in.amount(subject, effective))
		}
		return nil
	}, in.month)
	return totals, looked, err
}

func checkTransfers(ctx context.Context, in *inspection) (int, error) {
	rules := sums[string]{}
	moves, looked, err := in.moves(ctx, rules.add)
	if err != nil {
		return looked, err
	}
	for _, rule := range sorted(rules) {
		in.differ(rule, new(big.Rat), rules.at(rule))
	}
	var ordinal int
	var name, taken, there string
	err = in.query(ctx, "taken", []any{&ordinal, &name, &taken, &there}, func() error {
		subject := fmt.Sprintf("entry %d, %s", ordinal, name)
		in.differ(subject, in.amount(subject, there), in.amount(subject, taken))
		return nil
	}, in.month)
	if err != nil {
		return looked, err
	}
	payers, err := in.checkKept(ctx, moves)
	return looked + payers, err
}

// checkKept compares what the proof says is on documents or kept with what
// documents took and policies kept. The two sides are compared together: a
// customer parked after the proof has all on one of them.
func (in *inspection) checkKept(ctx context.Context, moves sums[moved]) (int, error) {
	kept := sums[payer]{}
	var p payer
	var customer, assigned, retained string
	var count int64
	err := in.query(ctx, "shares", []any{
		&p.provider, &p.account, &p.currency, &customer, &assigned, &retained, &count,
	}, func() error {
		kept.add(p, in.amount(p.String(), assigned))
		kept.add(p, in.amount(p.String(), retained))
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	for key, amount := range moves {
		if key.side == "retained" {
			kept.add(key.payer, amount)
		}
	}
	proof, err := in.proof(ctx)
	for p, row := range proof {
		in.differ(p.String()+" assigned and retained", kept.at(p), plus(row["assigned"], row["retained"]))
	}
	return len(proof), err
}
