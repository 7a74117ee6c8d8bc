package sample

import "strings"

func pricesSheet(opts Options) *sheet {
	s := newSheet(
		"prices",
		`id, customer, category, provider, billing_entity, invoicing_entity, service, usage_type, sku,
		region, sub_account, tag_key, tag_value, kind, value, tier_from, tier_to, tier_kind, pool, from, to`,
	)
	year := opts.monthsBefore(11)
	rule := func(id, customer, kind, value string, scope ...string) {
		s.add(
			append(
				[]string{"id", id, "customer", customer, "kind", kind, "value", value, "from", year},
				scope...)...)
	}
	rule("all-markup", "*", "markup", "3")
	rule("all-marketplace", "*", "markup", "5", "billing_entity", "AWS Marketplace")
	rule("alpha-general", "alpha", "discount", "2")
	rule("alpha-japan", "alpha", "discount", "4.5", "region", tokyo.region)
	rule("haneul-general", "haneul", "discount", "5")
	rule("haneul-cdn", "haneul", "discount", "12.5", "service", "AmazonCloudFront")
	rule("haneul-qa", "haneul", "discount", "10", "sub_account", accountOf("haneul-qa").id)
	rule("haneul-support", "haneul", "discount", "0", "service", "AWSSupportBusiness")
	rule("bada-list", "bada", "discount", "8", "provider", "aws")
	rule("mirae-school", "mirae", "discount", "7")
	rule("mirae-video", "mirae", "discount", "15", "service", "AmazonS3")
	rule("narae-general", "narae", "markup", "4")
	rule("narae-ml", "narae", "markup", "6.25", "service", "AmazonSageMaker")
	rule("narae-dr", "narae", "discount", "20", "sub_account", accountOf("narae-dr").id)
	rule("onnuri-general", "onnuri", "markup", "1.5")
	rule("kaze-general", "kaze", "markup", "5")
	rule("kaze-compute", "kaze", "markup", "2", "service", "AmazonEC2", "region", tokyo.region)
	rule("sakura-general", "sakura", "markup", "6")
	rule("aurora-general", "aurora", "discount", "1")
	rule("meridian-general", "meridian", "markup", "2.75")
	// Prices per unit, tables and bounds.
	rule("mirae-traffic", "mirae", "unit-price", "0.11", "usage_type", seoul.prefix+"DataTransfer-Out-Bytes")
	storage := []string{
		"service", "AmazonS3", "usage_type", seoul.prefix + "TimedStorage-ByteHrs",
		"tier_kind", "graduated", "pool", "customer",
	}
	rule("aurora-storage", "aurora", "tier", "0.024", append(storage, "tier_from", "0", "tier_to", "1000")...)
	rule("aurora-storage", "aurora", "tier", "0.021", append(storage, "tier_from", "1000")...)
	rule("dure-minimum", "dure", "minimum", "30", "pool", "account")
	rule("sakura-cap", "sakura", "cap", "400", "service", "AmazonCloudFront")
	// What held before the contract of this year stays in the books.
	s.add("id", "alpha-before", "customer", "alpha", "kind", "discount", "value", "1",
		"from", opts.monthsBefore(31), "to", opts.monthsBefore(12))
	return s
}

