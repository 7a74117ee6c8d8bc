package email_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/internal/golden"
	"magam/templates/email"
)

// someAccounts is the sample's document, of three accounts, seen by one who holds two.
func someAccounts(t *testing.T) (email.Letter, invoice.Excerpt) {
	t.Helper()
	letter := sample()
	letter.Snapshot.Sources = []invoice.SourceTotal{
		{Currency: money.USD, Rate: decimal.NewFromInt(1388), Per: 1},
	}
	for _, line := range []invoice.Line{
		{Account: "111122223333", AccountName: "운영", Amount: decimal.NewFromInt(1200000)},
		{Account: "444455556666", AccountName: "canary-alias", Amount: decimal.NewFromInt(631337)},
		{Account: "777788889999", AccountName: "777788889999", Amount: decimal.NewFromInt(58416)},
	} {
		line.Source = money.USD
		letter.Snapshot.Lines = append(letter.Snapshot.Lines, line)
	}
	excerpt, shows := invoice.Narrow(letter.Snapshot, []string{"111122223333", "777788889999"})
	require.True(t, shows)
	letter.Attachments = letter.Attachments[1:]
	letter.Attachments[0].FileName = "INV-2026-000123_알파전자_2026-10_계정 2개-" + excerpt.Scope[:8] + ".xlsx"
	return letter, excerpt
}

func TestExcerptMailSaysTheSameInEachLanguage(t *testing.T) {
	t.Parallel()
	for language, subject := range map[string]string{
		"ko": "[마감클라우드] 2026년 10월 클라우드 상세내역 · 알파전자 · 계정 2개",
		"en": "[마감클라우드] October 2026 cloud usage detail · 알파전자 · 2 accounts",
		"ja": "[마감클라우드] 2026年10月 クラウドご利用明細 · 알파전자 · アカウント2件",
	} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			letter, excerpt := someAccounts(t)
			letter.Language = language

			written, err := email.Excerpt(letter, excerpt)

			require.NoError(t, err)
			again, err := email.Excerpt(letter, excerpt)
			require.NoError(t, err)
			require.True(t, bytes.Equal(written, again), "the same letter gives the same bytes")
			golden.Require(t, "excerpt_"+language+".eml", written)
			read := open(t, written)
			golden.Require(t, "excerpt_"+language+".txt", []byte(read.text))
			golden.Require(t, "excerpt_"+language+".html", []byte(read.html))
			require.Equal(t, subject, read.subject)
			require.Equal(t, []string{"INV-2026-000123_알파전자_2026-10_계정_2개-" + excerpt.Scope[:8] + ".xlsx"},
				read.files)
			for _, said := range []string{"₩1,258,416", "₩1,200,000", "운영", "111122223333", "777788889999", "lee@issuer.test"} {
				require.Contains(t, read.text, said)
				require.Contains(t, read.html, said)
			}
			// Neither another account's nor the whole document's: T1.
			for _, canary := range []string{
				"444455556666", "canary", "631,337", "631337", // the account it does not hold
				"2,078,728", "2078728", "1,889,753", "1889753", "188,975", "188975", // total, supply, tax
				"118,728", "6.1%", "1960000", // against last month
				"국민은행", "123-45-678901", "2026-11-30", "11/30", // bank, due date
			} {
				for _, part := range []string{read.subject, read.text, read.html} {
					require.NotContains(t, part, canary)
				}
			}
		})
	}
}

func TestExcerptMailListsTwentyAndCountsTheRest(t *testing.T) {
	t.Parallel()
	letter, _ := someAccounts(t)
	var accounts []string
	letter.Snapshot.Lines = nil
	for i := range 23 {
		accounts = append(accounts, fmt.Sprintf("9000000000%02d", i))
		letter.Snapshot.Lines = append(letter.Snapshot.Lines, invoice.Line{
			Account:     accounts[i],
			AccountName: accounts[i],
			Amount:      decimal.NewFromInt(int64(1000 - i)),
			Source:      money.USD,
		})
	}
	excerpt, _ := invoice.Narrow(letter.Snapshot, accounts)
	written, err := email.Excerpt(letter, excerpt)
	require.NoError(t, err)
	read := open(t, written)
	require.Contains(t, read.subject, "계정 23개")
	require.Equal(t, 20, strings.Count(read.text, "  - 9000000000"))
	require.Contains(t, read.text, "외 3개")
}

// Like the invoice's mail, F53: names cannot add a header or a tag.
func TestExcerptMailCannotBeInjected(t *testing.T) {
	t.Parallel()
	letter, excerpt := someAccounts(t)
	plain, err := email.Excerpt(letter, excerpt)
	require.NoError(t, err)
	want := open(t, plain).names
	for _, payload := range []string{"\r\nBcc: evil@x.test", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"} {
		letter, _ := someAccounts(t)
		letter.RecipientName += payload
		letter.Snapshot.Customer.Name += payload
		letter.Snapshot.Lines[0].AccountName += payload
		excerpt, _ := invoice.Narrow(letter.Snapshot, excerpt.Accounts)
		written, err := email.Excerpt(letter, excerpt)
		require.NoError(t, err)
		read := open(t, written)
		require.Equal(t, want, read.names)
		require.NotContains(t, read.html, "<script")
		require.NotContains(t, read.html, "<img")
	}
}

func TestExcerptOfADraftIsNeverMailed(t *testing.T) {
	t.Parallel()
	letter, excerpt := someAccounts(t)
	excerpt.Shown.Number = ""
	_, err := email.Excerpt(letter, excerpt)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Input, code)
}
