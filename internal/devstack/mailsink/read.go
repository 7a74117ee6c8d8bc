package mailsink

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails of others come in EUC-KR, Shift JIS and more
	"github.com/emersion/go-message/mail"
)

// Summary is a mail as the list shows it.
type Summary struct {
	ID          string       `json:"id"`
	From        string       `json:"from"`
	To          []string     `json:"to"` // of the envelope: who really gets it
	Subject     string       `json:"subject"`
	MessageID   string       `json:"messageId"`
	Date        time.Time    `json:"date"`
	ReceivedAt  time.Time    `json:"receivedAt"`
	SHA256      string       `json:"sha256"`
	Bytes       int          `json:"bytes"`
	Attachments []Attachment `json:"attachments"`
}

// Attachment is one file of a mail.
type Attachment struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Bytes   int    `json:"bytes"`
	content []byte
}

// Content is the file itself.
func (a Attachment) Content() []byte { return a.content }

// Mail is a whole mail, decoded.
type Mail struct {
	Summary
	Headers []Header
	Text    string
	HTML    string
}

// Header is one header field, decoded.
type Header struct {
	Name, Value string
}

// Read decodes a mail. What cannot be decoded is shown as it came: a reader that
// refuses a broken mail would hide just the mail that somebody is looking for.
func (m *Mailbox) Read(id string) (Mail, error) {
	raw, envelope, err := m.Raw(id)
	if err != nil {
		return Mail{}, err
	}
	read := Mail{Summary: Summary{
		ID: id, From: envelope.From, To: envelope.To, ReceivedAt: envelope.ReceivedAt,
		SHA256: envelope.SHA256, Bytes: envelope.Bytes, Attachments: []Attachment{},
	}}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		read.Text = string(raw)
		return read, nil
	}
	reader := mail.NewReader(entity)
	read.takeHeaders(reader.Header)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if part == nil {
			read.Text += fmt.Sprintf("\n[%v]", err)
			return read, nil
		}
		read.takePart(part)
	}
}

func (m *Mail) takeHeaders(header mail.Header) {
	m.Subject, _ = header.Subject()
	m.MessageID, _ = header.MessageID()
	m.Date, _ = header.Date()
	if senders, err := header.AddressList("From"); err == nil && len(senders) > 0 {
		m.From = senders[0].Address
		if senders[0].Name != "" {
			m.From = senders[0].Name + " <" + senders[0].Address + ">"
		}
	}
	for fields := header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		m.Headers = append(m.Headers, Header{fields.Key(), value})
	}
}

func (m *Mail) takePart(part *mail.Part) {
	content, err := io.ReadAll(part.Body)
	if err != nil {
		content = append(content, fmt.Sprintf("\n[%v]", err)...)
	}
	mediaType, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "application/octet-stream"
	}
	attached, isFile := part.Header.(*mail.AttachmentHeader)
	switch {
	case isFile:
		name, err := attached.Filename()
		if err != nil || name == "" {
			name = fmt.Sprintf("attachment-%d", len(m.Attachments)+1)
		}
		m.Attachments = append(m.Attachments,
			Attachment{Name: name, Type: mediaType, Bytes: len(content), content: content})
	case mediaType == "text/html":
		m.HTML += string(content)
	default:
		m.Text += string(content)
	}
}

func (s Summary) mentions(query string) bool {
	wanted := strings.ToLower(strings.TrimSpace(query))
	if wanted == "" {
		return true
	}
	for _, text := range append([]string{s.Subject, s.From}, s.To...) {
		if strings.Contains(strings.ToLower(text), wanted) {
			return true
		}
	}
	return false
}

// Position counts attachments from 1, as the page's links do.
func (a Attachment) Position(index int) int { return index + 1 }
