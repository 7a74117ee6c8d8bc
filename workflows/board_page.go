package workflows

import (
	"fmt"
	"slices"
	"strings"

	"magam/activities"
	"magam/domain/closing"
)

// commandsMax bounds how many customers one proposed command names.
const commandsMax = 8

// page is the board as markdown: counts and a note, what to do next, rows, and
// the proof.
func (b *board) page(note string, next ...string) string {
	var page strings.Builder
	fmt.Fprintf(&page, "**%s** · %s", b.month, closing.CountsLine(b.last.Counts, b.language))
	if note != "" {
		page.WriteString(" · " + note)
	}
	page.WriteString("\n\n")
	if len(b.provisional) > 0 {
		page.WriteString(
			"**" + sayProvisional.in(b.language) + "**\n\n- " + strings.Join(b.provisional, "\n- ") + "\n\n",
		)
	}
	for _, step := range append(next, b.commands()...) {
		fmt.Fprintf(&page, "%s: %s\n\n", sayNext.in(b.language), step)
	}
	if len(b.proof.Lying) > 0 && !b.accepted {
		page.WriteString("- " + strings.Join(b.proof.Lying, "\n- ") + "\n\n")
	}
	b.writeRows(&page)
	b.writeProof(&page)
	writeAside(&page, b.proof.Aside, b.language)
	return page.String() + pageEnd
}

// commands are what somebody can run now, by verb, for the rows that wait.
func (b *board) commands() []string {
	var commands []string
	for _, verb := range []string{UpdateRelease, UpdateApprove} {
		var customers []string
		for _, row := range b.last.Rows {
			if row.Next == verb && !slices.Contains(customers, row.Customer) && len(customers) < commandsMax {
				customers = append(customers, row.Customer)
			}
		}
		if len(customers) > 0 {
			commands = append(commands, fmt.Sprintf("`starter %s --month %s --customer %s --by CODE`",
				verb, b.month, strings.Join(customers, " --customer ")))
		}
	}
	if b.last.Counts["parked"] > 0 {
		commands = append(commands, deskRetry.in(b.language, b.month))
	}
	return commands
}

func (b *board) writeRows(page *strings.Builder) {
	if len(b.last.Rows) == 0 {
		return
	}
	first := b.last.Rows[0].Provider
	several := slices.ContainsFunc(b.last.Rows,
		func(row activities.BoardRow) bool { return row.Provider != first })
	page.WriteString(columns(sayColumns.in(b.language), "llrl"))
	for _, row := range b.last.Rows {
		told := row.Number
		if row.Reason != "" {
			told = row.Reason
		}
		customer := "**" + row.Customer + "** " + row.Name
		if several {
			customer += " · " + row.Provider
		}
		page.WriteString(cells(customer, closing.StateWord(row.State, b.language),
			amount(row.Currency, row.Total)+space, told))
	}
	if b.last.More > 0 {
		page.WriteString("\n" + sayMore.in(b.language, b.last.More, b.month) + "\n")
	}
}

// writeProof shows both equations downwards, a column for each currency.
func (b *board) writeProof(page *strings.Builder) {
	if len(b.proof.Currencies) == 0 {
		return
	}
	terms := strings.Split(sayProof.in(b.language), "|")
	head, alignment := terms[0], "l"
	for _, total := range b.proof.Currencies {
		head += "|" + total.Currency
		alignment += "r"
	}
	page.WriteString("\n" + columns(head, alignment))
	for i, term := range terms[1:] {
		row := []string{term}
		for _, total := range b.proof.Currencies {
			row = append(row, grouped([]string{
				total.Delivered, total.Sealed, total.Quarantined, total.Assigned, total.Retained, total.Unassigned,
			}[i]))
		}
		page.WriteString(cells(row...))
	}
}
