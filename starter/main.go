// Command starter is the command line of finance and ops: it starts workflows,
// answers from the books, installs schedules and shows progress. It writes to
// the books only through a workflow.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"magam/internal/config"
)

// Exit codes: scripts rely on them.
const (
	exitOK        = 0
	exitDiffers   = 1 // the answer is no: an audit differs, a service is not healthy
	exitUsage     = 2 // the command was not understood
	exitFailed    = 3 // the work failed; the message says what, where and what to do
	exitNotClosed = 4 // the close waits: for approval, a source or a word on unassigned cost, or has parked customers
)

// errDiffers ends a command whose answer is no, after it has printed why.
var errDiffers = errors.New("differs")

// errNotClosed ends a close that is still waiting for somebody.
var errNotClosed = errors.New("the close is waiting")

// commandLine is the whole grammar; each verb lives in a file of its own.
type commandLine struct {
	JSON bool `help:"Print JSON for programs instead of tables for people." name:"json"`

	Demo   demoCmd   `cmd:"" help:"Close a whole fictional month and show what came of it."  group:"start"`
	Stack  stackCmd  `cmd:"" help:"Run the embedded Postgres, Temporal, mailbox and worker." group:"start"`
	Sample sampleCmd `cmd:"" help:"Write a month of a fictional reseller."                   group:"start"`

	Master  masterCmd  `cmd:"" help:"Keep the workbook of master data: template, check, import, export." group:"cost"`
	Sources sourcesCmd `cmd:"" help:"List where exports come from, and check that they can be read."     group:"cost"`
	Ingest  ingestCmd  `cmd:"" help:"Take in the cost exports of a folder or a source."                  group:"cost"`
	Totals  totalsCmd  `cmd:"" help:"Add up what is in, per currency and state."                         group:"cost"`
	Tags    tagsCmd    `cmd:"" help:"List tags, and add cost up by them."                                group:"cost"`

	Quarantine quarantineCmd `cmd:"" help:"List rows set aside; have them delivered again, or sign them off." group:"cost"`

	Deliveries deliveriesCmd `cmd:"" help:"List deliveries, show one, let a held one through, take one out." group:"cost"`
	Alarms     alarmsCmd     `cmd:"" help:"Show what ops should look at, or look now."                       group:"ops"`

	Close            closeCmd            `cmd:"" help:"Close a month, or join the close that runs."    group:"close"`
	Status           statusCmd           `cmd:"" help:"Show a month's board, deliveries and proof."    group:"close"`
	Approve          approveCmd          `cmd:"" help:"Approve customers' drafts, as a second person." group:"close"`
	Reject           rejectCmd           `cmd:"" help:"Reject drafts, which parks the customers."      group:"close"`
	Hold             holdCmd             `cmd:"" help:"Hold drafts, even approved ones."               group:"close"`
	Release          releaseCmd          `cmd:"" help:"Take a hold back."                              group:"close"`
	RetryParked      retryParkedCmd      `cmd:"" help:"Try parked customers again."                    group:"close"`
	AcceptUnassigned acceptUnassignedCmd `cmd:"" help:"Close although some cost has no customer."      group:"close"`
	AcceptNotFinal   acceptNotFinalCmd   `cmd:"" help:"Close before the provider's data is final."     group:"close"`

	Invoices  invoicesCmd  `cmd:"" help:"List a month's documents with totals and digests."                  group:"documents"`
	Shares    sharesCmd    `cmd:"" help:"Show commitments' owners and users, and who bears shared costs."    group:"documents"`
	Explain   explainCmd   `cmd:"" help:"Say why a line costs what it costs, down to the source rows."       group:"documents"`
	Credits   creditsCmd   `cmd:"" help:"Read the ledger of credits: granted, used where, given back, left." group:"documents"`
	Proof     proofCmd     `cmd:"" help:"Show that a month's money is whole, step by step."                  group:"documents"`
	Audit     auditCmd     `cmd:"" help:"Check the books by an independent path; exit 1 on any difference."  group:"documents"`
	Mails     mailsCmd     `cmd:"" help:"List a month's mails and what the server said."                     group:"documents"`
	Documents documentsCmd `cmd:"" help:"List a document's files and save them."                             group:"documents"`
	Render    renderCmd    `cmd:"" help:"Render a document again and say whether every byte is the same."    group:"documents"`

	Margin marginCmd `cmd:"" help:"Say what a month was bought and sold for, and what leaks; for finance." group:"documents"`
	Report reportCmd `cmd:"" help:"Make the month's report for finance, and save it."                      group:"documents"`

	Commitments commitmentsCmd `cmd:"" help:"List commitments with the days they have left."           group:"ops"`
	Months      monthsCmd      `cmd:"" help:"Take a closed month's source rows out of the books."      group:"ops"`
	Schedules   schedulesCmd   `cmd:"" help:"Preview and install what runs by itself."                 group:"ops"`
	Migrate     migrateCmd     `cmd:"" help:"Make the roles and bring the books to the newest schema." group:"ops"`
}

