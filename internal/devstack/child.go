package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// errDied says that a child ended before it was ready.
var errDied = errors.New("it ended before it was ready")

type childOptions struct {
	path        string
	arguments   []string
	folder      string   // its working directory
	environment []string // the whole of it
	log         string   // file that its output is appended to
	account     *account
	detached    bool // it outlives us, in a session of its own
}

// child is a server process that we started.
type child struct {
	process *os.Process
	ended   chan struct{} // closed when it is gone
}

// startChild starts a server. Unless detached, the kernel ends it when we die,
// however we die, so that no orphan survives a test that was killed.
func startChild(options childOptions) (*child, error) {
	log, err := os.OpenFile(options.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	//nolint:noctx // a server outlives the call that starts it; stop ends it in order, a context would kill it
	command := exec.Command(options.path, options.arguments...)
	command.Dir = options.folder
	command.Env = options.environment
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = options.account.attributes()
	if options.detached {
		detach(command.SysProcAttr)
	} else {
		dieWithParent(command.SysProcAttr)
	}

	started := make(chan error)
	born := &child{ended: make(chan struct{})}
	go func() {
		// The kernel's parent is the thread, not the process: keep this one for
		// as long as the child lives.
		runtime.LockOSThread()
		err := command.Start()
		born.process = command.Process
		started <- err
		if err == nil {
			_ = command.Wait() // its exit is read from the log
			close(born.ended)
		}
	}()
	err = <-started
	if err != nil {
		return nil, err
	}
	return born, nil
}

func (c *child) pid() int { return c.process.Pid }

// service is how the record speaks of the child.
func (c *child) service(log string, ports map[string]int) (Service, error) {
	identity, err := identify(c.pid())
	if err != nil {
		return Service{}, err
	}
	return Service{PID: c.pid(), Identity: identity, Ports: ports, Log: log}, nil
}

// await polls a check until it passes, the child dies or time is up.
func (c *child) await(ctx context.Context, atMost time.Duration, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	pause := 5 * time.Millisecond
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-c.ended:
			return errDied
		case <-ctx.Done():
			return fmt.Errorf("not ready after %s: %w", atMost, err)
		case <-time.After(pause):
			pause = min(pause*3/2, 200*time.Millisecond)
		}
	}
}

// stop asks with a signal, and kills after a while.
func (c *child) stop(with os.Signal, atMost time.Duration) error {
	err := c.process.Signal(with)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(atMost):
		_ = c.process.Kill()
		<-c.ended
		return fmt.Errorf("process %d did not end within %s and was killed", c.pid(), atMost)
	}
}

// explainLog adds the end of a dead child's log, and recognises a lost race for
// a port.
func explainLog(err error, log string) error {
	const tailBytes = 2000
	text, readErr := os.ReadFile(log)
	if readErr != nil {
		return err
	}
	// A panic says why before a long list of where.
	if at := strings.LastIndex(string(text), "panic:"); at >= 0 {
		text = text[at:min(len(text), at+tailBytes)]
	}
	whole := strings.ToLower(string(text))
	if errors.Is(err, errDied) && strings.Contains(whole, "address already in use") {
		return fmt.Errorf("%w: %w", errPortTaken, err)
	}
	tail := strings.TrimSpace(string(text[max(0, len(text)-tailBytes):]))
	return fmt.Errorf("%w; the end of %s:\n%s", err, log, tail)
}
