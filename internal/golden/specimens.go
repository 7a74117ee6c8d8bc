package golden

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/tax"
)

// Digest stands in for a snapshot's digest where a test prints one.
const Digest = "3f8a1c0de92b47d6aa10c55e0f7b1f2e9d8c7b6a5f4e3d2c1b0a99887766554433"

var october = period.NewMonth(2026, time.October)

func amount(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func day(text string) invoice.Date {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return invoice.NewDate(t)
}

// Korean is a usual month of a Korean customer: products over several pages,
// credits, adjustments and five months before.
func Korean() invoice.Snapshot {
	s := base()
	for i, name := range products {
		for j, account := range accounts[:2+i%3] {
			for k, usage := range []string{"APN2-BoxUsage:m7g.2xlarge", "APN2-DataTransfer-Out-Bytes"}[:1+i%2] {
				net := amount(
					"0.0050000001",
				).Mul(decimal.NewFromInt(int64((len(products) - i) * (37 + j*11 + k*5)))).
					Add(decimal.New(int64(i*7919+j*104729+k), -7))
				addLine(&s, account, name, usage, net)
			}
		}
	}
	s.Credits = []invoice.CreditUse{
		{
			ID: "CR-2026-014", Reason: "서비스 장애 보상 (2026년 8월, 서울 리전)", Currency: money.USD,
			Used: amount("120.5"), Remaining: amount("379.5"), Expires: period.NewMonth(2026, time.December),
		},
		{
			ID: "CR-2025-101", Reason: "신규 이전 프로모션", Currency: money.KRW,
			Used: amount("100000"), Remaining: amount("0"),
		},
	}
	s.Adjustments = []invoice.AdjustmentUse{
		{
			ID: "ADJ-7", ReasonCode: "migration-discount", Reason: "마이그레이션 특별 할인", Stage: "before-discount",
			Currency: money.USD, Amount: amount("-250.00"),
		},
		{
			ID: "ADJ-9", ReasonCode: "rounding", Reason: "전월 단수 조정", Stage: "after-tax",
			Currency: money.KRW, Amount: amount("-728"),
		},
	}
	s.AfterTax = amount("-728")
	return total(s, tax.Taxable)
}

// English is priced and billed in dollars: no second currency column.
func English() invoice.Snapshot {
	s := base()
	s.Number, s.Language, s.Currency = "INV-2026-000131", "en", money.USD
	s.Issuer.Name, s.Issuer.Address = "Magam Cloud Inc.", "12F, 518 Teheran-ro, Gangnam-gu, Seoul, Korea"
	s.Issuer.Representative, s.Issuer.BusinessType, s.Issuer.BusinessItem = "Hana Jung", "Service",
		"Cloud computing"
	s.Salesman = invoice.Salesman{Name: "Minji Lee", Email: "minji.lee@magam.example"}
	s.Bank = "KEB Hana Bank 123-910022-33304 (USD) Magam Cloud Inc. SWIFT KOEXKRSE"
	s.Customer = invoice.Party{
		Code: "nimbus", Name: "Nimbus Robotics Ltd.", Representative: "Ada Byron", Country: "GB",
		Address: "4 Crown Place, Floor 3, London EC2A 4BT, United Kingdom",
	}
	for i, name := range products[:14] {
		net := amount("3.17").Mul(decimal.NewFromInt(int64((15 - i) * (15 - i))))
		addLine(&s, accounts[i%3], name, "USE1-Requests-Tier1", net)
	}
	s.Sources[0].Rate, s.Sources[0].Per = amount("1"), 1
	for i := range s.History {
		s.History[i].Total = s.History[i].Total.Div(decimal.NewFromInt(1388)).Truncate(2)
	}
	return total(s, tax.ZeroRated)
}

// Japanese is a qualified invoice: T-number, totals and tax per rate, in yen.
func Japanese() invoice.Snapshot {
	s := base()
	s.Number, s.Language, s.Currency = "INV-2026-000140", "ja", money.JPY
	s.Issuer.Name, s.Issuer.TNumber = "株式会社マガムクラウド", "T7010705000725"
	s.Issuer.BusinessNumber, s.Issuer.Representative = "", "鄭 ハナ"
	s.Issuer.BusinessType, s.Issuer.BusinessItem = "情報通信業", "クラウドサービス再販"
	s.Issuer.Address = "東京都港区芝公園四丁目2番8号 タワービル18階"
	s.Salesman = invoice.Salesman{Name: "佐藤 健", Email: "sato@magam.example"}
	s.Bank = "みずほ銀行 芝支店 普通 1234567 カ)マガムクラウド"
	s.Customer = invoice.Party{
		Code: "sakura", Name: "株式会社さくら食品髙橋﨑製作所", TNumber: "T4011001098993", Country: "JP",
		Representative: "髙橋 さくら", Address: "大阪府大阪市北区梅田三丁目1番3号",
	}
	for i, name := range products[:18] {
		addLine(&s, accounts[i%4], name, "APN1-TimedStorage-ByteHrs",
			amount("11.1234567").Mul(decimal.NewFromInt(int64(19-i))))
	}
	s.Lines[4].TaxCategory = tax.Exempt
	s.Sources[0].Rate, s.Sources[0].RateOn = amount("151.2345"), day("2026-10-31")
	s.Sources[0].RateType, s.Sources[0].RateRule = "TTM", "month-average"
	for i := range s.History {
		s.History[i].Total = s.History[i].Total.Div(decimal.NewFromInt(9)).Truncate(0)
	}
	s.Provisional = true
	return total(s, tax.Taxable)
}

// Tiny is one product and nothing else, the first month of a customer.
func Tiny() invoice.Snapshot {
	s := base()
	s.Number, s.History = "INV-2026-000150", nil
	addLine(&s, accounts[0], "Amazon Route 53", "HostedZone", amount("0.5"))
	return total(s, tax.Taxable)
}

// Nothing is a month in which nothing was charged: numbered and mailed all the same.
func Nothing() invoice.Snapshot {
	s := base()
	s.Number, s.Sources = "INV-2026-000151", nil
	return total(s, tax.Taxable)
}

// Negative is a month whose refunds outweigh its charges, still a draft.
func Negative() invoice.Snapshot {
	s := base()
	s.Number = ""
	addLine(&s, accounts[0], "Amazon Elastic Compute Cloud", "APN2-BoxUsage:t4g.small", amount("12.34"))
	addLine(&s, accounts[1], "Savings Plans for AWS Compute usage", "Refund", amount("-812.3456789"))
	s.History[1].Total = amount("-300000")
	return total(s, tax.Taxable)
}

// LongNames has names that fill two lines and more, and hostile ones.
func LongNames() invoice.Snapshot {
	s := base()
	s.Number = "INV-2026-000160"
	s.Customer.Name = "㈜대한민국초연결디지털전환클라우드네이티브인프라스트럭처솔루션즈홀딩스아시아태평양지역본부"
	s.Customer.Address = "서울특별시 강남구 테헤란로 152 강남파이낸스센터 지하 1층부터 지상 45층까지 전체, 우편번호 06236, " +
		"역삼동 737번지 일대 및 부속 건물"
	s.Customer.BusinessType = "제조업, 서비스업, 도소매업, 정보통신업"
	s.Customer.BusinessItem = "반도체 제조용 기계, 소프트웨어 개발 및 공급, 전자상거래, 데이터베이스 및 온라인 정보 제공업"
	names := []string{
		"Amazon Relational Database Service for PostgreSQL with Multi-AZ deployment and two readable standbys, " +
			"provisioned IOPS storage in the Asia Pacific (Seoul) Region, extended support year 3",
		"=HYPERLINK(\"http://evil.example\",\"click\")",
		"<script>alert('x')</script> & co",
		"아주긴제품이름이공백없이계속이어져서어디에서줄을바꾸어야할지알수없는경우에도두줄을넘지않고말줄임표로끝나야합니다정말로끝나야합니다그렇지않으면안됩니다",
		"+1+1",
		"@SUM(A1:A9)",
		"-2+3",
		"＝１＋１",
	}
	for i, name := range names {
		addLine(&s, accounts[i%4], name, "=cmd|' /C calc'!A0", amount("98765432.1098765432").Shift(int32(-i)))
	}
	return total(s, tax.Taxable)
}

// ManyCredits has more corrections than products.
func ManyCredits() invoice.Snapshot {
	s := base()
	s.Number = "INV-2026-000170"
	for i, name := range products[:9] {
		addLine(&s, accounts[i%4], name, "APN2-Requests", amount("88.25").Mul(decimal.NewFromInt(int64(i+1))))
	}
	for i := range 45 {
		s.Credits = append(s.Credits, invoice.CreditUse{
			ID:        fmt.Sprintf("CR-2026-%03d", i+1),
			Reason:    "파트너 리베이트 " + []string{"1분기", "2분기", "3분기"}[i%3],
			Currency:  money.USD,
			Used:      decimal.New(int64(100+i*37), -2),
			Remaining: decimal.New(int64(i*1234567), -6),
			Expires:   october.Add(i % 14),
		})
		s.Adjustments = append(s.Adjustments, invoice.AdjustmentUse{
			ID:         fmt.Sprintf("ADJ-%d", i+1),
			ReasonCode: "goodwill",
			Stage:      []string{"before-discount", "after-discount"}[i%2],
			Reason:     "협의에 따른 조정 (건별 승인)",
			Currency:   money.USD,
			Amount:     decimal.New(int64(-50-i), -2),
		})
	}
	return total(s, tax.Taxable)
}

// Specimens are all of them, by the name of their golden files.
func Specimens() map[string]invoice.Snapshot {
	return map[string]invoice.Snapshot{
		"korean":       Korean(),
		"english":      English(),
		"japanese":     Japanese(),
		"tiny":         Tiny(),
		"nothing":      Nothing(),
		"negative":     Negative(),
		"long-names":   LongNames(),
		"many-credits": ManyCredits(),
		"quarterly":    Quarterly(),
	}
}

var accounts = []string{"111122223333", "444455556666", "777788889999", "101010101010"}

var aliases = map[string]string{
	"111122223333": "운영-production", "444455556666": "개발-development",
	"777788889999": "데이터분석", "101010101010": "sandbox",
}

var products = []string{
	"Amazon Elastic Compute Cloud",
	"Amazon Relational Database Service",
	"Amazon Simple Storage Service",
	"Amazon CloudFront",
	"AWS Lambda",
	"Amazon ElastiCache",
	"Amazon OpenSearch Service",
	"Amazon Redshift",
	"Amazon Elastic Kubernetes Service",
	"Amazon DynamoDB",
	"AWS Key Management Service",
	"Amazon Virtual Private Cloud",
	"AmazonCloudWatch",
	"AWS Direct Connect",
	"Amazon Managed Streaming for Apache Kafka",
	"Amazon Kinesis",
	"AWS Glue",
	"Amazon Athena",
	"Amazon Simple Queue Service",
	"Amazon Simple Notification Service",
	"Amazon Elastic File System",
	"AWS Secrets Manager",
	"Amazon Route 53",
	"AWS WAF",
	"AWS Shield",
	"Amazon GuardDuty",
	"AWS Security Hub",
	"AWS Config",
	"AWS CloudTrail",
	"Amazon SageMaker",
	"Amazon Bedrock",
	"AWS Step Functions",
	"Amazon API Gateway",
	"AWS Backup",
	"AWS Transfer Family",
	"Amazon WorkSpaces",
	"AWS Systems Manager",
	"Amazon Simple Email Service",
	"AWS CodeBuild",
	"AWS CodePipeline",
	"Amazon Elastic Container Registry",
	"AWS Certificate Manager",
	"Amazon Managed Grafana",
	"AWS Cost Explorer",
	"Amazon Inspector",
	"AWS X-Ray",
	"AWS Database Migration Service",
	"Amazon Neptune",
	"Amazon DocumentDB (with MongoDB compatibility)",
	"Savings Plans for AWS Compute usage",
	"AWS Support (Business)",
	"Amazon QuickSight",
	"Amazon Macie",
}

func base() invoice.Snapshot {
	s := invoice.Snapshot{
		Schema: 1, Number: "INV-2026-000123", Kind: invoice.KindInvoice,
		Issuer: invoice.Party{
			Code: "magam", Name: "주식회사 마감클라우드", BusinessNumber: "1248100998", Representative: "정하나",
			BusinessType: "정보통신업", BusinessItem: "클라우드 컴퓨팅 서비스", Country: "KR",
			Address: "서울특별시 강남구 테헤란로 518, 12층 (대치동)", Email: "billing@magam.example",
		},
		Customer: invoice.Party{
			Code: "alpha", Name: "알파전자", BusinessNumber: "2208162517", Representative: "김알파",
			BusinessType: "제조업", BusinessItem: "전자부품", Country: "KR",
			Address: "경기도 수원시 영통구 삼성로 129 알파타워 21층",
		},
		Salesman: invoice.Salesman{Name: "이민지", Email: "minji.lee@magam.example"},
		Language: "ko", Color: "#0B5D66", Bank: "하나은행 123-910022-33304 (주)마감클라우드",
		Provider: "aws", Month: october, IssuedOn: day("2026-10-31"), DueOn: day("2026-11-30"),
		DataAsOf: day("2026-11-03"), GroupBy: "account", Currency: money.KRW,
		Sources: []invoice.SourceTotal{{
			Currency: money.USD, Rate: amount("1388.1"), Per: 1, RateOn: day("2026-10-30"),
			RateType: "매매기준율", RateRule: "month-end",
		}},
	}
	for i, past := range []string{"1804200", "1650030", "2210450", "1980000", "2050777"} {
		s.History = append(s.History, invoice.MonthTotal{Month: october.Add(i - 5), Total: amount(past)})
	}
	return s
}

func addLine(s *invoice.Snapshot, account, name, usage string, net decimal.Decimal) {
	s.Lines = append(s.Lines, invoice.Line{
		Position:    len(s.Lines) + 1,
		Account:     account,
		AccountName: aliases[account],
		Service:     name,
		ServiceName: name,
		UsageType:   usage,
		Unit:        "Hrs",
		Quantity:    decimal.New(int64(len(s.Lines)*97+1), -3),
		Source:      money.USD,
		Billed:      net,
		Net:         net,
		TaxCategory: tax.Taxable,
	})
}

// total converts, rounds and taxes a specimen as its contract would: truncated
// at the document, the difference apportioned over the lines.
func total(s invoice.Snapshot, category tax.Category) invoice.Snapshot {
	places := s.Currency.Places()
	s.Rounding = invoice.Rounding{Point: "document", Mode: money.ModeTruncate, Unit: money.Unit(places)}
	s.TaxName, s.TaxRounding = "kr-vat", money.ModeTruncate
	exact := make([]decimal.Decimal, len(s.Lines))
	for i := range s.Lines {
		if category != tax.Taxable {
			s.Lines[i].TaxCategory = category
		}
		exact[i] = s.Lines[i].Net.Mul(s.Sources[0].Rate)
		s.Sources[0].Billed = s.Sources[0].Billed.Add(s.Lines[i].Net)
		s.Sources[0].Net = s.Sources[0].Net.Add(s.Lines[i].Net)
		s.Sources[0].Converted = s.Sources[0].Converted.Add(exact[i])
	}
	parts, err := invoice.Apportion(exact, s.Rounding, places)
	if err != nil {
		panic(err)
	}
	for i := range s.Lines {
		s.Lines[i].Amount = parts[i]
		s.Lines[i].Steps = chain(s.Lines[i], s.Currency, exact[i])
		s.Supply = s.Supply.Add(parts[i])
	}
	bases := make(map[tax.Category]decimal.Decimal)
	for _, line := range s.Lines {
		bases[line.TaxCategory] = bases[line.TaxCategory].Add(line.Amount)
	}
	for _, c := range []tax.Category{tax.Exempt, tax.Taxable, tax.ZeroRated} {
		base, found := bases[c]
		if !found {
			continue
		}
		rate := decimal.Zero
		if c == tax.Taxable {
			rate = decimal.NewFromInt(10)
		}
		s.Taxes = append(s.Taxes, invoice.TaxTotal{
			Category: c, Rate: rate, Base: base, Tax: money.Percent(base, rate).Truncate(places),
		})
		s.Tax = s.Tax.Add(money.Percent(base, rate).Truncate(places))
	}
	s.Total = money.Sum(s.Supply, s.Tax, s.AfterTax)
	return s
}

// chain is a line's way from billed cost to amount.
func chain(l invoice.Line, currency money.Currency, exact decimal.Decimal) []invoice.Step {
	steps := []invoice.Step{{Name: invoice.StepBilled, Currency: l.Source, Delta: l.Billed, After: l.Billed}}
	if l.Source != currency {
		steps = append(steps,
			invoice.Step{Name: invoice.StepCurrency, Currency: currency, Delta: exact, After: exact})
	}
	if rounding := l.Amount.Sub(exact); !rounding.IsZero() {
		steps = append(steps, invoice.Step{
			Name: invoice.StepRounding, Currency: currency, Delta: rounding, After: l.Amount,
		})
	}
	return steps
}
