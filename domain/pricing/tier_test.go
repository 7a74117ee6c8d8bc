package pricing_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// storage is the public example's table: per GB, 1 TB counted as 1,000 GB.
func storage(kind, pool string) []pricing.Rule {
	row := func(from, to, price string) pricing.Rule {
		return pricing.Rule{
			ID: "s3", Customer: "acme", Kind: pricing.KindTier, TierKind: kind, Pool: pool,
			TierFrom: dec(from), TierTo: dec(to), Value: dec(price),
		}
	}
	return []pricing.Rule{row("1000", "50000", "0.08"), row("50000", "0", "0.06"), row("0", "1000", "0.10")}
}

// stored is an account's gigabytes of a month.
func stored(account, quantity string) pricing.Priced {
	g := usage()
	g.SubAccount, g.Quantity, g.Unit = account, dec(quantity), "GB"
	return pricing.Priced{Group: g, Running: dec("1")}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ kind, quantity, want string }{
		"nothing costs nothing":                      {pricing.TierGraduated, "0", "0"},
		"the first tier alone":                       {pricing.TierGraduated, "10", "1"},
		"the end of a tier belongs to it":            {pricing.TierGraduated, "1000", "100"},
		"each unit at its own tier's price":          {pricing.TierGraduated, "1001", "100.08"},
		"G-6: 95 TB":                                 {pricing.TierGraduated, "95000", "6720"},
		"a correction below nought is given back":    {pricing.TierGraduated, "-1001", "-100.08"},
		"by volume, the first tier":                  {pricing.TierVolume, "1000", "100"},
		"by volume, all at the tier that is reached": {pricing.TierVolume, "1000.5", "80.04"},
		"by volume, far out":                         {pricing.TierVolume, "95000", "5700"},
		"by volume, nothing":                         {pricing.TierVolume, "0", "0"},
		"by volume, given back at the price it cost": {pricing.TierVolume, "-1000.5", "-80.04"},
		"twenty-one places are priced, none is lost": {
			pricing.TierGraduated,
			"0.000000000000000000001",
			"0.0000000000000000000001",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules := storage(tt.kind, "")
			table, err := pricing.TiersOf(rules, rules[0], october)
			require.NoError(t, err)
			require.Equal(t, tt.want, money.Text(table.Price(dec(tt.quantity))))
		})
	}
}

// G-6: 30, 35 and 30 TB are 6,720 together, and 7,660 each for itself.
func TestG6PoolsAccountsOrPricesEachAlone(t *testing.T) {
	t.Parallel()
	charges := []pricing.Priced{stored("1", "30000"), stored("2", "35000"), stored("3", "30000")}
	rules := storage(pricing.TierGraduated, pricing.PoolCustomer)

	parts, err := pricing.PriceTiers(rules, rules[0], october, charges)

	require.NoError(t, err)
	require.Equal(t, "6720", money.Text(money.Sum(parts...)))
	require.Equal(t, "2122.1052631579", money.Text(parts[0]))
	require.Empty(t, rules[0].PoolOf(charges[0].Group, october).Account)

	alone := storage(pricing.TierGraduated, pricing.PoolAccount)
	pools := map[pricing.PoolKey][]pricing.Priced{}
	for _, one := range charges {
		key := alone[0].PoolOf(one.Group, october)
		pools[key] = append(pools[key], one)
	}
	require.Len(t, pools, 3)
	total := money.Zero
	for _, pool := range pools {
		parts, err := pricing.PriceTiers(alone, alone[0], october, pool)
		require.NoError(t, err)
		total = total.Add(money.Sum(parts...))
	}
	require.Equal(t, "7660", money.Text(total))
}

// a fixed price per unit where a plan covers the use.
func TestR15OnlyConsumptionIsCounted(t *testing.T) {
	t.Parallel()
	covered, negation := usage(), usage()
	covered.Quantity, covered.CommitmentID = dec("10"), "plan"
	negation.Quantity, negation.CommitmentID, negation.Billed = dec("10"), "plan", dec("-100")
	discount := usage()
	discount.Quantity, discount.Class, discount.Billed = dec("10"), charge.ClassDiscount, dec("-3")
	rule := pricing.Rule{Kind: pricing.KindUnitPrice, Value: dec("0.25")}

	total := money.Sum(rule.UnitAmount(covered), rule.UnitAmount(negation), rule.UnitAmount(discount))

	require.Equal(t, "2.5", money.Text(total))
}

func TestQuantitiesOfTwoUnitsHaveNoSum(t *testing.T) {
	t.Parallel()
	hours := stored("1", "5")
	hours.Group.Unit = "Hrs"
	rules := storage(pricing.TierGraduated, "")

	_, err := pricing.PriceTiers(rules, rules[0], october, []pricing.Priced{stored("1", "5"), hours})

	require.ErrorContains(t, err, "units GB and Hrs")
}

// A benefit that was moved to the service has no quantity, and so no unit: the use
// is priced by the table, the benefit counts nothing.
func TestWhatHasNoQuantityIsInNoUnit(t *testing.T) {
	t.Parallel()
	benefit := stored("1", "0")
	benefit.Group.Unit, benefit.Group.Currency = "", money.KRW
	rules := storage(pricing.TierGraduated, "")

	parts, err := pricing.PriceTiers(rules, rules[0], october, []pricing.Priced{benefit, stored("1", "10")})

	require.NoError(t, err)
	require.Equal(t, []string{"0", "1"}, []string{money.Text(parts[0]), money.Text(parts[1])})
}

