package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

func TestADeliveryThatLostHalfItsRowsIsHeld(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	whole := sealOne(t, store, found("whole", 1), rows("1", "2", "3", "4", "5"))
	cut := later(found("cut", 1), time.Hour)
	registered := register(t, store, cut)
	load(t, store, registered.Parts[0].ID, rows("1", "2"))

	held, err := store.Seal(t.Context(), registered.ID)

	require.NoError(t, err)
	require.Equal(t, delivery.StateStopped, held.State)
	require.Contains(t, held.Why, "E_ROWCOUNT_DROP")
	require.Contains(t, held.Why, fmt.Sprintf("2 rows, delivery %d of the same scope has 5", whole.ID))
	require.Equal(t, 5, count(t, store.Pool, "charge"), "the older one stays")
	again := register(t, store, cut)
	require.Equal(t, registered.ID, again.ID, "the same bytes are the same delivery")
	require.Equal(t, held.Why, again.Why)
	sealed, err := store.Seal(t.Context(), registered.ID)
	require.NoError(t, err)
	require.Equal(t, delivery.StateStopped, sealed.State, "time does not let it through")

	kim := delivery.Word{Delivery: registered.ID, By: "kim", Reason: "the account is gone"}
	park := delivery.Word{Delivery: registered.ID, By: "park", Approver: true, Reason: "asked them"}
	for range 2 {
		decided, err := store.LetThrough(t.Context(), kim)
		require.NoError(t, err)
		require.Equal(t, delivery.Decided{State: delivery.StateStopped, Missing: "an approver"}, decided)
	}
	decided, err := store.LetThrough(t.Context(), park)
	require.NoError(t, err)
	require.Equal(t, delivery.Decided{State: delivery.StateLoading}, decided)
	through, err := store.Seal(t.Context(), registered.ID)
	require.NoError(t, err)
	require.Equal(t, whole.ID, through.Superseded)
	require.Equal(t, 2, count(t, store.Pool, "charge"))
	list, err := (&db.Totals{Pool: store.Pool}).Deliveries(t.Context(), "2026-10", "aws", 0, 10)
	require.NoError(t, err)
	require.Equal(t, "kim: the account is gone; park: asked them", list[0].LetThrough)
	require.Equal(t, "superseded", list[1].State)
	require.Equal(t, "15", list[1].Totals[0].Billed, "what it held is kept")
}

// The scope of files without a manifest is the month of their first row: the
// same rows in another order must not be a second delivery beside the first.
func TestOneFileTellsAMonthOnce(t *testing.T) {
	t.Parallel()
	september, err := period.ParseMonth("2026-09")
	require.NoError(t, err)
	of := func(months ...period.Month) []charge.Line {
		lines := rows(make([]string, len(months))...)
		for i, month := range months {
			lines[i].Billed, lines[i].BillingMonth = []byte("1"), charge.MonthOf(month)
		}
		return lines
	}
	store := openCharges(t)
	first := found("first", 1)
	first.Scope = "files focus . 2026-09"
	sealOne(t, store, first, of(september, october))
	turned := later(found("turned", 1), time.Hour)
	turned.Scope = "files focus . 2026-10"

	held := sealOne(t, store, turned, of(october, september))

	require.Equal(t, delivery.StateStopped, held.State)
	require.Contains(t, held.Why, "E_OVERLAP: delivery 1, of the same file, holds 2026-09 already")
	require.Equal(t, 2, count(t, store.Pool, "charge"), "nothing counts twice")

	next := later(found("next", 1), 2*time.Hour)
	next.Scope = "files focus . 2026-11"
	require.Equal(t, delivery.StateSealed, sealOne(t, store, next, of(october.Add(1))).State,
		"a file that is written anew each month is")
}

func TestHalfOfTheRowsIsEnough(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	sealOne(t, store, found("whole", 1), rows("1", "2", "3", "4"))
	half := sealOne(t, store, later(found("half", 1), time.Hour), rows("1", "2"))
	require.Equal(t, delivery.StateSealed, half.State)
}

func TestWhatIsHeldGivesWayToANewerDelivery(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	sealOne(t, store, found("whole", 1), rows("1", "2", "3", "4", "5"))
	held := register(t, store, later(found("cut", 1), time.Hour))
	load(t, store, held.Parts[0].ID, rows("1"))
	_, err := store.Seal(t.Context(), held.ID)
	require.NoError(t, err)

	sealOne(t, store, later(found("newer", 1), 2*time.Hour), rows("1", "2", "3", "4", "5", "6"))

	kept, err := store.Seal(t.Context(), held.ID)
	require.NoError(t, err)
	require.Equal(t, delivery.StateRefused, kept.State)
	require.Contains(t, kept.Why, "E_OLDER_DELIVERY")
	var tables int
	require.NoError(t, store.Pool.QueryRow(
		t.Context(),
		`SELECT count(*) FROM pg_class WHERE relname LIKE 'charge_p_' OR relname LIKE 'charge_daily_d_'`,
	).Scan(&tables))
	require.Equal(t, 2, tables, "one part and one daily table are left")
}

