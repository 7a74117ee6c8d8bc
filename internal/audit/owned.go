package audit

import (
	"context"
	"math/big"
)

// owned is what each customer's rows cost per payer; the customer "" is nobody.
type owned struct {
	payer    payer
	customer string
}

// ownings are rows by their owner: what they cost, how many there are, and how
// many of nobody's are worth something.
type ownings struct {
	billed, rows sums[owned]
	worth        sums[payer]
}

func (in *inspection) owners(ctx context.Context) (ownings, error) {
	all := ownings{billed: sums[owned]{}, rows: sums[owned]{}, worth: sums[payer]{}}
	var key owned
	var billed string
	var count, worth int64
	err := in.query(
		ctx,
		"owned",
		[]any{
			&key.payer.provider,
			&key.payer.account,
			&key.payer.currency,
			&key.customer,
			&billed,
			&count,
			&worth,
		},
		func() error {
			all.billed.add(key, in.amount(key.payer.String(), billed))
			all.rows.add(key, new(big.Rat).SetInt64(count))
			if key.customer == "" {
				all.worth.add(key.payer, new(big.Rat).SetInt64(worth))
			}
			return nil
		},
		in.month,
	)
	return all, err
}

func checkOwned(ctx context.Context, in *inspection) (int, error) {
	owners, err := in.owners(ctx)
	if err != nil {
		return 0, err
	}
	spent, took, rows := owners.billed, sums[owned]{}, sums[owned]{}
	var key owned
	var count int64
	var assigned, retained string
	err = in.query(ctx, "shares", []any{
		&key.payer.provider,
		&key.payer.account,
		&key.payer.currency,
		&key.customer,
		&assigned,
		&retained,
		&count,
	}, func() error {
		rows.add(key, new(big.Rat).SetInt64(count))
		took.add(key, in.amount(key.customer, assigned))
		took.add(key, in.amount(key.customer, retained))
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	moves, _, err := in.moves(ctx, nil)
	if err != nil {
		return 0, err
	}
	for key, amount := range moves {
		if key.side != "retained" {
			spent.add(owned{key.payer, key.customer}, amount)
		}
	}
	unowned, err := in.proof(ctx)
	if err != nil {
		return 0, err
	}
	for p, row := range unowned {
		took.add(owned{p, ""}, row["unassigned"])
	}

	all := map[string]owned{}
	for key := range spent {
		all[key.payer.String()+" of "+key.customer] = key
	}
	for key := range took {
		all[key.payer.String()+" of "+key.customer] = key
	}
	for _, subject := range sorted(all) {
		key := all[subject]
		in.differ(subject, spent.at(key), took.at(key))
		if key.customer != "" {
			in.differ(subject+" rows", owners.rows.at(key), rows.at(key))
		}
	}
	return len(all), in.checkUndecided(ctx, owners.worth)
}

// checkUndecided counts again what kept, or would have kept, the month open.
func (in *inspection) checkUndecided(ctx context.Context, worth sums[payer]) error {
	counted := map[string]sums[payer]{"aside": {}, "moved": {}, "proved rows": {}, "proved aside": {}}
	var what string
	var p payer
	var count int64
	err := in.query(
		ctx,
		"undecided",
		[]any{&what, &p.provider, &p.account, &p.currency, &count},
		func() error {
			counted[what].add(p, new(big.Rat).SetInt64(count))
			return nil
		},
		in.month,
	)
	if err != nil {
		return err
	}
	ended, err := in.ended(ctx)
	if err != nil {
		return err
	}
	for p, proved := range counted["proved aside"] { // what stands open since then is for the check of rows set aside
		if ended && proved.Sign() != 0 && proved.Cmp(counted["aside"].at(p)) != 0 {
			in.find(p.String()+" rows set aside", text(counted["aside"].at(p)), text(proved))
		}
	}
	for p := range counted["proved rows"] {
		in.differ(p.String()+" rows of nobody", plus(worth.at(p), counted["moved"].at(p)),
			counted["proved rows"].at(p))
	}
	return nil
}
