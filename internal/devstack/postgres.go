package devstack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	postgresStartMax = 60 * time.Second // crash recovery after a power cut counts in
	postgresStopMax  = 20 * time.Second
	socketPathMax    = 103 // bytes: the kernel's limit, macOS' being the lower
	adminRole        = "postgres"
)

// PostgresOptions says where a private Postgres lives and how careful it is.
type PostgresOptions struct {
	// Folder holds the data, the socket, the log and the admin's password. It is
	// made if it is missing; when we are root, its parents must be open to others.
	Folder string
	// Durable keeps what was committed through a power cut. Tests do without.
	Durable bool
	// Detached lets the server outlive this process; otherwise it dies with us.
	Detached bool
	// Port is used if it is free, else another is picked.
	Port int
}

// Postgres is a running private server, reached on loopback with a password.
type Postgres struct {
	Port int

	folder   string
	password string // the admin's
	child    *child
}

// StartPostgres starts the server of a folder, making its data on first use.
func StartPostgres(ctx context.Context, options PostgresOptions) (*Postgres, error) {
	bin, err := FindPostgres(ctx)
	if err != nil {
		return nil, err
	}
	account, err := unprivileged()
	if err != nil {
		return nil, err
	}
	server := &Postgres{folder: options.Folder}
	err = server.prepare(ctx, bin, account)
	if err != nil {
		return nil, fmt.Errorf("prepare Postgres in %s: %w", options.Folder, err)
	}
	err = onFreePorts(ctx, []int{options.Port}, func(ports []int) error {
		server.Port = ports[0]
		return server.start(ctx, bin, account, options)
	})
	if err != nil {
		return nil, fmt.Errorf("start Postgres in %s: %w", options.Folder, err)
	}
	return server, nil
}

// URL connects to a database of the server as a role with its password.
func (s *Postgres) URL(role, password, database string) string {
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, password),
		Host: loopback(s.Port), Path: "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

// AdminURL connects as the superuser.
func (s *Postgres) AdminURL(database string) string { return s.URL(adminRole, s.password, database) }

// Stop ends the server in order: connections are cut, the data is left clean.
func (s *Postgres) Stop() error {
	if s.child == nil {
		return nil
	}
	return s.child.stop(os.Interrupt, postgresStopMax)
}

// prepare makes the folder and, once, the data.
func (s *Postgres) prepare(ctx context.Context, bin string, account *account) error {
	if !socketFits(s.folder) {
		return fmt.Errorf("the folder's path is too long for a socket's, at most %d bytes", socketPathMax)
	}
	err := account.makeFolder(s.folder)
	if err != nil {
		return err
	}
	s.password, err = ownSecret(s.passwordFile(), account)
	if err != nil {
		return err
	}
	if _, err = os.Stat(s.data()); err == nil {
		return nil
	}
	return s.initialize(ctx, bin, account)
}

// initialize makes the data beside its place and moves it there: an initdb that
// was cut short is not mistaken for data.
func (s *Postgres) initialize(ctx context.Context, bin string, account *account) error {
	fresh := s.data() + ".new"
	err := os.RemoveAll(fresh)
	if err != nil {
		return err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"--pgdata="+fresh, "--username="+adminRole, "--encoding=UTF8", "--locale="+plainLocale(),
		"--auth=scram-sha-256", "--pwfile="+s.passwordFile(), "--no-sync")
	initdb.Dir = s.folder
	initdb.Env = serverEnvironment()
	initdb.SysProcAttr = account.attributes()
	output, err := initdb.CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w: %s", err, output)
	}
	return os.Rename(fresh, s.data())
}

func (s *Postgres) start(ctx context.Context, bin string, account *account, options PostgresOptions) error {
	log := s.log()
	var err error
	s.child, err = startChild(childOptions{
		path: filepath.Join(bin, "postgres"), arguments: s.arguments(options), folder: s.folder,
		environment: serverEnvironment(), log: log, account: account, detached: options.Detached,
	})
	if err != nil {
		return err
	}
	err = s.child.await(ctx, postgresStartMax, s.ping)
	if err != nil {
		_ = s.child.stop(os.Kill, postgresStopMax) // it never answered: nothing of ours is in it
		return explainLog(err, log)
	}
	return nil
}

func (s *Postgres) arguments(options PostgresOptions) []string {
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(s.Port),
		"unix_socket_directories": s.folder,
		"timezone":                "UTC",
		"max_connections":         "200",
		"log_error_verbosity":     "terse", // the context of a failed COPY would log a customer's line
		"shared_buffers":          "64MB",
	}
	if options.Durable {
		settings["shared_buffers"] = "256MB"
		settings["max_wal_size"] = "4GB"
	} else {
		settings["fsync"] = "off"
		settings["synchronous_commit"] = "off"
		settings["full_page_writes"] = "off"
	}
	arguments := []string{"-D", s.data()}
	for name, value := range settings {
		arguments = append(arguments, "-c", name+"="+value)
	}
	return arguments
}

func (s *Postgres) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.AdminURL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func socketFits(folder string) bool {
	return len(filepath.Join(folder, ".s.PGSQL.65535.lock")) <= socketPathMax
}

func (s *Postgres) data() string { return filepath.Join(s.folder, "data") }

func (s *Postgres) passwordFile() string { return filepath.Join(s.folder, "admin.password") }

func (s *Postgres) log() string { return filepath.Join(s.folder, "postgres.log") }

// ownSecret reads the password in a file, or writes a new random one.
func ownSecret(file string, account *account) (string, error) {
	kept, err := os.ReadFile(file)
	if err == nil && len(kept) > 0 {
		return string(kept), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	secret := rand.Text()
	err = os.WriteFile(file, []byte(secret), 0o600)
	if err != nil {
		return "", err
	}
	return secret, account.own(file)
}
