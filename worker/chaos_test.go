package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"magam/domain/delivery"
	"magam/internal/devstack"
	"magam/internal/devstack/pgtest"
)

const (
	chaosMonth = "2026-10"
	chaosRows  = "6000"
	momentMax  = 2 * time.Minute // until a moment of a month has come
	glance     = 10 * time.Millisecond
)

// The worker is killed in the midst of a load, of the drafts, of the numbering
// and of the mails. Whatever it did is done all the same, and once.
//
//nolint:paralleltest // one month is compared with the one before it, on two cores
func TestChaosAKilledWorkerChangesNothing(t *testing.T) {
	t.Parallel()
	calm := startStack(t)
	require.NoError(t, calm.closeSample(t.Context()))
	want := calm.outcome(t)
	require.Len(t, want.Documents, 12)

	t.Run("at moments of our choice", func(t *testing.T) {
		rough := startStack(t)
		ended := make(chan error, 1)
		go func() { ended <- rough.closeSample(t.Context()) }()
		for _, moment := range []string{
			"SELECT count(*) > 0 FROM part WHERE loaded_at IS NOT NULL",
			"SELECT count(*) > 2 FROM invoice",
			"SELECT count(*) > 1 FROM invoice WHERE state = 'final'",
			"SELECT count(*) > 0 FROM outbox WHERE state = 'sent'",
		} {
			rough.awaitMoment(t, moment)
			require.Empty(t, ended, "all was done before %s", moment)
			rough.killWorker(t)
			rough.startWorker(t)
		}
		require.NoError(t, <-ended)
		require.Equal(t, want, rough.outcome(t))
	})
	for round := range chaosRounds() {
		t.Run(fmt.Sprintf("at moments of chance, round %d", round+1), func(t *testing.T) {
			rough := startStack(t)
			ended := make(chan error, 1)
			go func() { ended <- rough.closeSample(t.Context()) }()
			for {
				select {
				case err := <-ended:
					require.NoError(t, err)
					require.Equal(t, want, rough.outcome(t))
					return
				case <-time.After(time.Second + rand.N(5*time.Second)):
					rough.killWorker(t)
					rough.startWorker(t)
				}
			}
		})
	}
}

// Postgres falls over in the midst of a COPY; one customer's draft always
// fails; twenty people start the close at once. No half delivery is ever seen,
// the others are numbered without a gap, and the month is closed once.
//
//nolint:paralleltest // the steps of one story come one after another
func TestChaosBooksThatFail(t *testing.T) {
	t.Parallel()
	stack := startStack(t)
	rows := stack.sampleOfTwoSources(t)

	t.Run("a whole delivery is seen, or none of it", func(t *testing.T) {
		ended := make(chan command, 1)
		go func() { ended <- stack.run(t.Context(), "ingest", "--source", "aws-seoul", "--month", chaosMonth) }()
		stack.awaitMoment(t, "SELECT count(*) > 0 FROM pg_stat_progress_copy")
		stack.kill(t, devstack.ServicePostgres,
			syscall.SIGQUIT) // its immediate stop: no checkpoint, no farewell
		stack.startWorker(t)
		for {
			require.Contains(t, []int64{0, rows}, stack.visibleRows(t))
			select {
			case done := <-ended:
				require.NoError(t, done.err)
				require.Zero(t, done.exit, done.said)
				require.Equal(t, rows, stack.visibleRows(t))
				return
			case <-time.After(glance):
			}
		}
	})

	_, exit := stack.starter(t, "ingest", "--source", "aws-tokyo", "--month", chaosMonth)
	require.Zero(t, exit)
	owner := pgtest.Pool(t, stack.settings(t)["MAGAM_OWNER_URL"])
	_, err := owner.Exec(t.Context(), `CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'poison'; END $$;
		CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON invoice FOR EACH ROW
		WHEN (NEW.customer = 'bada' AND NEW.state = 'draft') EXECUTE FUNCTION poison()`)
	require.NoError(t, err)

	t.Run("twenty starts are one run", func(t *testing.T) {
		const starts = 20
		runs := make([]string, starts)
		var group errgroup.Group
		for i := range runs {
			group.Go(func() error {
				done := stack.run(t.Context(), "close", "--month", chaosMonth, "--by", "lee")
				runs[i] = regexp.MustCompile(`[0-9a-f-]{36}\s*$`).FindString(done.said)
				return done.err
			})
		}
		require.NoError(t, group.Wait())
		require.NotEmpty(t, runs[0])
		for _, run := range runs {
			require.Equal(t, runs[0], run)
		}
	})
	t.Run("the poisoned customer is parked and burns no number", func(t *testing.T) {
		_, exit := stack.starter(t, closeArguments()...)
		require.Equal(t, 4, exit)
		require.Equal(t, numbered(11), stack.numbers(t))
		var parked, why string
		require.NoError(t, stack.books(t).QueryRow(t.Context(),
			"SELECT customer, parked FROM invoice WHERE state = 'parked'").Scan(&parked, &why))
		require.Equal(t, "bada", parked)
		require.Contains(t, why, "poison")
	})
	t.Run("once it is cured it gets the next number", func(t *testing.T) {
		_, err := owner.Exec(t.Context(), "DROP TRIGGER poison ON invoice")
		require.NoError(t, err)
		_, exit := stack.starter(t, closeArguments()...)
		require.Zero(t, exit)
		require.Equal(t, numbered(12), stack.numbers(t))
		_, exit = stack.starter(t, "audit", "--month", chaosMonth)
		require.Zero(t, exit)
	})
}

