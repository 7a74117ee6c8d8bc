package db

// AppendNumeric is what TestNumericIsWhatPostgresReads asks Postgres about.
var AppendNumeric = appendNumeric
