package mail_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"magam/internal/devstack/mailsink"
	"magam/internal/mail"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const letter = "From: a@example.test\r\nTo: b@example.test\r\nSubject: hello\r\n\r\n.a line that starts with a dot\r\n"

func TestSendJudgesEveryEnd(t *testing.T) {
	t.Parallel()
	reply := func(code int, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	}
	onRecipient := func(err error) mailsink.Behaviour {
		return mailsink.Behaviour{OnRecipient: func(string) error { return err }}
	}
	onData := func(err error) mailsink.Behaviour {
		return mailsink.Behaviour{OnData: func(int) error { return err }}
	}
	tests := map[string]struct {
		behaviour mailsink.Behaviour
		want      mail.Verdict
		reply     string
		dots      int // times the final dot was announced
		stored    int
	}{
		"an answer of 250 is sent": {
			mailsink.Behaviour{},
			mail.Sent,
			"250",
			1,
			1,
		},
		"450 on the recipient comes before the dot": {
			onRecipient(reply(450, "busy")),
			mail.TryAgain,
			"450 busy",
			0,
			0,
		},
		"421 on the recipient is tried again": {
			onRecipient(reply(421, "closing")),
			mail.TryAgain,
			"421",
			0,
			0,
		},
		"550 on the recipient is final": {
			onRecipient(reply(550, "no such user")),
			mail.Refused,
			"550 no such user",
			0,
			0,
		},
		"552 too many recipients is the old spelling of 452": {
			onRecipient(reply(552, "too many recipients")),
			mail.TryAgain,
			"552",
			0,
			0,
		},
		"451 after the dot is tried again": {
			onData(reply(451, "greylisted")),
			mail.TryAgain,
			"451 greylisted",
			1,
			0,
		},
		"452 after the dot is tried again": {
			onData(reply(452, "disk")),
			mail.TryAgain,
			"452",
			1,
			0,
		},
		"554 after the dot is final": {
			onData(reply(554, "spam")),
			mail.Refused,
			"554 spam",
			1,
			0,
		},
		"a relay that stores and hangs up leaves it unknown": {
			dropReply(),
			mail.Unknown,
			"no reply",
			1,
			1,
		},
		"a relay that answers late is waited for": {
			delay(400 * time.Millisecond),
			mail.Sent,
			"250",
			1,
			1,
		},
		"a relay that answers later than we wait is unknown too": {
			delay(3 * time.Second),
			mail.Unknown,
			"no reply",
			1,
			0,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink, door := open(t, mail.Config{Plain: true, ReplyMax: time.Second})
			sink.Behave(tt.behaviour)
			dots := 0

			verdict, answer, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"},
				[]byte(letter), func(context.Context) error { dots++; return nil })

			require.NoError(t, err)
			require.Equal(t, tt.want, verdict, answer)
			require.Contains(t, answer, tt.reply)
			require.Equal(t, tt.dots, dots)
			require.Len(t, mails(t, sink), tt.stored)
		})
	}
}

func TestSendKeepsTheBytes(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})

	for range 3 {
		verdict, _, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"},
			[]byte(letter), dot)
		require.NoError(t, err)
		require.Equal(t, mail.Sent, verdict)
	}

	stored := mails(t, sink)
	require.Len(t, stored, 3, "a mail that is sent twice is kept twice")
	raw, envelope, err := sink.Mailbox().Raw(stored[0].ID)
	require.NoError(t, err)
	require.Equal(t, letter, string(raw))
	require.Equal(t, []string{"b@example.test"}, envelope.To)
}

func TestSendWithoutTheDotDeliversNothing(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})
	fenced := errors.New("fenced")

	verdict, _, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"}, []byte(letter),
		func(context.Context) error { return fenced })

	require.ErrorIs(t, err, fenced)
	require.Equal(t, mail.TryAgain, verdict)
	verdict, _, err = door.Send(t.Context(), "a@example.test", []string{"c@example.test"}, []byte(letter),
		dot)
	require.NoError(t, err)
	require.Equal(t, mail.Sent, verdict)
	stored := mails(t, sink)
	require.Len(t, stored, 1, "only the second one arrived")
	require.Equal(t, []string{"c@example.test"}, stored[0].To)
}

func TestSendIsAllRecipientsOrNone(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})
	sink.Behave(mailsink.Behaviour{OnRecipient: func(address string) error {
		if strings.HasPrefix(address, "gone") {
			return &smtp.SMTPError{Code: 550, Message: "no such user"}
		}
		return nil
	}})

	verdict, reply, err := door.Send(t.Context(), "a@example.test",
		[]string{"b@example.test", "gone@example.test"}, []byte(letter), dot)

	require.NoError(t, err)
	require.Equal(t, mail.Refused, verdict)
	require.Contains(t, reply, "RCPT 2 of 2")
	require.Empty(t, mails(t, sink))
}

func TestSendRefusesWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})
	for _, address := range []string{
		"", "b", "@example.test", "b@", "b@example.test\r\nRCPT TO:<c@example.test>", "b@example.test>",
		"<b@example.test", "b c@example.test", "b@c@example.test", "김@example.test", "b@example.test\x00",
		"b@example.test ORCPT=rfc822;c@example.test", strings.Repeat("b", 250) + "@example.test",
	} {
		verdict, _, err := door.Send(t.Context(), "a@example.test", []string{address}, []byte(letter), dot)
		require.NoError(t, err)
		require.Equal(t, mail.Refused, verdict, "%q", address)
	}
	require.Empty(t, mails(t, sink))
}

func TestSendToARelayThatIsAwayIsTriedAgain(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})
	require.NoError(t, sink.Close())

	verdict, reply, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"},
		[]byte(letter), dot)

	require.NoError(t, err)
	require.Equal(t, mail.TryAgain, verdict)
	require.Contains(t, reply, "refused")
}

func TestSendStopsBeforeTheDotWhenItsCallerGivesUp(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{Plain: true})
	ctx, cancel := context.WithCancel(t.Context())

	verdict, reply, err := door.Send(ctx, "a@example.test", []string{"b@example.test"}, []byte(letter),
		func(context.Context) error { cancel(); time.Sleep(50 * time.Millisecond); return nil })

	require.NoError(t, err)
	require.Equal(t, mail.TryAgain, verdict, reply)
	require.Empty(t, mails(t, sink))
}

func dot(context.Context) error { return nil }

func dropReply() mailsink.Behaviour {
	return mailsink.Behaviour{DropReply: func(int) bool { return true }}
}

func delay(wait time.Duration) mailsink.Behaviour {
	return mailsink.Behaviour{Delay: func(int) time.Duration { return wait }}
}

func open(t *testing.T, cfg mail.Config) (*mailsink.Sink, *mail.Door) {
	t.Helper()
	sink, err := mailsink.Start(context.WithoutCancel(t.Context()), t.TempDir(), "127.0.0.1:0", "")
	require.NoError(t, err)
	cfg.Address = sink.SMTPAddr
	door, err := mail.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, door.Close())
		_ = sink.Close() // some tests have closed it already
	})
	return sink, door
}

func mails(t *testing.T, sink *mailsink.Sink) []mailsink.Summary {
	t.Helper()
	stored, err := sink.Mailbox().List("")
	require.NoError(t, err)
	return stored
}
