package sample

import "time"

// tokyoLines are the lines of the FOCUS export beside its meters. Their line
// types are FOCUS charge categories.
func tokyoLines(p *plan) []*fixedLine {
	vault := p.focusLine(
		"meridian-apac",
		"Purchase",
		`Tidewater "Vault" Backup`,
		"prodview-t9w4z2",
		`Tidewater "Vault" Backup, monthly contract, 12 protected hosts, seller of record: Tidewater Data Ltd.`,
		"186",
	).with("PublisherName", "Tidewater Data Ltd.", "InvoiceIssuerName", foreignEntity)
	vault.entity = foreignEntity
	lines := append(purchasedPlanLines(p), vault,
		p.focusLine("meridian-apac", "Purchase", "AWS Support (Business)", "AWSSupportBusiness",
			"AWS Support (Business), 10% of monthly AWS usage", "335.2"),
		p.focusLine("sakura-store", "Credit", "Amazon Relational Database Service", "AmazonRDS",
			"AWS Promotional Credit, migration to RDS", "-35"),
		p.focusLine("meridian-apac", "Adjustment", "Amazon Simple Storage Service", "AmazonS3",
			"Billing adjustment: storage of a deleted bucket", "-1.2"),
		p.focusLine("kaze-prod", "Usage", "Amazon Elastic Compute Cloud", "AmazonEC2",
			"Correction of EBS usage reported for the month before", "-21.4").
			with("ChargeClass", "Correction", "ChargeFrequency", "Usage-Based",
				"ChargePeriodStart", p.clock.month.Add(-1).Start().Format(time.RFC3339),
				"ChargePeriodEnd", p.clock.at(0)),
	)
	for _, a := range p.spenders() {
		lines = append(lines, &fixedLine{
			account: a, lineType: "Tax", end: p.clock.length(),
			cost: func(b *books) amount { return b.spent(a, p.payer.entity).percent(10).cents() },
			fill: func(c cells) {
				c.setAll("ChargeDescription", "Tax for product code AmazonEC2 and others, JCT 10%",
					"ChargeFrequency", "Recurring", "ServiceName", "Amazon Elastic Compute Cloud",
					"ServiceCategory", "Compute", "x_ServiceCode", "AmazonEC2")
			},
		})
	}
	return lines
}

// focusLine is a fixed line that lasts the whole month.
func (p *plan) focusLine(alias, category, service, code, description, cost string) *fixedLine {
	return &fixedLine{
		account: accountOf(alias), lineType: category, end: p.clock.length(), cost: flat(cost),
		fill: func(c cells) {
			c.setAll("ChargeDescription", description, "ChargeFrequency", "Recurring", "ServiceName", service,
				"ServiceCategory", "Other", "x_ServiceCode", code, "PricingCategory", "Other",
				"PricingQuantity", "1.0", "PricingUnit", "Units", "RegionId", p.payer.region,
				"RegionName", p.payer.regionName)
		},
	}
}

// purchasedPlanLines: each day of a Savings Plan is one purchase, billed, and one
// row for what of it went unused, which costs only in effect.
func purchasedPlanLines(p *plan) []*fixedLine {
	var lines []*fixedLine
	for _, pl := range pledges {
		if accountOf(pl.account).payer != p.payer {
			continue
		}
		used := pl.rate.times(pl.covered(p.clock))
		days := int64(p.clock.length()-pl.from) / 24
		for d := range days {
			usedThen := amount(mulDiv(int64(used), d+1, days) - mulDiv(int64(used), d, days))
			bought := p.focusLine(pl.account, "Purchase", "Savings Plans for AWS Compute usage",
				pl.offering(), pl.termText()+" "+pl.payment+" Compute Savings Plan",
				(pl.recurring * 24).plain())
			unused := p.focusLine(pl.account, "Usage", "Savings Plans for AWS Compute usage", pl.offering(),
				"Unused commitment of the Savings Plan", "0")
			bought.effective = nothing
			unused.effective = func(amount) amount { return pl.commitment*24 - usedThen }
			for line, status := range map[*fixedLine]string{bought: "", unused: "Unused"} {
				line.start, line.end = pl.from+int(d)*24, pl.from+int(d+1)*24
				before := line.fill
				line.fill = func(c cells) {
					before(c)
					setFocusPledge(c, pl, status)
				}
			}
			lines = append(lines, bought, unused)
		}
	}
	return lines
}
