package devstack

import (
	"context"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// Options says how a stack is run.
type Options struct {
	Layout Layout
	// Say tells a person what is being done.
	Say func(format string, arguments ...any)
	// MailSink is the command of the mail sink; it gets --smtp, --web and --dir.
	MailSink []string
	// Worker is the worker's binary; empty leaves the worker out.
	Worker string
	// Temporal is the temporal command line; empty finds one, or builds it.
	Temporal string
	// AnyPorts takes whatever ports are free, for a stack beside another.
	AnyPorts bool
	// Attached services die with this process, however it ends. It is for tests.
	Attached bool
	// Headless leaves out Temporal's web UI.
	Headless bool
}

// Stack is the embedded default of one project folder. Its services run
// detached, unless asked otherwise: they outlive the command that started them.
type Stack struct {
	layout             Layout
	say                func(format string, arguments ...any)
	mailSink           []string
	worker, temporal   string
	detached, headless bool
	ports              map[string]map[string]int
}

// New makes a stack; nothing runs before Up.
func New(options Options) *Stack {
	stack := &Stack{
		layout: options.Layout, say: options.Say, mailSink: options.MailSink,
		worker: options.Worker, temporal: options.Temporal,
		detached: !options.Attached, headless: options.Headless,
	}
	if !options.AnyPorts {
		stack.ports = defaultPorts
	}
	return stack
}

// defaultPorts are taken when they are free; Postgres' is anybody's.
var defaultPorts = map[string]map[string]int{
	ServicePostgres: {"sql": 0},
	ServiceTemporal: {"grpc": 7233, "web": 8233},
	ServiceMail:     {"smtp": 1025, "web": 8025},
	ServiceWorker:   {"web": 9464},
}

// stopMax is how long each service may take to end; a worker ends its
// activities first.
var stopMax = map[string]time.Duration{
	ServicePostgres: postgresStopMax, ServiceTemporal: temporalStopMax,
	ServiceMail: 10 * time.Second, ServiceWorker: 40 * time.Second,
}

// stopSignal is each service's word for an orderly end. Postgres on SIGTERM
// would wait for its last client.
var stopSignal = map[string]syscall.Signal{
	ServicePostgres: syscall.SIGINT, ServiceTemporal: syscall.SIGINT,
	ServiceMail: syscall.SIGTERM, ServiceWorker: syscall.SIGTERM,
}

// Up starts what does not run yet and waits until all of it is healthy. What
// runs is left alone, except a worker whose binary or settings have changed.
func (s *Stack) Up(ctx context.Context) (Record, error) {
	err := s.layout.make()
	if err != nil {
		return Record{}, err
	}
	var record Record
	err = locked(s.layout.lockFile(), func() error {
		var err error
		record, err = readRecord(s.layout)
		if err != nil {
			return err
		}
		return s.up(ctx, &record)
	})
	return record, err
}

func (s *Stack) up(ctx context.Context, record *Record) error {
	account, err := unprivileged()
	if err != nil {
		return err
	}
	if record.PostgresFolder == "" {
		record.PostgresFolder = s.layout.postgresFolder(account)
	}
	// What started is written down even if the next one fails: down must find it.
	started := make(chan named, len(serviceOrder))
	var server *Postgres
	group, together := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		server, err = s.ensurePostgres(together, *record, account, started)
		return err
	})
	group.Go(func() error { return s.ensureTemporal(together, *record, started) })
	group.Go(func() error { return s.ensureMail(together, *record, started) })
	err = group.Wait()
	close(started)
	for one := range started {
		record.Services[one.name] = one.service
	}
	if writeErr := record.write(s.layout); writeErr != nil {
		return writeErr
	}
	if err != nil {
		return err
	}

	passwords, err := s.layout.rolePasswords()
	if err != nil {
		return err
	}
	found := s.settings(server, passwords, *record)
	err = prepareBooks(ctx, server, passwords)
	if err != nil {
		return err
	}
	err = s.ensureWorker(ctx, record, found)
	if err != nil {
		return err
	}
	return replaceFile(s.layout.EnvFile(), []byte(found.text()))
}

// named is a service that was just started.
type named struct {
	name    string
	service Service
}

// Down stops exactly the processes that Up started, the last first.
func (s *Stack) Down(_ context.Context) error {
	if _, err := os.Stat(s.layout.recordFile()); os.IsNotExist(err) {
		return nil
	}
	return locked(s.layout.lockFile(), func() error {
		record, err := readRecord(s.layout)
		if err != nil {
			return err
		}
		for _, name := range slices.Backward(serviceOrder) {
			service := record.Services[name]
			if !service.Running() {
				continue
			}
			s.say("stopping %s (process %d)", name, service.PID)
			err = service.stop(stopSignal[name], stopMax[name])
			if err != nil {
				return fmt.Errorf("stop %s: %w", name, err)
			}
		}
		return nil
	})
}

// Erase stops the stack and removes everything it kept: books, histories,
// blobs, mails, passwords.
func (s *Stack) Erase(ctx context.Context) error {
	err := s.Down(ctx)
	if err != nil {
		return err
	}
	record, err := readRecord(s.layout)
	if err != nil {
		return err
	}
	if record.PostgresFolder != "" {
		err = os.RemoveAll(record.PostgresFolder)
		if err != nil {
			return err
		}
	}
	return os.RemoveAll(s.layout.State)
}
