package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"strings"
)

// errNoTLS ends the dialogue before anything was said to a relay in clear.
var errNoTLS = errors.New("the relay offers no STARTTLS")

// tooLarge is our own reading of the relay's SIZE: asking would waste the bytes.
type tooLarge struct{ size, most int }

func (t *tooLarge) Error() string {
	return fmt.Sprintf("552 the message has %d bytes, the relay takes %d", t.size, t.most)
}

// checkEnvelope refuses what could smuggle a second command into the dialogue.
func checkEnvelope(from string, to []string, message []byte) (Verdict, string) {
	switch {
	case len(message) == 0:
		return Refused, "the message is empty"
	case len(to) == 0:
		return Refused, "the message has no recipient"
	}
	for _, address := range append([]string{from}, to...) {
		if !plainAddress(address) {
			return Refused, fmt.Sprintf("%.64q is not an address that SMTP can carry", address)
		}
	}
	return "", ""
}

// plainAddress accepts printable ASCII with one @ and none of the characters
// that end or nest an SMTP path.
func plainAddress(address string) bool {
	local, domain, found := strings.Cut(address, "@")
	if !found || local == "" || domain == "" || len(address) > 254 || strings.Contains(domain, "@") {
		return false
	}
	for _, char := range address {
		if char <= ' ' || char >= 0x7f || strings.ContainsRune(`<>"\,;:()[]`, char) {
			return false
		}
	}
	return true
}

// judgeOpening reads a failure before MAIL. It is never about this message: a
// wrong password or a relay that turns us away keeps all mails waiting.
func judgeOpening(err error) (Verdict, string, error) {
	if errors.Is(err, errNoTLS) {
		return TLSRequired, err.Error(), nil
	}
	return TryAgain, oneLine(err), nil
}

// judgeDialogue reads a failure between MAIL and the final dot: nothing was
// delivered, and only the relay's 5xx makes that final.
func judgeDialogue(err error) (Verdict, string, error) {
	var large *tooLarge
	if errors.As(err, &large) {
		return Refused, oneLine(err), nil
	}
	code, replied := codeOf(err)
	switch {
	case !replied:
		return TryAgain, oneLine(err), nil
	case code == 552 && strings.Contains(strings.ToLower(err.Error()), "too many"):
		// RFC 5321, 4.5.3.1.10: this 552 is an old spelling of 452.
		return TryAgain, oneLine(err), nil
	case code >= 500 && code <= 599:
		return Refused, oneLine(err), nil
	default:
		return TryAgain, oneLine(err), nil
	}
}

// judgeReply reads how the wait after the final dot ended.
func judgeReply(reply string, err error) (Verdict, string, error) {
	code, replied := codeOf(err)
	switch {
	case err == nil:
		return Sent, strings.TrimSpace(reply), nil
	case replied && code >= 500 && code <= 599:
		return Refused, oneLine(err), nil
	case replied && code >= 400:
		return TryAgain, oneLine(err), nil
	default:
		return Unknown, "no reply after the final dot: " + oneLine(err), nil
	}
}

// codeOf is the reply's code, where there was a reply.
func codeOf(err error) (int, bool) {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return 0, false
	}
	return reply.Code, true
}

// oneLine keeps a reply that spans lines on one, and short enough for a table.
func oneLine(err error) string {
	text := err.Error()
	var reply *textproto.Error
	if errors.As(err, &reply) {
		text = strings.ReplaceAll(text, reply.Error(), fmt.Sprintf("%03d %s", reply.Code, reply.Msg))
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return text
}
