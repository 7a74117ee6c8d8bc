package master

import "slices"

var sourcesSheet = Sheet{
	Name: "sources",
	Ko:   Words{"수집원", "비용 내보내기가 놓이는 곳"},
	En:   Words{"Sources", "Where the providers' cost exports come from"},
	Key:  []string{"name"},
	Columns: columns(
		column("name", TypeCode, "이름", "Name").need(),
		providerColumn().need(),
		column("format", TypeChoice, "형식", "Format").
			of("auto", "cur", "cur2", "focus", "azure-actual", "azure-amortized", "gcp", "oci").or("auto"),
		column("url", TypeURL, "주소", "URL").need().
			say("폴더 file:///… 또는 저장소 s3://, gs://, azblob://",
				"A folder (file:///…) or an object store (s3://, gs://, azblob://)"),
		column("billing_account", TypeID, "청구 계정",
			"Billing account").say("AWS 지불 계정 등", "The AWS payer, for example"),
		currencyColumn().or("USD"),
		column("close_policy", TypeChoice, "마감 정책", "Close policy").of("final", "provisional:{1-28}").
			or("final").
			say("final 확정 후 마감, provisional:8 다음 달 8일부터 잠정 마감",
				"final waits for final data; provisional:8 closes from the 8th of the next month on"),
	),
	Examples: []map[string]string{
		{
			"name": "payer-a", "provider": "aws", "format": "cur", "url": "s3://magam-cur/payer-a",
			"billing_account": "999900001111", "currency": "USD", "close_policy": "provisional:8",
		},
	},
}

var pricesSheet = Sheet{
	Name: "prices",
	Ko: Words{"가격 규칙", "비어 있지 않은 열이 모두 맞는 사용료에 적용됩니다. 고객 행이 * 행에 앞서고, 그다음은 " +
		"태그, sub_account, region, sku, usage_type, service, invoicing_entity, billing_entity, provider 순으로 더 구체적인 행"},
	En: Words{
		"Prices",
		"A row matches where each filled column matches. A named customer's row beats *; then the row that " +
			"fills the first of tag, sub_account, region, sku, usage_type, service, invoicing_entity, billing_entity, provider",
	},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("id", TypeCode, "규칙 번호", "Id").need().
			say("tier 행들은 같은 번호로 표를 이룹니다", "Tier rows of one id form a table"),
		customerColumn().star().or("*").say("고객 코드, *는 모든 고객", "A customer's code; * is every customer"),
		column("category", TypeChoice, "구분",
			"Category").of("Usage", "Purchase", "Tax", "Credit", "Adjustment").
			say("비우면 Usage와 Purchase", "Empty: Usage and Purchase"),
		providerColumn(),
		column("billing_entity", TypeText, "판매 주체",
			"Billing entity").say("예: AWS, AWS Marketplace", "Such as AWS, AWS Marketplace"),
		column("invoicing_entity", TypeText, "청구 주체", "Invoicing entity").
			say("예: Amazon Web Services Korea LLC", "Such as Amazon Web Services Korea LLC"),
		column("service", TypeText, "서비스",
			"Service").say("예: AmazonEC2", "The provider's code, such as AmazonEC2"),
		column("usage_type", TypeText, "사용 유형", "Usage type"),
		column("sku", TypeText, "SKU", "SKU"),
		column("region", TypeText, "리전", "Region"),
		column("sub_account", TypeID, "계정", "Sub account"),
		column("tag_key", TypeText, "태그 키", "Tag key"),
		column("tag_value", TypeText, "태그 값", "Tag value"),
		column("kind", TypeChoice, "종류", "Kind").need().
			of("discount", "markup", "unit-price", "tier", "minimum", "cap").
			say("discount 할인 %, markup 할증 %, unit-price 단가, tier 구간 단가, minimum 최소, cap 최대",
				"discount and markup are percentages; unit-price and tier are per unit in source currency"),
		column("value", TypeDecimal, "값", "Value").need().
			within("0", "").
			say("%는 5가 5 %, 그 밖은 금액이나 단가", "Of a percentage, 5 is 5 %; else an amount or a price per unit"),
		column("tier_from", TypeDecimal, "구간 시작", "Tier from").within("0", "").
			say("초과 수량(제외)", "Above this quantity"),
		column("tier_to", TypeDecimal, "구간 끝", "Tier to").within("0", "").
			say("비우면 끝없이", "Up to this quantity. Empty: all the rest"),
		column("tier_kind", TypeChoice, "구간 방식", "Tier kind").of("graduated", "volume").
			say("graduated 구간별, volume 전체를 한 구간으로", "graduated prices each slice, volume all at one tier"),
		column("pool", TypeChoice, "합산 범위", "Pool").of("customer", "account").
			say("구간, 최소, 최대를 함께 세는 범위", "What is summed before tiers, a minimum or a cap apply"),
	), validMonths()),
	Examples: []map[string]string{
		{
			"id":       "p-all",
			"customer": "*",
			"provider": "aws",
			"kind":     "markup",
			"value":    "3",
			"from":     "2026-01",
		},
		{
			"id":       "p-alpha",
			"customer": "alpha",
			"provider": "aws",
			"kind":     "discount",
			"value":    "5",
			"from":     "2026-01",
		},
		{
			"id":       "p-alpha-s3",
			"customer": "alpha",
			"provider": "aws",
			"service":  "AmazonS3",
			"kind":     "discount",
			"value":    "8",
			"from":     "2026-01",
		},
	},
}

