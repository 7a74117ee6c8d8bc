package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"magam/domain/money"
	"magam/internal/devstack/mailsink"
	"magam/templates/pdf"
	"magam/templates/texts"
)

type marginJSON struct {
	Totals    []positionJSON
	Customers []positionJSON
	Accounts  []positionJSON
	Unmapped  []struct{ Account string }
}

type positionJSON struct {
	Customer, Number, Account string
	Currency, Bought, Sold    string
	Margin                    string
	Source                    string `json:"source_currency"`
	Converted                 string `json:"bought_converted"`
	Rounding                  string
}

// awaitReports waits until finance has had the newest edition of the month's
// report, which is at least this one: an edition that is out of date before its
// mail left is never mailed.
func (s *liveStack) awaitReports(t *testing.T, edition int) {
	t.Helper()
	require.Eventually(t, func() bool {
		var sent, open int
		err := s.books(t).
			QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE state = 'sent' AND edition >= $2
				AND edition = (SELECT max(edition) FROM month_report WHERE month = $1)),
			count(*) FILTER (WHERE state <> 'sent') FROM month_report_mail WHERE month = $1`, e2eMonth, edition).
			Scan(&sent, &open)
		return err == nil && sent > 0 && open == 0
	}, patience, 300*time.Millisecond)
}

// requireMarginHidden looks through every file and every mail that customers got
// for words and figures that only finance may see.
func requireMarginHidden(t *testing.T, stack *liveStack) {
	t.Helper()
	var found marginJSON
	answer(t, stack.must(t, "margin", "--month", e2eMonth, "--json"), &found)
	require.NotEmpty(t, found.Customers)

	words := secretWords(t)
	for _, customer := range found.Customers {
		figures := secretFigures(t, found, customer.Customer)
		folder := t.TempDir()
		stack.must(t, "documents", customer.Number, "--to", folder)
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(files), 2, customer.Number)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			requireNothingOf(t, textOf(t, file, content), append(figures, words...), file)
		}
	}
	finance, customers := 0, 0
	for _, mail := range stack.mails(t) {
		text := stack.mailText(t, mail.ID)
		if strings.Contains(mail.Subject, "월마감 보고") || strings.Contains(mail.Subject, "month-end report") {
			finance++
			for _, to := range mail.To {
				require.True(t, strings.HasPrefix(to, "lee@") || strings.HasPrefix(to, "park@"),
					"a report went to %s", to)
			}
			continue
		}
		requireNothingOf(t, text, words, mail.Subject)
		customers++
	}
	require.Positive(t, finance, "finance was told of the month")
	require.Positive(t, customers)
}

// secretWords are those of the report that no document of a customer has.
func secretWords(t *testing.T) []string {
	t.Helper()
	var words []string
	for _, language := range []string{"ko", "en"} {
		w, err := texts.MarginFor(language)
		require.NoError(t, err)
		words = append(words, w.Margin, w.Bought, w.FinanceOnly, w.Title, w.Leakage, w.Negative,
			w.UnderBilled, w.Percent, w.Retained)
	}
	return append(words, pdf.MarginMark)
}

// secretFigures are what one customer's documents cost us and bring in, where
// that differs from what the customer pays: at cost the two are one figure.
func secretFigures(t *testing.T, found marginJSON, customer string) []string {
	t.Helper()
	var figures []string
	for _, p := range append(append([]positionJSON{}, found.Customers...), found.Accounts...) {
		shared := p.Number == "" && p.Account == "" // printed at cost, beside fees that are not
		if p.Customer != customer || shared {
			continue
		}
		margin := exact(t, p.Margin)
		// What is sold at cost, like a shared cost, is printed as what it cost.
		if margin.Sub(exact(t, p.Rounding)).Abs().Cmp(money.Unit(0)) < 0 ||
			margin.Abs().Cmp(money.Unit(0)) < 0 {
			continue
		}
		figures = append(figures, spellings(t, p.Converted, p.Currency)...)
		figures = append(figures, spellings(t, p.Margin, p.Currency)...)
		if p.Source != p.Currency {
			figures = append(figures, spellings(t, p.Bought, p.Source)...)
		}
	}
	return figures
}

// spellings are the ways in which a document may write an amount. Short ones say
// nothing: they stand on any page.
func spellings(t *testing.T, amount, currency string) []string {
	t.Helper()
	value := exact(t, amount)
	var ways []string
	places := money.Currency(currency).Places()
	for _, mode := range []money.Mode{money.ModeHalfUp, money.ModeTruncate} {
		rounded, err := money.Round(value, mode, money.Unit(places))
		require.NoError(t, err)
		ways = append(ways, money.Grouped(rounded, places), money.Text(rounded))
	}
	ways = append(ways, money.Text(value))
	var long []string
	for _, way := range ways {
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, way)
		if len(digits) >= 6 {
			long = append(long, way)
		}
	}
	return long
}

func requireNothingOf(t *testing.T, text string, secrets []string, where string) {
	t.Helper()
	require.NotEmpty(t, text, where)
	for _, secret := range secrets {
		require.NotContains(t, text, secret, where)
	}
}

// textOf is all that a reader, or a machine, finds in a file: each piece on a line
// of its own, so that one figure is never part of another.
func textOf(t *testing.T, name string, content []byte) string {
	t.Helper()
	if strings.HasSuffix(name, ".pdf") {
		pages, err := pdf.Read(content)
		require.NoError(t, err)
		return strings.Join(pages, "\n")
	}
	file, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	var text strings.Builder
	for _, sheet := range file.GetSheetList() {
		text.WriteString(sheet + "\n")
		rows, err := file.GetRows(sheet)
		require.NoError(t, err)
		for _, row := range rows {
			text.WriteString(strings.Join(row, "\n") + "\n")
		}
	}
	marks, err := file.GetDocProps()
	require.NoError(t, err)
	fmt.Fprintln(&text, marks.Keywords, marks.Title, marks.Subject, marks.Description)
	return text.String()
}

// mailText is a mail as its reader sees it, with every file in it.
func (s *liveStack) mailText(t *testing.T, id string) string {
	t.Helper()
	mailbox, err := mailsink.OpenMailbox(s.layout.MailFolder())
	require.NoError(t, err)
	defer func() { require.NoError(t, mailbox.Close()) }()
	mail, err := mailbox.Read(id)
	require.NoError(t, err)
	text := mail.Subject + "\n" + mail.Text + "\n" + mail.HTML + "\n"
	for _, file := range mail.Attachments {
		path := filepath.Join(t.TempDir(), "file"+filepath.Ext(file.Name))
		require.NoError(t, os.WriteFile(path, file.Content(), 0o600))
		text += file.Name + "\n" + textOf(t, path, file.Content())
	}
	return text
}

// requireReportSaved makes the month's report again: the same edition, the same
// bytes, and nobody is told twice.
func requireReportSaved(t *testing.T, stack *liveStack) {
	t.Helper()
	type reported struct {
		Edition int
		Same    bool
		Mails   int
		Files   []struct{ Kind, SHA256, Saved string }
	}
	mails := len(stack.mails(t))
	var first, again reported
	answer(t, stack.must(t, "report", "--month", e2eMonth, "--to", t.TempDir(), "--json"), &first)
	answer(t, stack.must(t, "report", "--month", e2eMonth, "--to", t.TempDir(), "--mail", "--json"), &again)
	require.Len(t, first.Files, 2)
	require.True(t, first.Same)
	require.Equal(t, first.Edition, again.Edition)
	for i, file := range first.Files {
		require.Equal(t, file.SHA256, again.Files[i].SHA256)
		content, err := os.ReadFile(file.Saved)
		require.NoError(t, err)
		require.NotEmpty(t, textOf(t, file.Saved, content))
	}
	require.Zero(t, again.Mails)
	require.Len(t, stack.mails(t), mails)
}

func exact(t *testing.T, amount string) decimal.Decimal {
	t.Helper()
	value, err := decimal.NewFromString(amount)
	require.NoError(t, err)
	return value
}