// the table is the one of the month of use; next month's is another.
func TestATableIsThatOfItsMonth(t *testing.T) {
	t.Parallel()
	rules := storage(pricing.TierGraduated, "")
	for _, row := range storage(pricing.TierGraduated, "") {
		row.Valid, row.Value = period.Span{To: october.Add(-1)}, dec("1")
		rules = append(rules, row)
	}
	for i := range rules[:3] {
		rules[i].Valid = period.Span{From: october}
	}
	for month, want := range map[period.Month]string{october: "1", october.Add(-1): "10"} {
		table, err := pricing.TiersOf(rules, rules[0], month)
		require.NoError(t, err)
		require.Equal(t, want, money.Text(table.Price(dec("10"))), month)
	}
}

// The import refuses such tables first; a quantity in a hole would cost nothing.
func TestTablesThatCannotBeCarriedOutPark(t *testing.T) {
	t.Parallel()
	for claim, change := range map[string]func([]pricing.Rule){
		"a hole":           func(rows []pricing.Rule) { rows[0].TierFrom = dec("1001") },
		"an overlap":       func(rows []pricing.Rule) { rows[0].TierFrom = dec("999") },
		"no first tier":    func(rows []pricing.Rule) { rows[2].TierFrom = dec("1") },
		"no open end":      func(rows []pricing.Rule) { rows[1].TierTo = dec("60000") },
		"two open ends":    func(rows []pricing.Rule) { rows[0].TierTo = money.Zero },
		"two ways at once": func(rows []pricing.Rule) { rows[1].TierKind = pricing.TierVolume },
		"an unknown way": func(rows []pricing.Rule) {
			for i := range rows {
				rows[i].TierKind = "stairs"
			}
		},
	} {
		rules := storage(pricing.TierGraduated, "")
		change(rules)
		_, err := pricing.PriceTiers(rules, rules[0], october, []pricing.Priced{stored("1", "5")})
		code, _ := fault.CodeOf(err)
		require.Equal(t, fault.Contract, code, claim)
	}
}

func TestBound(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		kind    pricing.Kind
		value   string
		charges []string
		want    []string
	}{
		"a minimum that is reached": {
			pricing.KindMinimum,
			"100",
			[]string{"60", "40"},
			[]string{"0", "0"},
		},
		"a minimum that is missed": {
			pricing.KindMinimum,
			"100",
			[]string{"30", "10"},
			[]string{"45", "15"},
		},
		"of charges that came to nothing": {
			pricing.KindMinimum,
			"100",
			[]string{"0", "0"},
			[]string{"50", "50"},
		},
		"a refund takes no part of it": {
			pricing.KindMinimum,
			"100",
			[]string{"50", "-10"},
			[]string{"60", "0"},
		},
		"a cap that is kept": {
			pricing.KindCap,
			"100",
			[]string{"60", "40"},
			[]string{"0", "0"},
		},
		"a cap that is broken": {
			pricing.KindCap,
			"100",
			[]string{"150", "50"},
			[]string{"-75", "-25"},
		},
		"a third of it is divided exactly": {
			pricing.KindCap,
			"2",
			[]string{"1", "1", "1"},
			[]string{"-0.3333333334", "-0.3333333333", "-0.3333333333"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pool []pricing.Priced
			for _, amount := range tt.charges {
				pool = append(pool, pricing.Priced{Group: usage(), Running: dec(amount)})
			}

			deltas, err := pricing.Rule{Kind: tt.kind, Value: dec(tt.value)}.Bound(pool)

			require.NoError(t, err)
			var got []string
			for _, delta := range deltas {
				got = append(got, money.Text(delta))
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// However a month's quantity is cut into charges, and in whatever order they
// come, the parts sum to the table's price; more of it never costs less.
func TestTiersProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := storage(pricing.TierGraduated, "")
		table, err := pricing.TiersOf(rules, rules[1], october)
		require.NoError(t, err)
		var pool []pricing.Priced
		total := money.Zero
		for i := range rapid.IntRange(1, 12).Draw(t, "charges") {
			quantity := decimal.New(rapid.Int64Range(-1_000_000, 90_000_000).Draw(t, "quantity"), -3)
			one := stored("1", "0")
			one.Group.Quantity = quantity
			one.Running = decimal.New(int64(i), 0)
			pool = append(pool, one)
			total = total.Add(quantity)
		}
		want := table.Price(total)

		parts, err := pricing.PriceTiers(rules, rules[1], october, pool)
		require.NoError(t, err)
		require.True(t, want.Equal(money.Sum(parts...)), "%s, not %s", money.Sum(parts...), want)

		slices.Reverse(pool)
		turned, err := pricing.PriceTiers(rules, rules[1], october, pool)
		require.NoError(t, err)
		require.True(t, want.Equal(money.Sum(turned...)))

		more := total.Add(decimal.New(rapid.Int64Range(0, 1_000_000).Draw(t, "more"), -3))
		require.LessOrEqual(t, want.Cmp(table.Price(more)), 0, "more never costs less")
	})
}