var sharedCostsSheet = Sheet{
	Name: "shared_costs",
	Ko:   Words{"공유 비용", "여러 고객이 나누는 비용과 배분 기준"},
	En: Words{
		"Shared costs",
		"Cost that several customers share, and by which key; one row per customer and id",
	},
	Key:      []string{"id", "customer"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("id", TypeCode, "번호", "Id").need(),
		providerColumn(),
		column("billing_account", TypeID, "청구 계정", "Billing account"),
		column("sub_account", TypeID, "계정", "Sub account"),
		column("service", TypeText, "서비스", "Service"),
		column("category", TypeChoice, "구분",
			"Category").of("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
		column("key", TypeChoice, "배분 기준", "Key").need().of("proportional", "even", "fixed").
			say("proportional 사용 비례, even 균등, fixed 가중치", "proportional to spend, even, or fixed weights"),
		customerColumn().need(),
		column("weight", TypeDecimal, "가중치", "Weight").within("0", "").say("fixed일 때", "For fixed"),
		column("remainder_to", TypeCode, "나머지", "Remainder to").to("customers").
			say("나누고 남은 금액을 갖는 고객", "The customer who takes what is left over"),
	), validMonths()),
	Examples: []map[string]string{
		{
			"id":           "s-net",
			"provider":     "aws",
			"sub_account":  "777788889999",
			"key":          "fixed",
			"customer":     "alpha",
			"weight":       "60",
			"remainder_to": "alpha",
			"from":         "2026-01",
		},
		{
			"id":           "s-net",
			"provider":     "aws",
			"sub_account":  "777788889999",
			"key":          "fixed",
			"customer":     "beta",
			"weight":       "40",
			"remainder_to": "alpha",
			"from":         "2026-01",
		},
	},
}

var plansSheet = Sheet{
	Name:     "plans",
	Ko:       Words{"요금 구간", "지원 요금제의 구간별 요율"},
	En:       Words{"Plans", "The rate tables of support plans; rows of one plan form a table"},
	Key:      []string{"plan", "from_amount"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("plan", TypeCode, "요금제", "Plan").need(),
		column("from_amount", TypeDecimal, "구간 시작", "From amount").or("0").within("0", ""),
		column("to_amount", TypeDecimal, "구간 끝", "To amount").within("0", "").
			say("비우면 끝없이", "Empty: all the rest"),
		column("rate", TypePercent, "요율 %", "Rate %").need().within("0", "100"),
		column("minimum", TypeDecimal, "최소 금액", "Minimum").within("0", ""),
		currencyColumn().or("USD"),
	), validMonths()),
	Examples: []map[string]string{
		{
			"plan":        "business",
			"from_amount": "0",
			"to_amount":   "10000",
			"rate":        "10",
			"minimum":     "100",
			"currency":    "USD",
		},
		{
			"plan":        "business",
			"from_amount": "10000",
			"to_amount":   "80000",
			"rate":        "7",
			"minimum":     "100",
			"currency":    "USD",
		},
		{
			"plan":        "business",
			"from_amount": "80000",
			"to_amount":   "250000",
			"rate":        "5",
			"minimum":     "100",
			"currency":    "USD",
		},
		{"plan": "business", "from_amount": "250000", "rate": "3", "minimum": "100", "currency": "USD"},
	},
}

var feesSheet = Sheet{
	Name:     "fees",
	Ko:       Words{"수수료", "지원료, 관리료, 절감 수수료"},
	En:       Words{"Fees", "Support, management and savings fees"},
	Key:      []string{"id"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		column("id", TypeCode, "번호", "Id").need(),
		customerColumn().need(),
		providerColumn(),
		column("kind", TypeChoice, "종류", "Kind").need().of("support", "management", "savings"),
		column("plan", TypeCode, "요금제", "Plan").to("plans"),
		column("rate", TypePercent, "요율 %", "Rate %").within("0", "100"),
		column("flat", TypeDecimal, "정액", "Flat").within("0", ""),
		column("minimum", TypeDecimal, "최소 금액", "Minimum").within("0", ""),
		currencyColumn().say("정액과 최소 금액의 통화. 비우면 원천 통화", "Of flat and minimum. Empty: the source currency"),
		column("per", TypeChoice, "적용 단위", "Per").of("customer", "account").or("customer"),
		column("exclude_services", TypeList, "제외 서비스", "Exclude services").
			say("띄어쓰기, 이름에 빈칸이 있으면 세미콜론으로 구분",
				"Separated by spaces, or by semicolons where names have blanks"),
	), validMonths()),
	Examples: []map[string]string{
		{
			"id":       "f-alpha",
			"customer": "alpha",
			"provider": "aws",
			"kind":     "support",
			"plan":     "business",
			"from":     "2026-01",
		},
	},
}

