package email_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/internal/golden"
	"magam/templates/email"
)

func TestInvoiceMailSaysTheSameInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ko", "en", "ja"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			letter := sample()
			letter.Language = language

			written, err := email.Invoice(letter)

			require.NoError(t, err)
			again, err := email.Invoice(letter)
			require.NoError(t, err)
			require.True(t, bytes.Equal(written, again), "the same letter gives the same bytes")
			golden.Require(t, "invoice_"+language+".eml", written)
			read := open(t, written)
			golden.Require(t, "invoice_"+language+".txt", []byte(read.text))
			golden.Require(t, "invoice_"+language+".html", []byte(read.html))
			for _, said := range []string{"₩2,078,728", "INV-2026-000123", "국민은행 123-45-678901", "₩188,975", "lee@issuer.test", "6.1"} {
				require.Contains(t, read.text, said)
				require.Contains(t, read.html, said)
			}
		})
	}
}

func TestInvoiceMailIsAddressedAndNamed(t *testing.T) {
	t.Parallel()
	written, err := email.Invoice(sample())
	require.NoError(t, err)
	read := open(t, written)

	require.Equal(t, "[마감클라우드] 2026년 10월 클라우드 청구서 · 알파전자 · ₩2,078,728 · 납부기한 11/30", read.subject)
	require.Equal(t, `"마감클라우드" <billing@issuer.test>`, decoded(t, read.header.Get("From")))
	require.Equal(t, `"이서연" <lee@issuer.test>`, decoded(t, read.header.Get("Reply-To")))
	require.Equal(t, `"김하늘" <kim@alpha.test>`, decoded(t, read.header.Get("To")))
	require.Equal(t, "<inv-1.1.0@issuer.test>", read.header.Get("Message-ID"))
	require.Equal(t, "Tue, 03 Nov 2026 00:30:00 +0000", read.header.Get("Date"))
	require.Equal(t, []string{"INV-2026-000123_알파전자_2026-10.pdf", "INV-2026-000123_알파전자_2026-10.xlsx"},
		read.files)
	require.Contains(t, string(written),
		"filename*=UTF-8''INV-2026-000123_%EC%95%8C%ED%8C%8C%EC%A0%84%EC%9E%90_2026-10.pdf")
	for _, line := range strings.Split(string(written), "\r\n") {
		require.LessOrEqual(t, len(line), 998)
		require.NotContains(t, line, "\n")
	}
}

func TestInvoiceMailTellsTheChange(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before string
		want   string
	}{
		"more than last month":              {"1960000", "지난달보다 ₩118,728 (6.1%) 늘었습니다."},
		"less than last month":              {"4157456", "지난달보다 ₩2,078,728 (50.0%) 줄었습니다."},
		"the same as last month":            {"2078728", "지난달과 금액이 같습니다."},
		"nothing last month has no rate":    {"0", "지난달보다 ₩2,078,728 늘었습니다."},
		"a credit last month has no rate":   {"-1000", "지난달보다 ₩2,079,728 늘었습니다."},
		"no invoice last month: not a word": {"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			letter := sample()
			letter.Snapshot.History = []invoice.MonthTotal{
				{Month: period.NewMonth(2026, 8), Total: decimal.NewFromInt(7)},
			}
			if tt.before != "" {
				letter.Snapshot.History = append(
					letter.Snapshot.History,
					invoice.MonthTotal{
						Month: period.NewMonth(2026, 9),
						Total: decimal.RequireFromString(tt.before),
					},
				)
			}
			written, err := email.Invoice(letter)
			require.NoError(t, err)
			text := open(t, written).text
			if tt.want == "" {
				require.NotContains(t, text, "지난달")
				return
			}
			require.Contains(t, text, tt.want)
		})
	}
}

