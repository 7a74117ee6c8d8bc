package db_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

func TestADeliveryIsSeenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	registered := register(t, store, found("d1", 2))

	load(t, store, registered.Parts[0].ID, rows("10.10", "-7.0E-10"))
	_, err := store.Seal(t.Context(), registered.ID)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.IncompleteDelivery, code)
	require.Zero(t, count(t, store.Pool, "charge"))
	load(t, store, registered.Parts[1].ID, rows("0.000000000000000000001"))
	require.Zero(t, count(t, store.Pool, "charge"))

	sealed, err := store.Seal(t.Context(), registered.ID)

	require.NoError(t, err)
	require.Equal(t, 3, count(t, store.Pool, "charge"))
	require.Equal(t, []string{"2026-10"}, sealed.Months)
	require.Equal(t, []charge.ControlTotal{{
		Month: "2026-10", Currency: "USD", State: "sealed", Rows: 3, Billed: "10.099999999300000000001",
		Effective: "10.099999999300000000001", List: "10.099999999300000000001", Contracted: "0",
	}}, sealed.Totals)
	again, err := store.Seal(t.Context(), registered.ID)
	require.NoError(t, err)
	require.Equal(t, sealed, again)
	require.Equal(t, 3, count(t, store.Pool, "charge"))
}

func TestTheSameBytesAreTheSameDelivery(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	first := register(t, store, found("d1", 1))
	load(t, store, first.Parts[0].ID, rows("1"))
	_, err := store.Seal(t.Context(), first.ID)
	require.NoError(t, err)

	elsewhere := found("d1", 1)
	elsewhere.Source, elsewhere.Location = "folder-x", "file:///elsewhere"
	second := register(t, store, elsewhere)

	require.Equal(t, first.ID, second.ID)
	require.Equal(t, delivery.StateSealed, second.State)
}

func TestANewerDeliveryReplacesAndAnOlderDoesNot(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	draft := sealOne(t, store, found("draft", 1), rows("1", "2"), aside(3, "4"))
	final := found("final", 1)
	final.AsOf = final.AsOf.Add(time.Hour)
	newer := sealOne(t, store, final, rows("2", "3"))

	require.Equal(t, draft.ID, newer.Superseded)
	require.Equal(t, 2, count(t, store.Pool, "charge"))
	require.Equal(t, 1, count(t, store.Pool, "charge_daily"), "two rows of one day and kind")
	require.Equal(t, delivery.StateSuperseded, register(t, store, found("draft", 1)).State)
	kept, err := store.Seal(t.Context(), draft.ID)
	require.NoError(t, err)
	require.Equal(t, delivery.StateSuperseded, kept.State)
	require.Len(t, kept.Totals, 2)
	require.Equal(t, "4", kept.Totals[0].Billed)
	require.Equal(t, "3", kept.Totals[1].Billed)
	var state, by string
	require.NoError(t,
		store.Pool.QueryRow(t.Context(), "SELECT state, decided_by FROM quarantined_row").Scan(&state, &by))
	require.Equal(t, "fixed", state)
	require.Equal(t, fmt.Sprintf("delivery %d", newer.ID), by)

	late := register(t, store, found("late", 1))
	load(t, store, late.Parts[0].ID, rows("9"))
	for range 2 {
		older, err := store.Seal(t.Context(), late.ID)
		require.NoError(t, err, "what comes too late changes nothing, and is no failure")
		require.Equal(t, delivery.StateRefused, older.State)
		require.Contains(t, older.Why, "E_OLDER_DELIVERY")
	}
	require.Equal(t, 2, count(t, store.Pool, "charge"))
	require.Equal(t, late.ID, register(t, store, found("late", 1)).ID, "it is not loaded again")
}

