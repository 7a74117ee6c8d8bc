package audit

import (
	"context"
	"fmt"
)

// checkAside reads what people said about rows set aside, and compares it with
// how the rows stand: nobody signs money off alone, and no month that is closed
// left a row without a word.
func checkAside(ctx context.Context, in *inspection) (int, error) {
	const people = 2
	var id, accepted int64
	var state, period string
	looked := 0
	err := in.query(ctx, "aside", []any{&id, &state, &accepted, &period}, func() error {
		looked++
		subject := fmt.Sprintf("row Q-%d", id)
		switch {
		case state == "accepted" && accepted < people:
			in.find(subject, "accepted by two people", fmt.Sprintf("by %d", accepted))
		case state != "accepted" && accepted >= people:
			in.find(subject, "accepted, by the words about it", state)
		case period == "closed" && state != "accepted":
			in.find(subject, "accepted, since its month is closed", state)
		}
		return nil
	}, in.month)
	return looked, err
}
