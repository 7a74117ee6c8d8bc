package mailsink_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/smtp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"magam/internal/devstack/mailsink"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const letter = "From: =?UTF-8?B?66eI6rCQ7YG065287Jqw65Oc?= <billing@issuer.test>\r\n" +
	"To: kim@customer.test\r\nSubject: =?UTF-8?B?7LKt6rWs7ISc?=\r\nMessage-ID: <one@issuer.test>\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<p>hello<script>alert(1)</script></p>\r\n" +
	"--b\r\nContent-Type: application/pdf\r\n" +
	"Content-Disposition: attachment; filename*=UTF-8''%EC%95%8C%ED%8C%8C.pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n"

func TestTheMailPage(t *testing.T) {
	t.Parallel()
	sink, err := mailsink.Start(context.WithoutCancel(t.Context()), t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	for _, to := range []string{"kim@customer.test", "lee@other.test", "kim@customer.test"} {
		require.NoError(t,
			smtp.SendMail(sink.SMTPAddr, nil, "billing@issuer.test", []string{to}, []byte(letter)))
	}

	var mails []mailsink.Summary
	require.NoError(t, json.Unmarshal([]byte(get(t, sink, "/api/mails", nil)), &mails))
	require.Len(t, mails, 3, "the same mail twice is two mails")
	require.Equal(t, "청구서", mails[0].Subject)
	require.Equal(t, "마감클라우드 <billing@issuer.test>", mails[0].From)
	require.Equal(t, "one@issuer.test", mails[0].MessageID)
	require.Equal(t, "알파.pdf", mails[0].Attachments[0].Name)
	require.NoError(t, json.Unmarshal([]byte(get(t, sink, "/api/mails?q=LEE@", nil)), &mails))
	require.Len(t, mails, 1, "the search finds a recipient whatever the case")

	id := mails[0].ID
	tests := map[string]struct {
		path   string
		want   string
		header map[string]string
	}{
		"the list names subject and recipient": {
			"/",
			"kim@customer.test",
			map[string]string{"Content-Type": "text/html; charset=utf-8"},
		},
		"the reader names the attachment": {"/mails/" + id, "알파.pdf", nil},
		"a mail's own HTML may not run anything": {
			"/mails/" + id + "/html",
			"<p>hello",
			map[string]string{
				"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
			},
		},
		"a PDF opens in the browser under its name": {
			"/mails/" + id + "/attachments/1/x.pdf",
			"%PDF-1.4",
			map[string]string{
				"Content-Type":        "application/pdf",
				"Content-Disposition": "inline; filename*=utf-8''%EC%95%8C%ED%8C%8C.pdf",
			},
		},
		"the source is what came over the wire": {"/mails/" + id + "/raw", letter, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			require.Contains(t, get(t, sink, tt.path, header), tt.want)
			for field, value := range tt.header {
				require.Equal(t, value, header.Get(field))
			}
		})
	}
	for _, path := range []string{"/mails/none", "/mails/..%2f..%2fetc%2fpasswd", "/mails/" + id + "/attachments/2/x"} {
		response := ask(t, sink.WebURL+path)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
}

func TestAMailboxIsReadAgainAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		sink, err := mailsink.Start(context.WithoutCancel(t.Context()), dir, "127.0.0.1:0", "")
		require.NoError(t, err)
		require.NoError(t,
			smtp.SendMail(sink.SMTPAddr, nil, "a@b.test", []string{"c@d.test"}, []byte(letter)))
		require.NoError(t, sink.Close())
	}
	mailbox, err := mailsink.OpenMailbox(dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, mailbox.Close()) }()
	mails, err := mailbox.List("")
	require.NoError(t, err)
	require.Len(t, mails, 2)
	require.True(t, mails[0].ReceivedAt.After(mails[1].ReceivedAt), "newest first")
}

func ask(t *testing.T, url string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	return response
}

func get(t *testing.T, sink *mailsink.Sink, path string, header http.Header) string {
	t.Helper()
	response := ask(t, sink.WebURL+path)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode, path)
	for field, values := range response.Header {
		if header != nil {
			header[field] = values
		}
	}
	return string(body)
}