func TestAManifestsWordIsKept(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		promise func(*delivery.Found)
		want    fault.Code
	}{
		"a part with a row too few": {
			func(f *delivery.Found) { f.Parts[0].Promised.Rows = 3 }, fault.ControlTotal,
		},
		"rows that add up in no part but in the whole": {
			func(f *delivery.Found) { f.Promised.Rows = 4 }, fault.ControlTotal,
		},
		"a file of another size": {
			func(f *delivery.Found) { f.Parts[0].Promised.Bytes = 11 }, fault.IncompleteDelivery,
		},
		"other bytes": {
			func(f *delivery.Found) { f.Parts[0].Promised.SHA256 = "ff" }, fault.Hash,
		},
		"a whole of another size": {
			func(f *delivery.Found) { f.Promised.Bytes = 9 }, fault.IncompleteDelivery,
		},
		"everything as promised": {func(f *delivery.Found) {
			f.Promised = delivery.Promise{Rows: 3, Bytes: 10}
			f.Parts[0].Promised = delivery.Promise{Rows: 3, Bytes: 10, SHA256: "D10"}
			f.Parts[0].Digest = "d10"
		}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			export := found("d1", 1)
			tt.promise(&export)

			registered, err := store.Register(t.Context(), export)
			if err == nil {
				lines := rows("1", "2")
				if tt.want == "" || export.Promised.Rows != 0 {
					load(t, store, registered.Parts[0].ID, lines, aside(3, "4"))
				} else {
					load(t, store, registered.Parts[0].ID, lines)
				}
				_, err = store.Seal(t.Context(), registered.ID)
			}

			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			requireCode(t, tt.want, err)
			require.Zero(t, count(t, store.Pool, "charge"))
		})
	}
}

func TestAWithdrawnDeliveryLeavesItsTotals(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	sealed := sealOne(t, store, found("d1", 1), rows("1", "2"), aside(3, "4"))
	word := delivery.Word{Delivery: sealed.ID, By: "kim", Reason: "it comes as FOCUS too"}

	for range 2 {
		decided, err := store.Withdraw(t.Context(), word)
		require.NoError(t, err)
		require.Equal(t, delivery.StateWithdrawn, decided.State)
	}

	require.Zero(t, count(t, store.Pool, "charge"))
	require.Zero(t, count(t, store.Pool, "charge_daily"))
	require.Equal(t, 2, count(t, store.Pool, "delivery_total"))
	list, err := (&db.Totals{Pool: store.Pool}).Deliveries(t.Context(), "", "", sealed.ID, 1)
	require.NoError(t, err)
	require.Equal(t, "withdrawn by kim: it comes as FOCUS too", list[0].Why)
	require.Equal(t, "d1", list[0].Digest)
	var audited int
	require.NoError(t, store.Pool.QueryRow(t.Context(),
		`SELECT count(*) FROM audit_log WHERE action = 'withdraw-delivery' AND actor = 'kim'`).Scan(&audited))
	require.Equal(t, 1, audited)

	kept := register(t, store, found("d1", 1))
	require.Equal(t, sealed.ID, kept.ID, "the nightly ingest does not bring it back")
	require.Contains(t, kept.Why, "--again")
	asked := found("d1", 1)
	asked.Again = true
	anew := sealOne(t, store, asked, rows("1", "2"))
	require.NotEqual(t, sealed.ID, anew.ID)
	require.Equal(t, 2, count(t, store.Pool, "charge"))
}

func TestAMonthWithAFinalDocumentKeepsItsDelivery(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	sealed := sealOne(t, store, found("d1", 1), rows("1"))
	_, err := store.Pool.Exec(t.Context(),
		`INSERT INTO billing_period (month, state) VALUES ('2026-10', 'closing')`)
	require.NoError(t, err)
	_, err = store.Pool.Exec(
		t.Context(),
		`INSERT INTO invoice (issuer, customer, provider, month, state, number, snapshot,
		digest, finalized_at) VALUES ('us', 'acme', 'aws', '2026-10', 'final', 'INV-1', '{}', 'x', now())`,
	)
	require.NoError(t, err)

	_, err = store.Withdraw(t.Context(), delivery.Word{Delivery: sealed.ID, By: "kim", Reason: "wrong"})

	requireCode(t, fault.PeriodClosed, err)
	require.Equal(t, 1, count(t, store.Pool, "charge"))
	_, err = store.Withdraw(t.Context(), delivery.Word{Delivery: 99, By: "kim", Reason: "wrong"})
	requireCode(t, fault.Input, err)
}

