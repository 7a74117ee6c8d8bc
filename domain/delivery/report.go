package delivery

import (
	"fmt"
	"strings"
	"time"
)

// Report is one edition of a month's report to finance as the books keep it.
type Report struct {
	Month   string
	Edition int // from 1
	Content []byte
	Digest  string // sha256 of Content
	MadeAt  time.Time
	Same    bool // it was there before
}

// ReportMail is one mail of an edition to one person of finance.
type ReportMail struct {
	ID                  int64
	Month               string
	Edition             int
	Person              string // a code of the people sheet
	Recipient           string
	Language            string
	MessageID           string
	MIMESHA256, MIMEKey string
	State               State
	Fence               int64
	Attempts, Ambiguous int
	LastReply           string
}

// Open says whether the mail may still arrive.
func (m ReportMail) Open() bool {
	return m.State == StatePending || m.State == StateSending || m.State == StateDot ||
		m.State == StateUnknown
}

// ReportMessageID names a report's mail: the same on every run, by which mail
// programs know a second copy.
func ReportMessageID(month string, edition int, person, from string) string {
	_, domain, _ := strings.Cut(from, "@")
	return fmt.Sprintf("<report-%s-%d.%s@%s>", month, edition, person, domain)
}
