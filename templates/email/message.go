// Package email writes the mails of the house as MIME bytes: the invoice's to
// its recipients, and the notice of commitments that end.
//
// It owns subjects, bodies and the wrapping of attachments. It does not own who
// receives what (see party), nor the sending (see internal/mail).
//
// The same letter always gives the same bytes: date, Message-ID and boundaries
// come from the letter, never from the clock or from chance, so that a mail that
// must be sent again is the same mail.
package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/textproto"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail"

	"magam/domain/delivery"
	"magam/domain/fault"
)

// BytesMax is the largest mail we send: many relays stop at 25 MB, and a mail
// grows on its way.
const BytesMax = 20 << 20

// Attachment is one file of a mail.
type Attachment struct {
	FileName string
	Content  []byte
}

// mailbox is a name with an address.
type mailbox struct{ name, address string }

// envelope is a mail before it is written down.
type envelope struct {
	from, replyTo mailbox
	to            []mailbox
	cc            []string
	subject       string
	language      string
	messageID     string
	date          time.Time
	text, html    string
	attachments   []Attachment
}

// compose writes an envelope as MIME bytes.
func compose(e envelope) ([]byte, error) {
	message := mail.NewMsg(mail.WithEncoding(mail.EncodingB64), mail.WithNoDefaultUserAgent())
	if err := address(message, e); err != nil {
		return nil, &fault.Error{
			Code: fault.ContactMissing,
			What: "an address of the mail cannot be used: " + delivery.Mask(oneLine(err.Error())),
			Cure: "correct the contact or the issuer's mail_from in the master data",
		}
	}
	message.SetDateWithValue(e.date.UTC())
	message.SetMessageIDWithValue(strings.Trim(e.messageID, "<> "))
	message.Subject(oneLine(e.subject))
	message.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday replies, please
	message.SetGenHeader("Content-Language", e.language)
	message.SetBodyString(mail.TypeTextPlain, e.text)
	message.AddAlternativeString(mail.TypeTextHTML, e.html)
	for _, file := range e.attachments {
		if err := message.AttachReader(
			file.FileName,
			bytes.NewReader(file.Content),
			named(file.FileName),
		); err != nil {
			return nil, fmt.Errorf("attach %s: %w", file.FileName, err)
		}
	}
	var written bytes.Buffer
	if _, err := message.WriteTo(&written); err != nil {
		return nil, fmt.Errorf("write mail %s: %w", e.messageID, err)
	}
	settled := settleBoundaries(written.Bytes(), e.messageID)
	if len(settled) > BytesMax {
		return nil, &fault.Error{
			Code: fault.MailTooBig, Place: fault.Place{File: e.messageID},
			What: fmt.Sprintf("the mail has %d bytes, at most %d may be sent", len(settled), BytesMax),
			Cure: "send the workbook by another way and leave it out of the contact's documents",
		}
	}
	return settled, nil
}

func address(message *mail.Msg, e envelope) error {
	if err := message.FromFormat(displayName(e.from.name), e.from.address); err != nil {
		return err
	}
	for _, to := range e.to {
		if err := message.AddToFormat(displayName(to.name), to.address); err != nil {
			return err
		}
	}
	for _, cc := range e.cc {
		if err := message.AddCc(cc); err != nil {
			return err
		}
	}
	if e.replyTo.address == "" {
		return nil
	}
	return message.ReplyToFormat(displayName(e.replyTo.name), e.replyTo.address)
}

// named writes a file's name twice: by RFC 2231, which carries Hangul, and in
// plain ASCII for programs that read nothing else.
func named(name string) mail.FileOption {
	safe := SafeFileName(name)
	ascii := strings.Map(func(char rune) rune {
		if char > unicode.MaxASCII {
			return -1
		}
		return char
	}, safe)
	kind := mime.TypeByExtension(path.Ext(safe))
	if known, isKnown := contentTypes[strings.ToLower(path.Ext(safe))]; isKnown {
		kind = known
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	disposition := fmt.Sprintf("attachment;\r\n filename=%q", ascii)
	if ascii != safe {
		disposition += ";\r\n filename*=UTF-8''" + strings.ReplaceAll(url.PathEscape(safe), "'", "%27")
	}
	return func(file *mail.File) {
		if file.Header == nil {
			file.Header = textproto.MIMEHeader{}
		}
		file.Header.Set("Content-Type", kind)
		file.Header.Set("Content-Disposition", disposition)
	}
}

// contentTypes are fixed here: the machine's own table differs between machines.
var contentTypes = map[string]string{
	".pdf":  "application/pdf",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".csv":  "text/csv; charset=utf-8",
	".json": "application/json",
	".zip":  "application/zip",
}

// SafeFileName keeps letters, digits and a few signs; whatever could end a
// header, leave a folder or hide an extension becomes a low line.
func SafeFileName(name string) string {
	safe := strings.Map(func(char rune) rune {
		switch {
		case unicode.IsLetter(char),
			unicode.IsMark(char),
			unicode.IsDigit(char),
			strings.ContainsRune("._-()·", char):
			return char
		default:
			return '_'
		}
	}, name)
	return strings.TrimLeft(safe, ".")
}

var boundaryLine = regexp.MustCompile(
	`(?m)^(?:Content-Type: multipart/[a-z]+;\r?\n) boundary=([0-9a-f]{60})\r?$`,
)

// settleBoundaries puts boundaries made from the Message-ID in the place of the
// writer's random ones; it has no setting that keeps two nested ones apart.
func settleBoundaries(message []byte, messageID string) []byte {
	for i, found := range boundaryLine.FindAllSubmatch(message, 2) {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s boundary %d", messageID, i))
		message = bytes.ReplaceAll(message, found[1], []byte(hex.EncodeToString(sum[:30])))
	}
	return message
}

// displayName is a name as it may stand in quotes before an address.
func displayName(name string) string {
	return strings.NewReplacer(`"`, "'", `\`, "/").Replace(oneLine(name))
}

// oneLine turns control characters, and with them every line end, into blanks.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(char rune) bool {
		return unicode.IsControl(char) || char == '\u2028' || char == '\u2029'
	}), " ")
}
