package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"magam/activities"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
	"magam/workflows"
)

// asideBooks are two rows set aside in a ledger's stead: the rules are real.
type asideBooks struct {
	words    []closing.AsideWord
	replaced bool
	awoken   []string
}

var asidePeople = map[string]party.Person{
	"kim":  {Code: "kim", Roles: []party.Role{party.RoleFinance}},
	"park": {Code: "park", Roles: []party.Role{party.RoleApprover}},
	"song": {Code: "song", Roles: []party.Role{party.RoleOps}},
}

func (b *asideBooks) stands() activities.AsideStands {
	var counted closing.AsideDecided
	state := closing.AsideOpen
	if b.replaced {
		state = closing.AsideFixed
	}
	for range 2 {
		counted.Count(state, closing.StandAside(b.words))
	}
	return activities.AsideStands{
		Digest:   "5eed0123456789",
		Rows:     counted.Rows,
		Open:     counted.Open,
		Accepted: counted.Accepted,
		Rejected: counted.Rejected,
		Replaced: counted.Replaced,
		Waiting:  counted.Waiting,
		By:       counted.By,
		Months:   []period.Month{october},
		Groups: []activities.AsideGroup{
			{Source: "aws", Code: "E_NUMBER", Rows: 2, Unknown: 2, Currency: "USD", Billed: "0"},
		},
	}
}

func (b *asideBooks) decide(
	_ context.Context, in activities.DecideAsideInput,
) (activities.AsideStands, error) {
	stands := closing.StandAside(b.words)
	verdict := closing.AsideVerdict(in.Verdict)
	if !stands.Repeats(verdict, in.By) {
		err := closing.MaySayAside(verdict, asidePeople[in.By], stands, false)
		if err != nil {
			return activities.AsideStands{}, temporal.NewNonRetryableApplicationError(err.Error(),
				"E_APPROVAL", nil)
		}
		b.words = append(b.words, closing.AsideWord{Verdict: verdict, By: in.By, Reason: in.Reason})
	}
	return b.stands(), nil
}

// word is what somebody sends after a while, and how it is answered.
type word struct {
	after         time.Duration
	verb, by, why string
	answer        string // part of the answer, or of the refusal
}

