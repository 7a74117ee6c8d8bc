package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/domain/period"
)

const azureHeader = "SubscriptionId,Date,MeterCategory,CostInBillingCurrency,BillingCurrency,BillingAccountId," +
	"BillingPeriodStartDate,BillingPeriodEndDate,ChargeType,PricingModel,ReservationId,Quantity\n"

// azureRow is a row of October 2026.
func azureRow(subscription, day, cost, kind, model string) string {
	return fmt.Sprintf("%s,10/%s/2026,Virtual Machines,%s,USD,8611537,10/01/2026,10/31/2026,%s,%s,,1\n",
		subscription, day, cost, kind, model)
}

// lay writes files, each a minute younger than the one before.
func lay(t *testing.T, folder string, files ...[2]string) {
	t.Helper()
	for i, file := range files {
		path := filepath.Join(folder, filepath.FromSlash(file[0]))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(file[1]), 0o600))
		written := time.Date(2026, 11, 2, 3, i, 0, 0, time.UTC)
		require.NoError(t, os.Chtimes(path, written, written))
	}
}

// held is what the books hold of October: billed and effective.
func (h *ingestHouse) held(t *testing.T) string {
	t.Helper()
	month, err := period.ParseMonth("2026-10")
	require.NoError(t, err)
	totals, err := h.totals.OfMonth(t.Context(), month, "")
	require.NoError(t, err)
	var words []string
	for _, total := range totals {
		words = append(
			words,
			fmt.Sprintf("%s %s rows %d billed %s effective %s", total.Currency, total.State, total.Rows,
				plain(total.Billed), plain(total.Effective)),
		)
	}
	return strings.Join(words, "; ")
}

func TestARealAzureExportKeepsEveryDigit(t *testing.T) {
	t.Parallel()
	want := expectations(t)["azure/ea_real_27.csv"]
	house := openHouse(t)
	folder := t.TempDir()
	copyFile(t, filepath.Join(sharedData(t), "azure", "ea_real_27.csv"), filepath.Join(folder, "ea.csv"))

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	one := result.Deliveries[0]
	require.Equal(t, "sealed azure-actual", one.State+" "+one.Format)
	require.Equal(t, want.Rows, one.Rows)
	require.Zero(t, one.Quarantined)
	require.Equal(t, []string{"2023-09"}, one.Months)
	whole, err := house.totals.OfDelivery(t.Context(), one.ID, "")
	require.NoError(t, err)
	require.Len(t, whole, 1)
	require.Equal(t, "CAD", whole[0].Currency)
	requireSame(t, want.Sums["CostInBillingCurrency"], whole[0].Billed)
	requireSame(t, want.Sums["CostInBillingCurrency"], whole[0].Effective)
	for by, group := range map[string]string{
		"service": "MeterCategory", "sub-account": "SubscriptionId", "category": "ChargeType",
	} {
		totals, err := house.totals.OfDelivery(t.Context(), one.ID, by)
		require.NoError(t, err)
		require.Len(t, totals, len(want.Groups[group]), by)
		for _, total := range totals {
			sum := want.Groups[group][total.Key]
			require.Equal(t, sum.Rows, total.Rows, "%s %s", by, total.Key)
			requireSame(t, sum.Sum, total.Billed)
		}
	}
}

