package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/money"
	"magam/domain/period"
)

// quarantineCmd is about rows set aside: they are in no customer's bill.
type quarantineCmd struct {
	List   quarantineListCmd   `cmd:"" help:"List rows set aside, and what they add up to."`
	Show   quarantineShowCmd   `cmd:"" help:"Show the whole of one row, as delivered."`
	Accept quarantineAcceptCmd `cmd:"" help:"Sign rows off: billed to no customer. Takes two people."`
	Reject quarantineRejectCmd `cmd:"" help:"Have rows delivered again; their month stays open."`
}

// asideChoice chooses rows set aside by what they are.
type asideChoice struct {
	Month    period.Month `help:"Rows of this billing period."                                  placeholder:"MONTH"`
	Source   string       `help:"Rows of this source."                                          placeholder:"NAME"`
	Delivery int64        `help:"Rows of this delivery."                                        placeholder:"ID"`
	Code     string       `help:"Rows with this code, such as E_NUMBER."                        placeholder:"CODE"`
	State    string       `help:"Rows that are open, accepted, rejected or fixed, or all rows." placeholder:"STATE"`
}

func (c asideChoice) filter() closing.AsideFilter {
	return closing.AsideFilter{
		Month:    c.Month,
		Source:   c.Source,
		Delivery: c.Delivery,
		Code:     c.Code,
		State:    closing.AsideState(c.State),
	}
}

// Validate refuses a state that no row can be in.
func (c asideChoice) Validate() error {
	states := []closing.AsideState{
		"",
		closing.AsideOpen,
		closing.AsideAccepted,
		closing.AsideRejected,
		closing.AsideFixed,
		closing.AsideAny,
	}
	if !slices.Contains(states, closing.AsideState(c.State)) {
		return fmt.Errorf("--state: %q is none of open, accepted, rejected, fixed, all", c.State)
	}
	return nil
}

type quarantineListCmd struct {
	asideChoice
	Digest string `help:"Rows of the decision with this digest." placeholder:"DIGEST"`
	Limit  int    `help:"How many rows to show."                 placeholder:"ROWS"   default:"50"`
}

// Help shows what people ask most.
func (quarantineListCmd) Help() string {
	return `Examples:

  starter quarantine list --month 2026-10
  starter quarantine list --source aws-seoul --code E_UNKNOWN_TYPE --json

Without --state it shows what no newer delivery has replaced. A row whose amount nobody can read, or that is worth
something, keeps its month from closing until it is delivered again or signed off by two people.`
}

// asideListAnswer is the whole answer for programs.
type asideListAnswer struct {
	Sums []closing.AsideGroup `json:"sums"`
	Rows []db.AsideRow        `json:"rows"`
}

// Run reads the books and prints.
func (c quarantineListCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger, filter := db.NewLedger(books), c.filter()
	if c.Digest != "" {
		filter.Rows, err = ledger.AsidesNamed(ctx, c.Digest)
		if err != nil {
			return err
		}
	}
	answer := asideListAnswer{}
	answer.Sums, err = ledger.AsideGroups(ctx, filter)
	if err != nil {
		return err
	}
	answer.Rows, err = ledger.Asides(ctx, filter, c.Limit)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(answer)
	}
	if len(answer.Rows) == 0 {
		fmt.Fprintln(s.out, "No row set aside is like that.")
		return nil
	}
	printAsideRows(s, answer.Rows)
	printAsideSums(s, answer.Sums)
	return nil
}

func printAsideRows(s *session, rows []db.AsideRow) {
	list := newTable(s, plain("row"), plain("month"), cut("source"), plain("code"), cut("value"),
		figure("billed"), plain("state"), cut("said"))
	for _, row := range rows {
		list.row(closing.AsideName(row.ID), row.Month, row.Source, row.Code, row.Value, asideAmount(row),
			row.State, safe(row.Said))
	}
	list.print()
}

// asideAmount prints what a row costs, with every digit, if anybody can read it.
func asideAmount(row db.AsideRow) string {
	if row.Billed == "" {
		return "unreadable"
	}
	return row.Currency + " " + grouped(row.Billed)
}

func printAsideSums(s *session, groups []closing.AsideGroup) {
	sums := newTable(s, cut("source"), plain("month"), plain("code"), plain("state"), figure("rows"),
		figure("unreadable"), figure("blocking"), plain("currency"), figure("billed"))
	for _, g := range groups {
		sums.row(g.Source, g.Month, g.Code, g.State, g.Rows, g.Unknown, g.Blocks, g.Currency,
			grouped(g.Billed))
	}
	sums.print()
}

type quarantineShowCmd struct {
	Row string `arg:"" help:"A row, such as Q-1182."`
	Raw bool   `       help:"Write the row's bytes, exactly as delivered, and nothing else."`
}

