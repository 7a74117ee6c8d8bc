package db_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
)

// Two ways from a sum to the bytes that Postgres takes in.
func TestANarrowSumIsEncodedLikeItsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var sum money.Narrow
		for _, text := range rapid.SliceOf(rapid.StringMatching(`-?[0-9]{1,12}(\.[0-9]{1,6})?(E-1?[0-4])?`)).Draw(t, "amounts") {
			one, fits := money.ReadNarrow([]byte(text))
			require.True(t, fits, text)
			require.True(t, sum.Add(one))
		}
		want, err := db.AppendNumeric(nil, []byte(money.Text(sum.Decimal())))
		require.NoError(t, err)

		require.Equal(t, want, db.AppendNarrow(nil, sum), money.Text(sum.Decimal()))
	})
}

// Whatever the rows hold and however they fall into parts, the daily table is
// what Postgres itself adds up, to the last digit and to the last combination.
func TestDailySumsAreTheSumsOfTheirRows(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		parts, rows int
		lines       func(random *rand.Rand, row int) charge.Line
		runs        int // at least, of the first part
	}{
		"one part":                           {1, 3000, anyLine, 1},
		"several parts share their days":     {3, 2000, anyLine, 1},
		"amounts too fine for sixteen bytes": {1, 3000, fineLine, 1},
		"more sums than are kept in memory": {1, 10_000, func(random *rand.Rand, row int) charge.Line {
			line := fineLine(random, row)
			line.Tags = fmt.Appendf(nil, `{"n":"%d"}`, row)
			return line
		}, 2},
		"several parts with more sums than are kept": {
			2,
			9_000,
			func(random *rand.Rand, row int) charge.Line {
				line := fineLine(random, row)
				line.Tags = fmt.Appendf(nil, `{"n":"%d"}`, row)
				return line
			},
			2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			registered := register(t, store, found("d1", tt.parts))
			random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same rows every time
			for _, part := range registered.Parts {
				lines := make([]charge.Line, tt.rows)
				for row := range lines {
					lines[row] = tt.lines(random, row)
				}
				load(t, store, part.ID, lines)
			}
			var runs int
			require.NoError(
				t,
				store.Pool.QueryRow(t.Context(), "SELECT daily_runs FROM part ORDER BY id LIMIT 1").
					Scan(&runs),
			)
			require.GreaterOrEqual(t, runs, tt.runs)

			_, err := store.Seal(t.Context(), registered.ID)

			require.NoError(t, err)
			var days, differ int
			require.NoError(t, store.Pool.QueryRow(t.Context(), dailySumsThatDiffer).Scan(&days, &differ))
			require.Positive(t, days)
			require.Zero(t, differ)
		})
	}
}

// dailySumsThatDiffer counts the daily table's rows, and its differences from
// what the rows say, in both directions.
const dailySumsThatDiffer = `
WITH said AS (
    SELECT day, bill_id, account_id, item_id, tag_set_id, commitment_id, row_count, quantity::numeric, billed::numeric,
        effective::numeric, list::numeric, contracted::numeric
    FROM charge_daily
), summed AS (
    SELECT (starts_at AT TIME ZONE 'UTC')::date, bill_id, account_id, item_id, tag_set_id, commitment_id, count(*),
        sum(quantity), sum(billed), sum(effective), sum(list), sum(contracted)
    FROM charge GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT (SELECT count(*) FROM said), (SELECT count(*) FROM ((TABLE said EXCEPT ALL TABLE summed)
    UNION ALL (TABLE summed EXCEPT ALL TABLE said)) AS differences)`

