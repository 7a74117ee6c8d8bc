package master

import "slices"

var tagsSheet = Sheet{
	Name: "tags",
	Ko:   Words{"사용자 태그", "자원에 붙이는 태그. 제품과 자원마다 최대 10개, 바꾸기 전까지 매월 유효합니다"},
	En:   Words{"Tags", "Custom tags: at most ten per product and resource, in force until they change"},
	Key:  []string{"provider", "service", "resource_id", "key", "from"},
	Columns: columns(
		providerColumn().need(),
		column("service", TypeText, "서비스", "Service").need(),
		column("resource_id", TypeText, "자원", "Resource").need(),
		column("key", TypeText, "태그 키", "Key").need(),
		column("value", TypeText, "태그 값", "Value").
			say("비우면 그 달부터 태그를 뗍니다", "Empty takes the tag off from that month on"),
		column("from", TypeMonth, "시작월", "From").say("비우면 처음부터", "Empty: from the beginning"),
	),
	Examples: []map[string]string{
		{
			"provider":    "aws",
			"service":     "AmazonEC2",
			"resource_id": "i-0abc1234567890def",
			"key":         "team",
			"value":       "결제",
			"from":        "2026-10",
		},
	},
}

var ratesSheet = Sheet{
	Name: "rates",
	Ko:   Words{"환율", "고시 환율. 역수나 교차 환율은 쓰지 않습니다"},
	En:   Words{"Rates", "Listed exchange rates; no inverse and no cross rate is ever derived"},
	Key:  []string{"date", "base", "quote", "type"},
	Columns: columns(
		column("date", TypeDate, "고시일", "Date").need(),
		column("base", TypeCurrency, "기준 통화", "Base").need().suggest("USD", "JPY"),
		column("quote", TypeCurrency, "표시 통화", "Quote").need().suggest("KRW", "JPY"),
		column("type", TypeText, "종류", "Type").or("매매기준율").suggest("매매기준율", "TTS", "customs"),
		column("per", TypeInteger, "단위", "Per").of("1", "100").
			or("1").
			say("1 또는 100 단위당", "Per 1 or per 100 units of base"),
		column("value", TypeDecimal, "환율", "Value").need().within("0.000001", ""),
		column("source", TypeText, "출처", "Source"),
		column("approved_by", TypeCode, "승인자", "Approved by").to("people"),
	),
	Examples: []map[string]string{
		{
			"date":        "2026-10-30",
			"base":        "USD",
			"quote":       "KRW",
			"type":        "매매기준율",
			"per":         "1",
			"value":       "1388.1",
			"source":      "서울외국환중개",
			"approved_by": "park",
		},
		{
			"date":        "2026-10-30",
			"base":        "JPY",
			"quote":       "KRW",
			"type":        "매매기준율",
			"per":         "100",
			"value":       "921.55",
			"source":      "서울외국환중개",
			"approved_by": "park",
		},
	},
}

var taxesSheet = Sheet{
	Name:     "taxes",
	Ko:       Words{"세율", "부가가치세와 소비세의 기간별 세율"},
	En:       Words{"Taxes", "The rates of value added tax and consumption tax, by month"},
	Key:      []string{"tax", "kind"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("tax", TypeChoice, "세금", "Tax").need().of("kr-vat", "jp-ct"),
		column("kind", TypeChoice, "종류", "Kind").of("standard", "reduced").or("standard").
			say("standard 표준세율, reduced 경감세율", "The standard rate, or a reduced one"),
		column("rate", TypePercent, "세율 %", "Rate %").need().within("0", "100"),
	), validMonths()),
	Examples: []map[string]string{
		{"tax": "kr-vat", "rate": "10"},
		{"tax": "jp-ct", "rate": "10", "from": "2019-10"},
	},
}

var taxRulesSheet = Sheet{
	Name:     "tax_rules",
	Ko:       Words{"과세 구분", "비어 있지 않은 열이 모두 맞는 줄의 과세 구분. 없으면 과세"},
	En:       Words{"Tax rules", "The tax category of lines whose columns match; taxable where none does"},
	Key:      []string{"invoicing_entity", "billing_entity", "service", "category"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("invoicing_entity", TypeText, "청구 주체", "Invoicing entity"),
		column("billing_entity", TypeText, "판매 주체", "Billing entity"),
		column("service", TypeText, "서비스", "Service"),
		column("category", TypeChoice, "구분",
			"Category").of("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
		column("tax_category", TypeChoice, "과세 구분", "Tax category").need().
			of("taxable", "reduced", "zero-rated", "exempt", "already-taxed").
			say("taxable 과세, reduced 경감세율 과세, zero-rated 영세, exempt 면세, already-taxed 기과세", "How the line is taxed"),
	), validMonths()),
	Examples: []map[string]string{{"billing_entity": "AWS Marketplace", "tax_category": "already-taxed"}},
}

var budgetsSheet = Sheet{
	Name: "budgets",
	Ko:   Words{"예산", "월 예산과 알림 기준"},
	En:   Words{"Budgets", "Monthly budgets and when to alert"},
	Key:  []string{"customer", "organization", "sub_account", "month"},
	Columns: columns(customerColumn().need(), column("organization", TypeCode, "조직", "Organization"),
		column("sub_account", TypeID, "계정", "Sub account"), column("month", TypeMonth, "월", "Month").need(),
		column("amount", TypeDecimal, "금액", "Amount").need().within("0", ""), currencyColumn().or("USD"),
		column("alert_at", TypePercent, "알림 %", "Alert at %").or("100").within("1", "1000")),
	Examples: []map[string]string{
		{"customer": "alpha", "month": "2026-10", "amount": "20000", "currency": "USD", "alert_at": "80"},
	},
}