// Help shows what people ask most.
func (quarantineShowCmd) Help() string {
	return `Examples:

  starter quarantine show Q-1182
  starter quarantine show Q-1182 --raw

Shows where the row stands, why it was set aside, what was said about it, and each column beside its cell. Control
characters are escaped; --raw escapes nothing.`
}

// Run reads the row and prints it.
func (c quarantineShowCmd) Run(ctx context.Context, s *session) error {
	id, err := closing.ParseAsideName(c.Row)
	if err != nil {
		return misusef("%s", err)
	}
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	row, err := db.NewLedger(books).Aside(ctx, id)
	switch {
	case err != nil:
		return err
	case c.Raw:
		_, err = s.out.Write(row.Raw)
		return err
	case s.json:
		return s.printJSON(row)
	}
	printAside(s, row)
	return nil
}

func printAside(s *session, row db.AsideDetail) {
	fmt.Fprintf(s.out, "%s is %s: %s in column %s, %s\n", closing.AsideName(row.ID), row.State, row.Code,
		orDash(safe(row.Column)), row.Value)
	facts := newTable(s, plain("fact"), wrapped("of this row"))
	for _, fact := range [][2]string{
		{"delivery", fmt.Sprintf("%d of %s", row.Delivery, row.Source)},
		{"file", fmt.Sprintf("%s (part %d), row %d, byte %d", row.File, row.Part, row.Row, row.Byte)},
		{"month", orDash(row.Month)},
		{"account", orDash(strings.TrimSpace(row.Provider + " " + safe(row.SubAccount)))},
		{"service", orDash(safe(row.Service))},
		{"billed", asideAmount(row.AsideRow)},
		{"effective", orDash(row.Effective)},
		{"list", orDash(row.List)},
		{"first seen", row.FirstSeen.UTC().Format(time.RFC3339)},
		{"rules", fmt.Sprintf("version %d", row.RuleVersion)},
		{"bytes", fmt.Sprintf("%d, sha256 %s", len(row.Raw), row.SHA256)},
	} {
		facts.row(fact[0], fact[1])
	}
	for _, word := range row.Words {
		facts.row(
			"said",
			fmt.Sprintf("%s %s by %s: %s", word.At.UTC().Format(time.DateTime), word.Verdict, word.By,
				safe(word.Reason)),
		)
	}
	if row.State != closing.AsideOpen {
		facts.row(string(row.State), row.DecidedBy)
	}
	for _, before := range row.Before {
		facts.row("same bytes", closing.AsideName(before.ID)+", "+string(before.State))
	}
	facts.print()

	columns := newTable(s, figure("no."), wrapped("column"), wrapped("cell"))
	for i, cell := range row.Cells {
		name := ""
		if i < len(row.Header) {
			name = row.Header[i]
		}
		if cell != "" || name == row.Column {
			columns.row(i+1, safe(name), safe(cell))
		}
	}
	columns.print()
	printRaw(s.out, row.Raw)
}

// rawShown bounds how much of a row's bytes a terminal is given.
const rawShown = 4 << 10

// printRaw writes a row's bytes so that no terminal can be led astray by them.
func printRaw(out io.Writer, raw []byte) {
	shown := raw[:min(len(raw), rawShown)]
	fmt.Fprintf(out, "as delivered, escaped:\n%s\n", safe(string(shown)))
	if len(raw) > len(shown) {
		fmt.Fprintf(out, "%d more bytes: --raw\n", len(raw)-len(shown))
	}
}

// safe escapes whatever a terminal might obey: only what prints stays as it is.
func safe(text string) string {
	quoted := fmt.Sprintf("%q", text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// sumWords says what rows add up to, per currency, in a line.
func sumWords(groups []closing.AsideGroup) string {
	totals := map[string][2]string{}
	var order []string
	for _, g := range groups {
		if _, seen := totals[g.Currency]; !seen {
			order = append(order, g.Currency)
			totals[g.Currency] = [2]string{"0", "0"}
		}
		had := totals[g.Currency]
		totals[g.Currency] = [2]string{added(had[0], g.Billed), added(had[1], fmt.Sprint(g.Unknown))}
	}
	slices.Sort(order)
	var words []string
	for _, currency := range order {
		one := currency + " " + grouped(totals[currency][0])
		if totals[currency][1] != "0" {
			one += " and " + totals[currency][1] + " unreadable"
		}
		words = append(words, one)
	}
	return strings.Join(words, ", ")
}

// added adds amounts written as text, exactly.
func added(a, b string) string {
	first, err := money.Parse(a)
	if err != nil {
		return a
	}
	second, err := money.Parse(b)
	if err != nil {
		return a
	}
	return money.Text(first.Add(second))
}
