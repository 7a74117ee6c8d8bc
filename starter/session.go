package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"

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
}

// openBooks connects to the books for reading.
func (s *session) openBooks(ctx context.Context) (*pgxpool.Pool, error) {
	if s.books != nil {
		return s.books, nil
	}
	err := s.cfg.Check()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, s.cfg.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("open the books: %w", err)
	}
	s.books = pool
	return pool, nil
}

// dial connects to Temporal.
func (s *session) dial(ctx context.Context) (client.Client, error) {
	if s.temporal != nil {
		return s.temporal, nil
	}
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort:      s.cfg.TemporalAddress,
		Namespace:     s.cfg.TemporalNamespace,
		DataConverter: payload.Converter(),
		Logger:        quiet{},
	})
	if err != nil {
		return nil, fmt.Errorf("reach Temporal at %s (is the stack up? make up): %w", s.cfg.TemporalAddress, err)
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
	fmt.Fprintf(s.progress, format+"\n", arguments...)
}

// runURL is where the web UI shows a run.
func (s *session) runURL(id, run string) string {
	return fmt.Sprintf("%s/namespaces/%s/workflows/%s/%s",
		s.cfg.TemporalUIURL, s.cfg.TemporalNamespace, url.PathEscape(id), run)
}
