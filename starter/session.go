package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"

	"magam/domain/period"
	"magam/internal/config"
	"magam/internal/payload"
)

// session opens the doors a command asks for, once, and closes them at the end.
type session struct {
	cfg      config.Starter
	json     bool
	out      io.Writer // answers
	progress io.Writer // what is being done; never mixed with answers
	books    *pgxpool.Pool
	temporal client.Client
	bar      *rowBar // that moves now: what is said meanwhile goes above it
}

// openBooks connects to the books for reading.
func (s *session) openBooks(ctx context.Context) (*pgxpool.Pool, error) {
	if s.books != nil {
		return s.books, nil
	}
	err := s.checkConfig()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, s.cfg.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("open the books: %w", err)
	}
	asking, stop := context.WithTimeout(ctx, reachable)
	defer stop()
	err = pool.Ping(asking)
	if err != nil {
		pool.Close()
		at := pool.Config().ConnConfig
		return nil, fmt.Errorf(
			"the books do not answer at %s:%d (%s). Fix: starter stack status, or starter stack up",
			at.Host,
			at.Port,
			lastWords(err),
		)
	}
	s.books = pool
	return pool, nil
}

// checkConfig refuses a configuration that opens no door, and says what helps.
func (s *session) checkConfig() error {
	err := s.cfg.Check()
	if err != nil {
		return fmt.Errorf("%w. Fix: starter stack up, or set what README.md names", err)
	}
	return nil
}

// reachable is how long a door may take to open.
const reachable = 10 * time.Second

// lastWords is the cause of a broken connection, without the address before it,
// which is said apart.
func lastWords(err error) string {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	return err.Error()
}

// month is the one asked for, or the one before this one by the house's clock.
func (s *session) month(asked period.Month) period.Month {
	if asked.IsZero() {
		return period.Previous(time.Now().In(s.cfg.Location()))
	}
	return asked
}

// dial connects to Temporal.
func (s *session) dial(ctx context.Context) (client.Client, error) {
	if s.temporal != nil {
		return s.temporal, nil
	}
	dialling, stop := context.WithTimeout(ctx, reachable)
	defer stop()
	temporal, err := client.DialContext(dialling, client.Options{
		HostPort:      s.cfg.TemporalAddress,
		Namespace:     s.cfg.TemporalNamespace,
		DataConverter: payload.Converter(),
		Logger:        quiet{},
	})
	if err != nil {
		return nil, fmt.Errorf(
			"temporal does not answer at %s (%s). Fix: starter stack status, or starter stack up",
			s.cfg.TemporalAddress,
			lastWords(err),
		)
	}
	s.temporal = temporal
	return temporal, nil
}

// printJSON answers a program. Amounts are strings with every digit.
func (s *session) printJSON(answer any) error {
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

func (s *session) close() {
	if s.books != nil {
		s.books.Close()
	}
	if s.temporal != nil {
		s.temporal.Close()
	}
}

// quiet drops the SDK's own chatter: a command says what matters itself.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

// sayf tells a person what is being done. Programs that ask for JSON read only
// the answer, which goes elsewhere.
func (s *session) sayf(format string, arguments ...any) {
	if s.bar != nil {
		s.bar.writer.Log(format, arguments...)
		return
	}
	fmt.Fprintf(s.progress, format+"\n", arguments...)
}

// runURL is where the web UI shows a run.
func (s *session) runURL(id, run string) string {
	return fmt.Sprintf("%s/namespaces/%s/workflows/%s/%s",
		s.cfg.TemporalUIURL, s.cfg.TemporalNamespace, url.PathEscape(id), run)
}
