package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

func checkMails(_ context.Context, in *inspection) (int, error) {
	looked := 0
	for _, d := range in.documents {
		if d.state != "final" {
			if d.mails > 0 {
				in.find(d.name()+" mails", "0 before it is final", fmt.Sprint(d.mails))
			}
			continue
		}
		looked++
		if d.mails != d.numberedMails {
			in.find(d.name()+" mails", fmt.Sprint(d.numberedMails), fmt.Sprint(d.mails))
		}
		if d.messages != d.mails {
			in.find(d.name()+" message ids", fmt.Sprint(d.mails), fmt.Sprint(d.messages))
		}
	}
	return looked, nil
}

func checkNumbers(ctx context.Context, in *inspection) (int, error) {
	var issuer, series string
	var last int
	var numbers []string
	looked := 0
	err := in.query(ctx, "numbers", []any{&issuer, &series, &last, &numbers}, func() error {
		name := issuer + " " + series
		looked += last
		if len(numbers) != last {
			in.find(name, fmt.Sprint(last, " numbers"), fmt.Sprint(len(numbers), " numbers"))
		}
		for i, number := range numbers {
			n, err := strconv.Atoi(strings.TrimPrefix(number, series+"-"))
			if err != nil || n != i+1 {
				in.find(name+" number "+fmt.Sprint(i+1), fmt.Sprintf("%s-%06d", series, i+1), number)
				break
			}
		}
		return nil
	}, in.month)
	return looked, err
}

func checkCredits(ctx context.Context, in *inspection) (int, error) {
	var id, customer, used, grantedText string
	looked := 0
	err := in.query(ctx, "credits", []any{&id, &customer, &used, &grantedText}, func() error {
		looked++
		subject := "credit " + id + " of " + customer
		if grantedText == "" {
			in.find(subject, "a row of the credits sheet", "none")
			return nil
		}
		if in.amount(subject, used).Cmp(in.amount(subject, grantedText)) > 0 {
			in.find(subject, "at most "+grantedText, used)
		}
		return nil
	})
	return looked, err
}

func checkChain(ctx context.Context, in *inspection) (int, error) {
	genesis := sha256.Sum256([]byte("magam"))
	before := genesis[:]
	var seq, looked int64
	var at, actor, action, subject, detail string
	var prev, hash []byte
	err := in.query(
		ctx,
		"chain",
		[]any{&seq, &at, &actor, &action, &subject, &detail, &prev, &hash},
		func() error {
			looked++
			name := fmt.Sprintf("row %d", seq)
			if seq != looked {
				in.find(name, fmt.Sprintf("row %d", looked), name)
				looked = seq
			}
			if string(prev) != string(before) {
				in.find(name+" previous hash", hex.EncodeToString(before), hex.EncodeToString(prev))
			}
			covered := append([]byte{}, prev...)
			for _, field := range []string{at, actor, action, subject, detail} {
				covered = fmt.Appendf(covered, "%d:%s\n", len(field), field)
			}
			sum := sha256.Sum256(covered)
			if string(sum[:]) != string(hash) {
				in.find(name+" hash", hex.EncodeToString(sum[:]), hex.EncodeToString(hash))
			}
			before = append(before[:0:0], hash...)
			return nil
		},
	)
	return int(looked), err
}