// anyLine varies everything that tells days apart, and spells amounts as exports do.
func anyLine(random *rand.Rand, _ int) charge.Line {
	amount := func() []byte {
		switch random.IntN(4) {
		case 0:
			return fmt.Appendf(nil, "-%d.%03d", random.IntN(10), random.IntN(1000))
		case 1:
			return fmt.Appendf(nil, "%d.%dE-%d", random.IntN(10), random.IntN(100_000), random.IntN(12))
		case 2:
			return []byte("99999999999")
		default:
			return fmt.Appendf(nil, "0.%010d", random.IntN(1_000_000_000))
		}
	}
	line := line(string(amount()))
	line.Start = time.Date(2026, 9, 29, random.IntN(72), 59, 59, 999_000_000, time.UTC)
	line.End = line.Start.Add(time.Second)
	line.SubAccountID = fmt.Append(nil, random.IntN(5))
	line.UsageType = fmt.Append(nil, random.IntN(5))
	line.Quantity, line.Contracted = amount(), line.Billed
	if random.IntN(3) == 0 {
		line.Tags = fmt.Appendf(nil, `{"n":"%d"}`, random.IntN(3))
		line.CommitmentID = fmt.Append(nil, random.IntN(2))
	}
	if random.IntN(5) == 0 {
		line.Effective, line.List = amount(), nil
	}
	return line
}

// fineLine has every other amount beyond what a money.Narrow holds.
func fineLine(random *rand.Rand, row int) charge.Line {
	line := anyLine(random, row)
	line.Billed = fmt.Appendf(nil, "-0.%030d", random.IntN(1_000_000_000))
	if row%2 == 0 {
		line.Effective, line.List, line.Contracted = line.Billed, line.Billed, line.Billed
	}
	return line
}

func TestDaysThatAreNotTheirRowsRefuseTheDelivery(t *testing.T) {
	t.Parallel()

	const columns = `delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id`
	tests := map[string]string{
		"a row that no day has": `INSERT INTO charge_p1 SELECT * FROM charge_p1 LIMIT 1`,
		"a day that no row has": `INSERT INTO charge_daily_p1 SELECT * FROM charge_daily_p1 LIMIT 1`,
		"a quantity, which no control total has": `INSERT INTO charge_daily_p1
			SELECT ` + columns + `, 0, 1, 0, 0, 0, 0 FROM charge_daily_p1 LIMIT 1`,
		"an amount under another day": `INSERT INTO charge_daily_p1
			SELECT delivery, day + shift, bill_id, account_id, item_id, tag_set_id, commitment_id, 0, 0, shift * 2 - 1, 0, 0, 0
			FROM (SELECT * FROM charge_daily_p1 LIMIT 1) AS one CROSS JOIN generate_series(0, 1) AS shift`,
		"an amount under another account": `INSERT INTO charge_daily_p1
			SELECT delivery, day, bill_id, account_id + shift, item_id, tag_set_id, commitment_id, 0, 0, shift * 2 - 1, 0, 0, 0
			FROM (SELECT * FROM charge_daily_p1 LIMIT 1) AS one CROSS JOIN generate_series(0, 1) AS shift`,
	}
	for name, tampering := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			registered := register(t, store, found("d1", 1))
			load(t, store, registered.Parts[0].ID, rows("1", "2"))
			_, err := store.Pool.Exec(t.Context(), tampering)
			require.NoError(t, err)

			_, err = store.Seal(t.Context(), registered.ID)

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.ControlTotal, code)
			require.ErrorContains(t, err, "their days")
			require.Zero(t, count(t, store.Pool, "charge"))
		})
	}
}

// A part that an older program loaded has rows alone.
func TestAPartWithoutDaysIsAddedUpWhenItIsSealed(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	registered := register(t, store, found("d1", 2))
	load(t, store, registered.Parts[0].ID, rows("1", "2"))
	load(t, store, registered.Parts[1].ID, rows("3"))
	_, err := store.Pool.Exec(t.Context(), "UPDATE part SET daily_runs = 0 WHERE id = $1",
		registered.Parts[0].ID)
	require.NoError(t, err)

	sealed, err := store.Seal(t.Context(), registered.ID)

	require.NoError(t, err)
	require.Equal(t, "6", sealed.Totals[0].Billed)
	require.Equal(t, int64(3), sealed.Totals[0].Rows)
}
