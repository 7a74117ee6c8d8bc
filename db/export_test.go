package db

// AppendNumeric is what TestNumericIsWhatPostgresReads asks Postgres about,
// AppendNarrow its twin for sums.
var (
	AppendNumeric = appendNumeric
	AppendNarrow  = appendNarrow
)
