package db_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// Ruling R-11, golden case G-11: three accounts in A, three in B, 100 per half
// month each; one moves from A to B mid-month.
func TestAnAccountThatMoves(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		policy string // of B, the last owner
		want   map[string]string
	}{
		"goes to the last owner for the whole month": {
			"whole-month",
			map[string]string{"a": "400", "b": "800"},
		},
		"is split by day where the contract says so": {"by-day", map[string]string{"a": "500", "b": "700"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var rows []row
			for _, account := range []string{"a1", "a2", "a3", "b1", "b2", "b3"} {
				rows = append(rows, row{account, "AmazonEC2", "2026-10-03", "100"},
					row{account, "AmazonEC2", "2026-10-20", "100"})
			}
			b := openBooks(t, rows...)
			b.sheet(t, "customers", `{"code":"b","move_policy":"`+tt.policy+`"}`, `{"code":"a"}`)
			for _, account := range []string{"a1", "a2"} {
				b.assign(t, account, "a", "(,)")
			}
			for _, account := range []string{"b1", "b2", "b3"} {
				b.assign(t, account, "b", "(,)")
			}
			b.assign(t, "a3", "a", "[2026-01-01,2026-10-15)")
			b.assign(t, "a3", "b", "[2026-10-15,)")

			for customer, want := range tt.want {
				groups, err := b.Groups(t.Context(), october, customer, false)
				require.NoError(t, err)
				sum := decimal.Zero
				for _, group := range groups {
					sum = sum.Add(group.Billed)
				}
				require.Equal(t, want, sum.String(), customer)
			}
		})
	}
}

func TestAnAccountBelongsToWhoOwnedItWhenItSpent(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		assigned [][2]string // customer, days
		want     map[string]string
	}{
		"a first owner has the whole month of its first day": {
			[][2]string{{"a", "[2026-10-15,)"}}, map[string]string{"a": "3"},
		},
		"a last owner has the whole month of its last day": {
			[][2]string{{"a", "[2026-10-02,2026-10-10)"}}, map[string]string{"a": "3"},
		},
		"the last of three owners in one month has it all": {
			[][2]string{{"a", "(,2026-10-05)"}, {"b", "[2026-10-05,2026-10-15)"}, {"c", "[2026-10-15,)"}},
			map[string]string{"a": "4", "b": "0", "c": "3"},
		},
		"a September charge on October's bill goes to September's owner (R-10)": {
			[][2]string{
				{"a", "(,2026-10-01)"},
				{"b", "[2026-10-01,)"},
			},
			map[string]string{"a": "4", "b": "3"},
		},
		"an owner who left before leaves it without one": {
			[][2]string{{"a", "[2026-01-01,2026-09-01)"}}, map[string]string{"a": "0"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "1"},
				row{"1", "AmazonEC2", "2026-10-12", "1"}, row{"1", "AmazonEC2", "2026-10-31", "1"},
				row{"1", "AmazonEC2", "2026-09-30", "4"})
			for _, one := range tt.assigned {
				b.assign(t, "1", one[0], one[1])
			}

			for customer, want := range tt.want {
				groups, err := b.Groups(t.Context(), october, customer, false)
				require.NoError(t, err)
				sum := decimal.Zero
				for _, group := range groups {
					sum = sum.Add(group.Billed)
					require.Equal(t, group.ChargeMonth.IsZero(), group.Billed.String() != "4",
						"an earlier month is named")
				}
				require.Equal(t, want, sum.String(), customer)
			}
		})
	}
}

// The contract of a month's last owner decides for all of the month's owners.
func TestMixedPoliciesOfAMove(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		byDay string // whose contract splits by day
		want  map[string]string
	}{
		"a last owner by day leaves the gap before it to nobody": {
			"b",
			map[string]string{"a": "1", "b": "1"},
		},
		"a last owner of whole months takes all": {
			"a",
			map[string]string{"a": "0", "b": "3"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(t, row{"1", "AmazonEC2", "2026-10-03", "1"},
				row{"1", "AmazonEC2", "2026-10-12", "1"}, row{"1", "AmazonEC2", "2026-10-20", "1"})
			b.sheet(t, "customers", `{"code":"`+tt.byDay+`","move_policy":"by-day"}`)
			b.assign(t, "1", "a", "[2026-01-01,2026-10-10)")
			b.assign(t, "1", "b", "[2026-10-15,)")

			for customer, want := range tt.want {
				shares, err := b.Shares(t.Context(), october, customer)
				require.NoError(t, err)
				sum := decimal.Zero
				for _, share := range shares {
					sum = sum.Add(share.Assigned)
				}
				require.Equal(t, want, sum.String(), customer)
			}
		})
	}
}

func TestThePlanIsPagedByCode(t *testing.T) {
	t.Parallel()
	b, codes := manyCustomers(t, 7)
	b.assign(t, "elsewhere", "idle", "(,)")
	b.exec(t, `INSERT INTO due_item VALUES ('2026-10', 'adjustment', 'A-1', 'flat-only', '', -5, ''),
		('2026-10', 'credit', 'C-1', 'credit-only', '', 100, '')`)
	codes = append(codes, "flat-only")

	var visited []string
	after := ""
	for {
		page, err := b.Customers(t.Context(), october, after, 3, false)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		require.LessOrEqual(t, len(page), 3)
		visited = append(visited, page...)
		after = page[len(page)-1]
	}

	require.Equal(t, codes, visited, "who only has a credit has nothing to be billed")
}
