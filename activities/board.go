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
	boardRowBytes  = 140 // of a row's names, quotes and commas
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
			Customer: row.Customer, Name: customer.Name, Provider: row.Provider, State: row.State,
			Currency: string(row.Currency), Total: money.Text(row.Total),
			Reason: cut(row.Reason), Number: row.Number, Next: row.Next,
		})
	}
	board.Rows = foremost(all)
	board.More = len(all) - len(board.Rows)
	return board, nil
}

// urgency orders the states by who needs somebody first.
var urgency = map[string]int{"held": 1, "parked": 2, "draft": 3, "approved": 4, "deferred": 5, "final": 6}

// foremost puts the rows that need somebody first and keeps as many as fit;
// rows of one state stay in the order of the customers.
func foremost(rows []BoardRow) []BoardRow {
	sort.SliceStable(rows, func(a, b int) bool { return urgency[rows[a].State] < urgency[rows[b].State] })
	bytes := 0
	for i, row := range rows {
		bytes += boardRowBytes + len(row.Customer) + len(row.Name) + len(row.Provider) + len(row.Total) +
			len(row.Reason) + len(row.Number)
		if bytes > boardBytesMax {
			return rows[:i]
		}
	}
	return rows
}

func cut(reason string) string {
	if utf8.RuneCountInString(reason) <= reasonRunesMax {
		return reason
	}
	return string([]rune(reason)[:reasonRunesMax-1]) + "…"
}