func TestADigitThatIsMissingRefusesTheDelivery(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"a row too few in the books":    `UPDATE part SET control = jsonb_set(control, '{0,rows}', '3')`,
		"one digit of a billed cost":    `UPDATE part SET control = jsonb_set(control, '{0,billed}', '"3.000000000000000000001"')`,
		"a row set aside is missing":    `DELETE FROM quarantined_row`,
		"the amount of a row set aside": `UPDATE quarantined_row SET billed = 4.01`,
	}
	for name, tampering := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := openCharges(t)
			registered := register(t, store, found("d1", 1))
			load(t, store, registered.Parts[0].ID, rows("1", "2"), aside(3, "4"))
			_, err := store.Pool.Exec(t.Context(), tampering)
			require.NoError(t, err)

			_, err = store.Seal(t.Context(), registered.ID)

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.ControlTotal, code)
			require.Zero(t, count(t, store.Pool, "charge"))
			require.Zero(t, count(t, store.Pool, "charge_daily"))
			var state string
			require.NoError(t, store.Pool.QueryRow(t.Context(), "SELECT state FROM delivery").Scan(&state))
			require.Equal(t, delivery.StateRefused, state)
		})
	}
}

func TestAPartLoadedAgainReplacesItself(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	registered := register(t, store, found("d1", 1))
	part := registered.Parts[0].ID
	broken := &fakeReader{lines: rows("5", "6"), failure: fault.New(fault.GzipTruncated, "cut off", "")}
	_, err := store.LoadPart(t.Context(), part, broken, func(int64) {}, noEnd)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.GzipTruncated, code)
	work, err := store.PartWork(t.Context(), part)
	require.NoError(t, err)
	require.False(t, work.Loaded)

	load(t, store, part, rows("1", "2"), aside(3, "4"))
	load(t, store, part, rows("1", "2"), aside(3, "4"))
	_, err = store.Seal(t.Context(), registered.ID)

	require.NoError(t, err)
	require.Equal(t, 2, count(t, store.Pool, "charge"))
	work, err = store.PartWork(t.Context(), part)
	require.NoError(t, err)
	require.True(t, work.Loaded)
	require.Equal(t, delivery.PartResult{Rows: 2, Quarantined: 1}, work.Result)
	_, err = store.LoadPart(t.Context(), part, &fakeReader{lines: rows("7")}, func(int64) {}, noEnd)
	require.Error(t, err, "a late attempt finds the delivery sealed")
	require.Equal(t, 2, count(t, store.Pool, "charge"))
}

func TestTooManyRowsSetAsideRefuseThePart(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	registered := register(t, store, found("d1", 1))
	reader := &fakeReader{}
	for i := range 1001 {
		reader.aside = append(reader.aside, aside(int64(i+1), "1"))
	}

	_, err := store.LoadPart(t.Context(), registered.Parts[0].ID, reader, func(int64) {}, noEnd)

	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Schema, code)
	require.Zero(t, count(t, store.Pool, "quarantined_row"))
}

func TestDictionariesHoldEveryTupleOnce(t *testing.T) {
	t.Parallel()
	store := openCharges(t)
	registered := register(t, store, found("d1", 1))
	lines := make([]charge.Line, 20_000) // several chunks, two tuples of each kind
	for i := range lines {
		lines[i] = line("1")
		lines[i].ResourceID = fmt.Appendf(nil, "i-%d", i%7000)
		lines[i].SubAccountID = fmt.Appendf(nil, "%012d", i%2)
	}
	load(t, store, registered.Parts[0].ID, lines)
	_, err := store.Seal(t.Context(), registered.ID)
	require.NoError(t, err)

	require.Equal(t, 7000, count(t, store.Pool, "dim_resource"))
	require.Equal(t, 2, count(t, store.Pool, "dim_account"))
	require.Equal(t, 1, count(t, store.Pool, "dim_bill"))
	require.Equal(t, 0, count(t, store.Pool, "dim_tag_set"))
	var wrong int
	require.NoError(t, store.Pool.QueryRow(t.Context(), `
		SELECT count(*) FROM charge JOIN dim_resource ON dim_resource.id = resource_id
			JOIN dim_account ON dim_account.id = account_id
		WHERE value <> 'i-' || (row_no - 1) % 7000 OR sub_account <> lpad(((row_no - 1) % 2)::text, 12, '0')
			OR tag_set_id <> 0 OR starts_at <> '2026-10-03 05:00Z'`).Scan(&wrong))
	require.Zero(t, wrong)
}

