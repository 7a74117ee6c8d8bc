package activities

import (
	"context"
	"sort"
	"unicode/utf8"

	"magam/domain/money"
	"magam/domain/period"
)

// boardBytesMax keeps a board small enough for history, whatever the month's
// size: counts are of all documents, rows of those that need somebody first.
const (
	boardBytesMax  = 12 << 10
	reasonRunesMax = 160
)

// Board reads a month at a glance. It only reads.
func (a *Closing) Board(ctx context.Context, month period.Month) (Board, error) {
	state, _, err := a.Ledger.Period(ctx, month)
	if err != nil {
		return Board{}, atEdge(err)
	}
	rows, err := a.Ledger.Board(ctx, month)
	if err != nil {
		return Board{}, atEdge(err)
	}
	book, _, err := a.Master.LoadBook(ctx, month)
	if err != nil {
		return Board{}, atEdge(err)
	}
	board := Board{Month: month, State: string(state), Counts: map[string]int{}}
	all := make([]BoardRow, 0, len(rows))
	for _, row := range rows {
		board.Counts[row.State]++
		customer, _ := book.Customer(row.Customer, month)
		all = append(all, BoardRow{
			Customer: row.Customer,
			Name:     customer.Name,
			Provider: row.Provider,
			State:    row.State,
			Currency: string(
				row.Currency,
			),
			Total:  money.Text(row.Total),
			Reason: cut(row.Reason),
			Number: row.Number,
		})
	}
	board.Rows = foremost(all)
	board.More = len(all) - len(board.Rows)
	return board, nil
}

// urgency orders the states by who needs somebody first.
var urgency = map[string]int{"held": 1, "parked": 2, "draft": 3, "approved": 4, "final": 5}

// foremost keeps the rows that need somebody first, as many as fit, in the
// order of the customers.
func foremost(rows []BoardRow) []BoardRow {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(
		order,
		func(a, b int) bool { return urgency[rows[order[a]].State] < urgency[rows[order[b]].State] },
	)
	kept := make([]int, 0, len(rows))
	bytes := 0
	for _, i := range order {
		row := rows[i]
		bytes += 128 + len(
			row.Customer,
		) + len(
			row.Name,
		) + len(
			row.Provider,
		) + len(
			row.Total,
		) + len(
			row.Reason,
		) + len(
			row.Number,
		)
		if bytes > boardBytesMax {
			break
		}
		kept = append(kept, i)
	}
	sort.Ints(kept)
	shown := make([]BoardRow, len(kept))
	for i, at := range kept {
		shown[i] = rows[at]
	}
	return shown
}

func cut(reason string) string {
	if utf8.RuneCountInString(reason) <= reasonRunesMax {
		return reason
	}
	return string([]rune(reason)[:reasonRunesMax-1]) + "…"
}
