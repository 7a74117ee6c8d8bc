package credit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
)

func TestInstalments(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value    string
		count    int
		currency money.Currency
		want     []string
	}{
		"R-19 the remaining cent goes to the earliest": {
			"-100.00",
			3,
			"",
			[]string{"-33.34", "-33.33", "-33.33"},
		},
		"a whole number of dollars has cents too": {
			"-100",
			3,
			money.USD,
			[]string{"-33.34", "-33.33", "-33.33"},
		},
		"won has no decimals": {
			"1000000",
			3,
			money.KRW,
			[]string{"333334", "333333", "333333"},
		},
		"two units remain for two":           {"11", 3, money.KRW, []string{"4", "4", "3"}},
		"what is written finer is cut finer": {"0.001", 2, money.USD, []string{"0.001", "0"}},
		"one instalment is the whole":        {"7", 1, money.USD, []string{"7"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := credit.Instalments(dec(tt.value), tt.count, tt.currency)
			require.Equal(t, tt.want, texts(parts))
			require.True(t, money.Sum(parts...).Equal(dec(tt.value)))
		})
	}
	require.Empty(t, credit.Instalments(dec("1"), 0, money.USD))
}

func TestDue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		adjustment credit.Adjustment
		month      string
		want       string // empty: not due
		note       string
	}{
		"once, in its month": {
			credit.Adjustment{Month: month("2026-10")},
			"2026-10",
			"-100",
			"",
		},
		"once, and not again": {
			credit.Adjustment{Month: month("2026-10"), Repeat: "once"},
			"2026-11",
			"",
			"",
		},
		"monthly, in its first month": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "monthly"},
			"2026-08",
			"-100",
			"monthly since 2026-08",
		},
		"monthly, in its last month": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "monthly", To: month("2026-10")},
			"2026-10",
			"-100",
			"monthly since 2026-08",
		},
		"monthly, after its last": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "monthly", To: month("2026-10")},
			"2026-11",
			"",
			"",
		},
		"monthly, without an end": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "monthly"},
			"2036-08",
			"-100",
			"monthly since 2026-08",
		},
		"the first of three instalments, R-19": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "instalments:3"},
			"2026-08",
			"-33.34",
			"instalment 1 of 3",
		},
		"the third of three": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "instalments:3"},
			"2026-10",
			"-33.33",
			"instalment 3 of 3",
		},
		"no fourth of three": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "instalments:3"},
			"2026-11",
			"",
			"",
		},
		"none before the first": {
			credit.Adjustment{Month: month("2026-08"), Repeat: "instalments:3"},
			"2026-07",
			"",
			"",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.adjustment.Value, tt.adjustment.Kind = dec("-100"), credit.KindFlat

			due, err := credit.Due([]credit.Adjustment{tt.adjustment}, month(tt.month))
			require.NoError(t, err)
			if tt.want == "" {
				require.Empty(t, due)
				return
			}
			require.Len(t, due, 1)
			require.Equal(t, tt.want, money.Text(due[0].Value))
			require.Equal(t, tt.note, due[0].Note)

			again, err := credit.Due([]credit.Adjustment{due[0].Adjustment}, month(tt.month))
			require.NoError(t, err)
			require.Equal(t, due[0].Adjustment, again[0].Adjustment,
				"asking again of what is due gives the same")
		})
	}
}

func TestDueRefusesPlansThatCannotBeCarriedOut(t *testing.T) {
	t.Parallel()
	for name, adjustment := range map[string]credit.Adjustment{
		"an unknown rhythm":           {Repeat: "weekly"},
		"instalments of no number":    {Repeat: "instalments:"},
		"no instalments":              {Repeat: "instalments:0"},
		"more than ten years of them": {Repeat: "instalments:121"},
		"a percentage in instalments": {Repeat: "instalments:3", Kind: credit.KindPercent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := credit.Due([]credit.Adjustment{adjustment}, october)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.AdjustmentTerm, code)
			require.Equal(t, fault.ClassPark, code.Class())
		})
	}
}

func TestCheckDemandsASecondPersonAndKnownWords(t *testing.T) {
	t.Parallel()
	good := credit.Adjustment{Author: "kim", Approver: "lee", Kind: "flat", Stage: credit.StageAfterTax}
	require.NoError(t, good.Check())
	for name, spoil := range map[string]func(*credit.Adjustment){
		"nobody approved it":     func(a *credit.Adjustment) { a.Approver = "" },
		"its author approved it": func(a *credit.Adjustment) { a.Approver = a.Author },
		"an unknown kind":        func(a *credit.Adjustment) { a.Kind = "tiered" },
		"an unknown stage":       func(a *credit.Adjustment) { a.Stage = "later" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := good
			spoil(&bad)
			code, _ := fault.CodeOf(bad.Check())
			require.Equal(t, fault.AdjustmentTerm, code)
		})
	}
}
