// Package audit is the independent check of a month's books: `starter audit`.
//
// It recomputes from the source rows and from the frozen bytes, with statements
// and an arithmetic of its own (math/big), and imports nothing of the close: a
// mistake in the close is not repeated here. It only reads, so it may be run
// by the auditor's role, at any time, as often as one likes.
package audit

import (
	"context"
	"embed"
	"fmt"
	"math/big"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed sql/*.sql
var statements embed.FS

// Books is where the audit reads: a pool or a connection.
type Books interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Finding is one thing that is not as it must be.
type Finding struct {
	Check    string `json:"check"`
	Subject  string `json:"subject"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
}

// Check is one kind of check and how many things it looked at.
type Check struct {
	Name     string `json:"name"`
	Claim    string `json:"claim"`
	Looked   int    `json:"looked_at"`
	Findings int    `json:"findings"`
}

// Report is the whole audit of a month.
type Report struct {
	Month    string    `json:"month"`
	Checks   []Check   `json:"checks"`
	Findings []Finding `json:"findings"`
}

// Clean says that nothing differs.
func (r Report) Clean() bool { return len(r.Findings) == 0 }

// check runs one kind of check and says how many things it looked at.
type check struct {
	name, claim string
	run         func(context.Context, *inspection) (int, error)
}

var checks = []check{
	{"delivered", "each file's rows in the books are what its reader counted", checkDelivered},
	{"doubled", "no row of a file stands twice", checkDoubled},
	{"sealed", "the days that closes read add up to the rows", checkSealed},
	{"days", "each day of each kind is its rows, in every amount", checkDays},
	{"archived", "what left the books came to what its days still say", checkArchived},
	{"totals", "what is kept of each delivery is what its days come to", checkTotals},
	{
		"owned",
		"each customer's rows, with what was moved, are what its documents took, nobody's are what the proof says",
		checkOwned,
	},
	{"transfers", "what is shared was there, and all that was moved sums to nothing", checkTransfers},
	{"proof", "the written proof holds and agrees with the rows", checkProof},
	{
		"set aside",
		"two people signed off what was set aside, and a closed month left nothing open",
		checkAside,
	},
	{"documents", "every frozen document has its digest, and its sums hold", checkDocuments},
	{"quarters", "a quarter's document holds the months it bills, each as it was frozen", checkQuarters},
	{
		"prices",
		"each line of a final document is what its rows, its contract and the price rules make of it, step by step",
		checkPrices,
	},
	{"terms", "each final document's rates, taxes and roundings are its contract's", checkTerms},
	{"uses", "lines, sections and books agree on every credit, adjustment and fee", checkUses},
	{"steps", "all documents, step by step, come to what was written when the month ended", checkSteps},
	{"files", "documents, mails and archived originals have the bytes that they had", checkFiles},
	{"mails", "each final document has the mails it was numbered with", checkMails},
	{
		"scopes",
		"no mail shows, and no file holds, accounts that were not decided with the number",
		checkScopes,
	},
	{"numbers", "every series runs from 1 without a gap", checkNumbers},
	{"credits", "no credit gave more than was granted", checkCredits},
	{"audit log", "each row's hash covers the one before", checkChain},
}

// inspection is an audit under way.
type inspection struct {
	books     Books
	month     string
	report    *Report
	current   string
	documents []document
	master    sheets // once they are read
	files     Files
}

// Month audits a month's books, written like 2026-10, and no files.
func Month(ctx context.Context, books Books, month string) (Report, error) {
	return MonthAndFiles(ctx, books, nil, month)
}

// MonthAndFiles audits a month's books and opens every file that they have a
// digest of. An error means that the audit itself could not be done; what
// differs is in the report.
func MonthAndFiles(ctx context.Context, books Books, files Files, month string) (Report, error) {
	report := Report{Month: month, Findings: []Finding{}}
	in := &inspection{books: books, files: files, month: month, report: &report}
	err := in.readDocuments(ctx)
	if err != nil {
		return report, fmt.Errorf("audit %s: %w", month, err)
	}
	for _, one := range checks {
		in.current = one.name
		before := len(report.Findings)
		looked, err := one.run(ctx, in)
		if err != nil {
			return report, fmt.Errorf("audit %s: check %s: %w", month, one.name, err)
		}
		report.Checks = append(report.Checks, Check{
			Name: one.name, Claim: one.claim, Looked: looked, Findings: len(report.Findings) - before,
		})
	}
	return report, nil
}

func (in *inspection) find(subject, expected, found string) {
	in.report.Findings = append(in.report.Findings, Finding{in.current, subject, expected, found})
}

// differ records two amounts that must be equal and are not.
func (in *inspection) differ(subject string, expected, found *big.Rat) {
	if expected.Cmp(found) != 0 {
		in.find(subject, text(expected), text(found))
	}
}

// query runs a statement file and reads each row. {whose} in it is whose.sql.
func (in *inspection) query(
	ctx context.Context, name string, scan []any, each func() error, args ...any,
) error {
	statement, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return err
	}
	whose, err := statements.ReadFile("sql/whose.sql")
	if err != nil {
		return err
	}
	rows, err := in.books.Query(ctx, strings.ReplaceAll(string(statement), "{whose}", string(whose)), args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, scan, each)
	return err
}

// amount reads exact text; what is no number is a finding, not a crash.
func (in *inspection) amount(subject, written string) *big.Rat {
	amount, ok := new(big.Rat).SetString(written)
	if !ok {
		in.find(subject, "a number", written)
		return new(big.Rat)
	}
	return amount
}

// text prints every digit of an amount: all of ours are decimals.
func text(amount *big.Rat) string {
	if amount.IsInt() {
		return amount.Num().String()
	}
	places, exact := amount.FloatPrec()
	if !exact {
		return amount.RatString()
	}
	return amount.FloatString(places)
}

func plus(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