func TestDecideQuarantine(t *testing.T) {
	t.Parallel()
	const hour = time.Hour

	tests := map[string]struct {
		words    []word
		replaced time.Duration // when a newer delivery comes
		want     workflows.DecideQuarantineResult
		within   time.Duration
		awoken   int
	}{
		"two people sign rows off": {
			words: []word{
				{hour, "accept", "kim", "tests", "2 rows wait for a second person: accepted by kim"},
				{2 * hour, "accept", "park", "so they are", "2 rows are signed off"},
			},
			want: workflows.DecideQuarantineResult{Accepted: 2}, within: 3 * hour, awoken: 2,
		},
		"the second may come after weeks": {
			words: []word{
				{hour, "accept", "kim", "tests", "a second person"},
				{500 * hour, "accept", "park", "yes", "signed off"},
			},
			want: workflows.DecideQuarantineResult{Accepted: 2}, within: 501 * hour, awoken: 2,
		},
		"the same person twice is one person": {
			words: []word{
				{hour, "accept", "park", "tests", "a second person"},
				{2 * hour, "accept", "park", "tests", "a second person: accepted by park"},
				{3 * hour, "accept", "kim", "tests", "kim is no approver"},
				{4 * hour, "reject", "kim", "cut off", "2 rows are rejected"},
			},
			want: workflows.DecideQuarantineResult{Rejected: 2}, within: 5 * hour, awoken: 3,
		},
		"who may not decide does not": {
			words: []word{
				{hour, "accept", "song", "tests", `"song" is no approver`},
				{2 * hour, "accept", "kim@magam.example", "tests", "must be your code"},
				{3 * hour, "accept", "kim", " ", "reason is empty"},
				{4 * hour, "reject", "kim", "cut off", "must deliver again"},
			},
			want: workflows.DecideQuarantineResult{Rejected: 2}, within: 5 * hour, awoken: 1,
		},
		"a newer delivery ends it": {
			words:    []word{{hour, "accept", "kim", "tests", "a second person"}},
			replaced: 30 * hour,
			want:     workflows.DecideQuarantineResult{Replaced: 2}, within: 50 * hour, awoken: 1,
		},
		"a desk that nobody comes to is closed after a day": {
			want: workflows.DecideQuarantineResult{Open: 2}, within: 25 * hour,
		},
	}
	for claim, tt := range tests {
		t.Run(claim, func(t *testing.T) {
			t.Parallel()
			books := &asideBooks{}
			env := asideEnvironment(t, books)
			for _, one := range tt.words {
				tell(t, env, one)
			}
			if tt.replaced > 0 {
				env.RegisterDelayedCallback(func() { books.replaced = true }, tt.replaced)
			}
			began := env.Now()

			env.ExecuteWorkflow(workflows.DecideQuarantine,
				workflows.DecideQuarantineInput{Rows: []string{"Q-1", "Q-2"}})

			require.True(t, env.IsWorkflowCompleted())
			require.NoError(t, env.GetWorkflowError())
			require.Less(t, env.Now().Sub(began), tt.within)
			var result workflows.DecideQuarantineResult
			require.NoError(t, env.GetWorkflowResult(&result))
			tt.want.Digest = "5eed0123456789"
			require.Equal(t, tt.want, result)
			require.Len(t, books.awoken, tt.awoken, "a waiting close is told of every word")
		})
	}
}

func TestRowsThatCannotBeChosenAreRefusedInWords(t *testing.T) {
	t.Parallel()
	env := asideEnvironment(t, &asideBooks{})
	env.ExecuteWorkflow(workflows.DecideQuarantine, workflows.DecideQuarantineInput{Rows: []string{"row 7"}})
	require.ErrorContains(t, env.GetWorkflowError(), `"row 7" is no row set aside`)

	var suite testsuite.WorkflowTestSuite
	env = patient(suite.NewTestWorkflowEnvironment())
	var hands *activities.Quarantine
	env.OnActivity(hands.LookAside, mock.Anything, mock.Anything).Return(activities.AsideStands{},
		temporal.NewNonRetryableApplicationError("no rows are chosen", string(fault.Input), nil))
	env.ExecuteWorkflow(workflows.DecideQuarantine, workflows.DecideQuarantineInput{})
	require.ErrorContains(t, env.GetWorkflowError(), "no rows are chosen")
}

func asideEnvironment(t *testing.T, books *asideBooks) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := patient(suite.NewTestWorkflowEnvironment())
	env.SetTestTimeout(20 * time.Second)
	var hands *activities.Quarantine
	env.OnActivity(hands.LookAside, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.AsideChoice) (activities.AsideStands, error) {
			return books.stands(), nil
		})
	env.OnActivity(hands.DecideAside, mock.Anything, mock.Anything).Return(books.decide)
	env.OnSignalExternalWorkflow(mock.Anything, "close/2026-10", "", workflows.SignalLookAgain, mock.Anything).
		Return(
			func(_, id, _, _ string, _ any) error {
				books.awoken = append(books.awoken, id)
				return nil
			})
	return env
}

func tell(t *testing.T, env *testsuite.TestWorkflowEnvironment, one word) {
	t.Helper()
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(one.verb, one.by+one.after.String(), &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { require.ErrorContains(t, err, one.answer) },
			OnComplete: func(answer any, err error) {
				if err != nil {
					require.ErrorContains(t, err, one.answer)
					return
				}
				require.Contains(t, answer, one.answer)
			},
		}, workflows.Decision{By: one.by, Reason: one.why})
	}, one.after)
}