func TestR20AQuartersMailNamesItsMonths(t *testing.T) {
	t.Parallel()
	letter := sample()
	letter.Snapshot = golden.Quarterly()
	written, err := email.Invoice(letter)
	require.NoError(t, err)
	read := open(t, written)
	require.Contains(t, read.subject, "2026년 10월 ~ 2026년 12월")
	require.Contains(t, read.text, "2026년 10월 ~ 2026년 12월")
	require.Contains(t, read.text, "₩39,540,662")
	require.NotContains(t, read.text, "지난달", "a quarter is compared with no month")
}

func TestInvoiceMailOfNothingOwedNamesNoAccount(t *testing.T) {
	t.Parallel()
	letter := sample()
	letter.Snapshot.Supply, letter.Snapshot.Tax, letter.Snapshot.Total = money.Zero, money.Zero, money.Zero
	written, err := email.Invoice(letter)
	require.NoError(t, err)
	read := open(t, written)
	require.Equal(t, "[마감클라우드] 2026년 10월 클라우드 청구서 · 알파전자 · ₩0", read.subject)
	require.Contains(t, read.text, "납부하실 금액이 없습니다.")
	require.NotContains(t, read.text, "국민은행")
}

func TestInvoiceMailRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(*email.Letter)
		want  fault.Code
	}{
		"a draft is never mailed": {func(l *email.Letter) { l.Snapshot.Number = "" }, fault.Input},
		"an address that is none": {
			func(l *email.Letter) { l.Recipient = "kim" },
			fault.ContactMissing,
		},
		"an address with a second header": {
			func(l *email.Letter) { l.Recipient = "kim@a.test\r\nBcc: x@y.test" },
			fault.ContactMissing,
		},
		"a copy's address with a header": {
			func(l *email.Letter) { l.CC = "a@b.test,\r\nBcc:x" },
			fault.ContactMissing,
		},
		"an issuer without an address": {
			func(l *email.Letter) { l.Snapshot.Issuer.Email = "" },
			fault.ContactMissing,
		},
		"a mail above twenty megabytes": {func(l *email.Letter) {
			l.Attachments[0].Content = make([]byte, 16<<20)
		}, fault.MailTooBig},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			letter := sample()
			tt.spoil(&letter)
			_, err := email.Invoice(letter)
			code, _ := fault.CodeOf(err)
			require.Equal(t, tt.want, code, "%v", err)
		})
	}
}

// F53: whatever stands in a name or a file name, the mail has exactly the
// headers that we write.
func TestInvoiceMailCannotBeInjected(t *testing.T) {
	t.Parallel()
	payloads := []string{
		"\r\nBcc: evil@x.test",
		"\nBcc: evil@x.test",
		"\rBcc: evil@x.test",
		"a\r\n\r\n<script>alert(1)</script>",
		"%0d%0aBcc: evil@x.test",
		"\u2028Bcc: evil@x.test",
		"\u0085Bcc: evil@x.test",
		"=?UTF-8?Q?=0D=0ABcc:_x@y.test?=",
		"\"; filename=\"evil.exe",
		"a.pdf\x00.exe",
		"../../etc/passwd",
		"..\\..\\evil",
		"a\tb",
		"'; x='y",
		"\x7f",
		"\x1b[31m",
		"--" + strings.Repeat("a", 60),
		strings.Repeat("가", 300),
		"<img src=x onerror=alert(1)>",
		"{{.Number}}",
		"\r\nContent-Type: text/html",
		"\r\n.\r\nMAIL FROM:<x@y.test>",
	}
	want := open(t, must(t, sample())).names
	for i, payload := range payloads {
		for field, spoil := range map[string]func(*email.Letter){
			"customer": func(l *email.Letter) { l.Snapshot.Customer.Name += payload },
			"issuer":   func(l *email.Letter) { l.Snapshot.Issuer.Name += payload },
			"name":     func(l *email.Letter) { l.RecipientName += payload },
			"salesman": func(l *email.Letter) { l.Snapshot.Salesman.Name += payload },
			"file":     func(l *email.Letter) { l.Attachments[0].FileName = payload + ".pdf" },
			"bank":     func(l *email.Letter) { l.Snapshot.Bank = payload },
			"colour":   func(l *email.Letter) { l.Snapshot.Color = payload },
		} {
			t.Run(fmt.Sprintf("%s %d", field, i), func(t *testing.T) {
				t.Parallel()
				letter := sample()
				spoil(&letter)
				read := open(t, must(t, letter))
				require.Equal(t, want, read.names)
				require.Len(t, read.files, 2)
				require.NotContains(t, read.files[0], "/")
				require.NotContains(t, read.html, "<script")
				require.NotContains(t, read.html, "<img")
			})
		}
	}
}