// groups are the titles under which the verbs stand.
var groups = kong.ExplicitGroups([]kong.Group{
	{Key: "start", Title: "First steps, on this machine:"},
	{Key: "cost", Title: "Cost data in:"},
	{Key: "close", Title: "Close a month:"},
	{Key: "documents", Title: "What came of it:"},
	{Key: "ops", Title: "Operation:"},
})

const description = `magam closes the month: from the providers' cost exports to invoices that can be defended.

Months are written 2026-10; where one may be left out, it is the month before this one. Answers go to
standard output, what is being done and what went wrong to standard error. Exit codes: 0 done, 1 the
answer is no, 2 not understood, 3 failed, 4 the close waits for somebody.`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// newParser builds the grammar. left is called instead of ending the process
// once help was printed.
func newParser(grammar *commandLine, out, said io.Writer, left func(int)) *kong.Kong {
	parser, err := kong.New(
		grammar,
		kong.Name("starter"),
		kong.Description(description),
		groups,
		kong.Writers(out, said),
		kong.Exit(left),
		kong.ConfigureHelp(
			kong.HelpOptions{Compact: true, WrapUpperBound: columnsMax, NoAppDescFormat: true},
		),
	)
	if err != nil {
		panic(err) // the grammar itself is wrong: no input can cause it
	}
	return parser
}

func run(args []string, out, said io.Writer) int {
	helped := false
	var grammar commandLine
	parser := newParser(&grammar, out, said, func(int) { helped = true })
	if len(args) == 0 {
		_, _ = parser.Parse([]string{"--help"}) // only to show how to ask
		return exitUsage
	}
	command, err := parser.Parse(args)
	if helped {
		return exitOK
	}
	if err != nil {
		return explainUsage(said, err)
	}
	cfg, err := config.ReadStarter()
	if err != nil {
		fmt.Fprintln(said, "starter:", err)
		return exitUsage
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	answered := &answers{to: out}
	session := &session{cfg: cfg, json: grammar.JSON, out: answered, progress: said}
	defer session.close()
	command.BindTo(ctx, (*context.Context)(nil))
	return exitCode(said, answered.end(command.Run(session)))
}

// explainUsage says what was not understood, and in two lines how to ask.
func explainUsage(said io.Writer, err error) int {
	path, usage := "starter", "starter <command> [flags]"
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		if verb := wrong.Context.Selected(); verb != nil {
			path, usage = verb.FullPath(), "starter "+verb.Summary()
		}
	}
	fmt.Fprintf(said, "starter: %s\nUsage: %s\n%s --help has more, with examples.\n", err, usage, path)
	return exitUsage
}

func exitCode(said io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errDiffers) {
		return exitDiffers
	}
	fmt.Fprintln(said, "starter:", sentence(err))
	var wrong misuse
	switch {
	case errors.Is(err, errNotClosed):
		return exitNotClosed
	case errors.As(err, &wrong):
		return exitUsage
	default:
		return exitFailed
	}
}