var adjustmentsSheet = Sheet{
	Name: "adjustments",
	Ko:   Words{"조정", "한 고객의 청구를 바꾸는 항목. 사유, 작성자, 다른 사람인 승인자가 있어야 합니다"},
	En: Words{
		"Adjustments",
		"A change to one customer's bill, with its reason, author and a different approver",
	},
	Key: []string{"id"},
	Columns: columns(
		column("id", TypeCode, "번호", "Id").need(),
		customerColumn().need(),
		providerColumn(),
		column("sub_account", TypeID, "계정", "Sub account"),
		column("month", TypeMonth, "청구월", "Month").need().
			say("반복이면 첫 달", "The first month, where it repeats"),
		column("kind", TypeChoice, "종류", "Kind").need().of("flat", "percent"),
		column("value", TypeDecimal, "값", "Value").need().
			say("줄이면 음수. percent는 -100에서 100", "Negative takes off; a percent lies between -100 and 100"),
		currencyColumn().say("비우면 원천 통화", "Empty: the source currency"),
		column("stage", TypeChoice, "단계", "Stage").of("before-discount", "after-discount", "after-tax").
			or("after-discount"),
		column("repeat", TypeChoice, "반복", "Repeat").of("once", "monthly", "instalments:{2-120}").or("once").
			say("once 한 번, monthly 매월, instalments:3 세 번에 나누어",
				"instalments:3 spreads the value over three months"),
		column("to", TypeMonth, "종료월", "To").say("monthly의 마지막 달", "The last month of monthly"),
		column("reason_code", TypeCode, "사유 코드", "Reason code").need(),
		column("reason", TypeText, "사유", "Reason").need().say("청구서에 인쇄됩니다", "Printed on the invoice"),
		column("author", TypeCode, "작성자", "Author").need().to("people"),
		column("approver", TypeCode, "승인자", "Approver").need().to("people").
			say("작성자와 다른 사람, 역할 approver 또는 finance", "Somebody else, with the role approver or finance"),
		column("approved_on", TypeDate, "승인일", "Approved on").need(),
	),
	Examples: []map[string]string{
		{
			"id":          "a-1",
			"customer":    "alpha",
			"provider":    "aws",
			"month":       "2026-10",
			"kind":        "flat",
			"value":       "-100.00",
			"currency":    "USD",
			"stage":       "after-discount",
			"repeat":      "instalments:3",
			"reason_code": "sla",
			"reason":      "9월 장애 보상",
			"author":      "lee",
			"approver":    "park",
			"approved_on": "2026-10-05",
		},
	},
}

var creditsSheet = Sheet{
	Name: "credits",
	Ko:   Words{"크레딧", "잔액이 있는 혜택. 우선순위, 이른 만료, 좁은 대상, 오래된 것 순으로 씁니다"},
	En: Words{
		"Credits",
		"Allowances with a balance: used by priority, earliest expiry, fewest services, oldest",
	},
	Key: []string{"id"},
	Columns: slices.Concat(columns(
		column("id", TypeCode, "번호", "Id").need(),
		customerColumn().need(),
		providerColumn(),
		column("services", TypeList, "대상 서비스", "Services").
			say("비우면 전부. 띄어쓰기, 이름에 빈칸이 있으면 세미콜론으로 구분",
				"Empty: all. Separated by spaces, or by semicolons where names have blanks"),
		column("sub_accounts", TypeList, "대상 계정", "Sub accounts").say("비우면 전부", "Empty: all"),
		column("amount", TypeDecimal, "금액", "Amount").need().within("0", ""),
		currencyColumn().say("비우면 원천 통화", "Empty: the source currency"),
	), validMonths(), columns(
		column("priority", TypeInteger, "우선순위", "Priority").or("100").
			within("0", "1000").
			say("작을수록 먼저", "Lower is used first"),
		column("reason", TypeText, "사유", "Reason").say("청구서에 인쇄됩니다", "Printed on the invoice"),
	)),
	Examples: []map[string]string{
		{
			"id":       "c-1",
			"customer": "alpha",
			"provider": "aws",
			"services": "AmazonEC2 AmazonS3",
			"amount":   "500",
			"currency": "USD",
			"from":     "2026-10",
			"to":       "2026-12",
			"priority": "10",
			"reason":   "신규 가입 크레딧",
		},
	},
}
