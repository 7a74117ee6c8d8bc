package audit

import (
	"context"
	"math/big"
)

// proof is the written proof, by payer and side.
func (in *inspection) proof(ctx context.Context) (map[payer]map[string]*big.Rat, error) {
	rows := map[payer]map[string]*big.Rat{}
	sides := []string{"delivered", "sealed", "quarantined", "assigned", "retained", "unassigned"}
	var p payer
	written := make([]string, len(sides))
	scan := []any{&p.provider, &p.account, &p.currency}
	for i := range written {
		scan = append(scan, &written[i])
	}
	err := in.query(ctx, "proof", scan, func() error {
		rows[p] = map[string]*big.Rat{}
		for i, side := range sides {
			rows[p][side] = in.amount(p.String(), written[i])
		}
		return nil
	}, in.month)
	return rows, err
}

func checkProof(ctx context.Context, in *inspection) (int, error) {
	proof, err := in.proof(ctx)
	if err != nil {
		return 0, err
	}
	rows, err := in.sealed(ctx)
	if err != nil {
		return 0, err
	}
	named := map[string]payer{}
	for p := range proof {
		named[p.String()] = p
	}
	for _, subject := range sorted(named) {
		p := proof[named[subject]]
		in.differ(subject+" delivered = sealed + quarantined", p["delivered"],
			plus(p["sealed"], p["quarantined"]))
		in.differ(subject+" sealed = assigned + retained + unassigned",
			p["sealed"], plus(plus(p["assigned"], p["retained"]), p["unassigned"]))
		in.differ(subject+" sealed, by the rows", rows.at([2]string{subject, "rows"}), p["sealed"])
	}
	for key, billed := range rows {
		if _, proved := named[key[0]]; !proved && key[1] == "rows" {
			in.find(key[0], "a proof of "+text(billed), "none")
		}
	}
	return len(proof), nil
}
