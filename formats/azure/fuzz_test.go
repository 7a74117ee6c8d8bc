package azure_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/money"
	"magam/formats/azure"
	"magam/formats/csvscan"
)

// Whatever a row holds, it is booked with amounts that are amounts and tags
// that are JSON, or set aside with a code, or the file is refused: never both,
// and never a crash.
func FuzzRow(f *testing.F) {
	f.Add(row(nil), false)
	f.Add(row(map[string]string{"chargeType": "UnusedReservation", "costInBillingCurrency": "1E-9"}), true)
	f.Add(row(map[string]string{"PayGPrice": "0.1", "quantity": "7.02894E-05", "tags": `"a": "1"`}), false)
	f.Add(row(map[string]string{"date": "31/12/2026", "billingPeriodEndDate": "31/12/2026"}), false)
	f.Add(row(map[string]string{"date": "2026-02-30"})+row(map[string]string{"date": "13/1/2026"}), true)
	f.Add(row(map[string]string{"date": "29.02.2024", "pricingModel": "Savings Plan", "benefitId": "b"}),
		true)
	f.Fuzz(func(t *testing.T, rows string, amortized bool) {
		kind := azure.KindActual
		if amortized {
			kind = azure.KindAmortized
		}
		reader, err := open(strings.NewReader(header()+rows), 0, kind)
		require.NoError(t, err)
		for {
			line, aside, err := reader.Next()
			if err != nil {
				return
			}
			require.NotEqual(t, line == nil, aside == nil)
			if aside != nil {
				require.NotEmpty(t, aside.Code)
				continue
			}
			require.NotEmpty(t, line.Billed)
			for _, amount := range [][]byte{line.Billed, line.Effective, line.List, line.Contracted} {
				require.NoError(t, money.CheckSource(amount), "%s", amount)
			}
			require.True(t, line.End.After(line.Start))
			require.NotZero(t, line.BillingMonth)
			require.True(t, len(line.Tags) == 0 || json.Valid(line.Tags), "%s", line.Tags)
		}
	})
}

// Whatever a header holds, it is recognized and read, or refused.
func FuzzHeader(f *testing.F) {
	f.Add(header())
	f.Add("Abonnement-GUID (SubscriptionGuid),Datum (Date),x (MeterCategory),Kosten (Cost),Currency\n")
	f.Add("(),(a),a(,)b(\n")
	f.Fuzz(func(t *testing.T, header string) {
		rows, err := csvscan.NewFile(strings.NewReader(header), csvscan.Options{File: "f"})
		if err != nil {
			return
		}
		_, err = azure.New(rows, 0, azure.KindActual)
		if err == nil {
			require.True(t, azure.Recognize(rows.Header()), "what can be read is recognized")
		}
	})
}

// Whatever a manifest holds, its paths stay inside the delivery.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(manifest))
	f.Add([]byte(`{"exportConfig":{"type":"ActualCost"},"blobs":[{"blobName":"../x"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := azure.ParseManifest("manifest.json", text)
		if err != nil {
			return
		}
		for _, blob := range found.Blobs {
			require.NotContains(t, strings.Split(blob.Key, "/"), "..")
			require.False(t, strings.HasPrefix(blob.Key, "/"))
			require.GreaterOrEqual(t, blob.Bytes, int64(0))
		}
	})
}
