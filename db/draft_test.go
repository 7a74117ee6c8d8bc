package db_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/party"
)

func TestADraftIsReplacedAsASet(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	first := b.draft(t, "acme")
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))

	again := b.draft(t, "acme")
	require.Equal(t, first.InvoiceID, again.InvoiceID)
	require.True(t, again.Approved, "the same bytes keep what was decided")

	changed := b.draft(t, "acme", func(d *closing.Document) { d.Draft.Snapshot.Bank = "other" })
	require.Equal(t, first.InvoiceID, changed.InvoiceID)
	require.False(t, changed.Approved, "other bytes must be decided about again")

	require.True(t, b.draft(t, "acme").Approved, "the first bytes again have their approval again")

	stored, err := b.StoreDrafts(t.Context(), october, "acme", nil)
	require.NoError(t, err)
	require.Empty(t, stored, "a provider that is no longer charged goes")
	var left int
	b.scan(t, &left, `SELECT count(*) FROM invoice_share`)
	require.Zero(t, left)
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()

	hold := []closing.Hold{{Code: "jump", Reason: "five times September"}}
	tests := map[string]struct {
		verdict closing.Verdict
		by      party.Person
		holds   []closing.Hold
		auto    bool
		refused string
		state   string
	}{
		"a second approver approves": {verdict: closing.Approve, by: park, state: "approved"},
		"the starter does not":       {verdict: closing.Approve, by: kim, refused: "kim started this close"},
		"an author of an adjustment does not": {
			verdict: closing.Approve,
			by:      party.Person{Code: "author", Roles: []party.Role{party.RoleApprover}},
			refused: "author wrote an adjustment",
		},
		"finance does not": {
			verdict: closing.Approve,
			by:      lee,
			refused: `"lee" is no approver`,
		},
		"nobody does not":      {verdict: closing.Approve, refused: `"" is no approver`},
		"finance may reject":   {verdict: closing.Reject, by: lee, state: "parked"},
		"the starter may hold": {verdict: closing.HoldIt, by: kim, state: "draft"},
		"a held draft needs a person": {
			verdict: closing.AutoApprove,
			auto:    true,
			holds:   hold,
			refused: "by a person",
		},
		"the contract approves": {verdict: closing.AutoApprove, auto: true, state: "approved"},
		"no contract, no auto-approval": {
			verdict: closing.AutoApprove,
			refused: "the contract does not approve",
		},
		"a held draft may be approved": {
			verdict: closing.Approve,
			by:      park,
			holds:   hold,
			state:   "approved",
		},
		"what is no verdict is no answer": {verdict: "shrug", by: park, refused: `"shrug" is no verdict`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoCustomers(t)
			b.open(t)
			b.draft(t, "acme", func(d *closing.Document) {
				d.Holds, d.Draft.Authors = tt.holds, []string{"author"}
			})

			err := b.Decide(t.Context(), october, "acme", tt.verdict, tt.by, "because", nil, tt.auto)

			if tt.refused != "" {
				requireCode(t, fault.Approval, err)
				require.ErrorContains(t, err, tt.refused)
				decisions, err := b.Decisions(t.Context(), october)
				require.NoError(t, err)
				require.Empty(t, decisions, "a refusal leaves no decision")
				return
			}
			require.NoError(t, err)
			var state string
			b.scan(t, &state, `SELECT state FROM invoice`)
			require.Equal(t, tt.state, state)
		})
	}
}

func TestTheSameDecisionIsWrittenOnce(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	b.draft(t, "acme")

	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))

	decisions, err := b.Decisions(t.Context(), october)
	require.NoError(t, err)
	require.Len(t, decisions, 1)
	var audited int
	b.scan(t, &audited, `SELECT count(*) FROM audit_log WHERE action = 'approve'`)
	require.Equal(t, 1, audited)
}

func TestAHoldStopsAnApprovedDraftUntilItsRelease(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	b.open(t)
	b.draft(t, "acme")
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	require.NoError(t, b.decide(t, "acme", closing.HoldIt, kim))

	board, err := b.Board(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, "held", board[0].State)
	require.Equal(t, "held by kim: because", board[0].Reason)
	require.ErrorContains(t, b.decide(t, "acme", closing.Release, kim), "kim started this close")

	require.NoError(t, b.decide(t, "acme", closing.Release, park))
	board, err = b.Board(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, "approved", board[0].State)
}

// The decision was about bytes; that somebody objected was not.
func TestAnObjectionOutlastsTheDraft(t *testing.T) {
	t.Parallel()
	for _, verdict := range []closing.Verdict{closing.HoldIt, closing.Reject} {
		b := twoCustomers(t)
		b.open(t)
		objected := func() bool {
			objected, err := b.Objected(t.Context(), october, "acme")
			require.NoError(t, err)
			return objected
		}
		b.draft(t, "acme")
		require.False(t, objected())
		require.NoError(t, b.decide(t, "acme", verdict, lee))
		b.draft(t, "acme", func(d *closing.Document) { d.Draft.Snapshot.Color = "#000000" })

		require.True(t, objected(), verdict)

		require.NoError(t, b.decide(t, "acme", closing.Approve, park))
		require.False(t, objected(), verdict)
	}
}

func TestAParkedCustomerKeepsItsShare(t *testing.T) {
	t.Parallel()

	tests := map[string]func(*testing.T, *books){
		"when it was never drafted": func(*testing.T, *books) {},
		"when it was drafted before": func(t *testing.T, b *books) {
			b.draft(t, "acme", func(d *closing.Document) {
				d.Draft.Shares[0].Retained = decimal.RequireFromString("1.25")
				d.Draft.Shares[0].Assigned = decimal.RequireFromString("98.75")
			})
		},
	}
	for name, arrange := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoCustomers(t)
			arrange(t, b)

			require.NoError(t, b.Park(t.Context(), october, "us", "acme", "E_FX_MISSING: no rate"))
			require.NoError(t, b.Park(t.Context(), october, "us", "acme", "E_FX_MISSING: no rate"))
			b.draft(t, "beta")

			_, err := b.Prove(t.Context(), october)
			require.NoError(t, err, "the books balance with a customer aside")
			board, err := b.Board(t.Context(), october)
			require.NoError(t, err)
			require.Len(t, board, 2)
			require.Equal(t, "parked", board[0].State)
			parked, err := b.Customers(t.Context(), october, "", 10, true)
			require.NoError(t, err)
			require.Equal(t, []string{"acme"}, parked)

			retried := b.draft(t, "acme")
			require.False(t, retried.Approved)
			board, err = b.Board(t.Context(), october)
			require.NoError(t, err)
			require.Equal(t, "draft", board[0].State, "cured, it is a draft again")
		})
	}
}

func TestHistoryIsOfFinalDocuments(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	b.open(t)
	stored := b.draft(t, "acme")
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	b.draft(t, "beta")
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	_, err = b.Finalize(t.Context(), b.finalizing(stored.InvoiceID))
	require.NoError(t, err)

	history, err := b.History(t.Context(), october.Add(1), "acme", "aws", money.USD)

	require.NoError(t, err)
	require.Len(t, history, 1)
	require.Equal(t, october, history[0].Month)
	require.Equal(t, "100", history[0].Total.String())
}