// The classic double load: every run of an export holds the whole month.
func TestOnlyTheNewestRunOfAMonthCounts(t *testing.T) {
	t.Parallel()
	first := azureHeader + azureRow("s1", "01", "1.00", "Usage", "OnDemand")
	second := first + azureRow("s1", "02", "2.00", "Usage", "OnDemand")

	for name, names := range map[string][2]string{
		"in folders of their own": {
			"root/costs/20261001-20261031/0f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60/part_0_0001.csv",
			"root/costs/20261001-20261031/1f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60/part_0_0001.csv",
		},
		"beside each other": {
			"costs/20261001-20261031/costs_0f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60.csv",
			"costs/20261001-20261031/costs_1f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60.csv",
		},
		"a range that was shorter": {
			"costs/20261001-20261015/aa/part_0.csv", "costs/20261001-20261031/bb/part_0.csv",
		},
		"out of their folders": {
			"costs_0f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60.csv", "costs_1f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60.csv",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := openHouse(t)
			folder := t.TempDir()
			lay(t, folder, [2]string{names[0], first}, [2]string{names[1], second})

			result := house.ingest(t, folder)

			require.Len(t, result.Deliveries, 1)
			require.Equal(t, "USD sealed rows 2 billed 3 effective 3", house.held(t))
			require.Contains(t, result.Skipped, names[0]+" is of an older run than "+names[1])

			// A third run arrives and replaces the second; nothing is added.
			lay(t, folder, [2]string{strings.ReplaceAll(names[0], "0f6a", "2f6a"), first})
			late := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
			require.NoError(t,
				os.Chtimes(filepath.Join(folder, strings.ReplaceAll(names[0], "0f6a", "2f6a")), late, late))
			again := house.ingest(t, folder)
			require.Equal(t, result.Deliveries[0].ID, again.Deliveries[0].Superseded)
			require.Equal(t, "USD sealed rows 1 billed 1 effective 1", house.held(t))
		})
	}
}

func TestPartsOfOneRunAddUp(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	folder := t.TempDir()
	lay(
		t,
		folder,
		[2]string{
			"costs/20261001-20261031/part_0_0001.csv",
			azureHeader + azureRow("s1", "01", "1", "Usage", "OnDemand"),
		},
		[2]string{
			"costs/20261001-20261031/part_1_0001.csv",
			azureHeader + azureRow("s1", "01", "2", "Usage", "OnDemand"),
		},
		[2]string{
			"costs/20261001-20261031/part_2_0001.csv",
			azureHeader + azureRow("s1", "01", "2", "Usage", "OnDemand"),
		},
		[2]string{
			"other/20261001-20261031/part_0_0001.csv",
			azureHeader + azureRow("s2", "01", "4", "Usage", "OnDemand"),
		},
	)

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1, "two exports of different accounts make one month")
	require.Equal(t, "USD sealed rows 3 billed 7 effective 7", house.held(t))
	require.Contains(t, strings.Join(result.Skipped, "\n"), "part_2_0001.csv has the same bytes as")
}

// Actual and amortized costs are the same cost told twice.
func TestActualAndAmortizedAreNeverAdded(t *testing.T) {
	t.Parallel()
	actual := azureHeader + azureRow("s1", "01", "36.5", "Purchase", "Reservation") +
		azureRow("s1", "01", "0", "Usage", "Reservation") + azureRow("s1", "02", "5", "Usage", "OnDemand")
	amortized := azureHeader + azureRow("s1", "01", "0.06", "Usage", "Reservation") +
		azureRow("s1", "01", "0.04", "UnusedReservation",
			"Reservation") + azureRow("s1", "02", "5", "Usage", "OnDemand")
	house := openHouse(t)
	folder := t.TempDir()
	lay(t, folder, [2]string{"a/20261001-20261031/x/part_0.csv", actual},
		[2]string{"b/20261001-20261031/y/part_0.csv", amortized})

	_, err := house.tryIngestAs(t, folder, "")
	require.ErrorContains(t, err, "E_INPUT")
	require.ErrorContains(t, err, "hold one month's costs as azure-actual and as azure-amortized")
	require.Empty(t, house.held(t))

	result, err := house.tryIngestAs(t, folder, "azure-actual")
	require.NoError(t, err)
	require.Contains(t, result.Skipped,
		"b/20261001-20261031/y/part_0.csv is azure-amortized, not azure-actual")
	require.Equal(t, "USD sealed rows 3 billed 41.5 effective 41.5", house.held(t))

	// The source is told to take the other kind: it replaces, it does not add.
	other, err := house.tryIngestAs(t, folder, "azure-amortized")
	require.NoError(t, err)
	require.Equal(t, result.Deliveries[0].ID, other.Deliveries[0].Superseded)
	require.Equal(t, "USD sealed rows 3 billed 5 effective 5.1", house.held(t))
}

