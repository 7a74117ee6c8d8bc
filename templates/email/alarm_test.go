package email_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/internal/golden"
	"magam/templates/email"
)

func TestAlarmNotice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		language string
		cleared  bool
		subject  string
	}{
		"alarm_ko":      {"ko", false, "[마감클라우드] 경보: 합계 급변 · aws-seoul 2026-11"},
		"alarm_en":      {"en", false, "[마감클라우드] Alarm: total jumps · aws-seoul 2026-11"},
		"alarm_over_ko": {"ko", true, "[마감클라우드] 경보 해제: 합계 급변 · aws-seoul 2026-11"},
		"alarm_over_en": {"en", true, "[마감클라우드] Alarm over: total jumps · aws-seoul 2026-11"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alarm := sampleAlarm()
			alarm.Language, alarm.Cleared = tt.language, tt.cleared

			written, err := email.AlarmNotice(alarm)

			require.NoError(t, err)
			again, err := email.AlarmNotice(alarm)
			require.NoError(t, err)
			require.True(t, bytes.Equal(written, again))
			read := open(t, written)
			require.Equal(t, tt.subject, read.subject)
			golden.Require(t, name+".html", []byte(read.html))
			golden.Require(t, name+".txt", []byte(read.text))
			for _, said := range []string{"aws-seoul", "2026-11-22 00:20 UTC", "82,000.50"} {
				require.Contains(t, read.html, said)
				require.Contains(t, read.text, said)
			}
		})
	}
}

func TestAlarmNoticeToNobodyIsRefused(t *testing.T) {
	t.Parallel()
	alarm := sampleAlarm()
	alarm.To = ""
	_, err := email.AlarmNotice(alarm)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Input, code)
}

func sampleAlarm() email.Alarm {
	since := time.Date(2026, 11, 22, 0, 20, 0, 0, time.UTC)
	return email.Alarm{
		Issuer: "마감클라우드", From: "billing@issuer.test", Color: "#0F766E", To: "ops@issuer.test", Name: "오운영",
		Language: "ko", MessageID: "<alarm-7-raised.oh@issuer.test>",
		Raised: delivery.Raised{
			Alarm: delivery.Alarm{
				Kind: delivery.AlarmJump, Source: "aws-seoul", Month: "2026-11", Subject: "USD",
				Figures: []string{"42", "USD", "82,000.50", "40,100.00"},
			},
			ID: 7, Since: since, LastSeen: since.Add(time.Hour), Cleared: since.Add(26 * time.Hour),
		},
	}
}
