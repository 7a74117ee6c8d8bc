// Package mail is the door to SMTP: it hands one composed message to a relay and
// says how certain it is that the relay has it.
//
// It owns the dialogue from connect to the reply after the final dot, and the
// judging of every way in which that dialogue can end. It does not own what is
// written (see templates/email), nor when to try again (see workflows).
//
// The promise: before the final dot nothing was delivered, whatever broke; after
// it only the relay's reply tells, and without one the verdict is Unknown.
package mail

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"
)

// Verdict is how an attempt ended. It is plain text, so that the rooms above can
// declare the interface they need without importing a door.
type Verdict = string

// The verdicts.
const (
	Sent        Verdict = "sent"         // the relay answered 250 after the final dot
	TryAgain    Verdict = "try-again"    // certainly not delivered; later may do
	Refused     Verdict = "refused"      // certainly not delivered; later will not do
	Unknown     Verdict = "unknown"      // the final dot went out and no reply came back
	TLSRequired Verdict = "tls-required" // the relay offers no TLS: nothing was said to it
)

// Config is what the door must know of the relay.
type Config struct {
	Address        string // host:port; port 465 speaks TLS from the first byte
	User, Password string // for a relay that asks
	Plain          bool   // permits a relay without TLS: only beside the embedded sink
	HelloName      string // our name in EHLO; empty is localhost
	RootCAs        *x509.CertPool

	// DialogueMax bounds everything up to the final dot; ReplyMax the wait after it.
	DialogueMax, ReplyMax time.Duration
}

// The bounds unless told: RFC 5321 asks for ten minutes after the final dot.
const (
	dialogueMax = 150 * time.Second
	replyMax    = 10 * time.Minute
)

// Door speaks to one relay. It keeps connections open between mails, since a
// month end sends hundreds in a row. It is safe for concurrent use.
type Door struct {
	cfg  Config
	host string

	mutex sync.Mutex
	idle  []*line
	shut  bool
}

// New checks the relay's address and makes its door; nothing is dialled yet.
func New(cfg Config) (*Door, error) {
	host, port, err := net.SplitHostPort(cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("relay %q: %w", cfg.Address, err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil || host == "" {
		return nil, fmt.Errorf("relay %q: want host:port", cfg.Address)
	}
	if cfg.HelloName == "" {
		cfg.HelloName = "localhost"
	}
	if cfg.DialogueMax == 0 {
		cfg.DialogueMax = dialogueMax
	}
	if cfg.ReplyMax == 0 {
		cfg.ReplyMax = replyMax
	}
	return &Door{cfg: cfg, host: host}, nil
}

// Send offers message to the relay in one transaction and waits for its reply.
//
// beforeDot is called when the relay has everything but the final dot; if it
// fails, the dot is never sent, the connection is cut and its error comes back
// unchanged. All recipients are in or none: one that is refused ends the
// attempt before a byte of the message is sent.
func (d *Door) Send(
	ctx context.Context, from string, to []string, message []byte, beforeDot func(context.Context) error,
) (verdict Verdict, reply string, err error) {
	if verdict, reply := checkEnvelope(from, to, message); verdict != "" {
		return verdict, reply, nil
	}
	early, cancel := context.WithTimeout(ctx, d.cfg.DialogueMax)
	defer cancel()

	spoken, err := d.take(early)
	if err != nil {
		return judgeOpening(err)
	}
	guard := spoken.cutWhenDone(early)
	body, err := spoken.offer(from, to, len(message))
	if err == nil {
		_, err = body.Write(message)
	}
	if err != nil {
		guard()
		d.giveBack(spoken, err)
		return judgeDialogue(err)
	}
	if err := beforeDot(early); err != nil {
		guard()
		spoken.cut()
		return TryAgain, "", err
	}
	if !guard() {
		spoken.cut()
		return TryAgain, "the dialogue took too long and was cut before the final dot", nil
	}

	// From here on the caller's patience does not count: hanging up now would
	// only turn a reply into a doubt.
	reply, err = spoken.finish(body, time.Now().Add(d.cfg.ReplyMax))
	d.giveBack(spoken, err)
	return judgeReply(reply, err)
}

// Close hangs up every connection kept open. Whether a relay answers to that is
// no matter, so there is no error to tell.
func (d *Door) Close() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.shut = true
	for _, spoken := range d.idle {
		spoken.quit()
	}
	d.idle = nil
	return nil
}
