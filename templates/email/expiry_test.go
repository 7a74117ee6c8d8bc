package email_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/commitment"
	"magam/domain/fault"
	"magam/templates/email"
)

func TestExpiryNotice(t *testing.T) {
	t.Parallel()
	subjects := map[string]string{
		"ko": "[마감클라우드] 30일 안에 끝나는 약정 2건 · 가장 빠른 만료 2026-11-23",
		"en": "[마감클라우드] 2 commitments end within 30 days · first on 2026-11-23",
	}
	for language, subject := range subjects {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			notice := sampleNotice()
			notice.Language = language

			written, err := email.ExpiryNotice(notice)

			require.NoError(t, err)
			again, err := email.ExpiryNotice(notice)
			require.NoError(t, err)
			require.True(t, bytes.Equal(written, again))
			read := open(t, written)
			require.Equal(t, subject, read.subject)
			require.Equal(t, "<ops@issuer.test>, <kim@alpha.test>", read.header.Get("To"))
			golden(t, "expiry_"+language+".html", []byte(read.html))
			golden(t, "expiry_"+language+".txt", []byte(read.text))
			for _, said := range []string{"ri-0042", "sp-0007", "2026-12-22", "Amazon RDS", "ap-northeast-2"} {
				require.Contains(t, read.html, said)
				require.Contains(t, read.text, said)
			}
		})
	}
}

func TestExpiryNoticeOfNothingIsRefused(t *testing.T) {
	t.Parallel()
	notice := sampleNotice()
	notice.Expiring = nil
	_, err := email.ExpiryNotice(notice)
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Input, code)
}

func sampleNotice() email.Expiry {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	expiring := commitment.Expiring([]commitment.Commitment{
		{
			ID: "sp-0007", Provider: "aws", Kind: "sp", SubAccount: "111122223333", Service: "Compute Savings Plans",
			Region: "global", TermMonths: 12, PaymentOption: "partial", StartsOn: day.AddDate(-1, 0, 1), EndsOn: day.AddDate(0, 0, 30),
		},
		{
			ID: "ri-0042", Provider: "aws", Kind: "ri", SubAccount: "444455556666", Service: "Amazon RDS", Family: "db.r6g.large",
			Region: "ap-northeast-2", TermMonths: 36, PaymentOption: "no", StartsOn: day.AddDate(-3, 0, 1), EndsOn: day.AddDate(0, 0, 1),
		},
	}, day)
	return email.Expiry{
		Issuer: "마감클라우드", From: "billing@issuer.test", Color: "#0F766E", To: []string{"ops@issuer.test", "kim@alpha.test"},
		Language: "ko", Day: day, Expiring: expiring, MessageID: "<commitments-2026-11-22.0a1b2c@issuer.test>",
	}
}
