package main

import (
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Whole buckets, as their owners have them: the manifests say what is in them.
func TestRealBucketsOfBothGenerations(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		format, month, billed string
		by                    map[string]string // totals' key -> the expected file's group
	}{
		"aws-cur/legacy_zip_bucket/": {"cur", "2024-01", "lineItem/UnblendedCost", map[string]string{
			"service": "lineItem/ProductCode", "sub-account": "lineItem/UsageAccountId",
			"invoice-id": "bill/InvoiceId",
		}},
		"aws-cur/cur2_gz_bucket/": {"cur2", "2024-09", "line_item_unblended_cost", map[string]string{
			"service": "line_item_product_code", "sub-account": "line_item_usage_account_id",
			"invoice-id": "bill_invoice_id",
		}},
	}
	for bucket, tt := range tests {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			house, folder := openHouse(t), filepath.Join(sharedData(t), filepath.FromSlash(bucket))
			folder, err := filepath.Abs(folder)
			require.NoError(t, err)
			want := expectations(t)[bucket]

			result := house.ingest(t, folder)

			require.Empty(t, result.Refused)
			require.Len(t, result.Deliveries, 1)
			one := result.Deliveries[0]
			require.Equal(t, "sealed", one.State)
			require.Equal(t, []string{tt.month}, one.Months)
			require.Equal(t, want.Rows, one.Rows)
			require.Zero(t, one.Quarantined)
			var format, kind string
			require.NoError(t, house.totals.Pool.QueryRow(t.Context(),
				"SELECT format, digest_kind FROM delivery WHERE id = $1", one.ID).Scan(&format, &kind))
			require.Equal(t, []string{tt.format, "manifest"}, []string{format, kind})
			house.requireSums(t, one.ID, want, tt.billed, tt.by)
		})
	}
}

// requireSums holds what the books have of a delivery against an expected file,
// as a whole and by each group.
func (h *ingestHouse) requireSums(
	t *testing.T, id int64, want expected, billed string, by map[string]string,
) {
	t.Helper()
	whole, err := h.totals.OfDelivery(t.Context(), id, "")
	require.NoError(t, err)
	require.Len(t, whole, 1)
	requireSame(t, want.Sums[billed], whole[0].Billed)
	for key, group := range by {
		totals, err := h.totals.OfDelivery(t.Context(), id, key)
		require.NoError(t, err)
		require.Len(t, totals, len(want.Groups[group]), key)
		for _, total := range totals {
			sum := want.Groups[group][total.Key]
			require.Equal(t, sum.Rows, total.Rows, "%s %s", key, total.Key)
			requireSame(t, sum.Sum, total.Billed)
		}
	}
}

// The worked examples of DOMAIN: an all-upfront plan's month (G-8), and every line
// item type that AWS has, with one that it has not.
func TestTheWorkedExamplesOfCUR2(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		rows, quarantined int64
		billed, effective string // of what is booked
		byInvoice         map[string]string
		aside             []string // code and billed cost of what is set aside
	}{
		"wx1_sp_all_upfront_cur2.csv": {
			6, 0, "89975", "9575",
			map[string]string{"1700000001 sealed": "2375", "1700000002 sealed": "87600"},
			nil,
		},
		"wx2_all_line_item_types_cur2.csv": {
			18,
			1,
			"488.8900005",
			"268.8900005",
			map[string]string{
				"1700000001 sealed":      "476.5500005",
				"1700000003 sealed":      "12.34",
				"1700000001 quarantined": "1.00",
			},
			[]string{`E_UNKNOWN_TYPE "SomeFutureType" 1.00`},
		},
	}
	for file, tt := range tests {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			house, folder := openHouse(t), t.TempDir()
			copyFile(t, filepath.Join(sharedData(t), "aws-cur", file), filepath.Join(folder, file))

			result := house.ingest(t, folder)

			require.Len(t, result.Deliveries, 1)
			one := result.Deliveries[0]
			require.Equal(t, []string{"2026-09"}, one.Months)
			require.Equal(t, tt.rows, one.Rows)
			require.Equal(t, tt.quarantined, one.Quarantined)
			whole, err := house.totals.OfDelivery(t.Context(), one.ID, "")
			require.NoError(t, err)
			requireSame(t, tt.billed, whole[0].Billed)
			requireSame(t, tt.effective, whole[0].Effective)
			byInvoice, err := house.totals.OfDelivery(t.Context(), one.ID, "invoice-id")
			require.NoError(t, err)
			require.Len(t, byInvoice, len(tt.byInvoice))
			for _, total := range byInvoice {
				requireSame(t, tt.byInvoice[total.Key+" "+total.State], total.Billed)
			}
			rows, err := house.totals.Pool.Query(t.Context(),
				"SELECT code || ' ' || value || ' ' || billed FROM quarantined_row ORDER BY row_no")
			require.NoError(t, err)
			aside, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err)
			require.ElementsMatch(t, tt.aside, aside)
		})
	}
}
