package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

func TestAnAzureManifestIsADelivery(t *testing.T) {
	t.Parallel()
	part := azureHeader + azureRow("s1", "01", "1", "Usage", "OnDemand")
	manifest := func(kind, run, submitted string, size int) string {
		return fmt.Sprintf(
			`{"byteCount":%[4]d,"blobCount":1,"dataRowCount":1,"exportConfig":{"exportName":"costs","type":%[1]q},
			"runInfo":{"runId":%[2]q,"submittedTime":%[3]q},"blobs":[{"blobName":"root/costs/20261001-20261031/%[2]s/part_0.csv",
			"byteCount":%[4]d,"dataRowCount":1}]}`,
			kind,
			run,
			submitted,
			size,
		)
	}
	house := openHouse(t)
	folder := t.TempDir()
	newer := part[:len(part)-1] + "2\n" // a digit more of quantity
	lay(
		t,
		folder,
		[2]string{"costs/20261001-20261031/run2/part_0.csv", newer},
		[2]string{
			"costs/20261001-20261031/run2/manifest.json",
			manifest("ActualCost", "run2", "2026-11-03T00:00:00Z", len(newer)),
		},
		// Copied later, submitted earlier: what the manifest says counts.
		[2]string{"costs/20261001-20261031/run1/part_0.csv", part},
		[2]string{
			"costs/20261001-20261031/run1/manifest.json",
			manifest("ActualCost", "run1", "2026-11-02T00:00:00Z", len(part)),
		},
		[2]string{"sheet/20261001-20261031/run3/manifest.json", strings.ReplaceAll(
			manifest("PriceSheet", "run3", "2026-11-02T00:00:00Z", len(part)), "costs", "sheet")},
		[2]string{"sheet/20261001-20261031/run3/part_0.csv", "MeterID,UnitPrice\n1,2\n"},
	)

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	require.Equal(t, "USD sealed rows 1 billed 1 effective 1", house.held(t))
	require.Contains(t, strings.Join(result.Skipped, "\n"), "run1/manifest.json is of an older run than")
	require.Empty(t, result.Refused, "what a price sheet's manifest lists is not looked into")

	// A part that has not arrived whole is waited for.
	lay(
		t,
		folder,
		[2]string{"costs/20261001-20261031/run4/part_0.csv", part},
		[2]string{
			"costs/20261001-20261031/run4/manifest.json",
			manifest("ActualCost", "run4", "2026-11-04T00:00:00Z", len(part)+1),
		},
	)
	_, err := house.tryIngestAs(t, folder, "")
	require.ErrorContains(t, err, "E_INCOMPLETE_DELIVERY")
	require.ErrorContains(t, err, "its manifest says")
}

// Azure's FOCUS exports lie in the same folders and are replaced the same way.
func TestOnlyTheNewestRunOfAzuresFOCUSCounts(t *testing.T) {
	t.Parallel()
	const header = "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingAccountId,BillingPeriodStart," +
		"ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceName,ProviderName,SubAccountId,x_SkuMeterName\n"
	row := func(cost string) string {
		return cost + ",1,1,1,USD,8611537,2026-10-01T00:00Z,Usage,2026-10-01T00:00Z,2026-10-02T00:00Z,VM,Microsoft,s1,D4s\n"
	}
	house := openHouse(t)
	folder := t.TempDir()
	lay(t, folder, [2]string{"f/20261001-20261031/202611020000/aa/part_0_0001.csv", header + row("1")},
		[2]string{"f/20261001-20261031/202611030000/bb/part_0_0001.csv", header + row("1") + row("2")},
		[2]string{"f/20261001-20261031/202611030000/bb/part_1_0001.csv", header + row("4")})

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	require.Equal(t, "focus", result.Deliveries[0].Format)
	require.Equal(t, "USD sealed rows 3 billed 7 effective 3", house.held(t))
}

// azureParquet is a row as Azure's parquet exports hold it: doubles, and instants
// for dates.
type azureParquet struct {
	SubscriptionID string    `parquet:"SubscriptionId"`
	Date           time.Time `parquet:"date,timestamp(millisecond)"`
	Category       string    `parquet:"meterCategory"`
	Cost           float64   `parquet:"costInBillingCurrency"`
	Currency       string    `parquet:"billingCurrency"`
	Start          time.Time `parquet:"billingPeriodStartDate,timestamp(millisecond)"`
	ChargeType     string    `parquet:"chargeType"`
	PricingModel   string    `parquet:"pricingModel"`
	Tags           string    `parquet:"tags"`
}

func TestAnAzureExportAsParquet(t *testing.T) {
	t.Parallel()
	month := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	row := func(cost float64, kind string) azureParquet {
		return azureParquet{
			"s1",
			month.AddDate(0, 0, 2),
			"Virtual Machines",
			cost,
			"KRW",
			month,
			kind,
			"Reservation",
			`"a":"b"`,
		}
	}
	write := func(rows ...azureParquet) string {
		var file bytes.Buffer
		require.NoError(t, parquet.Write(&file, rows))
		return file.String()
	}
	house := openHouse(t)
	folder := t.TempDir()
	lay(
		t,
		folder,
		[2]string{"c/20261001-20261031/aa/part_0_0001.parquet", write(row(7, "Usage"))},
		[2]string{
			"c/20261001-20261031/bb/part_0_0001.parquet",
			write(row(0.1, "Usage"), row(0.2, "UnusedReservation")),
		},
	)

	result := house.ingest(t, folder)

	require.Len(t, result.Deliveries, 1)
	require.Equal(t, "azure-amortized", result.Deliveries[0].Format, "the rows tell it")
	require.Equal(t, "KRW sealed rows 2 billed 0 effective 0.3", house.held(t))
}
