package sample

import "magam/domain/period"

// pledge is a commitment that the exports show at work: what it covers, what it
// costs, and how much of it goes unused.
type pledge struct {
	key, kind      string // ri, sp
	account        string // alias of the owner, which also uses it
	item           string // key of the instances it covers
	payment        string // No Upfront, Partial Upfront, All Upfront
	from           int    // hour of the month from which it runs; above zero: bought this month
	quarters       int64  // instances covered, in quarters, every hour
	reserved       int64  // instances reserved (ri only)
	rate           amount // of one covered instance hour, effective
	recurring      amount // charged per hour: of one reservation, or of the whole plan
	commitment     amount // per hour of the whole plan (sp only)
	endsDays, term int    // days from the month's end to its own; months it runs
	note           string
}

// pledges: the first ends days after the close, one wastes half of itself, two
// were bought in the month with money down.
var pledges = []*pledge{
	{
		key: "ri-bada-m5", kind: "ri", account: "bada-track", item: "m5.xlarge", payment: "No Upfront",
		quarters: 12, reserved: 3, rate: dollars("0.142"), recurring: dollars("0.142"),
		endsDays: 12, term: 12, note: "창고·추적 웹서버 3대, 곧 만료",
	},
	{
		key: "ri-sarang-db", kind: "ri", account: "sarang-emr", item: "rds-r6g", payment: "Partial Upfront",
		quarters: 3, reserved: 1, rate: dollars("0.372"), recurring: dollars("0.186"),
		endsDays: 190, term: 12, note: "진료 DB 1대, 선결제 일부",
	},
	{
		key: "ri-alpha-cache", kind: "ri", account: "alpha-erp", item: "cache.r6g.large",
		payment: "All Upfront",
		from:    9 * 24, quarters: 4, reserved: 1, rate: dollars("0.148"), endsDays: 343, term: 12,
		note: "ERP 세션 캐시, 이번 달 전액 선결제",
	},
	{
		key: "sp-haneul-compute", kind: "sp", account: "haneul-live", item: "c6i.4xlarge",
		payment:  "No Upfront",
		quarters: 21, rate: dollars("0.552"), recurring: dollars("3.1"), commitment: dollars("3.1"),
		endsDays: 21, term: 12, note: "라이브 게임서버, 곧 만료",
	},
	{
		key: "sp-onnuri-compute", kind: "sp", account: "onnuri-mall", item: "m6i.2xlarge",
		payment:  "Partial Upfront",
		quarters: 8, rate: dollars("0.346"), recurring: dollars("0.8"), commitment: dollars("1.6"),
		endsDays: 96, term: 12, note: "쇼핑몰, 성수기 대비",
	},
	{
		key: "sp-narae-ec2", kind: "sp", account: "narae-core", item: "m5.xlarge", payment: "All Upfront",
		from: 11 * 24, quarters: 7, rate: dollars("0.152"), commitment: dollars("0.3"),
		endsDays: 345, term: 12, note: "코어뱅킹, 이번 달 전액 선결제",
	},
	{
		key: "sp-kaze-compute", kind: "sp", account: "kaze-prod", item: "m6i.2xlarge", payment: "No Upfront",
		quarters: 5, rate: dollars("0.335"), recurring: dollars("0.5"), commitment: dollars("0.5"),
		endsDays: 27, term: 36, note: "基幹システム",
	},
}

// arn is how the exports name the pledge.
func (p *pledge) arn() string {
	of := accountOf(p.account)
	if p.kind == "ri" {
		service := map[string]string{
			"m5.xlarge": "ec2", "rds-r6g": "rds",
			"cache.r6g.large": "elasticache",
		}[p.item]
		kind := map[string]string{
			"ec2": "reserved-instances/", "rds": "ri:",
			"elasticache": "reserved-instance:",
		}[service]
		return "arn:aws:" + service + ":" + of.payer.region + ":" + of.id + ":" + kind + uuidOf(1, p.key)
	}
	return "arn:aws:savingsplans::" + of.id + ":savingsplan/" + uuidOf(1, p.key)
}

// hours is how long it runs in the month.
func (p *pledge) hours(clock *clock) int64 { return int64(clock.length() - p.from) }

// covered is how many instance hours it covers in the month.
func (p *pledge) covered(clock *clock) quantity {
	return quantity(p.quarters*p.hours(clock)/4) * unitQuantity
}

// upfront is what was paid down for the whole term: the part of the effective
// rate that does not recur, for as many hours as the term has.
func (p *pledge) upfront() amount {
	hours := amount(int64(p.term) * 730)
	if p.kind == "ri" {
		return (p.rate - p.recurring) * amount(p.reserved) * hours
	}
	return (p.commitment - p.recurring) * hours
}

// bought is the first day of its term, and ends the last.
func (p *pledge) bought(month period.Month) string {
	if p.from > 0 {
		return day(month, p.from/24)
	}
	return month.End().AddDate(0, 0, p.endsDays).AddDate(0, -p.term, 0).Format(dateForm)
}

func (p *pledge) ends(month period.Month) string {
	return month.End().AddDate(0, 0, p.endsDays).Format(dateForm)
}
