package devstack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// ErrNoPostgres says that no server binaries are installed; its text ends with
// the one command that installs them.
var ErrNoPostgres = errors.New(
	"no Postgres server (15 or later) is installed; to install one: " + postgresInstall(),
)

const oldestMajor = 15

// FindPostgres gives the folder of the newest Postgres server binaries that
// will do: by pg_config, in the places distributions use, or on PATH.
func FindPostgres(ctx context.Context) (string, error) {
	var folders []string
	if asked := os.Getenv("MAGAM_POSTGRES_BIN"); asked != "" {
		folders = append(folders, asked)
	}
	if output, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(output)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin",
	} {
		found, _ := filepath.Glob(pattern) // its only error is a bad pattern
		slices.Sort(found)
		slices.Reverse(found)
		folders = append(folders, found...)
	}
	if postgres, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(postgres))
	}
	for _, folder := range folders {
		if serverMajor(ctx, folder) >= oldestMajor {
			return folder, nil
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err() // no server answered, because none was given the time to
	}
	return "", ErrNoPostgres
}

// serverMajor is 0 where a folder lacks initdb or postgres.
func serverMajor(ctx context.Context, folder string) int {
	if _, err := os.Stat(filepath.Join(folder, "initdb")); err != nil {
		return 0
	}
	output, err := exec.CommandContext(ctx, filepath.Join(folder, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	for _, word := range strings.Fields(string(output)) { // postgres (PostgreSQL) 15.14 (Debian …)
		number, _, _ := strings.Cut(word, ".")
		if major, err := strconv.Atoi(number); err == nil {
			return major
		}
	}
	return 0
}

func postgresInstall() string {
	switch runtime.GOOS {
	case "darwin":
		return "brew install postgresql@17"
	case "linux":
		switch {
		case onPath("apt-get"):
			return "sudo apt-get install -y postgresql"
		case onPath("dnf"):
			return "sudo dnf install -y postgresql-server postgresql-contrib"
		case onPath("pacman"):
			return "sudo pacman -S --noconfirm postgresql"
		case onPath("apk"):
			return "apk add postgresql17 postgresql17-contrib"
		}
	}
	return "see https://www.postgresql.org/download/"
}

func onPath(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}

// plainLocale sorts by code point whatever the machine's own language is.
func plainLocale() string {
	if runtime.GOOS == "darwin" {
		return "C" // which has no C.UTF-8; the encoding is set apart
	}
	return "C.UTF-8"
}

// serverEnvironment keeps out of a server what a person's shell has set for
// clients, PGDATA and its like.
func serverEnvironment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + plainLocale(), "TZ=UTC"}
}
