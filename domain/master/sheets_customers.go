package master

import "slices"

var customersSheet = Sheet{
	Name: "customers",
	Ko:   Words{"고객", "청구 대상과 계약. 계약이 바뀌면 같은 코드로 기간을 나누어 한 줄 더 적습니다"},
	En: Words{
		"Customers",
		"Whom we invoice and by which contract; a changed contract is one more row of the code",
	},
	Key:      []string{"code"},
	Validity: ValidMonths,
	Columns:  slices.Concat(customerIdentity(), customerContract(), customerTerms(), validMonths()),
	Examples: []map[string]string{
		{
			"code":            "alpha",
			"issuer":          "magam",
			"name":            "알파전자 주식회사",
			"name_en":         "Alpha Electronics",
			"country":         "KR",
			"business_number": "220-81-62517",
			"representative":  "박알파",
			"business_type":   "제조업",
			"business_item":   "전자부품",
			"address":         "경기도 성남시 분당구 판교로 1",
			"language":        "ko",
			"currency":        "KRW",
			"fx_rule":         "month-end",
			"fx_type":         "매매기준율",
			"rounding_mode":   "truncate",
			"rounding_unit":   "1",
			"tax":             "kr-vat",
			"terms_days":      "30",
			"salesman":        "lee",
			"auto_approve":    "no",
			"from":            "2026-01",
		},
		{
			"code":          "beta",
			"issuer":        "magam",
			"name":          "Beta Inc.",
			"name_en":       "Beta Inc.",
			"country":       "US",
			"language":      "en",
			"currency":      "USD",
			"rounding_mode": "half-up",
			"rounding_unit": "0.01",
			"tax":           "none",
			"terms_days":    "15",
			"salesman":      "lee",
			"auto_approve":  "yes",
			"from":          "2026-01",
		},
	},
}

func customerIdentity() []Column {
	return slices.Concat(columns(
		column("code", TypeCode, "고객 코드", "Code").need().
			say("한 번 정하면 바꾸지 않습니다", "Never changed once it is in use"),
		column("issuer", TypeCode, "발행사", "Issuer").to("issuer").
			say("비우면 하나뿐인 발행사", "Empty: the only issuer"),
		column("name", TypeText, "상호", "Name").need(),
		column("name_en", TypeText, "영문 상호", "Name in English"),
		column("name_ja", TypeText, "일문 상호", "Name in Japanese"),
		column("country", TypeCountry, "국가", "Country").or("KR").suggest("KR", "JP", "US").
			say("ISO 3166 두 글자", "Two letters of ISO 3166"),
	), identityColumns(), columns(column("address", TypeText, "주소", "Address"),
		column("language", TypeChoice, "문서 언어", "Language").of(languages...).or("ko"),
		column("currency", TypeCurrency, "청구 통화", "Currency").or("KRW").suggest("KRW", "USD", "JPY")))
}

func customerContract() []Column {
	return columns(
		column("price_basis", TypeChoice, "기준 금액", "Price basis").of("billed", "list", "effective").
			or("billed").
			say("billed 청구액, list 정가(사업자 할인 무시), effective 상각 원가",
				"billed as the provider bills, list ignoring its discounts, effective amortized"),
		column("benefit_policy", TypeChoice, "약정 혜택 정책", "Benefit policy").
			of("as-billed", "owner-only", "pooled", "partner-keeps").or("as-billed").
			say("RI와 Savings Plan의 혜택을 누가 갖는가", "Who has the benefit of RIs and Savings Plans"),
		column("benefit_share", TypePercent, "파트너 몫 %", "Benefit share %").within("0", "100").
			say("partner-keeps일 때 우리가 갖는 비율", "What we keep under partner-keeps"),
		column("fx_rule", TypeChoice, "환율 기준", "FX rule").of("month-end", "month-average", "day:{1-31}").
			or("month-end").
			say("month-end 월 마지막 영업일, month-average 월평균, day:25 그 달 25일",
				"month-end is the last business day, month-average the mean, day:25 that day"),
		column("fx_type", TypeText, "환율 종류", "FX type").or("매매기준율").suggest("매매기준율", "TTS", "customs").
			say("rates 시트의 type과 같은 말", "The same word as in the rates sheet's type"),
		column("rounding_point", TypeChoice, "단수처리 단위", "Rounding point").of("line", "product", "document").
			or("document"),
		column("rounding_mode", TypeChoice, "단수처리 방법", "Rounding mode").of(roundingModes...).or("truncate").
			say("truncate 절사, half-up 반올림, ceil 올림",
				"truncate toward zero, half-up to the nearest, ceil away from zero"),
		column("rounding_unit", TypeDecimal, "단수처리 자리", "Rounding unit").within("0.0001", "100000").
			say("공급가액의 최소 단위: 1, 10, 1000. 비우면 통화의 최소 단위",
				"Smallest unit of the supply value: 1, 10, 1000, 0.01. Empty: the currency's own"),
	)
}

func customerTerms() []Column {
	return columns(
		column("tax", TypeChoice, "세금", "Tax").of("kr-vat", "jp-ct", "none").or("kr-vat"),
		column("tax_rounding", TypeChoice, "세액 단수처리", "Tax rounding").of(roundingModes...).or("truncate"),
		column("provider_tax", TypeChoice, "사업자 부가세", "Provider tax").of("retain", "pass").or("retain").
			say("retain 매입세액으로 보유, pass 고객에게 청구", "retain it as input tax, or pass it on"),
		column("partner_discount", TypeChoice, "파트너 할인", "Partner discount").of("retain", "pass").
			or("retain").
			say("retain 우리 마진, pass 고객에게 제공", "retain it as our margin, or pass it on"),
		column("provider_credit", TypeChoice, "사업자 크레딧", "Provider credit").of("pass", "pooled").or("pass").
			say("pass 받은 계정에 그대로, pooled 고객의 모든 계정에 요금 비율로",
				"pass it to the account that earned it, or share it over the customer's accounts by their charges"),
		column("move_policy", TypeChoice, "계정 이동", "Move policy").of("whole-month", "by-day").
			or("whole-month").
			say("월중 계정 이동: whole-month 마지막 소유자에게, by-day 일별로",
				"An account that moves in a month: whole-month to its last owner, or by-day"),
		column("terms_days", TypeInteger, "지급 조건(일)", "Terms in days").or("30").within("0", "365"),
		column("billing_cycle", TypeChoice, "청구 주기", "Billing cycle").of("monthly", "quarterly").
			or("monthly").
			say("quarterly: 분기의 앞 두 달을 마지막 달의 청구서에 합산",
				"quarterly: the document of the quarter's last month bills the months before it too"),
		column("group_by", TypeChoice, "묶음 기준", "Group by").of("account", "alias").or("account"),
		column("salesman", TypeCode, "담당영업", "Salesman").to("people").
			say("people 시트의 코드", "A code of the people sheet"),
		column("auto_approve", TypeBool, "자동 승인", "Auto approve").or("no").
			say("yes이면 보류 사유가 없을 때 사람 없이 승인", "yes approves without a person where nothing is held"),
	)
}
