package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"magam/db"
	"magam/internal/blob"
	"magam/internal/config"
	"magam/internal/mail"
	"magam/internal/payload"
	"magam/internal/spool"
	"magam/templates/pdf"
)

// house holds the doors that the hands are given, and closes them at the end.
type house struct {
	cfg      config.Worker
	log      *slog.Logger
	books    *pgxpool.Pool
	store    *blob.Store
	spool    *spool.Folder
	relay    *mail.Door
	temporal client.Client
	metrics  *prometheus.Registry
}

// open migrates the books where the owner's role is known, then opens every
// door. A door that does not open stops the worker: half a house is worse.
func open(ctx context.Context, cfg config.Worker, log *slog.Logger) (*house, error) {
	h := &house{cfg: cfg, log: log}
	err := pdf.SelfTest()
	if err != nil {
		return nil, fmt.Errorf("print a page to see that fonts and words are whole: %w", err)
	}
	if cfg.OwnerURL != "" {
		err = db.Migrate(ctx, cfg.OwnerURL)
		if err != nil {
			return nil, fmt.Errorf("migrate the books: %w", err)
		}
	}
	err = h.openDoors(ctx)
	if err != nil {
		h.close(ctx)
		return nil, err
	}
	return h, nil
}

func (h *house) openDoors(ctx context.Context) error {
	pool, err := pgxpool.ParseConfig(h.cfg.DatabaseURL)
	if err != nil {
		return fmt.Errorf("open the books: %w", err)
	}
	// A part that is loaded holds one connection and asks for names on a second: with no more connections than
	// parts, all would wait for each other.
	pool.MaxConns = max(pool.MaxConns, int32(min(2*h.cfg.ParallelParts+2, math.MaxInt16)))
	h.books, err = pgxpool.NewWithConfig(ctx, pool)
	if err != nil {
		return fmt.Errorf("open the books: %w", err)
	}
	err = h.books.Ping(ctx)
	if err != nil {
		return fmt.Errorf("open the books: %w", err)
	}
	h.store, err = blob.Open(ctx, h.cfg.BlobURL)
	if err != nil {
		return err
	}
	h.spool, err = spool.Open(h.cfg.SpoolFolder())
	if err != nil {
		return err
	}
	h.relay, err = mail.New(mail.Config{
		Address: h.cfg.SMTP, User: h.cfg.SMTPUser, Password: h.cfg.SMTPPassword, Plain: h.cfg.SMTPPlain,
	})
	if err != nil {
		return err
	}
	handler, registry, err := newMetrics(h.log)
	if err != nil {
		return err
	}
	h.metrics = registry
	h.temporal, err = client.DialContext(ctx, client.Options{
		HostPort:       h.cfg.TemporalAddress,
		Namespace:      h.cfg.TemporalNamespace,
		DataConverter:  payload.Converter(),
		Logger:         sdklog.NewStructuredLogger(h.log),
		MetricsHandler: handler,
	})
	if err != nil {
		return fmt.Errorf("reach Temporal at %s: %w", h.cfg.TemporalAddress, err)
	}
	return nil
}

// serve works on the queues until ctx ends or one of them fails.
func (h *house) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHealth(ctx, h.cfg.Listen, h.metrics, h.ready) })
	for _, queue := range h.cfg.Queues {
		one, err := h.worker(queue)
		if err != nil {
			return err
		}
		err = one.Start()
		if err != nil {
			return fmt.Errorf("serve the %s queue: %w", queue, err)
		}
		group.Go(func() error {
			<-ctx.Done()
			one.Stop()
			return nil
		})
	}
	h.log.InfoContext(ctx, "worker is ready", slog.Any("queues", h.cfg.Queues))
	return group.Wait()
}

// ready says what a probe should know: can the books and Temporal be reached.
func (h *house) ready(ctx context.Context) error {
	_, err := h.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return errors.Join(h.books.Ping(ctx), err)
}

func (h *house) close(ctx context.Context) {
	if h.temporal != nil {
		h.temporal.Close()
	}
	if h.relay != nil {
		h.logClosing(ctx, h.relay.Close())
	}
	if h.store != nil {
		h.logClosing(ctx, h.store.Close())
	}
	if h.books != nil {
		h.books.Close()
	}
}

// logClosing tells of a door that did not shut well; nothing hangs on it.
func (h *house) logClosing(ctx context.Context, err error) {
	if err != nil {
		h.log.WarnContext(ctx, "a door did not shut well", slog.Any("error", err))
	}
}