func sample() email.Letter {
	day := func(month time.Month, day int) invoice.Date {
		return invoice.NewDate(time.Date(2026, month, day, 0, 0, 0, 0, time.UTC))
	}
	return email.Letter{
		Snapshot: invoice.Snapshot{
			Number:      "INV-2026-000123",
			Kind:        invoice.KindInvoice,
			Issuer:      invoice.Party{Name: "마감클라우드", Email: "billing@issuer.test"},
			Customer:    invoice.Party{Code: "alpha", Name: "알파전자"},
			Salesman:    invoice.Salesman{Name: "이서연", Email: "lee@issuer.test"},
			Language:    "ko",
			Color:       "#0F766E",
			Bank:        "국민은행 123-45-678901 (주)마감클라우드",
			Provider:    "aws",
			Month:       period.NewMonth(2026, 10),
			IssuedOn:    day(10, 31),
			DueOn:       day(11, 30),
			DataAsOf:    day(11, 2),
			Provisional: true,
			Currency:    money.KRW,
			Supply:      decimal.NewFromInt(1889753),
			Tax:         decimal.NewFromInt(188975),
			Total:       decimal.NewFromInt(2078728),
			History: []invoice.MonthTotal{
				{Month: period.NewMonth(2026, 9), Total: decimal.NewFromInt(1960000)},
			},
		},
		Recipient:     "kim@alpha.test",
		RecipientName: "김하늘",
		Language:      "ko",
		MessageID:     "<inv-1.1.0@issuer.test>",
		Date:          time.Date(2026, 11, 3, 9, 30, 0, 0, time.FixedZone("KST", 9*3600)),
		Attachments: []email.Attachment{
			{FileName: "INV-2026-000123_알파전자_2026-10.pdf", Content: []byte("%PDF-1.4 the page")},
			{FileName: "INV-2026-000123_알파전자_2026-10.xlsx", Content: []byte("PK the workbook")},
		},
	}
}

func must(t *testing.T, letter email.Letter) []byte {
	t.Helper()
	written, err := email.Invoice(letter)
	require.NoError(t, err)
	return written
}

// opened is a mail as a reader's program sees it.
type opened struct {
	header              netmail.Header
	names, files        []string
	subject, text, html string
}

func open(t *testing.T, written []byte) opened {
	t.Helper()
	plain, err := netmail.ReadMessage(bytes.NewReader(written))
	require.NoError(t, err)
	read := opened{header: plain.Header}
	reader, err := mail.CreateReader(bytes.NewReader(written))
	require.NoError(t, err)
	read.subject, err = reader.Header.Subject()
	require.NoError(t, err)
	for fields := reader.Header.Fields(); fields.Next(); {
		read.names = append(read.names, fields.Key())
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return read
		}
		require.NoError(t, err)
		content, err := io.ReadAll(part.Body)
		require.NoError(t, err)
		switch header := part.Header.(type) {
		case *mail.AttachmentHeader:
			name, err := header.Filename()
			require.NoError(t, err)
			read.files = append(read.files, name)
		default:
			if strings.HasPrefix(header.Get("Content-Type"), "text/html") {
				read.html = string(content)
			} else {
				read.text = string(content)
			}
		}
	}
}

func decoded(t *testing.T, field string) string {
	t.Helper()
	address, err := netmail.ParseAddress(field)
	require.NoError(t, err)
	return fmt.Sprintf("%q <%s>", address.Name, address.Address)
}
