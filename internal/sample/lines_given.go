package sample

// feeLines are support, Marketplace and other purchases.
func feeLines(p *plan) []*fixedLine {
	support := func(alias, cost string) *fixedLine {
		return p.line(
			accountOf(alias),
			"Fee",
			"AWSSupportBusiness",
			`AWS Support (Business): 10% of monthly AWS usage for the first $0-$10K, 7% from $10K-$80K, min "$100.00"`,
			flat(cost),
		).with("lineItem/UsageType", "Dollar", "product/ProductName", "AWS Support (Business)",
			"lineItem/Operation", "AWSSupportBusiness", "pricing/unit", "Dollar")
	}
	marketplace := func(alias, lineType, product, seller, entity, description, cost string) *fixedLine {
		line := p.line(accountOf(alias), lineType, product, description, flat(cost))
		line.entity = entity
		return line.with("bill/BillingEntity", "AWS Marketplace", "bill/InvoiceId", invoiceMarketplace,
			"lineItem/LegalEntity", seller, "product/ProductName", description[:24],
			"lineItem/UsageType", "MP:"+product, "pricing/unit", "Units")
	}
	return []*fixedLine{
		support("alpha-prod", "612.4"),
		support("haneul-live", "1038.27"),
		support("narae-core", "846.1"),
		support("onnuri-mall", "497.35"),
		p.line(accountOf("dure-shop"), "Fee", "AmazonRegistrar",
			"Annual registration of dure-foods.example, 1 year", flat("13")).
			with("product/ProductName", "Amazon Registrar", "lineItem/UsageType", "Domain-Registration"),
		p.line(accountOf("onnuri-cdn"), "FlatRateSubscription", "AmazonCloudFront",
			`CloudFront flat-rate plan "Business", 1 distribution, WAF and DNS included`, flat("200")).
			with("product/ProductName", "Amazon CloudFront", "lineItem/UsageType", "FlatRatePlan-Business"),
		marketplace(
			"alpha-data",
			"Usage",
			"prodview-k7m2q5",
			"Harbor Analytics, Ltd.",
			marketplaceEntity,
			`Harbor "Lakehouse" Standard, hourly, 4 nodes in ap-northeast-2, billed by AWS Marketplace on behalf of the `+
				`seller; see the seller's terms, section 4.2 ("Metering"), for rounding of partial hours`,
			"318.6",
		),
		marketplace("narae-risk", "Fee", "prodview-w3x8d1", "Sentinel Grid Inc.", marketplaceEntity,
			`Sentinel Grid "Model Guard", annual contract, 25 seats, instalment 4 of 12`, "425"),
	}
}

// promiseLines are the negative lines of discounts: exactly what the rows'
// discount columns sum to.
func promiseLines(p *plan) []*fixedLine {
	var lines []*fixedLine
	seen := map[promiseKey]bool{}
	for _, m := range p.meters {
		key := promiseKey{m.promise, m.account, m.item.service}
		if m.promise == nil || seen[key] {
			continue
		}
		seen[key] = true
		lines = append(lines, &fixedLine{
			account: m.account, lineType: m.promise.lineType, end: p.clock.length(),
			cost: func(b *books) amount { return *b.promises[key] },
			fill: func(c cells) {
				c.setAll("lineItem/ProductCode", key.service.code, "product/ProductName", key.service.name,
					"lineItem/LineItemDescription", key.promise.text, "lineItem/UsageAmount", "1.0",
					"lineItem/NetUnblendedCost", "0.0", "product/region", p.payer.region)
			},
		})
	}
	return lines
}

// givenLines are what the provider gave back, and the reseller's own margin.
func givenLines(p *plan, opts Options) []*fixedLine {
	volume := p.line(accountOf("bada-track"), "RiVolumeDiscount", "AmazonEC2",
		"Reserved Instance volume discount, tier 1, 5%",
		func(b *books) amount { return -b.used(accountOf("bada-track"), "RIFee").percent(5) })
	lines := []*fixedLine{
		volume.with("product/ProductName", "Amazon Elastic Compute Cloud"),
		p.line(accountOf("alpha-prod"), "Discount", "AmazonEC2", "Migration acceleration discount, wave 2",
			flat("-75")).
			with("product/ProductName", "Amazon Elastic Compute Cloud"),
		p.line(accountOf("haneul-bi"), "Credit", "AmazonRedshift",
			`AWS Promotional Credit: "Data Modernization", code KR-2291`,
			flat("-150")).with("lineItem/UsageEndDate", afterMonth(p), "product/ProductName",
			"Amazon Redshift"),
		p.line(accountOf("sarang-web"), "Credit", "AmazonEC2", "AWS Activate credit, expires soon",
			flat("-12.5")).
			with("product/ProductName", "Amazon Elastic Compute Cloud"),
		p.line(accountOf("bada-wms"), "Refund", "AmazonEC2", "Refund: NAT gateway charged twice on the 3rd",
			flat("-42.17")).
			with("bill/BillType", "Refund", "bill/InvoiceId", invoiceRefund,
				"product/ProductName", "Amazon Elastic Compute Cloud"),
	}
	if opts.Revision > 1 {
		lines = append(lines,
			p.line(accountOf("bada-edi"), "Refund", "AmazonEC2", "Refund: partial hours of a failed launch",
				flat("-18.25")).
				with("bill/BillType", "Refund", "bill/InvoiceId", invoiceRefund))
	}
	for _, a := range p.spenders() {
		lines = append(lines, p.line(a, "SppDiscount", "AmazonEC2",
			"Solution Provider Program discount, 3% of on-demand usage",
			func(b *books) amount { return -b.used(a, "Usage").percent(3) }))
	}
	return lines
}
