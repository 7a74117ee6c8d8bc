package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// idleMax is how many connections are kept and idleFor how long: relays hang up
// on silent clients, mostly after a minute or more.
const (
	idleMax = 4
	idleFor = 20 * time.Second
)

// line is one connection on which the relay knows us.
type line struct {
	conn   net.Conn
	client *smtp.Client
	since  time.Time // idle since
}

// take reuses a connection that still answers, or makes one.
func (d *Door) take(ctx context.Context) (*line, error) {
	for {
		d.mutex.Lock()
		if d.shut {
			d.mutex.Unlock()
			return nil, errors.New("the mail door is closed")
		}
		var kept *line
		if last := len(d.idle) - 1; last >= 0 {
			kept, d.idle = d.idle[last], d.idle[:last]
		}
		d.mutex.Unlock()
		if kept == nil {
			return d.dial(ctx)
		}
		if time.Since(kept.since) > idleFor {
			kept.quit() // it has been silent for long: whether it still answers is no matter
			continue
		}
		guard := kept.cutWhenDone(ctx)
		err := kept.client.Reset()
		if guard() && err == nil {
			return kept, nil
		}
		kept.cut()
	}
}

// giveBack keeps a connection whose dialogue ended with a reply, and hangs up any other.
func (d *Door) giveBack(spoken *line, err error) {
	code, replied := codeOf(err)
	d.mutex.Lock()
	defer d.mutex.Unlock()
	usable := err == nil || replied && code != 421
	if !usable || d.shut || len(d.idle) >= idleMax {
		spoken.cut()
		return
	}
	spoken.since = time.Now()
	d.idle = append(d.idle, spoken)
}

// dial connects, greets, starts TLS and signs in.
func (d *Door) dial(ctx context.Context) (*line, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", d.cfg.Address)
	if err != nil {
		return nil, err
	}
	fresh := &line{conn: conn}
	guard := fresh.cutWhenDone(ctx)
	fresh.client, err = d.introduce(conn)
	if !guard() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = conn.Close() // the dialogue's own error says why
		return nil, err
	}
	return fresh, nil
}

func (d *Door) introduce(conn net.Conn) (*smtp.Client, error) {
	secure := &tls.Config{ServerName: d.host, RootCAs: d.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	_, port, _ := net.SplitHostPort(d.cfg.Address)
	encrypted := port == "465"
	if encrypted {
		conn = tls.Client(conn, secure)
	}
	client, err := smtp.NewClient(conn, d.host)
	if err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	client.SkipSMTPUTF8(true) // envelopes are ASCII: see checkEnvelope
	if err := client.Hello(d.cfg.HelloName); err != nil {
		return nil, fmt.Errorf("EHLO: %w", err)
	}
	if offered, _ := client.Extension("STARTTLS"); offered && !encrypted {
		if err := client.StartTLS(secure); err != nil {
			return nil, fmt.Errorf("STARTTLS: %w", err)
		}
		encrypted = true
	}
	if !encrypted && !d.cfg.Plain {
		return nil, errNoTLS
	}
	if d.cfg.User == "" {
		return client, nil
	}
	if err := client.Auth(d.credentials(client)); err != nil {
		return nil, fmt.Errorf("AUTH: %w", err)
	}
	return client, nil
}

// credentials chooses how to sign in; some relays speak only the older LOGIN.
// Neither is ever sent in clear, except to a relay on this machine.
func (d *Door) credentials(client *smtp.Client) smtp.Auth {
	_, offered := client.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	for _, mechanism := range mechanisms {
		if mechanism == "PLAIN" {
			return smtp.PlainAuth("", d.cfg.User, d.cfg.Password, d.host, false)
		}
	}
	return smtp.LoginAuth(d.cfg.User, d.cfg.Password, d.host, false)
}

// offer goes up to the relay's go-ahead for the message.
func (l *line) offer(from string, to []string, size int) (io.WriteCloser, error) {
	if limited, limit := l.client.Extension("SIZE"); limited {
		most, err := strconv.Atoi(limit)
		if err == nil && most > 0 && size > most {
			return nil, &tooLarge{size, most}
		}
	}
	if err := l.client.Mail("<" + from + ">"); err != nil {
		return nil, fmt.Errorf("MAIL: %w", err)
	}
	for i, address := range to {
		if err := l.client.Rcpt("<" + address + ">"); err != nil {
			return nil, fmt.Errorf("RCPT %d of %d: %w", i+1, len(to), err)
		}
	}
	body, err := l.client.Data()
	if err != nil {
		return nil, fmt.Errorf("DATA: %w", err)
	}
	return body, nil
}

// finish sends the final dot and waits for the reply.
func (l *line) finish(body io.WriteCloser, until time.Time) (string, error) {
	if err := l.conn.SetDeadline(until); err != nil {
		return "", err
	}
	err := body.Close()
	if err != nil {
		return "", err
	}
	_ = l.conn.SetDeadline(time.Time{}) // a connection that is gone shows when it is next used
	if answered, ok := body.(*smtp.DataCloser); ok {
		return "250 " + answered.ServerResponse(), nil
	}
	return "250", nil
}

// cutWhenDone breaks off reads and writes once ctx is done. The returned guard
// ends the watch and says whether the connection is still whole.
func (l *line) cutWhenDone(ctx context.Context) (guard func() bool) {
	return context.AfterFunc(ctx, l.cut)
}

func (l *line) cut() { _ = l.conn.Close() }

// quit says goodbye. Whether the relay answers is no matter: nothing hangs on it.
func (l *line) quit() {
	_ = l.conn.SetDeadline(time.Now().Add(2 * time.Second))
	err := l.client.Quit()
	if err != nil {
		l.cut()
	}
}
