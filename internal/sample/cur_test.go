package sample_test

import (
	"encoding/json"
	"math/big"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"magam/domain/money"
)

// lineTypes are all that DOMAIN knows; each must occur in the legacy report.
var lineTypes = []string{
	"Usage", "DiscountedUsage", "RIFee", "Fee", "SavingsPlanUpfrontFee", "SavingsPlanRecurringFee",
	"SavingsPlanCoveredUsage", "SavingsPlanNegation", "Credit", "Refund", "Tax", "EdpDiscount",
	"PrivateRateDiscount", "BundledDiscount", "RiVolumeDiscount", "SppDiscount", "Discount",
	"FlatRateSubscription",
}

func TestEveryLineItemTypeOccurs(t *testing.T) {
	t.Parallel()
	summary, _ := october(t, nil)
	var found []string
	for _, figure := range summary.Sources[0].ByLineType {
		found = append(found, figure.Name)
	}

	require.ElementsMatch(t, lineTypes, found)
}

func TestEveryCellOfTheReportIsWellFormed(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	scientific, ids := 0, map[string]bool{}
	for i, r := range rowsOf(t, dir, summary.Sources[0]) {
		require.Len(t, r, 113)
		for column, cell := range r {
			require.True(t, utf8.ValidString(cell), "row %d %s", i, column)
			isAmount := strings.HasSuffix(column, "Cost") || strings.HasSuffix(column, "Rate") ||
				strings.HasSuffix(column, "Amount") || strings.HasPrefix(column, "discount/")
			if !isAmount || cell == "" {
				continue
			}
			require.NoError(t, money.Check([]byte(cell)), "row %d %s", i, column)
			if strings.Contains(cell, "E-") {
				scientific++
			}
		}
		require.NotEmpty(t, r["lineItem/UnblendedCost"])
		require.Len(t, r["identity/LineItemId"], 52)
		require.False(t, ids[r["identity/LineItemId"]], "ids of one assembly differ")
		ids[r["identity/LineItemId"]] = true
		requirePeriod(t, r)
	}
	require.Greater(t, scientific, 500, "amounts in scientific notation")
}

// requirePeriod holds a row's instants against the month; one credit ends a
// second into the next, as real ones do.
func requirePeriod(t *testing.T, r row) {
	t.Helper()
	start, err := time.Parse(time.RFC3339, r["lineItem/UsageStartDate"])
	require.NoError(t, err)
	end, err := time.Parse(time.RFC3339, r["lineItem/UsageEndDate"])
	require.NoError(t, err)
	october := month(t, "2026-10")
	require.True(t, october.Contains(start))
	require.True(t, start.Before(end))
	require.False(t, end.After(october.End().Add(time.Second)))
	require.Equal(t, "2026-10-01T00:00:00Z", r["bill/BillingPeriodStartDate"])
	require.NotEmpty(t, r["bill/InvoiceId"], "the bill is final")
}

func TestRatesTimesQuantitiesAreCosts(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	finest := big.NewRat(1, 10_000_000_000)
	for _, r := range rowsOf(t, dir, summary.Sources[0]) {
		if r["pricing/publicOnDemandRate"] == "" {
			continue
		}
		exact := rat(t, r["lineItem/UsageAmount"])
		exact.Mul(exact, rat(t, r["pricing/publicOnDemandRate"]))
		cut := exact.Sub(exact, rat(t, r["pricing/publicOnDemandCost"]))
		require.GreaterOrEqual(t, cut.Sign(), 0)
		require.Negative(t, cut.Cmp(finest), "cut to 1e-10, never more")
	}
}

func TestSavingsPlansBalance(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	rows := rowsOf(t, dir, summary.Sources[0])
	const plan = "savingsPlan/SavingsPlanARN"
	for _, arn := range distinct(rows, plan) {
		of := func(name string) func(row) bool {
			return func(r row) bool { return r[plan] == arn && lineType(name)(r) }
		}
		covered := sum(t, rows, "lineItem/UnblendedCost", of("SavingsPlanCoveredUsage"))
		negated := sum(t, rows, "lineItem/UnblendedCost", of("SavingsPlanNegation"))
		require.Positive(t, covered.Sign())
		requireEqual(t, covered, negated.Neg(negated), "negation of "+arn)

		effective := sum(t, rows, "savingsPlan/SavingsPlanEffectiveCost", of("SavingsPlanCoveredUsage"))
		used := sum(t, rows, "savingsPlan/UsedCommitment", of("SavingsPlanRecurringFee"))
		committed := sum(t, rows, "savingsPlan/TotalCommitmentToDate", of("SavingsPlanRecurringFee"))
		requireEqual(t, effective, used, "used commitment of "+arn)
		require.LessOrEqual(t, used.Cmp(committed), 0, "no plan covers more than it commits")
	}
}