// Who reads a month while another delivery is published is not kept waiting,
// and who reads long holds up the seal, not the other readers.
func TestReadersAreNotKeptOut(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	first := sealOne(t, store, found("first", 1), rows("1", "2"))
	const read = `SELECT count(*) FROM charge_daily, charge`

	newer := register(t, store, later(found("newer", 1), time.Hour))
	load(t, store, newer.Parts[0].ID, rows("1", "2", "3"))
	publishing, err := store.Pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = publishing.Exec(t.Context(), `SELECT charge_publish($1)`, newer.ID)
	require.NoError(t, err)
	var rows int
	soon, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	require.NoError(t, store.Pool.QueryRow(soon, `SELECT count(*) FROM charge_daily`).Scan(&rows),
		"a publication that is not committed keeps nobody out")
	require.Equal(t, 1, rows)
	require.NoError(t, publishing.Rollback(t.Context()))

	long, err := store.Pool.Begin(t.Context())
	require.NoError(t, err)
	require.NoError(t, long.QueryRow(t.Context(), read).Scan(&rows))
	ended := make(chan error, 1)
	go func() {
		sealed, err := store.Seal(t.Context(), newer.ID)
		if err == nil && sealed.Superseded != first.ID {
			err = fmt.Errorf("superseded %d", sealed.Superseded)
		}
		ended <- err
	}()
	worst := time.Duration(0)
	for range 12 {
		began := time.Now()
		require.NoError(t, store.Pool.QueryRow(t.Context(), read).Scan(&rows))
		worst = max(worst, time.Since(began))
		time.Sleep(100 * time.Millisecond)
	}
	require.Less(t, worst, 1500*time.Millisecond, "the question for the lock is taken back after a second")
	require.Empty(t, ended, "the seal waits for the long report")
	require.NoError(t, long.Rollback(t.Context()))
	require.NoError(t, <-ended)
}

// In whatever order and however often five snapshots of a month arrive, the
// books end up with the newest (F32).
func TestAnyOrderOfSnapshotsEndsWithTheNewest(t *testing.T) {
	t.Parallel()
	database := pgtest.Open(t)
	store := &db.Charges{Pool: database.App(t)}
	month := 0
	rapid.Check(t, func(t *rapid.T) {
		month++
		order := rapid.SliceOfN(rapid.IntRange(1, 5), 2, 7).Draw(t, "order")
		newest := 0
		for _, snapshot := range order {
			newest = max(newest, snapshot)
			export := later(found(fmt.Sprintf("run %d snapshot %d", month, snapshot), 1),
				time.Duration(snapshot)*time.Hour)
			export.Source, export.Scope = fmt.Sprint("source ", month), fmt.Sprint("run ", month)
			registered, err := store.Register(t.Context(), export)
			require.NoError(t, err)
			if registered.State == delivery.StateLoading {
				amounts := make([]string, 10+snapshot)
				for i := range amounts {
					amounts[i] = fmt.Sprint(snapshot)
				}
				reader := &fakeReader{lines: rows(amounts...)}
				_, err = store.LoadPart(t.Context(), registered.Parts[0].ID, reader, func(int64) {}, noEnd)
				require.NoError(t, err)
			}
			_, err = store.Seal(t.Context(), registered.ID)
			require.NoError(t, err)
		}
		var published, held int
		var billed string
		err := store.Pool.QueryRow(t.Context(), `SELECT count(DISTINCT d.id), count(*), sum(c.billed)::text
			FROM delivery d JOIN part p ON p.delivery = d.id JOIN charge c ON c.part_id = p.id
			WHERE d.scope = $1 AND d.state = 'sealed'`, fmt.Sprint("run ", month)).Scan(&published, &held, &billed)
		require.NoError(t, err)
		require.Equal(t, 1, published)
		require.Equal(t, 10+newest, held)
		require.Equal(t, fmt.Sprint((10+newest)*newest), billed)
	})
}

func later(export delivery.Found, by time.Duration) delivery.Found {
	export.AsOf = export.AsOf.Add(by)
	return export
}
