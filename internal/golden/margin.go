package golden

import (
	"fmt"
	"sort"
	"time"

	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/invoice"
	"magam/domain/margin"
	"magam/domain/money"
)

// MonthReport is a month's report to finance made of the specimens: three
// document currencies, a parked customer, accounts that nobody owns, losses and
// alarms. It is for finance's own templates.
func MonthReport() (margin.Report, error) {
	specimens := Specimens()
	names := make([]string, 0, len(specimens))
	for name, s := range specimens {
		if !s.IsQuarter() { // another month's
			names = append(names, name)
		}
	}
	sort.Strings(names)
	month := specimens[names[0]].Month
	tally := margin.NewTally(month, "")
	for i, name := range names {
		s := specimens[name]
		s.Customer.Code = fmt.Sprintf("customer-%02d", i+1)
		s.Lines = bought(s, []string{"0.9", "1.04", "0.97"}[i%3])
		shares := []invoice.Share{
			{
				Provider:       s.Provider,
				BillingAccount: "111122223333",
				Currency:       money.USD,
				Retained:       amount("12.345"),
			},
		}
		if i > 2 {
			shares = nil
		}
		err := tally.Add(margin.Document{
			Customer: s.Customer.Code, Provider: s.Provider, State: "final", Snapshot: s, Shares: shares,
		})
		if err != nil {
			return margin.Report{}, err
		}
	}
	err := tally.Add(margin.Document{
		Customer: "bada",
		Provider: "aws",
		State:    "parked",
		Parked:   "E_FX_MISSING: no rate USD/KRW of 2026-10-30. Fix: enter it in the rates sheet, then retry the parked customer",
		Shares: []invoice.Share{
			{
				Provider:       "aws",
				BillingAccount: "111122223333",
				Currency:       money.USD,
				Assigned:       amount("1234.5678"),
			},
		},
	})
	if err != nil {
		return margin.Report{}, err
	}
	report := tally.Report(aroundTheMonth())
	report.Issuer, report.Color = "마감클라우드 주식회사", "#0B6E4F"
	report.Parked[0].Name = "바다물류"
	return report, nil
}

// bought are a document's lines as if they had cost a part of what was billed, and
// a price rule made up the rest.
func bought(s invoice.Snapshot, part string) []invoice.Line {
	lines := make([]invoice.Line, len(s.Lines))
	for i, l := range s.Lines {
		cost := l.Billed.Mul(amount(part))
		rule := invoice.Step{
			Name:     invoice.StepPrice,
			Rule:     "list-" + part,
			Currency: l.Source,
			Delta:    l.Billed.Sub(cost),
			After:    l.Billed,
		}
		first := l.Steps[0]
		first.Delta, first.After = cost, cost
		l.Steps = append([]invoice.Step{first, rule}, l.Steps[1:]...)
		l.Billed = cost
		lines[i] = l
	}
	return lines
}

func aroundTheMonth() margin.Around {
	since := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	return margin.Around{
		State: closing.StateClosedWithParked, Accepted: "연구용 계정, 11월에 연결 예정",
		Proof: []closing.ProofRow{
			{
				Payer: closing.Payer{
					Provider:       "aws",
					BillingAccount: "111122223333",
					Currency:       money.USD,
				},
				Delivered:  amount("98765.432100001"),
				Sealed:     amount("98765.432100001"),
				Assigned:   amount("98000.4321"),
				Retained:   amount("700"),
				Unassigned: amount("65.000000001"),
			},
		},
		Unmapped: []margin.Unmapped{{
			Provider: "aws", BillingAccount: "111122223333", Account: "999900001111", Name: "sandbox-ml",
			FirstSeen: day("2026-10-03"), Currency: money.USD, Billed: amount("65.000000001"),
			Services: []margin.ServiceCost{
				{Name: "Amazon Elastic Compute Cloud", Billed: amount("60")},
				{Name: "Amazon Simple Storage Service", Billed: amount("5.000000001")},
			},
		}},
		Decisions: []margin.Decision{
			{Customer: "customer-03", Provider: "aws", Verdict: "hold", By: "lee", Reason: "금액 확인 필요"},
			{Customer: "customer-03", Provider: "aws", Verdict: "approve", By: "choi"},
		},
		Alarms: []delivery.Raised{{
			Alarm: delivery.Alarm{
				Kind:    delivery.AlarmSilent,
				Source:  "aws-seoul",
				Month:   "2026-11",
				Figures: []string{"2026-10-31"},
			},
			Since: since, LastSeen: since,
		}},
	}
}
