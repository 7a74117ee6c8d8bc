package sample

import (
	"math/rand/v2"
	"strings"
)

// The provider's invoices of the month: one per invoicing entity and kind.
const (
	invoiceUsage       = "1938201001"
	invoiceRefund      = "1938201002"
	invoiceMarketplace = "1938201003"
)

// curRow starts a row of the legacy report with what every row of an account has.
func (p *plan) curRow(a *account, lineType string) cells {
	c := curColumns.blank()
	c.setAll(
		"identity/LineItemId", here(slotLineID), "identity/TimeInterval", here(slotInterval),
		"bill/InvoiceId", invoiceUsage, "bill/InvoicingEntity", p.payer.entity, "bill/BillingEntity", "AWS",
		"bill/BillType", "Anniversary", "bill/PayerAccountId", p.payer.id,
		"bill/BillingPeriodStartDate", p.clock.at(0), "bill/BillingPeriodEndDate",
		p.clock.at(p.clock.length()), "lineItem/UsageAccountId", a.id, "lineItem/LineItemType", lineType,
		"lineItem/UsageStartDate", here(slotStart), "lineItem/UsageEndDate", here(slotEnd),
		"lineItem/UnblendedCost", here(slotCost), "lineItem/BlendedCost", here(slotCost),
		"lineItem/CurrencyCode", "USD", "lineItem/LegalEntity", p.payer.entity,
	)
	return c
}

// curMeter is the row of a meter, of the kind that what covers it asks for.
func (p *plan) curMeter(m *meter) cells {
	lineType := "Usage"
	if m.pledge != nil {
		lineType = map[string]string{"ri": "DiscountedUsage", "sp": "SavingsPlanCoveredUsage"}[m.pledge.kind]
	}
	c := p.curRow(m.account, lineType)
	p.setItem(c, m)
	p.setTags(c, m)
	rate := m.item.rate.text()
	if lineType == "DiscountedUsage" {
		rate = "0.0"
	}
	c.setAll(
		"lineItem/UsageAmount", here(slotQuantity), "lineItem/UnblendedRate", rate, "lineItem/BlendedRate",
		rate, "lineItem/LineItemDescription", "$"+m.item.rate.plain()+" "+m.item.description,
		"pricing/publicOnDemandCost", here(slotPublic), "pricing/publicOnDemandRate", m.item.rate.text(),
		"pricing/unit", m.item.unit, "pricing/currency", "USD", "pricing/term", "OnDemand",
	)
	if m.item.normalized > 0 {
		c.set("lineItem/NormalizationFactor", quantity(m.item.normalized*int64(unitQuantity)).text())
		c.set("lineItem/NormalizedUsageAmount", here(slotNormalized))
	}
	if m.promise != nil {
		c.setAll(m.promise.column, here(slotDiscount), "discount/TotalDiscount", here(slotDiscount),
			"lineItem/NetUnblendedCost", here(slotNet),
			"lineItem/NetUnblendedRate", m.item.rate.percent(100-m.promise.rate).text())
	}
	if m.pledge != nil {
		setPledge(c, m.pledge)
	}
	return c
}

// setItem fills what describes the product.
func (p *plan) setItem(c cells, m *meter) {
	it, sku := m.item, skuOf(m.item, p.payer)
	usageType := p.place(it.usageType)
	c.setAll(
		"lineItem/ProductCode", it.service.code, "lineItem/UsageType", usageType, "lineItem/Operation",
		it.operation, "product/ProductName", it.service.name, "product/servicecode", it.service.code,
		"product/servicename", it.service.name, "product/usagetype", usageType, "product/operation",
		it.operation, "product/productFamily", it.family, "product/region", p.payer.region,
		"product/regionCode", p.payer.region, "product/location", p.payer.regionName, "product/locationType",
		"AWS Region", "product/sku", sku, "pricing/RateCode", sku+".JRTCKXETXF.6YS6EN2CT7", "pricing/RateId",
		digitsOf(sku, 11),
	)
	if it.resource != "" {
		c.set("lineItem/ResourceId", here(slotResource))
	}
	if it.instance != "" {
		c.setAll(
			"lineItem/AvailabilityZone", p.payer.region+p.payer.zone, "product/instanceType", it.instance,
			"product/operatingSystem", "Linux", "product/tenancy", "Shared", "product/licenseModel",
			"No License required", "product/preInstalledSw", "NA", "product/marketoption", "OnDemand",
			"product/processorArchitecture", "64-bit",
		)
	}
	if it.service.code == "AmazonS3" && it.family == "Storage" {
		c.setAll("product/storageClass", it.operation, "product/volumeType", it.operation)
	}
	if it.family == "Data Transfer" {
		c.setAll("product/fromLocation", p.payer.regionName, "product/fromRegionCode", p.payer.region,
			"product/toLocation", "External", "product/transferType", "AWS Outbound")
	}
}

// setTags fills the tags that the account's owners put on their resources.
func (p *plan) setTags(c cells, m *meter) {
	if m.item.resource == "" {
		return
	}
	c.setAll(
		"resourceTags/aws:createdBy",
		"AssumedRole:AROA"+strings.ToUpper(digitsOf(m.account.alias, 8))+":terraform",
		"resourceTags/user:CostCenter", "CC-"+m.account.id[8:], "resourceTags/user:Environment",
		m.account.environment, "resourceTags/user:Name", tagName(m), "resourceTags/user:부서", m.account.label,
	)
}

func tagName(m *meter) string { return m.account.label + "-" + m.item.label }

