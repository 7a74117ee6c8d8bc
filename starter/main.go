// Command starter is the command line of finance and ops: it starts workflows,
// answers from the books, installs schedules and shows progress. It writes to
// the books only through a workflow.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"magam/internal/config"
)

// Exit codes: scripts rely on them.
const (
	exitOK        = 0
	exitDiffers   = 1 // the answer is no: an audit differs, a document is missing
	exitUsage     = 2 // the command was not understood
	exitFailed    = 3 // the work failed; the message says what, where and what to do
	exitNotClosed = 4 // the close waits: held, parked or unassigned
)

// errDiffers ends a command whose answer is no, after it has printed why.
var errDiffers = errors.New("differs")

// errNotClosed ends a close that is still waiting for somebody.
var errNotClosed = errors.New("the close is waiting")

// commandLine is the whole grammar; each verb lives in a file of its own.
type commandLine struct {
	JSON bool `help:"Print JSON for programs instead of tables for people." name:"json"`

	Stack stackCmd `cmd:"" help:"The embedded default: Postgres, Temporal, a mail sink and the worker on this machine."`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	cfg, err := config.ReadStarter()
	if err != nil {
		fmt.Fprintln(os.Stderr, "starter:", err)
		return exitUsage
	}
	var grammar commandLine
	parser, err := kong.New(&grammar,
		kong.Name("starter"),
		kong.Description("magam closes the month: from the providers' cost exports to invoices that can be defended."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // the grammar itself is wrong: no input can cause it
	}
	command, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	session := &session{cfg: cfg, json: grammar.JSON, out: os.Stdout, progress: os.Stderr}
	defer session.close()
	command.BindTo(ctx, (*context.Context)(nil))
	return exitCode(command.Run(session))
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errDiffers):
		return exitDiffers
	case errors.Is(err, errNotClosed):
		fmt.Fprintln(os.Stderr, "starter:", err)
		return exitNotClosed
	default:
		fmt.Fprintln(os.Stderr, "starter:", err)
		return exitFailed
	}
}