func adjustmentsSheet(opts Options) *sheet {
	s := newSheet(
		"adjustments",
		`id, customer, provider, sub_account, month, kind, value, currency, stage, repeat, to,
		reason_code, reason, author, approver, approved_on`,
	)
	month, approved := opts.Month.String(), day(opts.Month, 26)
	adjust := func(id, customer, kind, value, stage, code, reason string, more ...string) {
		s.add(append([]string{
			"id", id, "customer", customer, "provider", "aws", "month", month, "kind", kind, "value", value,
			"stage", stage, "repeat", "once", "reason_code", code, "reason", reason, "author", "lee",
			"approver", "park", "approved_on", approved,
		}, more...)...)
	}
	adjust("adj-dure-1", "dure", "flat", "-10", "before-discount", "outage", "서울 리전 장애 보상 (6시간)")
	adjust("adj-dure-2", "dure", "percent", "-3", "after-discount", "promotion", "신규 고객 프로모션 3 %")
	adjust("adj-dure-3", "dure", "flat", "-1500", "after-tax", "goodwill", "지난달 안내 오류 보상", "currency", "KRW")
	adjust("adj-alpha-1", "alpha", "flat", "120", "after-discount", "service", "아키텍처 점검 1회 (기술지원 6시간)",
		"sub_account", accountOf("alpha-erp").id)
	adjust("adj-haneul-1", "haneul", "percent", "-2", "before-discount", "commitment", "연간 약정 물량 달성 할인",
		"month", opts.monthsBefore(2), "repeat", "monthly", "to", opts.Month.Add(9).String(),
		"approved_on", day(opts.Month.Add(-2), 3))
	adjust("adj-sarang-1", "sarang", "flat", "-100", "after-discount", "correction", "과거 청구 정정분 3회 분할",
		"month", opts.monthsBefore(1), "repeat", "instalments:3", "approved_on", day(opts.Month.Add(-1), 8))
	adjust("adj-kaze-1", "kaze", "flat", "5000", "after-tax", "shipping", "請求書原本の送付料 (税外)",
		"currency", "JPY", "approver", "choi")
	return s
}

func creditsSheet(opts Options) *sheet {
	s := newSheet("credits",
		`id, customer, provider, services, sub_accounts, amount, currency, from, to, priority, reason`)
	credit := func(id, customer, amount, currency, priority, reason, to string, more ...string) {
		s.add(append([]string{
			"id", id, "customer", customer, "provider", "aws", "amount", amount, "currency", currency,
			"from", opts.monthsBefore(2), "to", to, "priority", priority, "reason", reason,
		}, more...)...)
	}
	soon, later, open := opts.Month.String(), opts.Month.Add(5).String(), ""
	credit("cr-mirae-1", "mirae", "120", "", "1", "교육기관 지원 크레딧, 이번 달 만료", soon)
	credit("cr-mirae-2", "mirae", "200", "", "2", "S3 이전 지원", later, "services", "AmazonS3")
	credit("cr-mirae-3", "mirae", "80", "USD", "2", "CloudFront 도입 지원", later, "services",
		"AmazonCloudFront AWSLambda")
	credit("cr-mirae-4", "mirae", "50000", "KRW", "3", "장애 보상 크레딧(원화)", open)
	credit("cr-alpha-1", "alpha", "500", "", "1", "연구소 PoC 지원", later, "sub_accounts",
		accountOf("alpha-data").id+" "+
			accountOf("alpha-dev").id)
	credit("cr-alpha-2", "alpha", "1000", "USD", "2", "장기 고객 감사 크레딧", opts.Month.Add(14).String())
	credit("cr-haneul-1", "haneul", "2500", "", "1", "신작 출시 지원", later, "services",
		"AmazonEC2 AmazonDynamoDB")
	credit("cr-sarang-1", "sarang", "300000", "KRW", "1", "의료기관 전환 지원", soon)
	credit("cr-onnuri-1", "onnuri", "750", "", "1", "추천 서비스 도입 지원", later, "services", "AmazonSageMaker")
	credit("cr-kaze-1", "kaze", "30000", "JPY", "1", "導入支援クレジット", later)
	credit("cr-sakura-1", "sakura", "100", "USD", "1", "移行支援クレジット", soon, "services", "AmazonRDS")
	credit("cr-meridian-1", "meridian", "250", "USD", "1", "Launch credit, first year",
		opts.Month.Add(4).String())
	credit("cr-bada-1", "bada", "90", "", "1", "지난 분기 잔여 크레딧, 이미 만료", opts.monthsBefore(1))
	return s
}

