// Package mailsink takes every mail of the demo and the tests, keeps each as a
// file, and shows them on a small web page.
//
// It owns a mailbox for nobody: nothing is ever passed on. It does not own how
// mails are written or sent. What it stores is what came over the wire, byte for
// byte, and a mail that comes twice is stored twice: duplicates must be visible.
package mailsink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// messageBytesMax bounds one mail: a little above what the product itself sends.
const messageBytesMax = 32 << 20

// Sink is a running mail sink.
type Sink struct {
	SMTPAddr string // host:port it listens on
	WebURL   string // of the mail page; empty without one

	mailbox *Mailbox
	server  *smtp.Server
	web     *http.Server
	running sync.WaitGroup
	ended   context.Context
	cancel  context.CancelFunc

	mutex     sync.Mutex
	behaviour Behaviour
	arrivals  int
}

// Behaviour makes a sink misbehave in the ways that relays do. Each field may
// be nil. A test sets it; the demo never does.
type Behaviour struct {
	// OnRecipient and OnData answer RCPT and the final dot with an error,
	// normally an *smtp.SMTPError. What OnData refuses is not stored.
	OnRecipient func(address string) error
	OnData      func(arrival int) error
	// Delay is slept before the reply to the final dot.
	Delay func(arrival int) time.Duration
	// DropReply stores the mail and then hangs up instead of answering.
	DropReply func(arrival int) bool
}

// Start listens on both addresses, keeps mails under dir and returns at once. An
// empty webAddr starts no web page. It stops when ctx ends or on Close.
func Start(ctx context.Context, dir, smtpAddr, webAddr string) (*Sink, error) {
	mailbox, err := OpenMailbox(dir)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", smtpAddr)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for mail on %s: %w", smtpAddr, err), mailbox.Close())
	}
	sink := &Sink{SMTPAddr: listener.Addr().String(), mailbox: mailbox}
	sink.ended, sink.cancel = context.WithCancel(ctx)
	sink.server = smtp.NewServer(smtp.BackendFunc(sink.session))
	sink.server.Domain = "mail-sink"
	sink.server.MaxMessageBytes = messageBytesMax
	sink.server.MaxRecipients = 50
	sink.server.ReadTimeout = 15 * time.Minute
	sink.server.WriteTimeout = time.Minute
	sink.server.AllowInsecureAuth = true
	sink.server.ErrorLog = log.New(io.Discard, "", 0)

	if webAddr != "" {
		pages, err := new(net.ListenConfig).Listen(ctx, "tcp", webAddr)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen for the mail page on %s: %w", webAddr, err),
				listener.Close(), mailbox.Close())
		}
		sink.WebURL = "http://" + pages.Addr().String()
		sink.web = &http.Server{Handler: Handler(mailbox), ReadHeaderTimeout: 10 * time.Second}
		sink.running.Go(func() { _ = sink.web.Serve(pages) })
	}
	sink.running.Go(func() { _ = sink.server.Serve(listener) })

	sink.running.Go(func() {
		<-sink.ended.Done()
		_ = listener.Close() // a server closed before it serves would accept forever
		sink.stop()
	})
	return sink, nil
}

// Behave sets how the sink answers from now on and counts arrivals from zero again.
func (s *Sink) Behave(behaviour Behaviour) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.behaviour, s.arrivals = behaviour, 0
}

// Mailbox gives what arrived.
func (s *Sink) Mailbox() *Mailbox { return s.mailbox }

// Close stops listening, cuts every connection and waits until all has ended.
func (s *Sink) Close() error {
	s.cancel()
	s.running.Wait()
	return s.mailbox.Close()
}

// Wait returns once the sink has stopped.
func (s *Sink) Wait() { s.running.Wait() }

func (s *Sink) stop() {
	_ = s.server.Close()
	if s.web != nil {
		_ = s.web.Close()
	}
}

func (s *Sink) session(conn *smtp.Conn) (smtp.Session, error) {
	return &session{sink: s, conn: conn}, nil
}

// arrive counts an arrival from 1 and gives the behaviour it meets.
func (s *Sink) arrive() (Behaviour, int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.arrivals++
	return s.behaviour, s.arrivals
}

func (s *Sink) now() Behaviour {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.behaviour
}

// session is one client's dialogue.
type session struct {
	sink *Sink
	conn *smtp.Conn
	from string
	to   []string
}

// Mail takes any sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt takes any recipient, unless the behaviour says otherwise.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if behaviour := s.sink.now(); behaviour.OnRecipient != nil {
		if err := behaviour.OnRecipient(to); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

// Data stores the message; the client's 250 means that it is on disk.
func (s *session) Data(body io.Reader) error {
	message, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	behaviour, arrival := s.sink.arrive()
	if behaviour.Delay != nil {
		select {
		case <-time.After(behaviour.Delay(arrival)):
		case <-s.sink.ended.Done():
			return errors.New("the sink has stopped")
		}
	}
	if behaviour.OnData != nil {
		if err := behaviour.OnData(arrival); err != nil {
			return err
		}
	}
	_, err = s.sink.mailbox.Store(Envelope{From: s.from, To: s.to, ReceivedAt: time.Now().UTC()}, message)
	if err != nil {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: err.Error()}
	}
	if behaviour.DropReply != nil && behaviour.DropReply(arrival) {
		_ = s.conn.Conn().Close()
	}
	return nil
}

// Reset forgets the transaction.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout has nothing to free.
func (s *session) Logout() error { return nil }
