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

	Demo   demoCmd   `cmd:"" help:"Close a whole fictional month and show what came of it." group:"start"`
	Stack  stackCmd  `cmd:"" help:"Run the embedded Postgres, Temporal, mailbox and worker." group:"start"`
	Sample sampleCmd `cmd:"" help:"Write a month of a fictional reseller." group:"start"`

	Master masterCmd `cmd:"" help:"Keep the workbook of master data: template, check, import, export." group:"cost"`
	Ingest ingestCmd `cmd:"" help:"Take in the cost exports of a folder or a source." group:"cost"`
	Totals totalsCmd `cmd:"" help:"Add up what is in, per currency and state." group:"cost"`

	Close            closeCmd            `cmd:"" help:"Close a month, or join the close that runs." group:"close"`
	Approve          approveCmd          `cmd:"" help:"Approve customers' drafts, as a second person." group:"close"`
	Reject           rejectCmd           `cmd:"" help:"Reject drafts, which parks the customers." group:"close"`
	Hold             holdCmd             `cmd:"" help:"Hold drafts, even approved ones." group:"close"`
	Release          releaseCmd          `cmd:"" help:"Take a hold back." group:"close"`
	RetryParked      retryParkedCmd      `cmd:"" help:"Try parked customers again." group:"close"`
	AcceptUnassigned acceptUnassignedCmd `cmd:"" help:"Close although some cost has no customer." group:"close"`

	Status    statusCmd    `cmd:"" help:"A month's board, deliveries and proof." group:"documents"`
	Invoices  invoicesCmd  `cmd:"" help:"List a month's documents with totals and digests." group:"documents"`
	Explain   explainCmd   `cmd:"" help:"Why a line costs what it costs, down to the source rows." group:"documents"`
	Audit     auditCmd     `cmd:"" help:"Check the books by an independent path; exit 1 on any difference." group:"documents"`
	Mails     mailsCmd     `cmd:"" help:"List a month's mails and what the server said." group:"documents"`
	Documents documentsCmd `cmd:"" help:"List a document's files and save them." group:"documents"`
	Render    renderCmd    `cmd:"" help:"Render a document again and say whether every byte is the same." group:"documents"`

	Commitments commitmentsCmd `cmd:"" help:"Commitments with the days they have left." group:"ops"`
	Schedules   schedulesCmd   `cmd:"" help:"Preview and install what runs by itself." group:"ops"`
	Migrate     migrateCmd     `cmd:"" help:"Make the roles and bring the books to the newest schema." group:"ops"`
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
	out := &answers{to: os.Stdout}
	session := &session{cfg: cfg, json: grammar.JSON, out: out, progress: os.Stderr}
	defer session.close()
	command.BindTo(ctx, (*context.Context)(nil))
	return exitCode(out.end(command.Run(session)))
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
