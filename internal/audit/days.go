package audit

import (
	"context"
	"fmt"
)

// checkDays compares every day that closes read with its rows: by all ids and in
// all amounts, so that no digit of either can change alone.
func checkDays(ctx context.Context, in *inspection) (int, error) {
	var looked, days int
	err := in.query(ctx, "days_count", []any{&looked}, func() error { return nil }, in.month)
	if err != nil {
		return 0, err
	}
	var subject, rows, sums string
	err = in.query(ctx, "days", []any{&days, &subject, &rows, &sums}, func() error {
		in.find(subject, rows, sums)
		return nil
	}, in.month)
	return looked, err
}

// checkArchived compares the days of what left the books with what its rows came
// to then, and with the print that was taken of them.
func checkArchived(ctx context.Context, in *inspection) (int, error) {
	looked := 0
	var delivery, bill int64
	var rows, days string
	err := in.query(ctx, "archived", []any{&delivery, &bill, &rows, &days}, func() error {
		looked++
		if rows != days {
			in.find(fmt.Sprintf("delivery %d bill %d", delivery, bill), rows, days)
		}
		return nil
	}, in.month)
	if err != nil {
		return looked, err
	}
	var then, now, counted, held int64
	var print, printNow string
	err = in.query(
		ctx,
		"prints",
		[]any{&delivery, &then, &print, &now, &printNow, &counted, &held},
		func() error {
			looked++
			subject := fmt.Sprintf("delivery %d", delivery)
			if then != now || print != printNow {
				in.find(subject+" days", fmt.Sprintf("%d, print %s", then, print),
					fmt.Sprintf("%d, print %s", now, printNow))
			}
			if counted != held {
				in.find(subject+" rows", fmt.Sprint(counted), fmt.Sprint(held))
			}
			return nil
		},
		in.month,
	)
	return looked, err
}

// checkTotals compares what is kept of each delivery with its days.
func checkTotals(ctx context.Context, in *inspection) (int, error) {
	looked := 0
	var delivery int64
	var what, kept, days string
	err := in.query(ctx, "totals", []any{&delivery, &what, &kept, &days}, func() error {
		looked++
		if kept != days {
			in.find(fmt.Sprintf("delivery %d %s", delivery, what), days, kept)
		}
		return nil
	}, in.month)
	return looked, err
}