func openCharges(t *testing.T) *db.Charges {
	t.Helper()
	return &db.Charges{Pool: pgtest.Open(t).App(t)}
}

func found(digest string, parts int) delivery.Found {
	found := delivery.Found{
		Source: "aws", Format: delivery.FormatCUR, Scope: "2026-10", Digest: digest, DigestKind: "files",
		Location: "file:///here", AsOf: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
	}
	for i := range parts {
		found.Parts = append(found.Parts, delivery.PartFile{
			Key: fmt.Sprintf("part-%d.csv", i), Bytes: 10, Digest: fmt.Sprint(digest, i),
		})
	}
	return found
}

func register(t *testing.T, store *db.Charges, found delivery.Found) delivery.Registered {
	t.Helper()
	registered, err := store.Register(t.Context(), found)
	require.NoError(t, err)
	return registered
}

func load(t *testing.T, store *db.Charges, part int64, lines []charge.Line, aside ...*charge.Quarantined) {
	t.Helper()
	reader := &fakeReader{lines: lines, aside: aside}
	result, err := store.LoadPart(t.Context(), part, reader, func(int64) {}, noEnd)
	require.NoError(t, err)
	require.Equal(t, delivery.PartResult{Rows: int64(len(lines)), Quarantined: int64(len(aside))}, result)
}

func sealOne(
	t *testing.T, store *db.Charges, found delivery.Found, lines []charge.Line, aside ...*charge.Quarantined,
) delivery.Sealed {
	t.Helper()
	registered := register(t, store, found)
	load(t, store, registered.Parts[0].ID, lines, aside...)
	sealed, err := store.Seal(t.Context(), registered.ID)
	require.NoError(t, err)
	return sealed
}

func noEnd() (delivery.PartEnd, error) { return delivery.PartEnd{Digest: "x"}, nil }

func rows(billed ...string) []charge.Line {
	lines := make([]charge.Line, len(billed))
	for i, amount := range billed {
		lines[i] = line(amount)
	}
	return lines
}

func line(billed string) charge.Line {
	month, _ := period.ParseMonth("2026-10")
	return charge.Line{
		Provider: []byte("aws"), ProviderName: []byte("AWS"), BillingAccountID: []byte("111122223333"),
		Currency: []byte("USD"), BillingMonth: charge.MonthOf(month), SubAccountID: []byte("999988887777"),
		Category: charge.CategoryUsage, ServiceCode: []byte("AmazonEC2"),
		Start:  time.Date(2026, 10, 3, 5, 0, 0, 0, time.UTC),
		End:    time.Date(2026, 10, 3, 6, 0, 0, 0, time.UTC),
		Billed: []byte(billed), Effective: []byte(billed), List: []byte(billed),
	}
}

func aside(row int64, billed string) *charge.Quarantined {
	month, _ := period.ParseMonth("2026-10")
	return &charge.Quarantined{
		Row: row, Line: row + 1, Offset: 100 * row, Code: fault.UnknownType, Column: "lineItem/LineItemType",
		Value: "SomeFutureType", Raw: []byte("raw"), BillingMonth: charge.MonthOf(month), Currency: "USD",
		Provider: "aws", Billed: billed,
	}
}

// fakeReader yields lines, then rows to set aside, then its failure.
type fakeReader struct {
	lines   []charge.Line
	aside   []*charge.Quarantined
	failure error
	next    int
}

func (r *fakeReader) Next() (*charge.Line, *charge.Quarantined, error) {
	at := r.next
	r.next++
	switch {
	case at < len(r.lines):
		r.lines[at].Row = int64(at + 1)
		return &r.lines[at], nil, nil
	case at < len(r.lines)+len(r.aside):
		return nil, r.aside[at-len(r.lines)], nil
	case r.failure != nil:
		return nil, nil, r.failure
	default:
		return nil, nil, io.EOF
	}
}