// tagsSheet puts the reseller's own tags on resources that the exports name.
func tagsSheet(opts Options) *sheet {
	s := newSheet("tags", "provider, service, resource_id, key, value, from")
	tag := func(alias, item, key, value string, monthsAgo int) {
		s.add("provider", "aws", "service", items[item].service.code, "resource_id",
			firstResource(alias, item), "key", key, "value", value, "from", opts.monthsBefore(monthsAgo))
	}
	for i, pair := range strings.Fields(`사업부:게임1 서비스:라이브 담당:강도윤 등급:S 원가센터:G-1001 환경:운영 지역:국내 백업:매일
		보안등급:상 계약:2026-H2`) {
		key, value, _ := strings.Cut(pair, ":")
		tag("haneul-live", "c6i.4xlarge", key, value, 8-i/2) // ten: as many as one resource may have
	}
	tag("alpha-prod", "m5.xlarge", "사업부", "생산", 10)
	tag("alpha-prod", "m5.xlarge", "서비스", "MES", 10)
	tag("alpha-prod", "m5.xlarge", "서비스", "MES 2.0", 1) // changed since
	tag("alpha-prod", "rds-r6g", "사업부", "생산", 10)
	tag("alpha-data", "ra3.xlplus", "프로젝트", "수율 분석, \"1차\"", 4)
	tag("narae-core", "m5.xlarge", "업무", "원장", 9)
	tag("narae-core", "rds-multi", "업무", "원장", 9)
	tag("narae-app", "m5.xlarge", "업무", "앱", 9)
	tag("onnuri-mall", "rds-r6g", "팀", "주문", 6)
	tag("onnuri-mall", "m5.xlarge", "팀", "전시", 6)
	tag("kaze-prod", "m6i.2xlarge", "部門", "基幹システム部", 5)
	tag("sakura-store", "rds-r6g", "店舗", "梅田", 3)
	tag("aurora-fleet", "m5.xlarge", "fleet", "warehouse-7", 2)
	return s
}

// firstResource is the name of the first resource that an account's use of an
// item shows in the export.
func firstResource(alias, key string) string {
	m := &meter{account: accountOf(alias), item: items[key]}
	p := &plan{payer: m.account.payer}
	prefix, suffix := p.resourceName(m)
	return string(nameResource(nil, prefix, suffix, m, 0))
}

// plansSheet are AWS's own tables for support, as they were sold.
func plansSheet() *sheet {
	s := newSheet("plans", "plan, from_amount, to_amount, rate, minimum, currency, from, to")
	slices := func(plan, minimum string, rows ...[3]string) {
		for _, row := range rows {
			s.add("plan", plan, "from_amount", row[0], "to_amount", row[1], "rate", row[2], "minimum",
				minimum, "currency", "USD")
		}
	}
	slices("aws-business", "100", [3]string{"0", "10000", "10"}, [3]string{"10000", "80000", "7"},
		[3]string{"80000", "250000", "5"}, [3]string{"250000", "", "3"})
	slices("managed", "0", [3]string{"0", "5000", "4"}, [3]string{"5000", "", "2.5"})
	return s
}

// feesSheet is what the reseller charges beside the provider's cost.
func feesSheet(opts Options) *sheet {
	s := newSheet(
		"fees",
		"id, customer, provider, kind, plan, rate, flat, minimum, currency, per, exclude_services, from, to",
	)
	since := opts.monthsBefore(4)
	s.add("id", "aurora-support", "customer", "aurora", "provider", "aws", "kind", "support", "plan",
		"aws-business", "per", "customer", "from", since)
	s.add("id", "bada-managed", "customer", "bada", "provider", "aws", "kind", "management", "plan",
		"managed", "per", "customer", "from", since)
	s.add("id", "sakura-managed", "customer", "sakura", "provider", "aws", "kind", "management", "flat", "50",
		"per", "account", "from", since)
	s.add("id", "onnuri-savings", "customer", "onnuri", "provider", "aws", "kind", "savings", "rate", "20",
		"per", "customer", "from", since)
	return s
}

// sharedCostsSheet shares what is bought once and used by several.
func sharedCostsSheet(opts Options) *sheet {
	s := newSheet(
		"shared_costs",
		`id, provider, billing_account, sub_account, service, category, key, customer, weight, remainder_to,
		from, to`,
	)
	for _, customer := range []string{"alpha", "bada", "sarang", "mirae", "dure"} {
		s.add("id", "seoul-support", "provider", "aws", "billing_account", seoul.id, "sub_account",
			accountOf("alpha-prod").id, "service", "AWSSupportBusiness", "key", "proportional", "customer",
			customer, "remainder_to", "alpha", "from", opts.monthsBefore(4))
	}
	return s
}