func TestWhatWouldCountTwiceIsRefused(t *testing.T) {
	t.Parallel()
	row := azureRow("s1", "01", "1", "Usage", "OnDemand")
	focus := "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingAccountId,BillingPeriodStart," +
		"ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceName,ProviderName,x_SkuMeterName\n" +
		"1,1,1,1,USD,8611537,2026-10-01,Usage,2026-10-01,2026-10-02,Virtual Machines,Microsoft,D4s\n"

	tests := map[string]struct {
		files [][2]string
		want  string
	}{
		"two exports of one account": {
			[][2]string{
				{"a/20261001-20261031/x/part_0.csv", azureHeader + row},
				{
					"b/20261001-20261031/x/part_0.csv",
					azureHeader + row + azureRow("s2", "01", "1", "Usage", "OnDemand"),
				},
			},
			"both hold the costs of s1 on 2026-10-01",
		},
		"a range inside the month": {
			[][2]string{
				{"a/20261001-20261031/x/part_0.csv", azureHeader + row},
				{
					"a/20260925-20261005/x/part_0.csv",
					azureHeader + row + azureRow("s1", "02", "1", "Usage", "OnDemand"),
				},
			},
			"both hold the costs of s1 on 2026-10-01",
		},
		"FOCUS beside actual costs": {
			[][2]string{
				{
					"a/20261001-20261031/x/part_0.csv",
					azureHeader + row,
				},
				{"b/20261001-20261031/x/part_0.csv", focus},
			},
			"as azure-actual and as focus",
		},
		"the same download again, renamed": {[][2]string{
			{"costs.csv", azureHeader + row}, {"costs (1).csv", azureHeader + row + row},
		}, "both hold the costs of s1 on 2026-10-01"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := openHouse(t)
			folder := t.TempDir()
			lay(t, folder, tt.files...)

			_, err := house.tryIngestAs(t, folder, "")

			require.ErrorContains(t, err, "E_INPUT")
			require.ErrorContains(t, err, tt.want)
			require.Empty(t, house.held(t))
		})
	}
}

// Two exports of one month are held against each other by their accounts and days,
// which means reading both. What was judged once and has not changed is not read again.
func TestExportsThatHaveNotChangedAreNotComparedAgain(t *testing.T) {
	t.Parallel()
	house, folder := openHouse(t), t.TempDir()
	house.hands.Now = func() time.Time { return time.Now().Add(time.Hour) } // all is long at rest
	var read atomic.Int64
	house.hands.OpenStore = func(ctx context.Context, url string) (activities.SourceStore, error) {
		store, err := openSourceStore(ctx, url)
		return counting{store, &read}, err
	}
	export := func(subscription string) string {
		return azureHeader + azureRow(subscription, "01", "1", "Purchase", "Reservation") + // tells the kind
			strings.Repeat(azureRow(subscription, "01", "1", "Usage", "OnDemand"), 20_000)
	}
	first, second := "a/20261001-20261031/x/part_0.csv", "b/20261001-20261031/x/part_0.csv"
	lay(t, folder, [2]string{first, export("s1")}, [2]string{second, export("s2")})
	whole := int64(2 * len(export("s1")))

	house.ingest(t, folder)
	require.Equal(t, "USD sealed rows 40002 billed 40002 effective 40002", house.held(t))
	require.GreaterOrEqual(t, read.Swap(0), 3*whole, "compared, digested and loaded")
	house.ingest(t, folder)
	require.Less(t, read.Swap(0), whole/2, "no more than the heads of files")

	lay(t, folder, [2]string{first, export("s2")})
	_, err := house.tryIngest(t, folder)
	require.ErrorContains(t, err, "both hold the costs of s2 on 2026-10-01")
}

// counting counts the bytes that are read of a store.
type counting struct {
	activities.SourceStore
	read *atomic.Int64
}

func (c counting) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	content, err := c.SourceStore.Open(ctx, key)
	return counted{content, c.read}, err
}

func (c counting) OpenListed(ctx context.Context, listed activities.StoredFile) (io.ReadCloser, error) {
	content, err := c.SourceStore.OpenListed(ctx, listed)
	return counted{content, c.read}, err
}

type counted struct {
	io.ReadCloser
	read *atomic.Int64
}

func (c counted) Read(into []byte) (int, error) {
	n, err := c.ReadCloser.Read(into)
	c.read.Add(int64(n))
	return n, err
}