func setPledge(c cells, p *pledge) {
	if p.kind == "ri" {
		c.setAll(
			"reservation/ReservationARN", p.arn(), "reservation/SubscriptionId", digitsOf(p.key, 10),
			"reservation/EffectiveCost", here(slotEffective),
			"reservation/AmortizedUpfrontCostForUsage", here(slotAmortized),
			"reservation/RecurringFeeForUsage", here(slotRecurring),
			"pricing/term", "Reserved", "pricing/LeaseContractLength", "1yr", "pricing/OfferingClass",
			"standard", "pricing/PurchaseOption", p.payment,
		)
		return
	}
	c.setAll(
		"savingsPlan/SavingsPlanARN", p.arn(), "savingsPlan/SavingsPlanRate", p.rate.text(),
		"savingsPlan/SavingsPlanEffectiveCost", here(slotEffective), "savingsPlan/OfferingType", p.offering(),
		"savingsPlan/PaymentOption", p.payment, "savingsPlan/PurchaseTerm", p.termText(),
	)
}

func (p *pledge) offering() string {
	if p.key == "sp-narae-ec2" {
		return "EC2InstanceSavingsPlans"
	}
	return "ComputeSavingsPlans"
}

func (p *pledge) termText() string {
	if p.term == 36 {
		return "3yr"
	}
	return "1yr"
}

// writeCURMeter writes a meter's rows and, after each few covered ones, the row
// that takes their on-demand cost off again.
func (w *writing) writeCURMeter(p *plan, m *meter) error {
	row, counted := w.shape.compile(p.curMeter(m)), w.books.tally(m.account, curLineType(m), p.payer.entity)
	n, g := m.rows-m.negations(), m.negations()
	var negation template
	var negated *tally
	if g > 0 {
		negation = w.shape.compile(p.curNegation(m))
		negated = w.books.tally(m.account, "SavingsPlanNegation", p.payer.entity)
	}
	promised := w.books.promised(m)
	pcg := stream(w.opts.Seed, "rows of "+m.name())
	prefix, suffix := p.resourceName(m)
	var covered amount
	return m.walk(pcg, p.clock, func(j int, s step) error {
		v := &w.values
		m.value(v, s)
		fillLineID(pcg, &v.id)
		v.resource = nameResource(v.resource[:0], prefix, suffix, m, s.resource)
		*promised += v.discount
		covered += v.cost
		err := w.row(row, counted, v.cost, v.effective)
		if err != nil || g == 0 || (j+1)*g/n == j*g/n {
			return err
		}
		fillLineID(pcg, &v.id)
		v.cost, covered = -covered, 0
		return w.row(negation, negated, v.cost, 0)
	})
}

// curNegation is the row that takes covered usage off again.
func (p *plan) curNegation(m *meter) cells {
	c := p.curRow(m.account, "SavingsPlanNegation")
	c.setAll(
		"lineItem/ProductCode", m.item.service.code, "lineItem/UsageType", p.place(m.item.usageType),
		"lineItem/Operation", m.item.operation, "product/ProductName", m.item.service.name,
		"lineItem/LineItemDescription",
		"SavingsPlanNegation used by AccountId : "+m.account.id+" and UsageSku : "+
			skuOf(m.item, p.payer),
		"savingsPlan/SavingsPlanARN", m.pledge.arn(), "savingsPlan/OfferingType", m.pledge.offering(),
	)
	return c
}

func curLineType(m *meter) string {
	switch {
	case m.pledge == nil:
		return "Usage"
	case m.pledge.kind == "ri":
		return "DiscountedUsage"
	default:
		return "SavingsPlanCoveredUsage"
	}
}

// value computes one row's amounts.
func (m *meter) value(v *values, s step) {
	v.start, v.end, v.quantity = s.start, s.end, s.quantity
	v.normalized = s.quantity * quantity(m.item.normalized)
	v.public = m.item.rate.times(s.quantity)
	v.cost, v.effective, v.discount, v.net = v.public, v.public, 0, v.public
	if m.promise != nil {
		v.discount = -v.cost.percent(m.promise.rate)
		v.net = v.cost + v.discount
	}
	if m.pledge == nil {
		return
	}
	v.effective = m.pledge.rate.times(s.quantity)
	if m.pledge.kind == "ri" {
		v.cost = 0
		v.recurring = m.pledge.recurring.times(s.quantity)
		v.amortized = v.effective - v.recurring
	}
}

// name is the meter's own among all meters of the month.
func (m *meter) name() string {
	if m.pledge != nil {
		return m.account.alias + " " + m.item.key + " " + m.pledge.key
	}
	return m.account.alias + " " + m.item.key
}

// place puts the region's prefix into a usage type.
func (p *plan) place(text string) string {
	text = strings.ReplaceAll(text, "{R}", p.payer.prefix)
	return strings.ReplaceAll(text, "{E}", p.payer.edge)
}

// resourceName is what stands before and after the id of a meter's resources.
func (p *plan) resourceName(m *meter) (prefix, suffix string) {
	text := strings.ReplaceAll(m.item.resource, "{R}", p.payer.region)
	text = strings.ReplaceAll(text, "{A}", m.account.id)
	prefix, suffix, _ = strings.Cut(text, "{#}")
	return prefix, suffix
}

// nameResource appends the name of a meter's k-th resource.
func nameResource(b []byte, prefix, suffix string, m *meter, k int) []byte {
	b = append(b, prefix...)
	b = appendHex(b, mark(m.account.alias+m.item.key)+uint64(k)*0x1000193, 16)
	return append(b, suffix...)
}

func skuOf(it *item, of *payer) string {
	pcg := rand.NewPCG(7, mark(it.key+of.region))
	text := make([]byte, 16)
	for i := range text {
		text[i] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"[below(pcg, 31)]
	}
	return string(text)
}
