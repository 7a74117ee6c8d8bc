package delivery_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
	"magam/domain/period"
)

var (
	november  = period.NewMonth(2026, 11)
	limits    = delivery.JumpLimits{Percent: decimal.NewFromInt(50), Floor: decimal.NewFromInt(100)}
	noon22    = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	endOfNov  = november.End()
	endOfOct  = november.Start()
	dayOfNov  = func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC) }
	dayBefore = noon22.Add(-25 * time.Hour)
)

func holding(id, by int64, asOf time.Time, month period.Month, rows int64, billed string) delivery.Holding {
	state := delivery.StateSealed
	if by != 0 {
		state = delivery.StateSuperseded
	}
	return delivery.Holding{
		Delivery:     id,
		Source:       "aws",
		State:        state,
		SupersededBy: by,
		AsOf:         asOf,
		Month:        month,
		Currency:     "USD",
		Rows:         rows,
		Billed:       decimal.RequireFromString(billed),
	}
}

func TestWhatRaisesAnAlarm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		watched delivery.Watched
		want    []string // kind source month: sentence
	}{
		"a source that sent something within a day is quiet": {
			delivery.Watched{
				Sources: []delivery.Heard{{Source: "aws", Current: noon22.Add(-23 * time.Hour)}},
			},
			nil,
		},
		"a source without news for a day is silent": {
			delivery.Watched{Sources: []delivery.Heard{{Source: "aws", Last: dayBefore, Current: dayBefore}}},
			[]string{"silent aws 2026-11: nothing new since 2026-11-21 11:00Z"},
		},
		"news of the month before do not count in the middle of a month": {
			delivery.Watched{Sources: []delivery.Heard{{Source: "aws", Last: noon22.Add(-time.Hour)}}},
			[]string{"silent aws 2026-11: nothing new since 2026-11-01 00:00Z"},
		},
		"a source configured an hour ago has time": {
			delivery.Watched{
				Sources: []delivery.Heard{{Source: "aws", Configured: noon22.Add(-time.Hour)}},
			},
			nil,
		},
		"a month that grows with its days is quiet": {delivery.Watched{Holdings: []delivery.Holding{
			holding(1, 2, dayOfNov(11), november, 1000, "1000"),
			holding(2, 0, dayOfNov(21), november, 2000, "2000"),
		}}, nil},
		"a total that doubles without days is a jump": {
			delivery.Watched{Holdings: []delivery.Holding{
				holding(1, 2, dayOfNov(11), november, 1000, "1000"),
				holding(2, 0, dayOfNov(11), november, 1000, "2000.5"),
			}},
			[]string{
				"jump aws 2026-11: delivery 2 adds up to USD 2,000.50; about 1,000.00 was to be expected",
			},
		},
		"a small amount that doubles is none": {delivery.Watched{Holdings: []delivery.Holding{
			holding(1, 2, dayOfNov(11), november, 1000, "100"),
			holding(2, 0, dayOfNov(11), november, 1000, "200"),
		}}, nil},
		"rows that are gone tell of a file that was cut": {
			delivery.Watched{Holdings: []delivery.Holding{
				holding(1, 2, endOfNov, november, 1000, "1000"),
				holding(2, 0, endOfNov, november, 940, "950"),
			}},
			[]string{"rows aws 2026-11: delivery 2 has 940 rows; delivery 1 had 1000"},
		},
		"a whole month with less than half the rows of the one before": {
			delivery.Watched{Holdings: []delivery.Holding{
				holding(1, 0, endOfOct, november.Add(-1), 1000, "1000"),
				holding(2, 0, endOfNov, november, 499, "900"),
			}},
			[]string{"rows aws 2026-11: delivery 2 has 499 rows; delivery 1 had 1000"},
		},
		"a month of ten days is compared with ten days of the one before": {delivery.Watched{
			Holdings: []delivery.Holding{
				holding(1, 0, endOfOct, november.Add(-1), 3100, "3100"),
				holding(2, 0, dayOfNov(11), november, 1000, "1000"),
			},
		}, nil},
		"refused and held deliveries, but none that came too late": {
			delivery.Watched{Unsealed: []delivery.Unsealed{
				{
					Delivery: 7,
					Source:   "aws",
					Scope:    "a",
					Month:    "2026-11",
					State:    "refused",
					Why:      "E_HASH x.csv: changed",
				},
				{
					Delivery: 8,
					Source:   "aws",
					Scope:    "b",
					Month:    "2026-11",
					State:    "held",
					Why:      "E_ROWCOUNT_DROP: few",
				},
				{
					Delivery: 9,
					Source:   "aws",
					Scope:    "c",
					Month:    "2026-11",
					State:    "refused",
					Why:      "E_OLDER_DELIVERY: late",
				},
			}},
			[]string{
				"held aws 2026-11: delivery 8 is held: E_ROWCOUNT_DROP",
				"refused aws 2026-11: delivery 7 was refused: E_HASH",
			},
		},
		"what was refused before it became a delivery": {
			delivery.Watched{Unread: []delivery.Unread{
				{Source: "gcp", Count: 3, Codes: []string{"E_PARQUET", "E_SCHEMA"}},
			}},
			[]string{"unread gcp : 3 refused at the last look: E_PARQUET, E_SCHEMA"},
		},
		"rows set aside, once the month has ended": {
			delivery.Watched{Aside: []delivery.SetAside{
				{Source: "aws", Month: november.Add(-1), Rows: 3}, {Source: "aws", Month: november, Rows: 4},
			}},
			[]string{"quarantine aws 2026-10: 3 rows are set aside and undecided"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.watched.Now, tt.watched.Limits = noon22, limits
			var got []string
			for _, alarm := range tt.watched.Alarms() {
				got = append(got,
					string(alarm.Kind)+" "+alarm.Source+" "+alarm.Month+": "+alarm.Sentence("en"))
				for _, language := range []string{"en", "ko"} {
					for _, text := range []string{alarm.Title(language), alarm.Sentence(language), alarm.Cure(language)} {
						require.NotEmpty(t, text)
						require.NotContains(t, text, "%!")
					}
				}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestWhoMustSpeakYet(t *testing.T) {
	t.Parallel()
	kim, lee := delivery.Word{By: "kim"}, delivery.Word{By: "lee"}
	park, choi := delivery.Word{By: "park", Approver: true}, delivery.Word{By: "choi", Approver: true}
	tests := map[string]struct {
		words []delivery.Word
		want  string
	}{
		"nobody has":                       {nil, "two people, one of them an approver"},
		"one of ops":                       {[]delivery.Word{kim}, "an approver"},
		"one approver":                     {[]delivery.Word{park}, "a second person"},
		"one approver twice":               {[]delivery.Word{park, park}, "a second person"},
		"two of ops":                       {[]delivery.Word{kim, lee}, "an approver"},
		"one of ops and an approver":       {[]delivery.Word{kim, park}, ""},
		"two approvers, in whatever order": {[]delivery.Word{choi, park}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, delivery.StillMissing(tt.words))
		})
	}
}
