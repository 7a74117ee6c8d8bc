package workflows

import (
	"magam/activities"
	"magam/domain/period"
)

// BoardPage is the board's markdown, for the tests.
func BoardPage(month period.Month, language string, last activities.Board, proof activities.Proof) string {
	b := &board{month: month, language: language, last: last, proof: proof}
	return b.page("")
}
