package devstack_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/devstack"
)

// TestMain lets the test binary stand in for the mail sink and for the worker.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("MAGAM_WORKER_LISTEN") != "":
		standIn(os.Getenv("MAGAM_WORKER_LISTEN"))
	case len(os.Args) > 1 && os.Args[1] == "stand-in-sink":
		go standIn(os.Args[3]) // --smtp
		standIn(os.Args[5])    // --web
	default:
		os.Exit(m.Run())
	}
}

func standIn(address string) {
	err := http.ListenAndServe(address, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestAStackIsStartedOnceAndStoppedWhole(t *testing.T) {
	t.Parallel()
	house := newHouse(t)
	first, err := house.stack.Up(t.Context())
	require.NoError(t, err)
	house.requireStates(t, devstack.StateHealthy)

	again, err := house.stack.Up(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, again, "a second up finds it running and does nothing")

	house.rebuildWorker(t)
	rebuilt, err := house.stack.Up(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, first.Services["worker"].PID, rebuilt.Services["worker"].PID, "yesterday's code goes")
	require.Equal(t, first.Services["postgres"], rebuilt.Services["postgres"])

	require.NoError(t, house.stack.Down(t.Context()))
	house.requireStates(t, devstack.StateStopped)
	require.NoError(t, house.stack.Down(t.Context()), "a second down finds nothing to do")

	back, err := house.stack.Up(t.Context())
	require.NoError(t, err)
	for name, service := range back.Services {
		require.Equal(t, rebuilt.Services[name].Ports, service.Ports, "%s comes back where it was", name)
	}
	require.NoError(t, house.stack.Erase(t.Context()))
	require.NoDirExists(t, house.layout.State)
	require.NoDirExists(t, back.PostgresFolder)
}

func TestSecretsAreForUsAlone(t *testing.T) {
	t.Parallel()
	house := newHouse(t)
	_, err := house.stack.Up(t.Context())
	require.NoError(t, err)

	secrets, err := filepath.Glob(filepath.Join(house.layout.State, "secrets", "*"))
	require.NoError(t, err)
	require.Len(t, secrets, 3)
	for _, file := range append(secrets, house.layout.EnvFile()) {
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
	}
}

func TestATakenPortIsLeftToItsOwner(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	address, ok := taken.Addr().(*net.TCPAddr)
	require.True(t, ok)
	folder := openFolder(t)

	server, err := devstack.StartPostgres(t.Context(), devstack.PostgresOptions{
		Folder: filepath.Join(folder, "pg"), Port: address.Port,
	})

	require.NoError(t, err)
	require.NotEqual(t, address.Port, server.Port)
	require.NoError(t, server.Stop())
}

// A search that was cut short says so: "not installed" would have root install.
func TestACancelledSearchFindsNothingAndSaysWhy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := devstack.FindPostgres(ctx)

	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, devstack.ErrNoPostgres)
}

func TestOnlyOurProcessCounts(t *testing.T) {
	t.Parallel()

	tests := map[string]devstack.Service{
		"a service that never ran":                    {},
		"a process of the same number, started later": {PID: os.Getpid(), Identity: "another boot/12345"},
		"a record without an identity":                {PID: os.Getpid()},
		"a process that is gone":                      {PID: 1 << 22, Identity: "another boot/12345"},
	}
	for name, service := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			require.False(t, service.Running())
		})
	}
}

type house struct {
	layout devstack.Layout
	stack  *devstack.Stack
	worker string
}

// newHouse is a project folder with a stack of stand-ins beside the real
// Postgres and the real Temporal, erased when the test ends.
func newHouse(t *testing.T) house {
	t.Helper()
	project := openFolder(t)
	built := house{layout: devstack.LayoutOf(project), worker: filepath.Join(project, "worker")}
	self, err := os.ReadFile(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(built.worker, self, 0o755))
	module, err := devstack.FindLayout()
	require.NoError(t, err)
	temporal, err := devstack.FindTemporal(t.Context(), module, t.Logf)
	require.NoError(t, err)
	built.stack = devstack.New(devstack.Options{
		Layout:   built.layout,
		Worker:   built.worker,
		Temporal: temporal,
		MailSink: []string{os.Args[0], "stand-in-sink"},
		AnyPorts: true,
		Say:      func(format string, arguments ...any) { t.Logf(format, arguments...) },
	})
	t.Cleanup(func() { require.NoError(t, built.stack.Erase(context.Background())) })
	return built
}

// openFolder is one that Postgres' account can pass through, and short enough
// for a socket's path, neither of which t.TempDir promises.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/tmp", "magam-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(folder, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return folder
}

func (h house) rebuildWorker(t *testing.T) {
	t.Helper()
	binary, err := os.ReadFile(h.worker)
	require.NoError(t, err)
	require.NoError(t, os.Remove(h.worker)) // as the linker does: the running one keeps its own
	require.NoError(t, os.WriteFile(h.worker, append(binary, "newer"...), 0o755))
}

func (h house) requireStates(t *testing.T, state string) {
	t.Helper()
	services, err := h.stack.Status(t.Context())
	require.NoError(t, err)
	require.Len(t, services, 4)
	for _, service := range services {
		require.Equal(t, state, service.State, "%s: %s", service.Name, service.Detail)
	}
}
