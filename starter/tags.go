package main

import (
	"context"
	"fmt"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"magam/activities"
	"magam/db"
	"magam/domain/money"
	"magam/domain/period"
	"magam/workflows"
)

// tagsCmd is about tags: the provider's and our own.
type tagsCmd struct {
	List  tagsListCmd  `cmd:"" help:"List the tag keys that a month's charges carry."`
	Show  tagsShowCmd  `cmd:"" help:"Add a month's cost up by the value of one tag."`
	Apply tagsApplyCmd `cmd:"" help:"Normalize tags and lay custom ones over them, as a close does."`
}

type tagsListCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help shows what people ask most.
func (tagsListCmd) Help() string {
	return `Example:

  starter tags list --month 2026-10

Keys of the provider's tags with the number of distinct sets that hold them, and of custom tags with the number of
resources, as they stand in that month.`
}

// Run reads the books and prints.
func (c tagsListCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	ledger, err := freshTags(ctx, s, month)
	if err != nil {
		return err
	}
	keys, err := ledger.TagKeys(ctx, month)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(append([]db.TagKey{}, keys...))
	}
	if len(keys) == 0 {
		fmt.Fprintf(s.out, "No charge of %s carries a tag.\n", month)
		return nil
	}
	list := newTable(s, cut("key"), plain("whose"), figure("values"), figure("sets"), figure("resources"))
	for _, key := range keys {
		list.row(safe(key.Key), key.Whose, key.Values, key.Sets, key.Resources)
	}
	list.print()
	return nil
}

type tagsShowCmd struct {
	Key   string       `arg:"" help:"A tag's key, as tags list shows it."`
	Month period.Month `       help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
	Of    string       `       help:"Whose tags count: both (ours win), provider or custom."  placeholder:"WHOSE" default:"both" enum:"both,provider,custom"`
}

// Help shows what people ask most.
func (tagsShowCmd) Help() string {
	return `Examples:

  starter tags show team --month 2026-10
  starter tags show team --month 2026-10 --of provider --json

What is sealed of the month, per currency; charges without the tag stand under (none), so that the sum is the month's.`
}

// Run reads the books and prints.
func (c tagsShowCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	ledger, err := freshTags(ctx, s, month)
	if err != nil {
		return err
	}
	costs, err := ledger.TagCosts(ctx, month, c.Key, c.Of)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(append([]db.TagCost{}, costs...))
	}
	if len(costs) == 0 {
		fmt.Fprintf(s.out, "The books hold nothing of %s.\n", month)
		return nil
	}
	list := newTable(s, cut(c.Key), plain("currency"), figure("rows"), figure("billed"), figure("effective"),
		figure("list"))
	for _, cost := range costs {
		value, currency := safe(cost.Value), money.Currency(cost.Currency)
		if value == "" {
			value = "(none)"
		}
		list.row(value, cost.Currency, cost.Rows, shown(cost.Billed, currency),
			shown(cost.Effective, currency), shown(cost.List, currency))
	}
	list.print()
	return nil
}

type tagsApplyCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help shows an example.
func (tagsApplyCmd) Help() string {
	return `Example:

  starter tags apply --month 2026-10

A close does this by itself, and again where a delivery or a sheet came after it.`
}

// Run applies the tags of a month.
func (c tagsApplyCmd) Run(ctx context.Context, s *session) error {
	month := s.month(c.Month)
	result, err := applyTags(ctx, s, month)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(map[string]any{
			"month": month.String(), "tag_sets": result.TagSets, "resources": result.CustomTags,
		})
	}
	fmt.Fprintf(s.out, "%s: %d tag sets, %d resources with custom tags\n", month, result.TagSets,
		result.CustomTags)
	return nil
}

// freshTags opens the books with a month's tags as new as its data and sheets.
func freshTags(ctx context.Context, s *session, month period.Month) (*db.Ledger, error) {
	books, err := s.openBooks(ctx)
	if err != nil {
		return nil, err
	}
	ledger := db.NewLedger(books)
	fresh, err := ledger.TagsAreFresh(ctx, month)
	if err != nil || fresh {
		return ledger, err
	}
	s.sayf("the tags of %s are older than its data or sheets: they are applied first", month)
	_, err = applyTags(ctx, s, month)
	return ledger, err
}

// applyTags runs the month's tagging, or joins the one that runs already.
func applyTags(ctx context.Context, s *session, month period.Month) (activities.TagResult, error) {
	var result activities.TagResult
	temporal, err := s.dial(ctx)
	if err != nil {
		return result, err
	}
	run, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflows.ApplyTagsID(month), TaskQueue: workflows.QueueClosing,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "tags of " + month.String(),
		TypedSearchAttributes:    workflows.PeriodAttribute(month),
	}, workflows.ApplyTags, workflows.ApplyTagsInput{Month: month})
	if err != nil {
		return result, fmt.Errorf("apply the tags of %s: %w", month, err)
	}
	err = s.await(ctx, run, workflows.QueueClosing, &result)
	if err != nil {
		return result, fmt.Errorf("apply the tags of %s: %w", month, err)
	}
	return result, nil
}
