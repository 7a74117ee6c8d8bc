package sample_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/master"
	"magam/domain/period"
	format "magam/formats/master"
	"magam/internal/sample"
)

// tables reads the written folder as an import would.
func tables(t *testing.T, dir string) []master.Table {
	t.Helper()
	result, err := format.ReadFolder(os.DirFS(filepath.Join(dir, "master")))
	require.NoError(t, err)
	require.Empty(t, result.Problems)
	return result.Tables
}

func TestMasterDataIsAcceptedAsItIs(t *testing.T) {
	t.Parallel()
	for of := 1; of <= 12; of++ { // in every month that one may ask for
		at := period.NewMonth(2026, time.Month(of))
		t.Run(at.String(), func(t *testing.T) {
			t.Parallel()
			_, dir := october(t, func(o *sample.Options) { o.Month = at })
			read := tables(t, dir)

			for _, problem := range master.Validate(read, nil) {
				t.Error(problem)
			}
			book, err := master.NewBook(read)
			require.NoError(t, err)
			require.Len(t, book.Customers(at), 12)
		})
	}
}

func TestSheetsHaveTheirColumns(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	written := map[string]bool{}
	for _, table := range tables(t, dir) {
		written[table.Sheet] = true
		for _, sheet := range master.Sheets {
			if sheet.Name == table.Sheet {
				require.Equal(t, sheet.ColumnNames(), table.Columns, table.Sheet)
			}
		}
	}

	require.Len(t, written, len(summary.Master))
	for _, rules := range []string{"shared_costs", "plans", "fees"} {
		require.Contains(t, written, rules, "the month exercises every rule")
	}
}

func TestEveryAccountWithCostHasACustomerUnlessAskedOtherwise(t *testing.T) {
	t.Parallel()
	unassigned := func(change func(*sample.Options)) []string {
		summary, dir := october(t, change)
		owned := map[string]bool{}
		for _, r := range sheetRows(t, dir, "accounts") {
			owned[r["sub_account"]] = r["customer"] != ""
		}
		var orphans []string
		for _, source := range summary.Sources {
			for _, figure := range source.BySubAccount {
				if !owned[figure.Name] {
					orphans = append(orphans, figure.Name)
				}
			}
		}
		return orphans
	}

	require.Empty(t, unassigned(nil))
	require.Len(t, unassigned(func(o *sample.Options) { o.WithUnassigned = true }), 1)
}

func TestTwelveCustomersInThreeLanguagesAllSpend(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	ownerOf, languages, spends, idle := map[string]string{}, map[string]int{}, map[string]bool{}, 0
	for _, r := range sheetRows(t, dir, "customers") {
		languages[r["language"]]++
	}
	for _, r := range sheetRows(t, dir, "accounts") {
		ownerOf[r["sub_account"]] = r["customer"]
	}
	spending := map[string]bool{}
	for _, source := range summary.Sources {
		for _, figure := range source.BySubAccount {
			spends[ownerOf[figure.Name]], spending[figure.Name] = true, true
		}
	}
	for account := range ownerOf {
		if !spending[account] {
			idle++
		}
	}

	require.Equal(t, map[string]int{"ko": 8, "ja": 2, "en": 2}, languages)
	require.Len(t, spends, 12)
	require.GreaterOrEqual(t, idle, 3, "some accounts spend nothing")
	require.Greater(t, len(ownerOf), 35)
}

func TestTagsNameResourcesThatTheExportShows(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	shown := map[string]bool{}
	for _, r := range rowsOf(t, dir, summary.Sources[0]) {
		shown[r["lineItem/ProductCode"]+" "+r["lineItem/ResourceId"]] = true
	}
	for _, r := range rowsOf(t, dir, summary.Sources[1]) {
		shown[r["x_ServiceCode"]+" "+r["ResourceId"]] = true
	}
	tags := sheetRows(t, dir, "tags")
	require.NotEmpty(t, tags)
	for _, tag := range tags {
		require.True(t, shown[tag["service"]+" "+tag["resource_id"]], tag)
	}
}

func TestSomeCommitmentsEndSoonAfterTheClose(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	closing := time.Date(2026, 11, 6, 0, 0, 0, 0, time.UTC)
	var soon, ended, later int
	known := map[string]bool{}
	for _, r := range rowsOf(t, dir, summary.Sources[0]) {
		known[r["savingsPlan/SavingsPlanARN"]+r["reservation/ReservationARN"]] = true
	}
	for _, r := range sheetRows(t, dir, "commitments") {
		ends, err := time.Parse(time.DateOnly, r["ends_on"])
		require.NoError(t, err)
		switch days := int(ends.Sub(closing).Hours()) / 24; {
		case days < 0:
			ended++
		case days <= 30:
			soon++
		default:
			later++
		}
		if strings.HasPrefix(r["id"], "arn:") && !strings.Contains(r["description"], "基幹") {
			require.True(t, known[r["id"]], "the export shows %s at work", r["id"])
		}
	}

	require.GreaterOrEqual(t, soon, 3)
	require.Equal(t, 1, ended)
	require.GreaterOrEqual(t, later, 3)
}

func TestRatesAreListedOnEveryBusinessDay(t *testing.T) {
	t.Parallel()
	_, dir := october(t, nil)
	listed := map[string]int{}
	for _, r := range sheetRows(t, dir, "rates") {
		listed[r["date"]]++
		require.Positive(t, rat(t, r["value"]).Sign())
	}
	holidays := map[string]bool{}
	for _, r := range sheetRows(t, dir, "holidays") {
		holidays[r["date"]] = true
	}
	require.True(t, holidays["2026-10-09"], "한글날")
	for at := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC); at.Month() <= 10; at = at.AddDate(0, 0, 1) {
		date, weekend := at.Format(time.DateOnly),
			at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if weekend || holidays[date] {
			require.Zero(t, listed[date], date)
		} else {
			require.Equal(t, 4, listed[date], date)
		}
	}
}
