// Package config reads one checked Config per command from the environment.
//
// Where no database is named, the settings that the embedded stack wrote into
// .magam/env count. Each field says what happens when it is wrong. No secret
// has a default.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata" // zones for schedules, whatever the machine has installed

	"github.com/caarlos0/env/v11"
)

// Common is what every command needs to find the house.
type Common struct {
	// DatabaseURL is the application's role; a wrong one stops the command at start.
	DatabaseURL string `env:"MAGAM_DATABASE_URL"`
	// OwnerURL is the owner's role, used by migrations alone; empty skips them.
	OwnerURL string `env:"MAGAM_OWNER_URL"`
	// AuditURL is the read-only role, used by the independent check; empty uses the application's.
	AuditURL string `env:"MAGAM_AUDIT_URL"`
	// TemporalAddress is host:port of the frontend; unreachable stops the command after a minute.
	TemporalAddress string `env:"MAGAM_TEMPORAL_ADDRESS" envDefault:"127.0.0.1:7233"`
	// TemporalNamespace must exist already.
	TemporalNamespace string `env:"MAGAM_TEMPORAL_NAMESPACE" envDefault:"default"`
	// TemporalUIURL is only printed; a wrong one gives dead links.
	TemporalUIURL string `env:"MAGAM_TEMPORAL_UI_URL" envDefault:"http://127.0.0.1:8233"`
	// BlobURL is where archives, documents and composed mails are kept: a folder
	// (file:///…) or an object store (s3://…, gs://…, azblob://…).
	BlobURL string `env:"MAGAM_BLOB_URL"`
	// MailURL is the mail sink's page; it is only printed, and empty where real mails go out.
	MailURL string `env:"MAGAM_MAIL_URL"`
	// Zone decides which month has ended for {} and for schedules.
	Zone string `env:"MAGAM_ZONE" envDefault:"Asia/Seoul"`
	// Language of boards and tables for our own staff: ko or en.
	Language string `env:"MAGAM_LANGUAGE" envDefault:"en"`
	// Embedded is set by the embedded stack alone; it allows approving from close.
	Embedded bool `env:"MAGAM_EMBEDDED"`
}

// Worker is the worker's Config.
type Worker struct {
	Common
	// Listen serves /healthz and /metrics; empty serves neither.
	Listen string `env:"MAGAM_WORKER_LISTEN" envDefault:"127.0.0.1:9464"`
	// Queues this worker serves: ingest, closing, documents, mail. A queue that no
	// worker serves waits forever and shows in the web UI.
	Queues []string `env:"MAGAM_WORKER_QUEUES" envDefault:"ingest,closing,documents,mail"`
	// SMTP is host:port of the relay; mails wait in the outbox while it is away.
	SMTP string `env:"MAGAM_SMTP_ADDRESS" envDefault:"127.0.0.1:1025"`
	// SMTPUser and SMTPPassword are for a relay that asks.
	SMTPUser     string `env:"MAGAM_SMTP_USER"`
	SMTPPassword string `env:"MAGAM_SMTP_PASSWORD,unset"`
	// SMTPPlain permits a relay without TLS; true only beside the embedded sink.
	SMTPPlain bool `env:"MAGAM_SMTP_PLAIN"`
	// ParallelParts bounds how many parts this worker loads at once.
	ParallelParts int `env:"MAGAM_WORKER_PARALLEL_PARTS" envDefault:"2"`
	// Spool is a folder for parquet and zip files while they are loaded, with room
	// for as many as are loaded at once. Empty is one in the system's folder for
	// temporary files.
	Spool string `env:"MAGAM_WORKER_SPOOL"`
	// StopWait is how long running activities may take to end when asked to stop.
	StopWait time.Duration `env:"MAGAM_WORKER_STOP_WAIT" envDefault:"20s"`
}

// Starter is the command line's Config.
type Starter struct {
	Common
}

// ErrConfig marks a setting that no command can work with.
var ErrConfig = errors.New("configuration")

// ReadWorker reads and checks the worker's Config.
func ReadWorker() (Worker, error) {
	cfg, err := parse[Worker]()
	if err != nil {
		return Worker{}, err
	}
	if cfg.ParallelParts < 1 {
		return Worker{}, fmt.Errorf("%w: MAGAM_WORKER_PARALLEL_PARTS must be at least 1", ErrConfig)
	}
	return cfg, cfg.check()
}

// SpoolFolder is where the worker spools: the same folder at every start.
func (w Worker) SpoolFolder() string {
	return cmp.Or(w.Spool, filepath.Join(os.TempDir(), fmt.Sprintf("magam-spool-%d", os.Getuid())))
}

// ReadStarter reads the command line's Config. What a command needs of it is
// checked when the command connects, so that --help works anywhere.
func ReadStarter() (Starter, error) {
	cfg, err := parse[Starter]()
	if err != nil {
		return Starter{}, err
	}
	return cfg, nil
}

// parse reads the environment, or what the embedded stack wrote.
func parse[T any]() (T, error) {
	var cfg T
	found, err := environment()
	if err != nil {
		return cfg, err
	}
	cfg, err = env.ParseAsWithOptions[T](env.Options{Environment: found})
	if err != nil {
		return cfg, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return cfg, nil
}

// Check reports every setting that a connected command cannot work with.
func (c Common) Check() error { return c.check() }

func (c Common) check() error {
	var problems []error
	if c.DatabaseURL == "" {
		problems = append(problems, fmt.Errorf("%w: MAGAM_DATABASE_URL is empty", ErrConfig))
	}
	if _, err := url.Parse(c.BlobURL); err != nil || c.BlobURL == "" {
		problems = append(problems, fmt.Errorf("%w: MAGAM_BLOB_URL %q is not a URL", ErrConfig, c.BlobURL))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		problems = append(problems, fmt.Errorf("%w: MAGAM_ZONE: %w", ErrConfig, err))
	}
	return errors.Join(problems...)
}

// Location is the zone as loaded; Check has proved that it loads.
func (c Common) Location() *time.Location {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}
