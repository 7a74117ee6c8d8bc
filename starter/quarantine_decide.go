package main

import (
	"context"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/db"
	"magam/domain/closing"
	"magam/workflows"
)

// asideWord is what a decision about rows set aside needs: which rows, by name,
// by what they are or by the digest of an earlier word; who; and why.
type asideWord struct {
	Rows []string `arg:"" optional:"" help:"Rows, such as Q-1182; or choose them by what they are."`
	asideChoice
	Digest string `                   help:"Of the rows that were shown: needed where they are chosen by what they are." placeholder:"DIGEST"`
	By     string `                   help:"Your code of the people sheet."                                              placeholder:"CODE"   required:""`
	Reason string `                   help:"Why: the close report prints it."                                            placeholder:"TEXT"   required:""`
}

// say shows what the rows add up to, and sends the word about them.
func (c asideWord) say(ctx context.Context, s *session, verb string) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	ledger := db.NewLedger(books)
	filter, err := c.chosen(ctx, ledger)
	if err != nil {
		return err
	}
	_, digest, err := ledger.ChooseAside(ctx, filter)
	if err != nil {
		return err
	}
	groups, err := ledger.AsideGroups(ctx, filter)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, g := range groups {
		rows += g.Rows
	}
	s.sayf("%d rows: %s", rows, sumWords(groups))
	if len(c.Rows) == 0 && c.Digest != digest {
		return c.askAgain(s, verb, digest, groups)
	}
	return c.send(ctx, s, verb, digest, filter)
}

// chosen is which rows are meant. Rows that were named by a digest before are
// found by it alone.
func (c asideWord) chosen(ctx context.Context, ledger *db.Ledger) (closing.AsideFilter, error) {
	filter := c.filter()
	for _, name := range c.Rows {
		id, err := closing.ParseAsideName(name)
		if err != nil {
			return filter, misusef("%s", err)
		}
		filter.Rows = append(filter.Rows, id)
	}
	if c.Digest != "" && len(filter.Rows) == 0 {
		named, err := ledger.AsidesNamed(ctx, c.Digest)
		if err != nil {
			return filter, err
		}
		filter.Rows = named
	}
	if len(filter.Rows) > 0 {
		return closing.AsideFilter{Rows: filter.Rows}, nil
	}
	if filter.Empty() {
		return filter, misusef(
			"no rows are chosen. Fix: name some, such as Q-1182, or --delivery ID --code CODE",
		)
	}
	if filter.State == "" {
		filter.State = closing.AsideOpen
	}
	return filter, nil
}

// askAgain shows what would be decided about, and how to say that it is meant.
func (c asideWord) askAgain(s *session, verb, digest string, groups []closing.AsideGroup) error {
	if s.json {
		err := s.printJSON(map[string]any{"digest": digest, "sums": groups, "decided": false})
		if err != nil {
			return err
		}
		return errDiffers
	}
	printAsideSums(s, groups)
	said := ""
	if c.Digest != "" {
		said = "These are not the rows of the digest given. "
	}
	fmt.Fprintf(s.out, "%sNothing is said yet. Is it these? Then the same again with --digest %s\n", said,
		digest)
	fmt.Fprintf(s.out, "One by one: starter quarantine list; to %s them all, add the digest.\n", verb)
	return errDiffers
}

// send lays the rows on their desk, if they do not lie there yet, and gives the
// word there: in one request, so that neither is without the other.
func (c asideWord) send(
	ctx context.Context, s *session, verb, digest string, filter closing.AsideFilter,
) error {
	temporal, err := s.dial(ctx)
	if err != nil {
		return err
	}
	in := workflows.DecideQuarantineInput{
		Month:    filter.Month,
		Source:   filter.Source,
		Delivery: filter.Delivery,
		Code:     filter.Code,
		State:    filter.State,
		Digest:   digest,
	}
	for _, id := range filter.Rows {
		in.Rows = append(in.Rows, closing.AsideName(id))
	}
	one := decided{Workflow: workflows.DecideQuarantineID(digest), Update: verb}
	start := temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: one.Workflow, TaskQueue: workflows.QueueClosing,
		StaticSummary:            "rows set aside",
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflows.DecideQuarantine, in)
	update, err := temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateName: verb, Args: []any{workflows.Decision{By: c.By, Reason: c.Reason}},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err == nil {
		err = update.Get(ctx, &one.Answer)
	}
	if err != nil {
		return fmt.Errorf("quarantine: %s", sentence(err))
	}
	return tellDecided(s, []decided{one})
}

type quarantineAcceptCmd struct{ asideWord }

// Help shows what people ask most.
func (quarantineAcceptCmd) Help() string {
	return `Examples:

  starter quarantine accept Q-1182 Q-1183 --by kim --reason "test lines of theirs"
  starter quarantine accept --delivery 7 --code E_UNKNOWN_TYPE --by kim --reason "test lines of theirs"

Signs rows off: the month may close, and their amount is billed to no customer; the proof goes on showing it. Two
people: finance or an approver first, then another person who is an approver says the same. Rows chosen by what they are
are shown first, with a digest: the same again with --digest is meant. The second person may name them by --digest alone.
Exit code 1: nothing was said yet.`
}

// Run accepts.
func (c quarantineAcceptCmd) Run(ctx context.Context, s *session) error {
	return c.say(ctx, s, workflows.UpdateAcceptAside)
}

type quarantineRejectCmd struct{ asideWord }

// Help shows what people ask most.
func (quarantineRejectCmd) Help() string {
	return `Examples:

  starter quarantine reject Q-1182 --by kim --reason "the amount is cut off"

The provider must deliver the rows again: their month does not close until a newer delivery has replaced theirs, or two
people accept them after all. Finance or an approver may reject. Rows are chosen as for accept.`
}

// Run rejects.
func (c quarantineRejectCmd) Run(ctx context.Context, s *session) error {
	return c.say(ctx, s, workflows.UpdateRejectAside)
}
