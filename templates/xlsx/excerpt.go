package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/templates/texts"
)

// Excerpt writes the detail of some accounts of a document, for somebody who may
// see no more: what is shown and its sum before tax, then the detail over all
// shown accounts and by account. It is read back as the whole workbook is.
func Excerpt(e invoice.Excerpt, digest string, w io.Writer) error {
	words, err := texts.For(e.Shown.Language)
	if err != nil {
		return err
	}
	b := &book{s: e.Shown, words: words, digest: digest, title: words.Excerpt, marks: texts.ScopeMarks(e)}
	var made bytes.Buffer
	err = b.writeTo(&made, func() error {
		return b.sheets(func() error { return b.excerptSummary(e) }, b.detail(), b.accountDetail())
	})
	if err == nil {
		err = VerifyExcerpt(made.Bytes(), e)
	}
	if err != nil {
		return fmt.Errorf("write the detail of %s %s %s for %s: %w", e.Shown.Number, e.Shown.Customer.Code,
			e.Shown.Month, words.AccountsText(len(e.Accounts)), err)
	}
	_, err = w.Write(made.Bytes())
	return err
}

// excerptSummary names the scope before anything else, then each account with
// its amount; the sum is the detail's, by formula.
func (b *book) excerptSummary(e invoice.Excerpt) error {
	p, err := b.beginSummary(26, 30, 20, 14, 16, 24)
	if err != nil {
		return err
	}
	p.put(b.cell(b.look.title, b.title+" · "+b.s.Customer.Name))
	p.put(b.cell(b.look.quiet, b.about()))
	p.put()
	b.particular(p, b.words.Scope, b.words.AccountsText(len(e.Accounts)))
	b.particular(p, b.words.BillingPeriod, b.words.SpanText(b.s))
	b.particular(p, b.words.Customer, b.s.Customer.Name)
	b.particular(p, b.words.Supplier, b.s.Issuer.Name)
	b.particular(p, b.words.BilledIn, b.number())
	b.particular(p, b.words.Salesman, strings.TrimSpace(b.s.Salesman.Name+" "+b.s.Salesman.Email))
	p.put()
	b.shown(p, e)
	b.sources(p)
	p.put(b.cell(b.look.quiet, b.words.ExcerptNotice))
	if b.texts {
		p.put(b.cell(b.look.quiet, b.words.TextNumbers))
	}
	if p.err != nil {
		return p.err
	}
	return p.stream.Flush()
}

// shown lists the accounts, largest first, under their sum.
func (b *book) shown(p *page, e invoice.Excerpt) {
	amounts, err := excelize.ColumnNumberToName(len(b.dated(b.usageColumns()))) // the detail's last
	if err != nil && p.err == nil {
		p.err = err
	}
	p.put(b.cell(b.look.head, b.words.Account), b.cell(b.look.head, b.words.AccountName),
		b.cell(b.look.headRight, b.amountCaption()))
	p.put(
		b.cell(b.look.strong, b.words.ShownSum),
		b.cell(b.look.strong, ""),
		excelize.Cell{
			StyleID: b.look.strongAmount, Value: number(e.Sum),
			Formula: fmt.Sprintf("%s!%s%d", quoted(b.words.SheetDetail), amounts, sumRow),
		},
	)
	for _, account := range invoice.ByAccount(b.s) {
		p.put(b.cell(b.look.text, strings.Join(account.Accounts, ", ")), b.cell(b.look.text, account.Name),
			b.cell(b.look.amount, number(account.Amount)))
	}
	p.put()
}

// VerifyExcerpt reads a finished workbook back: its marks name the scope, it has
// no sheet beyond its three, both details add up to the shown sum, and every
// account in it is one of the scope's.
func VerifyExcerpt(workbook []byte, e invoice.Excerpt) error {
	words, err := texts.For(e.Shown.Language)
	if err != nil {
		return err
	}
	return readBack(workbook, texts.ScopeMarks(e), func(file *excelize.File) error {
		want := []string{words.SheetSummary, words.SheetDetail, words.SheetAccountDetail}
		if found := file.GetSheetList(); !slices.Equal(found, want) {
			return differs("workbook", "sheets", strings.Join(found, " "), strings.Join(want, " "))
		}
		for _, sheet := range want[1:] {
			err := verifySheet(file, sheet, e.Sum)
			if err != nil {
				return err
			}
		}
		err := verifyScope(file, words, e)
		if err != nil {
			return err
		}
		return verifyShownSum(file, words, e)
	})
}

// verifyScope looks at the account detail's column of accounts: account ids, or
// the names that the scope's own lines carry where names are grouped by.
func verifyScope(file *excelize.File, words *texts.Words, e invoice.Excerpt) error {
	allowed := map[string]bool{}
	for _, account := range e.Accounts {
		allowed[account] = true
	}
	if e.Shown.GroupBy == invoice.GroupByAlias {
		for _, month := range e.Shown.Parts() {
			for _, line := range month.Lines {
				allowed[line.AccountName] = allowed[line.Account]
			}
		}
	}
	account := 0
	if e.Shown.IsQuarter() { // the months stand before it
		account = 1
	}
	rows, err := file.Rows(words.SheetAccountDetail)
	if err != nil {
		return err
	}
	for at := 1; rows.Next(); at++ {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		if at >= dataRow && len(cells) > account && !allowed[cells[account]] {
			return differs(words.SheetAccountDetail, fmt.Sprintf("row %d", at), cells[account],
				"an account of its scope")
		}
	}
	return rows.Close()
}

func verifyShownSum(file *excelize.File, words *texts.Words, e invoice.Excerpt) error {
	rows, err := file.GetRows(words.SheetSummary)
	if err != nil {
		return err
	}
	found := ""
	for _, cells := range rows {
		if len(cells) > 2 && cells[0] == words.ShownSum {
			found = cells[2]
		}
	}
	if found != money.Text(e.Sum) {
		return differs(words.SheetSummary, words.ShownSum, found, money.Text(e.Sum))
	}
	return nil
}
