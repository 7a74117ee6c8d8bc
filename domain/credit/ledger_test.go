package credit_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/credit"
	"magam/domain/money"
	"magam/domain/period"
)

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
		one("for one service",
			func(c *credit.Credit) { c.Services = []string{"A"}; c.Valid.From = month("2026-09") }),
		one("always valid", func(c *credit.Credit) { c.Valid.From = period.Month{} }),
		one("a, the older id", func(*credit.Credit) {}),
		one("b, the younger id", func(*credit.Credit) {}),
		one("begun later", func(c *credit.Credit) { c.Valid.From = month("2026-02") }),
		one("for everything", func(c *credit.Credit) { c.Services = nil }),
		one("never ends", func(c *credit.Credit) { c.Valid.To = period.Month{}; c.Services = []string{"A"} }),
		one("never ends, and for all",
			func(c *credit.Credit) { c.Valid.To = period.Month{}; c.Services = nil }),
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
		owed := rapid.SampledFrom([]money.Currency{"", money.KRW, money.USD}).Draw(t, "owed in whole")
		uses := credit.Apply(ledger, charges, room)
		if owed != "" {
			uses = credit.ApplyWhole(ledger, charges, room, owed)
		}
		for _, use := range uses {
			require.True(t, use.Used.IsPositive())
			if owed != "" {
				require.True(t, use.Used.Mod(money.Unit(owed.Places())).IsZero(), "no fraction of a won")
			}
			require.False(t, use.Remaining.IsNegative())
			require.True(t, use.Used.Add(use.Remaining).Equal(use.Credit.Balance),
				"used plus remaining is the balance")
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
