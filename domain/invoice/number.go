package invoice

import "fmt"

// Number spells a document's number: INV-2026-000123. The year is the billing
// period's, so that a series is closed when its last month is.
func Number(series string, year, n int) string {
	return fmt.Sprintf("%s-%04d-%06d", series, year, n)
}

// Series names the row that a number is drawn from: INV-2026.
func Series(series string, year int) string {
	return fmt.Sprintf("%s-%04d", series, year)
}