var commitmentsSheet = Sheet{
	Name: "commitments",
	Ko:   Words{"약정", "RI, Savings Plan, CUD와 만료 알림을 받을 사람"},
	En:   Words{"Commitments", "Reservations, Savings Plans and committed use, and who hears when they end"},
	Key:  []string{"id"},
	Columns: columns(
		column("id", TypeText, "번호", "Id").need().say("사업자의 ARN 또는 번호", "The provider's ARN or id"),
		providerColumn().need(),
		column("kind", TypeChoice, "종류", "Kind").need().of("ri", "sp", "cud", "reservation"),
		column("sub_account", TypeID, "계정", "Sub account"),
		column("service", TypeText, "서비스", "Service"),
		column("region", TypeText, "리전", "Region"),
		column("family", TypeText, "유형", "Family").say("예: r5.4xlarge", "Such as r5.4xlarge"),
		column("description", TypeText, "설명", "Description").
			say("절감 수수료의 근거로 청구서에 인쇄되는 이름", "Its name on an invoice, as evidence of a savings fee"),
		column("term_months", TypeInteger, "기간(월)", "Term in months").within("1", "120"),
		column("payment_option", TypeChoice, "선납", "Payment option").of("no", "partial", "all").
			say("no 선납 없음, partial 일부, all 전액", "No, partial or all upfront"),
		column("upfront", TypeDecimal, "선납금", "Upfront").within("0", ""),
		column("hourly", TypeDecimal, "시간당", "Hourly").within("0", ""),
		currencyColumn().or("USD"),
		column("bought_on", TypeDate, "구매일", "Bought on"),
		column("starts_on", TypeDate, "시작일", "Starts on").need(),
		column("ends_on", TypeDate, "종료일", "Ends on").need(),
		column("recipients", TypeList, "알림 수신자", "Recipients").
			say("people 코드 또는 메일 주소, 띄어쓰기로 구분", "Codes of people or addresses, separated by spaces"),
	),
	Examples: []map[string]string{
		{
			"id":             "ri-0001",
			"provider":       "aws",
			"kind":           "ri",
			"sub_account":    "111122223333",
			"service":        "AmazonEC2",
			"region":         "ap-northeast-2",
			"family":         "r5.4xlarge",
			"description":    "결제 DB",
			"term_months":    "12",
			"payment_option": "partial",
			"upfront":        "3000",
			"hourly":         "0.35",
			"currency":       "USD",
			"bought_on":      "2025-11-20",
			"starts_on":      "2025-11-20",
			"ends_on":        "2026-11-19",
			"recipients":     "lee dev@alpha.example",
		},
	},
}

var paymentsSheet = Sheet{
	Name: "payments",
	Ko:   Words{"입금", "들어온 돈"},
	En:   Words{"Payments", "Money received"},
	Key:  []string{"invoice_number", "paid_on", "amount", "reference"},
	Columns: columns(column("invoice_number", TypeText, "문서번호", "Invoice number").need(),
		column("paid_on", TypeDate, "입금일", "Paid on").need(),
		column("amount", TypeDecimal, "금액", "Amount").need(), currencyColumn().or("KRW"),
		column("reference", TypeText, "참조", "Reference")),
	Examples: []map[string]string{
		{
			"invoice_number": "INV-2026-000001",
			"paid_on":        "2026-11-10",
			"amount":         "2078728",
			"currency":       "KRW",
			"reference":      "가나은행 1110-33",
		},
	},
}

var thresholdsSheet = Sheet{
	Name: "thresholds",
	Ko:   Words{"보류 기준", "사람이 보기 전에는 나가지 않게 하는 기준"},
	En:   Words{"Thresholds", "When a document is held for a person, and when an alert is raised"},
	Key:  []string{"customer", "hold"},
	Columns: columns(
		customerColumn().star().or("*").say("고객 코드, *는 모든 고객", "A customer's code; * is every customer"),
		column("hold", TypeChoice, "기준", "Hold").need().of(HoldNames()...).
			say("이름과 기본값은 문서의 표를 보십시오", "Names and defaults are in the table of the documentation"),
		column("value", TypeDecimal, "값", "Value").need(),
	),
	Examples: []map[string]string{
		{"customer": "*", "hold": "jump", "value": "5"},
		{"customer": "alpha", "hold": "jump-floor", "value": "1000000"},
	},
}

var holidaysSheet = Sheet{
	Name:    "holidays",
	Ko:      Words{"휴일", "은행 휴일. 월 마지막 영업일과 납부기한에 씁니다"},
	En:      Words{"Holidays", "Bank holidays, for last business days and due dates"},
	Key:     []string{"date"},
	Columns: columns(column("date", TypeDate, "날짜", "Date").need(), column("name", TypeText, "이름", "Name")),
	Examples: []map[string]string{
		{"date": "2026-10-09", "name": "한글날"},
		{"date": "2026-12-25", "name": "성탄절"},
	},
}
