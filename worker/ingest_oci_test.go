package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOracleReportsGrowAMonth(t *testing.T) {
	t.Parallel()
	const header = "lineItem/referenceNo,lineItem/tenantId,lineItem/intervalUsageStart,lineItem/intervalUsageEnd,product/service," +
		"cost/myCost,cost/currencyCode,lineItem/isCorrection"
	row := func(hour, cost, tags string) string {
		return "1,t,2026-10-" + hour + ":00Z,2026-10-31T00:00Z,COMPUTE," + cost + ",USD,false" + tags + "\n"
	}
	house := openHouse(t)
	folder := t.TempDir()
	lay(t, folder,
		[2]string{"reports/cost-csv/0001-00001.csv", header + "\n" + row("03T05", "1.5", "")},
		[2]string{"reports/cost-csv/0002-00001.csv", header + ",tags/a\n" + row("03T11", "2", ",x") +
			"1,t,2026-11-01T00:00Z,2026-11-01T01:00Z,COMPUTE,64,USD,false,\n"})

	first := house.ingest(t, folder)

	require.Len(t, first.Deliveries, 2, "each report is a delivery, whatever tags it has")
	require.Equal(t, "USD sealed rows 2 billed 3.5 effective 3.5", house.held(t))

	lay(t, folder, [2]string{"reports/cost-csv/0003-00001.csv", header + "\n" + row("03T17", "4", "")},
		[2]string{"reports/cost-csv/0001-00001.csv", header + "\n" + row("03T05", "8", "")})
	house.ingest(t, folder)

	require.Equal(t, "USD sealed rows 3 billed 14 effective 14", house.held(t))
}

// Oracle writes its own reports and FOCUS beside each other: one cost.
func TestOracleInBothFormatsIsRefused(t *testing.T) {
	t.Parallel()
	house := openHouse(t)
	folder := t.TempDir()
	lay(
		t,
		folder,
		[2]string{"reports/cost-csv/0001-00001.csv", "lineItem/tenantId,lineItem/intervalUsageStart," +
			"lineItem/intervalUsageEnd,product/service,cost/myCost,cost/currencyCode\n" +
			"t,2026-10-03T05:00Z,2026-10-03T06:00Z,COMPUTE,1,USD\n"},
		[2]string{
			"FOCUS Reports/2026/10/03/0001.csv",
			"BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency," +
				"BillingAccountId,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceName,ProviderName," +
				"oci_ReferenceNumber\n1,1,1,1,USD,2,2026-10-01T00:00Z,Usage,2026-10-03T05:00Z,2026-10-03T06:00Z,COMPUTE,Oracle,V2\n",
		},
	)

	_, err := house.tryIngestAs(t, folder, "")
	require.ErrorContains(t, err, "hold 2026-10 as focus and as oci")
	require.Empty(t, house.held(t))

	_, err = house.tryIngestAs(t, folder, "focus")
	require.NoError(t, err)
	require.Equal(t, "USD sealed rows 1 billed 1 effective 1", house.held(t))
}
