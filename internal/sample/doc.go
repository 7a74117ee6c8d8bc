// Package sample makes one month of a fictional reseller, 마감클라우드 (Magam
// Cloud): what two of its payer accounts would export, and the master data that
// its finance would keep. It is what the demo closes and what tests read.
//
// It owns the story (who the twelve customers are, what each demonstrates) and
// the layout of the files it writes. It does not own what the files mean: the
// readers of formats/ and the rules of domain/ are tested against it.
//
// The same options give the same bytes, whatever the machine. Amounts are
// integers of 1e-10 dollars from the price list to the last total; no binary
// float occurs. Memory stays flat: rows are made, counted and written one by one.
package sample
