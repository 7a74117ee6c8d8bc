// Package pgtest gives each test a database of its own on a private Postgres.
//
// The server starts once per test process, on first use, and dies with it. A
// template is migrated once; each Open clones it in well under a tenth of a
// second. A machine without Postgres fails the tests: they never skip.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"magam/db"
	"magam/internal/devstack"
)

const (
	template = "magam_template"
	dropMax  = 30 * time.Second
)

// Database is a fresh, migrated database and how its three roles reach it.
type Database struct {
	Name                       string
	AppURL, OwnerURL, AuditURL string
	// AdminURL is the superuser's: for a test that must do what no role may.
	AdminURL string
}

var (
	startOnce sync.Once
	shared    *server
	startErr  error
	opened    atomic.Int64
)

type server struct {
	postgres  *devstack.Postgres
	folder    string
	passwords db.Passwords
}

// Main runs a package's tests, stops the server they may have started, does what
// else is to be done at the end, and refuses a goroutine that nobody ended. It is
// the whole body of TestMain.
func Main(m *testing.M, atEnd ...func() error) {
	code := m.Run()
	for _, last := range atEnd {
		err := last()
		if err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
		}
	}
	if shared != nil {
		err := shared.stop()
		if err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
		}
	}
	http.DefaultClient.CloseIdleConnections() // kept for the next question, of which there is none
	err := goleak.Find()
	if code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = 1
	}
	os.Exit(code)
}

// Open gives a database that nobody else uses, dropped when the test ends.
func Open(t testing.TB) *Database {
	t.Helper()
	startOnce.Do(func() { shared, startErr = start(context.Background()) })
	require.NoError(t, startErr, "a test that needs Postgres fails without one")

	name := fmt.Sprintf("magam_%d", opened.Add(1))
	require.NoError(t,
		shared.admin(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template+" OWNER "+db.RoleOwner))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), dropMax)
		defer cancel()
		require.NoError(t, shared.admin(ctx, "DROP DATABASE "+name+" WITH (FORCE)"))
	})
	return &Database{
		Name:     name,
		AppURL:   shared.postgres.URL(db.RoleApp, shared.passwords.App, name),
		OwnerURL: shared.postgres.URL(db.RoleOwner, shared.passwords.Owner, name),
		AuditURL: shared.postgres.URL(db.RoleAudit, shared.passwords.Audit, name),
		AdminURL: shared.postgres.AdminURL(name),
	}
}

// App is a pool of the application's role, closed when the test ends.
func (d *Database) App(t testing.TB) *pgxpool.Pool { return Pool(t, d.AppURL) }

// Owner is a pool of the owner's role, closed when the test ends.
func (d *Database) Owner(t testing.TB) *pgxpool.Pool { return Pool(t, d.OwnerURL) }

// Audit is a pool of the auditor's role, closed when the test ends.
func (d *Database) Audit(t testing.TB) *pgxpool.Pool { return Pool(t, d.AuditURL) }

// Pool connects to a URL until the test ends.
func Pool(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

func start(ctx context.Context) (*server, error) {
	folder := NewFolder()
	postgres, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Folder: folder})
	if err != nil {
		return nil, err
	}
	started := &server{
		postgres: postgres, folder: folder,
		passwords: db.Passwords{Owner: rand.Text(), App: rand.Text(), Audit: rand.Text()},
	}
	err = started.makeTemplate(ctx)
	if err != nil {
		return nil, errors.Join(err, started.stop())
	}
	return started, nil
}

func (s *server) makeTemplate(ctx context.Context) error {
	err := s.admin(ctx, "CREATE DATABASE "+template)
	if err != nil {
		return err
	}
	err = db.EnsureRoles(ctx, s.postgres.AdminURL(template), s.passwords)
	if err != nil {
		return err
	}
	return db.Migrate(ctx, s.postgres.URL(db.RoleOwner, s.passwords.Owner, template))
}

// admin runs one statement about databases, which no transaction may hold.
func (s *server) admin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.postgres.AdminURL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, statement)
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func (s *server) stop() error {
	err := s.postgres.Stop()
	if err != nil {
		return err
	}
	return os.RemoveAll(s.folder)
}
