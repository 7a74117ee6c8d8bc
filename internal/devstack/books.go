package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/jackc/pgx/v5"

	"magam/db"
)

const booksDatabase = "magam"

// prepareBooks makes the database, its roles and its newest schema; all three
// are no-ops the second time.
func prepareBooks(ctx context.Context, server *Postgres, passwords db.Passwords) error {
	err := server.ensureDatabase(ctx, booksDatabase)
	if err != nil {
		return err
	}
	err = db.EnsureRoles(ctx, server.AdminURL(booksDatabase), passwords)
	if err != nil {
		return err
	}
	return db.Migrate(ctx, server.URL(db.RoleOwner, passwords.Owner, booksDatabase))
}

func (s *Postgres) ensureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.AdminURL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return err
}

// reopenPostgres speaks to a server that an earlier command started.
func reopenPostgres(folder string, port int, account *account) (*Postgres, error) {
	server := &Postgres{Port: port, folder: folder}
	var err error
	server.password, err = ownSecret(server.passwordFile(), account)
	return server, err
}

// InstallPostgres gets server binaries where there are none: as root on a
// Debian, by its own package. Anywhere else the error says which command does.
func InstallPostgres(ctx context.Context, say func(format string, arguments ...any)) error {
	_, err := FindPostgres(ctx)
	if !errors.Is(err, ErrNoPostgres) || os.Geteuid() != 0 || !onPath("apt-get") {
		return err // also of a search that was cut short: it found nothing out
	}
	say("no Postgres server is installed: installing Debian's package (apt-get install postgresql)")
	for _, arguments := range [][]string{
		{"update", "-q"}, {"install", "-q", "-y", "--no-install-recommends", "postgresql"},
	} {
		install := exec.CommandContext(ctx, "apt-get", arguments...)
		install.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		output, err := install.CombinedOutput()
		if err != nil {
			return fmt.Errorf("apt-get %s: %w: %s", arguments[0], err, output)
		}
	}
	_, err = FindPostgres(ctx)
	return err
}
