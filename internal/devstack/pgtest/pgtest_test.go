package pgtest_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/internal/devstack"
	"magam/internal/devstack/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, other := pgtest.Open(t), pgtest.Open(t)

	_, err := one.App(t).
		Exec(t.Context(), "INSERT INTO invoice_series (issuer, series) VALUES ('us', 'INV-2026')")
	require.NoError(t, err)

	var rows int
	require.NoError(t, other.App(t).QueryRow(t.Context(), "SELECT count(*) FROM invoice_series").Scan(&rows))
	require.Zero(t, rows)
}

// A test process that is killed cannot clean up: the kernel ends its server.
func TestNoServerSurvivesAKilledTest(t *testing.T) {
	t.Parallel()
	if os.Getenv("MAGAM_PGTEST_VICTIM") != "" {
		victim(t)
		return
	}
	self := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoServerSurvivesAKilledTest$")
	self.Env = append(os.Environ(), "MAGAM_PGTEST_VICTIM=yes")
	output, err := self.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, self.Start())
	said := make([]byte, 16)
	n, err := output.Read(said)
	require.NoError(t, err)
	server, err := strconv.Atoi(strings.TrimSpace(string(said[:n])))
	require.NoError(t, err)
	require.True(t, devstack.Alive(server))

	require.NoError(t, self.Process.Kill())
	_ = self.Wait() // it was killed

	require.Eventually(t, func() bool { return !devstack.Alive(server) }, 10*time.Second, 20*time.Millisecond)
}

// victim starts a server, says its pid and waits to be killed.
func victim(t *testing.T) {
	books := pgtest.Open(t)
	var pid int
	require.NoError(t, pgtest.Pool(t, books.AdminURL).QueryRow(t.Context(),
		"SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int").Scan(&pid))
	_, err := os.Stdout.WriteString(strconv.Itoa(pid) + "\n")
	require.NoError(t, err)
	time.Sleep(time.Minute)
}
