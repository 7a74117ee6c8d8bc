package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"magam/internal/config"
	"magam/internal/devstack"
	"magam/internal/devstack/mailsink"
	"magam/internal/devstack/pgtest"
)

const (
	commandMax = 4 * time.Minute // one starter command, a whole close with its mails among them
	eraseMax   = 2 * time.Minute
)

// liveStack is the product as its users have it: the built starter and worker on
// a Postgres, a Temporal and a mailbox of their own. All of them die with the
// test process, however that ends.
type liveStack struct {
	folder string // where starter runs; .magam lies in it
	layout devstack.Layout
	stack  *devstack.Stack
	bin    binaries
	words  string // what the last command said beside its answer
	oracle *pgxpool.Pool
}

// startStack starts one and erases it when the test ends.
func startStack(t *testing.T) *liveStack {
	t.Helper()
	bin, err := built()
	require.NoError(t, err)
	module, err := devstack.FindLayout()
	require.NoError(t, err)
	temporal, err := devstack.FindTemporal(t.Context(), module, t.Logf)
	require.NoError(t, err)

	folder := pgtest.NewFolder()
	require.NoError(t, os.MkdirAll(folder, 0o755))
	live := &liveStack{folder: folder, layout: devstack.LayoutOf(folder), bin: bin}
	live.stack = devstack.New(devstack.Options{
		Layout: live.layout, Temporal: temporal, Worker: bin.worker,
		MailSink: []string{bin.starter, "stack", "mail-sink"},
		AnyPorts: true, Attached: true, Headless: true, Say: t.Logf,
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the worker's log:\n%s", live.workerLog(t))
		}
		if live.oracle != nil {
			live.oracle.Close()
		}
		ctx, cancel := context.WithTimeout(context.Background(), eraseMax)
		defer cancel()
		require.NoError(t, live.stack.Erase(ctx))
		require.NoError(t, os.RemoveAll(folder))
	})
	live.startWorker(t)
	return live
}

// starter runs one command line to its end and gives what it answered and its
// exit code. What it said meanwhile goes to the test's log.
func (s *liveStack) starter(t *testing.T, arguments ...string) (string, int) {
	t.Helper()
	done := s.run(t.Context(), arguments...)
	s.words = done.said
	t.Logf("starter %s: exit %d\n%s", strings.Join(arguments, " "), done.exit, done.said)
	require.NoError(t, done.err)
	return done.answer, done.exit
}

// command is one that ended: what it answered, what it said meanwhile, and its
// exit code. The error is of one that could not run at all.
type command struct {
	answer, said string
	exit         int
	err          error
}

// run is starter for goroutines, which may not end a test.
func (s *liveStack) run(ctx context.Context, arguments ...string) command {
	ctx, cancel := context.WithTimeout(ctx, commandMax)
	defer cancel()
	var answer, said bytes.Buffer
	process := exec.CommandContext(ctx, s.bin.starter, arguments...)
	process.Dir, process.Env = s.folder, plainEnvironment()
	process.Stdout, process.Stderr = &answer, &said
	err := process.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		err = nil
	}
	done := command{answer: answer.String(), said: said.String(), err: err}
	if err == nil {
		done.exit = process.ProcessState.ExitCode()
	}
	return done
}

// startWorker starts the worker, and whatever else of the stack does not run,
// and waits until all of it is healthy.
func (s *liveStack) startWorker(t *testing.T) {
	t.Helper()
	_, err := s.stack.Up(t.Context())
	require.NoError(t, err)
}

// killWorker ends the worker at once, in the midst of whatever it does.
func (s *liveStack) killWorker(t *testing.T) { s.kill(t, devstack.ServiceWorker, syscall.SIGKILL) }

// kill sends one service a signal that it cannot survive and waits for its end.
func (s *liveStack) kill(t *testing.T, service string, signal syscall.Signal) {
	t.Helper()
	const patience, pause = 20 * time.Second, 5 * time.Millisecond
	running := s.service(t, service)
	require.NoError(t, syscall.Kill(running.PID, signal))
	require.Eventually(t, func() bool { return !devstack.Alive(running.PID) }, patience, pause)
}

func (s *liveStack) service(t *testing.T, name string) devstack.ServiceStatus {
	t.Helper()
	services, err := s.stack.Status(t.Context())
	require.NoError(t, err)
	for _, service := range services {
		if service.Name == name && service.PID != 0 {
			return service
		}
	}
	require.FailNow(t, "a service does not run", name)
	return devstack.ServiceStatus{}
}

// settings are what the stack wrote for starter and worker.
func (s *liveStack) settings(t *testing.T) map[string]string {
	t.Helper()
	settings, err := config.LoadStackEnv(s.folder)
	require.NoError(t, err)
	return settings
}

// books reads the books past the product: the oracle's way, through one pool,
// since a look every few milliseconds must not use the server's slots up.
func (s *liveStack) books(t *testing.T) *pgxpool.Pool {
	t.Helper()
	if s.oracle == nil {
		way, err := pgxpool.ParseConfig(s.settings(t)["MAGAM_AUDIT_URL"])
		require.NoError(t, err)
		way.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return true } // it may have died
		pool, err := pgxpool.NewWithConfig(context.Background(), way)
		require.NoError(t, err)
		s.oracle = pool
	}
	return s.oracle
}

// mails are those the mailbox received so far, the newest first.
func (s *liveStack) mails(t *testing.T) []mailsink.Summary {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		s.settings(t)["MAGAM_MAIL_URL"]+"/api/mails", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	var mails []mailsink.Summary
	require.NoError(t, json.NewDecoder(response.Body).Decode(&mails))
	return mails
}

func (s *liveStack) workerLog(t *testing.T) string {
	t.Helper()
	const excerpt = 4000
	text, err := os.ReadFile(filepath.Join(s.layout.State, "logs", devstack.ServiceWorker+".log"))
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-excerpt):])
}

// plainEnvironment is ours without any MAGAM_ setting: the stack's count.
func plainEnvironment() []string {
	var plain []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "MAGAM_") {
			plain = append(plain, entry)
		}
	}
	return plain
}

type binaries struct {
	starter, worker string
}

// built builds starter and worker once for this test process. It keeps them on
// a disk: memory may be mounted so that nothing in it runs.
var built = sync.OnceValues(func() (binaries, error) {
	folder := pgtest.FolderIn(os.TempDir())
	bin := binaries{filepath.Join(folder, "starter"), filepath.Join(folder, "worker")}
	builtIn = folder
	build := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", folder+"/",
		"magam/starter", "magam/worker")
	output, err := build.CombinedOutput()
	if err != nil {
		return bin, fmt.Errorf("build starter and worker: %w: %s", err, output)
	}
	return bin, nil
})

// builtIn is the folder that built made, if any test asked it to.
var builtIn string

func removeBuilt() error {
	if builtIn == "" {
		return nil
	}
	return os.RemoveAll(builtIn)
}
