package credit_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

var october = period.NewMonth(2026, time.October)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func texts(amounts []decimal.Decimal) []string {
	printed := make([]string, len(amounts))
	for i, amount := range amounts {
		printed[i] = money.Text(amount)
	}
	return printed
}

func month(text string) period.Month {
	m, err := period.ParseMonth(text)
	if err != nil {
		panic(err)
	}
	return m
}

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
			require.Equal(
				t,
				due[0].Adjustment,
				again[0].Adjustment,
				"asking again of what is due gives the same",
			)
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

func TestSpread(t *testing.T) {
	t.Parallel()
	charges := func(bases ...string) []credit.Charge {
		all := make([]credit.Charge, len(bases))
		for i, base := range bases {
			all[i] = credit.Charge{Account: string(rune('A' + i)), Amount: dec(base), Base: dec(base)}
		}
		return all
	}
	tests := map[string]struct {
		adjustment credit.Adjustment
		charges    []credit.Charge
		want       []string
		rest       string
	}{
		"G-3 a coupon is shared pro rata": {
			credit.Adjustment{Kind: "flat", Value: dec("-1000")},
			charges("10000", "5000", "3000", "2000"),
			[]string{"-500", "-250", "-150", "-100"},
			"0",
		},
		"a percentage of each base": {
			credit.Adjustment{
				Kind:  "percent",
				Value: dec("-10"),
			},
			charges("100", "-30"),
			[]string{"-10", "3"},
			"0",
		},
		"a flat sum goes to charges above zero only": {
			credit.Adjustment{
				Kind:  "flat",
				Value: dec("-50"),
			},
			charges("100", "-99", "0"),
			[]string{"-50", "0", "0"},
			"0",
		},
		"one account only": {
			credit.Adjustment{
				Kind:       "flat",
				Value:      dec("30"),
				SubAccount: "B",
			},
			charges("100", "50"),
			[]string{"0", "30"},
			"0",
		},
		"a percentage of one account only": {
			credit.Adjustment{
				Kind:       "percent",
				Value:      dec("10"),
				SubAccount: "B",
			},
			charges("100", "50"),
			[]string{"0", "5"},
			"0",
		},
		"nothing to share it over": {
			credit.Adjustment{
				Kind:       "flat",
				Value:      dec("30"),
				SubAccount: "Z",
			},
			charges("100"),
			[]string{"0"},
			"30",
		},
		"no charges at all": {credit.Adjustment{Kind: "flat", Value: dec("30")}, nil, []string{}, "30"},
		"thirds sum to the whole": {
			credit.Adjustment{Kind: "flat", Value: dec("-100")},
			charges("1", "1", "1"),
			[]string{"-33.3333333334", "-33.3333333333", "-33.3333333333"},
			"0",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, rest, err := tt.adjustment.Spread(tt.charges)
			require.NoError(t, err)
			require.Equal(t, tt.want, texts(got))
			require.Equal(t, tt.rest, money.Text(rest))
		})
	}
}

func TestLedgerOrder(t *testing.T) {
	t.Parallel()
	one := func(id string, change func(*credit.Credit)) credit.Credit {
		c := credit.Credit{
			ID: id, Balance: dec("1"), Priority: 1, Services: []string{"A", "B"},
			Valid: period.Span{From: month("2026-01"), To: month("2026-12")},
		}
		change(&c)
		return c
	}
	want := []credit.Credit{
		one("priority 0", func(c *credit.Credit) { c.Priority = 0; c.Valid.To = period.Month{} }),
		one("ends first", func(c *credit.Credit) { c.Valid.To = month("2026-11"); c.Services = nil }),
		one(
			"for one service",
			func(c *credit.Credit) { c.Services = []string{"A"}; c.Valid.From = month("2026-09") },
		),
		one("always valid", func(c *credit.Credit) { c.Valid.From = period.Month{} }),
		one("a, the older id", func(*credit.Credit) {}),
		one("b, the younger id", func(*credit.Credit) {}),
		one("begun later", func(c *credit.Credit) { c.Valid.From = month("2026-02") }),
		one("for everything", func(c *credit.Credit) { c.Services = nil }),
		one("never ends", func(c *credit.Credit) { c.Valid.To = period.Month{}; c.Services = []string{"A"} }),
		one(
			"never ends, and for all",
			func(c *credit.Credit) { c.Valid.To = period.Month{}; c.Services = nil },
		),
		one("priority 2", func(c *credit.Credit) { c.Priority = 2; c.Valid.To = month("2026-10") }),
	}
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(want).Draw(t, "sheet")
		require.Equal(t, want, credit.Ledger(shuffled, "aws", october))
	})
}

func TestLedgerLeavesOutWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		credit credit.Credit
		state  credit.State
		usable bool
	}{
		"due":                 {credit.Credit{Balance: dec("5")}, credit.StateDue, true},
		"of this provider":    {credit.Credit{Balance: dec("5"), Provider: "aws"}, credit.StateDue, true},
		"of another provider": {credit.Credit{Balance: dec("5"), Provider: "gcp"}, credit.StateDue, false},
		"used up":             {credit.Credit{Balance: dec("0")}, credit.StateUsedUp, false},
		"overdrawn":           {credit.Credit{Balance: dec("-1")}, credit.StateUsedUp, false},
		"not yet valid": {
			credit.Credit{Balance: dec("5"), Valid: period.Span{From: month("2026-11")}},
			credit.StateNotYet,
			false,
		},
		"expired": {
			credit.Credit{Balance: dec("5"), Valid: period.Span{To: month("2026-09")}},
			credit.StateExpired,
			false,
		},
		"in its last month": {
			credit.Credit{Balance: dec("5"), Valid: period.Span{To: october}},
			credit.StateDue,
			true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.state, tt.credit.Standing(october))
			require.Equal(t, tt.usable, len(credit.Ledger([]credit.Credit{tt.credit}, "aws", october)) == 1)
		})
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	ec2 := credit.Charge{Account: "1", Service: "AmazonEC2", ServiceName: "Amazon EC2", Amount: dec("100")}
	s3 := credit.Charge{Account: "2", Service: "AmazonS3", Amount: dec("50")}
	tests := map[string]struct {
		ledger  []credit.Credit
		charges []credit.Charge
		room    string
		left    []string // of the charges
		used    []string // per use
	}{
		"G-4 two credits, the sooner expiry first": {
			credit.Ledger([]credit.Credit{
				{
					ID:       "5",
					Balance:  dec("5"),
					Services: []string{"AmazonEC2"},
					Valid:    period.Span{To: month("2026-12")},
				},
				{
					ID:       "10",
					Balance:  dec("10"),
					Services: []string{"AmazonS3", "AmazonEC2"},
					Valid:    period.Span{To: month("2026-01")},
				},
			}, "aws", month("2026-01")),
			[]credit.Charge{ec2, s3},
			"150",
			[]string{"85", "50"},
			[]string{"10", "5"},
		},
		"the largest eligible charge first, then the next": {
			[]credit.Credit{
				{Balance: dec("120")},
			},
			[]credit.Charge{s3, ec2},
			"150",
			[]string{"30", "0"},
			[]string{"120"},
		},
		"never more than the eligible charges": {
			[]credit.Credit{{Balance: dec("120"), Services: []string{"AmazonS3"}}},
			[]credit.Charge{ec2, s3},
			"150",
			[]string{"100", "0"},
			[]string{"50"},
		},
		"never more than keeps the document at zero": {
			[]credit.Credit{{Balance: dec("120")}},
			[]credit.Charge{ec2, {Amount: dec("-40")}},
			"60",
			[]string{"40", "-40"},
			[]string{"60"},
		},
		"nothing on a document below zero": {
			[]credit.Credit{{Balance: dec("120")}}, []credit.Charge{ec2}, "-1", []string{"100"}, nil,
		},
		"one account only": {
			[]credit.Credit{{Balance: dec("120"), SubAccounts: []string{"2"}}},
			[]credit.Charge{ec2, s3},
			"150",
			[]string{"100", "0"},
			[]string{"50"},
		},
		"a service by its name": {
			[]credit.Credit{{Balance: dec("7"), Services: []string{"Amazon EC2"}}},
			[]credit.Charge{ec2, s3},
			"150",
			[]string{"93", "50"},
			[]string{"7"},
		},
		"the earlier of two equal charges": {
			[]credit.Credit{
				{Balance: dec("7")},
			},
			[]credit.Charge{s3, s3},
			"100",
			[]string{"43", "50"},
			[]string{"7"},
		},
		"the second credit finds what the first left": {
			[]credit.Credit{{Balance: dec("70")}, {Balance: dec("70")}, {Balance: dec("70")}},
			[]credit.Charge{ec2},
			"100",
			[]string{"0"},
			[]string{"70", "30"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uses := credit.Apply(tt.ledger, tt.charges, dec(tt.room))

			var used []string
			left := make([]decimal.Decimal, len(tt.charges))
			for i, charge := range tt.charges {
				left[i] = charge.Amount
			}
			for _, use := range uses {
				used = append(used, money.Text(use.Used))
				for i, part := range use.Parts {
					left[i] = left[i].Sub(part)
				}
			}
			require.Equal(t, tt.left, texts(left))
			require.Equal(t, tt.used, used)
		})
	}
}

func TestCreditsAreNeverNegativeAndNeverLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		charges := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) credit.Charge {
			return credit.Charge{
				Account: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "account"),
				Service: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "service"),
				Amount:  decimal.New(rapid.Int64Range(-1e6, 1e6).Draw(t, "amount"), -3),
			}
		}), 0, 12).Draw(t, "charges")
		ledger := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) credit.Credit {
			return credit.Credit{
				Balance: decimal.New(rapid.Int64Range(0, 1e6).Draw(t, "balance"), -2),
				Services: rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C"}), 0, 2).
					Draw(t, "services"),
			}
		}), 0, 5).Draw(t, "ledger")
		room := decimal.Zero
		for _, charge := range charges {
			room = room.Add(charge.Amount)
		}

		document := room
		left := make([]decimal.Decimal, len(charges))
		for i, charge := range charges {
			left[i] = charge.Amount
		}
		for _, use := range credit.Apply(ledger, charges, room) {
			require.True(t, use.Used.IsPositive())
			require.False(t, use.Remaining.IsNegative())
			require.True(
				t,
				use.Used.Add(use.Remaining).Equal(use.Credit.Balance),
				"used plus remaining is the balance",
			)
			require.True(t, money.Sum(use.Parts...).Equal(use.Used))
			document = document.Sub(use.Used)
			for i, part := range use.Parts {
				require.False(t, part.IsNegative())
				if part.IsPositive() {
					require.True(t, use.Credit.Covers(charges[i]))
				}
				left[i] = left[i].Sub(part)
				require.True(t, part.IsZero() || !left[i].IsNegative(), "no charge goes below zero")
			}
			require.False(t, document.IsNegative(), "no document goes below zero")
		}
	})
}
