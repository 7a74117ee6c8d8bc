package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"magam/internal/devstack"
)

// stackCmd runs the embedded default: everything magam needs around it, on one
// machine, without containers.
type stackCmd struct {
	Up       stackUpCmd       `cmd:"" help:"Start what does not run yet, wait until it is healthy, print the addresses."`
	Down     stackDownCmd     `cmd:"" help:"Stop exactly the processes that up started."`
	Status   stackStatusCmd   `cmd:"" help:"Say how each service stands; exit 1 unless all are healthy."`
	Prepare  stackPrepareCmd  `cmd:"" help:"Find, install or build Postgres, Temporal and the S3 server; print where Temporal is."`
	MailSink stackMailSinkCmd `cmd:"" help:"The mail sink's own process, as up starts it."                                         hidden:"" name:"mail-sink"`
}

type stackUpCmd struct {
	Worker string `help:"The worker's binary." default:"" placeholder:"bin/worker"`
}

// Help gives an example.
func (stackUpCmd) Help() string {
	return `Example:

  starter stack up && starter status

The stack keeps its books, histories, mails and logs in .magam/ beside go.mod and outlives the shell. Starting it again
starts only what does not run.`
}

// Run starts the stack.
func (c stackUpCmd) Run(ctx context.Context, s *session) error {
	stack, err := s.stack(c.Worker)
	if err != nil {
		return err
	}
	_, err = stack.Up(ctx)
	if err != nil {
		return err
	}
	return s.printStack(ctx, stack)
}

type stackDownCmd struct {
	Erase bool `help:"Also remove what the stack kept: books, histories, documents, mails, passwords."`
}

// Help gives an example.
func (stackDownCmd) Help() string {
	return `Examples:

  starter stack down
  starter stack down --erase && starter stack up

What it kept stays in .magam/ for the next time, unless it is erased.`
}

// Run stops the stack.
func (c stackDownCmd) Run(ctx context.Context, s *session) error {
	stack, err := s.stack("")
	if err != nil {
		return err
	}
	if c.Erase {
		return stack.Erase(ctx)
	}
	return stack.Down(ctx)
}

type stackStatusCmd struct{}

// Help gives an example.
func (stackStatusCmd) Help() string { return "Example:\n\n  starter stack status --json" }

// Run prints one row per service.
func (stackStatusCmd) Run(ctx context.Context, s *session) error {
	stack, err := s.stack("")
	if err != nil {
		return err
	}
	return s.printStack(ctx, stack)
}

type stackPrepareCmd struct{}

// Help gives an example.
func (stackPrepareCmd) Help() string {
	return "Example:\n\n  MAGAM_TEMPORAL_BIN=$(starter stack prepare) go test ./..."
}

// Run prints the path of the temporal command line, for scripts.
func (stackPrepareCmd) Run(ctx context.Context, s *session) error {
	layout, err := devstack.FindLayout()
	if err != nil {
		return err
	}
	err = devstack.InstallPostgres(ctx, s.say)
	if err != nil {
		return err
	}
	temporal, err := devstack.FindTemporal(ctx, layout, s.say)
	if err != nil {
		return err
	}
	_, err = devstack.FindS3(ctx, layout, s.say) // tests look for it in the cache
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, temporal)
	return err
}

// stack is the embedded stack of the project folder we are in. Its worker is
// the one beside this binary unless another is named.
func (s *session) stack(worker string) (*devstack.Stack, error) {
	layout, err := devstack.FindLayout()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if worker == "" {
		worker = filepath.Join(filepath.Dir(self), "worker")
	}
	worker, err = filepath.Abs(worker)
	if err != nil {
		return nil, err
	}
	return devstack.New(devstack.Options{
		Layout: layout, Say: s.say, Worker: worker, MailSink: []string{self, "stack", "mail-sink"},
	}), nil
}

// serviceAnswer is a service for programs.
type serviceAnswer struct {
	Name   string `json:"name"`
	State  string `json:"state"` // healthy, sick or stopped
	Detail string `json:"detail"`
	URL    string `json:"url"`
	PID    int    `json:"pid"`
	Log    string `json:"log"`
}

// printStack answers with how the services stand, and is the command's exit.
func (s *session) printStack(ctx context.Context, stack *devstack.Stack) error {
	services, err := stack.Status(ctx)
	if err != nil {
		return err
	}
	if s.json {
		answers := make([]serviceAnswer, len(services))
		for i, one := range services {
			answers[i] = serviceAnswer(one)
		}
		err = s.printJSON(answers)
	} else {
		s.printServices(services)
	}
	if err != nil {
		return err
	}
	for _, service := range services {
		if service.State != devstack.StateHealthy {
			return errDiffers
		}
	}
	return nil
}

func (s *session) printServices(services []devstack.ServiceStatus) {
	rows := newTable(s, plain("service"), plain("state"), cut("address"), figure("process"))
	for _, service := range services {
		process := ""
		if service.PID > 0 {
			process = fmt.Sprint(service.PID)
		}
		rows.row(service.Name, service.State, service.URL, process)
	}
	rows.print()
	for _, service := range services {
		if service.State == devstack.StateSick {
			s.say("%s is sick: %s; its log is %s", service.Name, service.Detail, service.Log)
		}
	}
}

// say tells a person what is being done, apart from the answer.
func (s *session) say(format string, arguments ...any) {
	_, _ = fmt.Fprintf(s.progress, format+"\n", arguments...) // a closed terminal stops no work
}
