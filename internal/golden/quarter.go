package golden

import (
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/tax"
)

// Quarterly bills the last quarter of 2026 in one document: three months at three
// rates, a credit used in the first and an adjustment after tax in the second.
func Quarterly() invoice.Snapshot {
	first := quarterMonth("1388.1").Snapshot
	second := quarterMonth("1402.55", first).Snapshot
	whole, err := invoice.Quarter(quarterMonth("1379.9", first, second), []invoice.Snapshot{first, second})
	if err != nil {
		panic(err)
	}
	whole.Snapshot.Number = "INV-2026-000180"
	return whole.Snapshot
}

// quarterMonth drafts the month after those before it.
func quarterMonth(rate string, before ...invoice.Snapshot) invoice.Draft {
	after := len(before)
	like, month := base(), october.Add(after)
	in := invoice.Input{
		Month: month, Provider: "aws", MonthHasEnded: true, Deferred: after < 2,
		Issuer: party.Issuer{
			Code: like.Issuer.Code, Name: like.Issuer.Name, BusinessNumber: like.Issuer.BusinessNumber,
			Representative: like.Issuer.Representative, BusinessType: like.Issuer.BusinessType,
			BusinessItem: like.Issuer.BusinessItem, Address: like.Issuer.Address, MailFrom: like.Issuer.Email,
			BankAccount: like.Bank, Color: like.Color,
		},
		Customer: party.Customer{
			Code: "haneul", Name: "하늘물산", Language: "ko", Currency: money.KRW,
			BusinessNumber: like.Customer.BusinessNumber, Representative: "최하늘", BusinessType: "도소매업",
			BusinessItem: "전자상거래", Address: "서울특별시 성동구 왕십리로 83-21", Country: "KR",
			Contract: party.Contract{
				Tax: "kr-vat", FXRule: "month-end", TermsDays: 30, BillingCycle: "quarterly",
			},
		},
		Salesman: party.Person{Name: like.Salesman.Name, Email: like.Salesman.Email},
		Accounts: aliases,
		TaxRate:  &tax.Rate{Tax: "kr-vat", Rate: amount("10")},
		DataAsOf: month.Add(1).Start().AddDate(0, 0, 4), Provisional: after == 2,
		Rates: []tax.FXRate{{
			Date: lastWeekday(month), Base: money.USD, Quote: money.KRW,
			Type: tax.DefaultFXType, Per: 1, Value: amount(rate),
		}},
	}
	for i, name := range products[after : 9+2*after] {
		in.Groups = append(in.Groups, charge.Group{
			Provider: "aws", BillingAccount: "111122223333", SubAccount: accounts[i%2], Currency: money.USD,
			ServiceCode: name, ServiceName: name, UsageType: "APN2-Requests", Unit: "Hrs", Rows: 1,
			Category: charge.CategoryUsage, Quantity: decimal.NewFromInt(int64(31 * (i + 1))),
			Billed: amount("103.0725").Mul(decimal.NewFromInt(int64(12 - i + after))),
		})
	}
	switch after {
	case 0:
		in.Credits = []credit.Credit{{
			ID: "CR-2026-031", Currency: money.USD, Balance: amount("500"),
			Granted: amount("500"), Reason: "서비스 장애 보상 (2026년 8월, 서울 리전)",
			Services: []string{"Amazon Relational Database Service"},
		}}
	case 1:
		in.Adjustments = []credit.Adjustment{{
			ID: "ADJ-12", Customer: "haneul", Month: month, Kind: credit.KindFlat, Value: amount("-33000"),
			Currency: money.KRW, Stage: credit.StageAfterTax, ReasonCode: "goodwill", Reason: "전 분기 단수 조정",
			Author: "kim", Approver: "lee",
		}}
	}
	for i, past := range []string{"4804200", "4650030", "5210450", "4980000"} {
		in.History = append(in.History, invoice.MonthTotal{Month: october.Add(i - 4), Total: amount(past)})
	}
	for _, earlier := range before {
		in.History = append(in.History, invoice.MonthTotal{Month: earlier.Month, Total: earlier.Total})
	}
	draft, err := invoice.Assemble(in)
	if err != nil {
		panic(err)
	}
	return draft
}

// lastWeekday is the day on which a month's last rate is listed.
func lastWeekday(month period.Month) time.Time {
	last := month.LastDay()
	for last.Weekday() == time.Saturday || last.Weekday() == time.Sunday {
		last = last.AddDate(0, 0, -1)
	}
	return last
}
