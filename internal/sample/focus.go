package sample

import "strings"

// focusRow starts a row of the FOCUS export with what every row of an account has.
func (p *plan) focusRow(a *account, category string) cells {
	c := focusColumns.blank()
	c.setAll(
		"BillingAccountId", p.payer.id, "BillingAccountName", p.payer.alias, "BillingCurrency", "USD",
		"BillingPeriodStart", p.clock.at(0), "BillingPeriodEnd", p.clock.at(p.clock.length()),
		"ChargePeriodStart", here(slotStart), "ChargePeriodEnd", here(slotEnd), "ChargeCategory", category,
		"BilledCost", here(slotCost), "EffectiveCost", here(slotEffective), "ListCost", here(slotPublic),
		"ContractedCost", here(slotPublic), "InvoiceIssuerName", p.payer.entity, "ProviderName", "AWS",
		"PublisherName", "Amazon Web Services, Inc.", "SubAccountId", a.id, "SubAccountName", a.alias,
		"x_Discounts", "{}", "x_CostCategories", "{}",
	)
	return c
}

// focusMeter is the row of a meter.
func (p *plan) focusMeter(m *meter) cells {
	it, c := m.item, p.focusRow(m.account, "Usage")
	sku := skuOf(it, p.payer)
	c.setAll(
		"ChargeDescription", "$"+it.rate.plain()+" "+it.description, "ChargeFrequency", "Usage-Based",
		"ConsumedQuantity", here(slotQuantity), "ConsumedUnit", it.unit,
		"PricingQuantity", here(slotQuantity), "PricingUnit", it.unit, "PricingCategory", "Standard",
		"ContractedUnitPrice", it.rate.text(), "ListUnitPrice", it.rate.text(),
		"RegionId", p.payer.region, "RegionName", p.payer.regionName, "ServiceCategory", it.service.category,
		"ServiceName", it.service.name, "SkuId", sku, "SkuPriceId", sku+".JRTCKXETXF.6YS6EN2CT7",
		"x_Operation", it.operation, "x_ServiceCode", it.service.code, "x_UsageType", p.place(it.usageType),
	)
	if it.resource != "" {
		c.setAll("ResourceId", here(slotResource), "ResourceName", tagName(m), "ResourceType", it.family,
			"Tags", tagsOf(m))
	}
	if it.instance != "" {
		c.set("AvailabilityZone", p.payer.region+p.payer.zone)
	}
	if m.pledge != nil {
		setFocusPledge(c, m.pledge, "Used")
		c.set("PricingCategory", "Committed")
	}
	return c
}

// tagsOf is the JSON object of a resource's tags.
func tagsOf(m *meter) string {
	pairs := []string{
		"CostCenter", "CC-" + m.account.id[8:], "Environment", m.account.environment, "Name", tagName(m),
		"部署", m.account.label,
	}
	var text strings.Builder
	text.WriteByte('{')
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(`"` + pairs[i] + `": "` + pairs[i+1] + `"`)
	}
	text.WriteByte('}')
	return text.String()
}

func setFocusPledge(c cells, p *pledge, status string) {
	c.setAll("CommitmentDiscountCategory", "Spend", "CommitmentDiscountId", p.arn(),
		"CommitmentDiscountName", p.key, "CommitmentDiscountStatus", status,
		"CommitmentDiscountType", "Savings Plan")
}

// writeFocusMeter writes a meter's rows. What a commitment covers is billed with
// the commitment: its own billed cost is nought.
func (w *writing) writeFocusMeter(p *plan, m *meter) error {
	row, counted := w.shape.compile(p.focusMeter(m)), w.books.tally(m.account, "Usage", p.payer.entity)
	pcg := stream(w.opts.Seed, "rows of "+m.name())
	prefix, suffix := p.resourceName(m)
	return m.walk(pcg, p.clock, func(_ int, s step) error {
		v := &w.values
		m.value(v, s)
		if m.pledge != nil {
			v.cost = 0
		}
		v.resource = nameResource(v.resource[:0], prefix, suffix, m, s.resource)
		return w.row(row, counted, v.cost, v.effective)
	})
}