// chaosRounds are those at moments of chance: `make chaos` has them.
func chaosRounds() int {
	const rounds = 10
	if os.Getenv("MAGAM_CHAOS") == "full" {
		return rounds
	}
	return 0
}

// sampleOfTwoSources makes a month large enough to fall over in, and says how
// many rows the larger source has.
func (s *liveStack) sampleOfTwoSources(t *testing.T) int64 {
	t.Helper()
	said, exit := s.starter(t, "sample", "sample", "--month", chaosMonth, "--rows", "150000", "--json")
	require.Zero(t, exit)
	var summary struct {
		Sources []struct {
			Name string
			Rows int64
		}
	}
	require.NoError(t, json.Unmarshal([]byte(said), &summary))
	require.Equal(t, "aws-seoul", summary.Sources[0].Name)
	_, exit = s.starter(t, "master", "import", "sample/master")
	require.Zero(t, exit)
	return summary.Sources[0].Rows
}

func (s *liveStack) visibleRows(t *testing.T) int64 {
	t.Helper()
	var rows int64
	require.NoError(t, s.books(t).QueryRow(t.Context(), "SELECT count(*) FROM charge").Scan(&rows))
	return rows
}

func closeArguments() []string {
	return []string{"close", "--month", chaosMonth, "--by", "lee", "--wait", "--approve-as", "choi"}
}

// closeSample closes a sample month with the commands of finance, and waits
// until its last mail has left.
func (s *liveStack) closeSample(ctx context.Context) error {
	for _, arguments := range [][]string{
		{"sample", "sample", "--month", chaosMonth, "--rows", chaosRows},
		{"master", "import", "sample/master"},
		{"ingest", "--source", "aws-seoul", "--month", chaosMonth},
		{"ingest", "--source", "aws-tokyo", "--month", chaosMonth},
		closeArguments(),
	} {
		done := s.run(ctx, arguments...)
		if done.err != nil || done.exit != 0 {
			return fmt.Errorf("starter %s: exit %d, %w: %s", arguments[0], done.exit, done.err, done.said)
		}
	}
	return nil
}

// outcome is what must not depend on how often a worker died: what every draft
// and document said, and to whom which mail went. Numbers are given in the order
// in which people approve, so they are counted and not compared.
type outcome struct {
	Documents []string
	Numbers   []string
	Mails     []string
}

func (s *liveStack) outcome(t *testing.T) outcome {
	t.Helper()
	s.awaitSettledMails(t)
	read := outcome{Numbers: s.numbers(t)}
	read.Documents = s.column(
		t,
		`SELECT customer || ' ' || provider || ' ' || state || ' ' || draft_digest || ' ' || total
		FROM invoice ORDER BY 1`,
	)
	read.Mails = s.column(
		t,
		`SELECT i.customer || ' ' || i.provider || ' ' || o.recipient || ' ' || o.language
		FROM outbox o JOIN invoice i ON i.id = o.invoice_id ORDER BY 1`,
	)
	seen := map[string]bool{}
	for _, mail := range s.mails(t) {
		require.False(t, seen[mail.MessageID], "%s arrived twice", mail.MessageID)
		seen[mail.MessageID] = true
	}
	for _, id := range s.column(t, "SELECT trim(both '<>' FROM message_id) FROM outbox WHERE state = 'sent'") {
		require.True(t, seen[id], "%s did not arrive", id)
	}
	_, exit := s.starter(t, "audit", "--month", chaosMonth)
	require.Zero(t, exit)
	return read
}

// awaitSettledMails waits until every mail is sent, or stands in doubt: one whose last
// line was on its way when its worker died is asked about after half an hour.
func (s *liveStack) awaitSettledMails(t *testing.T) {
	t.Helper()
	pool := s.books(t)
	require.Eventually(t, func() bool {
		var settled bool
		err := pool.QueryRow(
			t.Context(),
			"SELECT count(*) > 0 AND bool_and(state IN ('sent', 'dot', 'unknown')) FROM outbox",
		).Scan(&settled)
		return err == nil && settled
	}, delivery.SendingLease+momentMax, glance)
}

func (s *liveStack) numbers(t *testing.T) []string {
	t.Helper()
	return s.column(t, "SELECT number FROM invoice WHERE number IS NOT NULL ORDER BY number")
}

func numbered(count int) []string {
	numbers := make([]string, count)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("INV-2026-%06d", i+1)
	}
	return numbers
}

func (s *liveStack) column(t *testing.T, query string) []string {
	t.Helper()
	pool := s.books(t)
	rows, err := pool.Query(t.Context(), query)
	require.NoError(t, err)
	read, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return read
}

// awaitMoment polls the books until a query says yes. Books that are away say no.
func (s *liveStack) awaitMoment(t *testing.T, moment string) {
	t.Helper()
	pool := s.books(t)
	require.Eventually(t, func() bool {
		var come bool
		err := pool.QueryRow(t.Context(), moment).Scan(&come)
		return err == nil && come
	}, momentMax, glance, moment)
}