func TestReservationsBalance(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	rows := rowsOf(t, dir, summary.Sources[0])
	const reservation = "reservation/ReservationARN"
	for _, arn := range distinct(rows, reservation) {
		of := func(name string) func(row) bool {
			return func(r row) bool { return r[reservation] == arn && lineType(name)(r) }
		}
		used := sum(t, rows, "lineItem/UsageAmount", of("DiscountedUsage"))
		unused := sum(t, rows, "reservation/UnusedQuantity", of("RIFee"))
		reserved := sum(t, rows, "reservation/TotalReservedUnits", of("RIFee"))
		requireEqual(t, reserved, used.Add(used, unused), "hours of "+arn)

		recurring := sum(t, rows, "reservation/RecurringFeeForUsage", of("DiscountedUsage"))
		recurring.Add(recurring, sum(t, rows, "reservation/UnusedRecurringFee", of("RIFee")))
		requireEqual(t, sum(t, rows, "lineItem/UnblendedCost", of("RIFee")), recurring, "fee of "+arn)
		require.Zero(t, sum(t, rows, "lineItem/UnblendedCost", of("DiscountedUsage")).Sign())
	}
}

func TestDiscountLinesAreTheDiscountColumns(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	rows := rowsOf(t, dir, summary.Sources[0])
	for _, name := range []string{"EdpDiscount", "PrivateRateDiscount", "BundledDiscount"} {
		lines := sum(t, rows, "lineItem/UnblendedCost", lineType(name))
		columns := sum(t, rows, "discount/"+name, lineType("Usage"))
		require.Negative(t, lines.Sign())
		requireEqual(t, columns, lines, name)
	}
}

func TestTaxIsTenPerCentOfEachAccountsBill(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	rows := rowsOf(t, dir, summary.Sources[0])
	taxed := 0
	for _, r := range rows {
		if !lineType("Tax")(r) {
			continue
		}
		taxed++
		base := sum(t, rows, "lineItem/UnblendedCost", func(o row) bool {
			return !lineType("Tax")(o) && o["lineItem/UsageAccountId"] == r["lineItem/UsageAccountId"] &&
				o["bill/InvoicingEntity"] == r["bill/InvoicingEntity"]
		})
		cut := base.Sub(base.Quo(base, rat(t, "10")), rat(t, r["lineItem/UnblendedCost"]))
		require.GreaterOrEqual(t, cut.Sign(), 0)
		require.Negative(t, cut.Cmp(rat(t, "0.01")), "cut to whole cents")
	}
	require.Greater(t, taxed, 30)
}

func TestTextSurvivesTheFile(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	rows := rowsOf(t, dir, summary.Sources[0])
	names := distinct(rows, "resourceTags/user:Name")

	require.Contains(t, names, "생산관리-웹서버")
	require.Contains(t, distinct(rows, "resourceTags/user:부서"), "전자의무기록")
	long := slices.ContainsFunc(distinct(rows, "lineItem/LineItemDescription"), func(text string) bool {
		return len(text) > 150 && strings.Contains(text, ",") && strings.Contains(text, `"`)
	})
	require.True(t, long, "a long description with commas and quotes")
	require.Len(t, distinct(rows, "bill/InvoiceId"), 3, "several invoices in one month")
	require.GreaterOrEqual(t, len(distinct(rows, "lineItem/ProductCode")), 20)
}

func TestManifestNamesThePartsThatAreThere(t *testing.T) {
	t.Parallel()
	summary, dir := october(t, nil)
	bucket := filepath.Join(dir, "exports", summary.Sources[0].Name)
	text, err := os.ReadFile(
		filepath.Join(bucket, path.Dir(summary.Sources[0].Files[0]), "magam-cur-Manifest.json"),
	)
	require.NoError(t, err)
	newest, err := os.ReadFile(
		filepath.Join(bucket, "cur/magam-cur/20261001-20261101/magam-cur-Manifest.json"),
	)
	require.NoError(t, err)
	var manifest struct {
		AssemblyID, Account, Compression string
		ReportKeys                       []string
		BillingPeriod                    struct{ Start, End string }
		Columns                          []struct{ Category, Name string }
	}
	require.NoError(t, json.Unmarshal(text, &manifest))

	require.Equal(t, text, newest)
	require.Equal(t, summary.Sources[0].Files, manifest.ReportKeys)
	require.GreaterOrEqual(t, len(manifest.ReportKeys), 3)
	for _, key := range manifest.ReportKeys {
		require.FileExists(t, filepath.Join(bucket, filepath.FromSlash(key)))
		require.Contains(t, key, manifest.AssemblyID)
	}
	require.Equal(t, "GZIP", manifest.Compression)
	require.Equal(t, summary.Sources[0].BillingAccount, manifest.Account)
	require.Equal(t, "20261001T000000.000Z", manifest.BillingPeriod.Start)
	require.Equal(t, "20261101T000000.000Z", manifest.BillingPeriod.End)
	first := rowsOf(t, dir, summary.Sources[0])[0]
	for _, column := range manifest.Columns {
		require.Contains(t, first, column.Category+"/"+column.Name)
	}
}

// distinct lists a column's different values, empty ones left out, in order.
func distinct(rows []row, column string) []string {
	var list []string
	for _, r := range rows {
		if r[column] != "" {
			list = append(list, r[column])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
