package sample

import (
	"strconv"
	"time"
)

// fixedLine is a row that a bill has once: a fee, a discount, a tax. Its cost is
// reckoned when it is written, after all usage.
type fixedLine struct {
	account    *account
	lineType   string
	entity     string // who invoices; empty is the payer's own
	start, end int
	cost       func(*books) amount
	effective  func(cost amount) amount // nil: the cost
	fill       func(cells)
}

func flat(text string) func(*books) amount {
	return func(*books) amount { return dollars(text) }
}

func nothing(amount) amount { return 0 }

const (
	marketplaceEntity = "AMCS Korea LLC"
	foreignEntity     = "Amazon Web Services, Inc."
)

// seoulLines are the lines of the legacy report beside its meters, in the order
// in which they are reckoned: taxes know of all others.
func seoulLines(p *plan, opts Options) []*fixedLine {
	lines := commitmentLines(p)
	lines = append(lines, feeLines(p)...)
	lines = append(lines, promiseLines(p)...)
	lines = append(lines, givenLines(p, opts)...)
	return append(lines, taxLines(p)...)
}

// line is a fixed line that lasts the whole month.
func (p *plan) line(
	of *account, lineType, product, description string, cost func(*books) amount,
) *fixedLine {
	return &fixedLine{
		account: of, lineType: lineType, end: p.clock.length(), cost: cost,
		fill: func(c cells) {
			c.setAll("lineItem/ProductCode", product, "lineItem/LineItemDescription", description,
				"lineItem/UsageAmount", "1.0", "product/region", p.payer.region)
		},
	}
}

// with adds cells to a fixed line.
func (l *fixedLine) with(pairs ...string) *fixedLine {
	before := l.fill
	l.fill = func(c cells) {
		before(c)
		c.setAll(pairs...)
	}
	return l
}

// commitmentLines are what reservations and Savings Plans cost.
func commitmentLines(p *plan) []*fixedLine {
	var lines []*fixedLine
	for _, pl := range pledges {
		if accountOf(pl.account).payer != p.payer {
			continue
		}
		if pl.kind == "ri" {
			lines = append(lines, reservationLines(p, pl)...)
		} else {
			lines = append(lines, savingsPlanLines(p, pl)...)
		}
	}
	return lines
}

// reservationLines: the fee of the month's hours, with what went unused, and
// what was paid down if it was bought in the month.
func reservationLines(p *plan, pl *pledge) []*fixedLine {
	it := items[pl.item]
	all := quantity(pl.reserved*pl.hours(p.clock)) * unitQuantity
	unused := all - pl.covered(p.clock)
	unusedRecurring, unusedUpfront := pl.recurring.times(unused), (pl.rate - pl.recurring).times(unused)
	fee := p.line(accountOf(pl.account), "RIFee", it.service.code,
		"USD "+pl.recurring.plain()+" hourly fee per "+it.key+" instance, "+pl.payment+", "+pl.note,
		func(*books) amount { return pl.recurring.times(all) })
	fee.start = pl.from
	fee.effective = func(amount) amount { return unusedRecurring + unusedUpfront }
	fee.with(
		"lineItem/UsageType", p.place("{R}HeavyUsage:"+it.key), "lineItem/Operation", it.operation,
		"lineItem/UsageAmount", all.text(), "product/ProductName", it.service.name,
		"reservation/ReservationARN", pl.arn(), "reservation/SubscriptionId", digitsOf(pl.key, 10),
		"reservation/NumberOfReservations", strconv.FormatInt(pl.reserved, 10),
		"reservation/TotalReservedUnits", all.text(), "reservation/UnusedQuantity", unused.text(),
		"reservation/UnusedRecurringFee", unusedRecurring.text(),
		"reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", unusedUpfront.text(),
		"reservation/AmortizedUpfrontFeeForBillingPeriod", (pl.rate - pl.recurring).times(all).text(),
		"reservation/StartTime", pl.bought(p.clock.month)+"T00:00:00.000Z",
		"reservation/EndTime", pl.ends(p.clock.month)+"T00:00:00.000Z",
		"reservation/UpfrontValue", pl.upfront().text(), "pricing/PurchaseOption", pl.payment,
		"pricing/LeaseContractLength", pl.termText(), "pricing/OfferingClass", "standard", "pricing/unit",
		"Hrs",
	)
	if pl.from == 0 || pl.upfront() == 0 {
		return []*fixedLine{fee}
	}
	upfront := p.line(accountOf(pl.account), "Fee", it.service.code,
		"Sign up charge for subscription: "+digitsOf(pl.key, 10)+", planId: "+digitsOf(pl.key+" plan", 10),
		func(*books) amount { return pl.upfront() })
	upfront.start, upfront.effective = pl.from, nothing
	upfront.with("bill/BillType", "Purchase", "reservation/ReservationARN", pl.arn(),
		"product/ProductName", it.service.name)
	return []*fixedLine{fee, upfront}
}

// savingsPlanLines: a recurring fee for each day, which says how much of the
// commitment was used, and what was paid down if it was bought in the month.
func savingsPlanLines(p *plan, pl *pledge) []*fixedLine {
	var lines []*fixedLine
	used := pl.rate.times(pl.covered(p.clock))
	days := int64(p.clock.length()-pl.from) / 24
	for d := range days {
		usedThen := amount(mulDiv(int64(used), d+1, days) - mulDiv(int64(used), d, days))
		fee := p.line(accountOf(pl.account), "SavingsPlanRecurringFee", pl.offering(),
			pl.termText()+" "+pl.payment+" Compute Savings Plan",
			func(*books) amount { return pl.recurring * 24 })
		fee.start, fee.end = pl.from+int(d)*24, pl.from+int(d+1)*24
		fee.effective = func(amount) amount { return pl.commitment*24 - usedThen }
		lines = append(lines, fee.with(savingsPlanCells(pl, usedThen)...))
	}
	if pl.from == 0 || pl.upfront() == 0 {
		return lines
	}
	upfront := p.line(accountOf(pl.account), "SavingsPlanUpfrontFee", pl.offering(),
		pl.termText()+" "+pl.payment+" EC2 Instance Savings Plan, upfront fee",
		func(*books) amount { return pl.upfront() })
	upfront.start, upfront.effective = pl.from, nothing
	return append(lines, upfront.with("bill/BillType", "Purchase", "savingsPlan/SavingsPlanARN", pl.arn(),
		"savingsPlan/OfferingType", pl.offering(), "savingsPlan/PaymentOption", pl.payment,
		"savingsPlan/PurchaseTerm", pl.termText()))
}

// savingsPlanCells are the plan's columns of one day's fee.
func savingsPlanCells(pl *pledge, used amount) []string {
	return []string{
		"savingsPlan/SavingsPlanARN", pl.arn(), "savingsPlan/OfferingType", pl.offering(),
		"savingsPlan/PaymentOption", pl.payment, "savingsPlan/PurchaseTerm", pl.termText(),
		"savingsPlan/TotalCommitmentToDate", (pl.commitment * 24).text(), "savingsPlan/UsedCommitment",
		used.text(), "savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod",
		((pl.commitment - pl.recurring) * 24).text(), "savingsPlan/RecurringCommitmentForBillingPeriod",
		(pl.recurring * 24).text(),
	}
}

// taxLines: ten per cent of what each account owes each invoicing entity.
func taxLines(p *plan) []*fixedLine {
	var lines []*fixedLine
	for _, a := range p.spenders() {
		lines = append(lines, taxLine(p, a, p.payer.entity))
	}
	for _, alias := range []string{"alpha-data", "narae-risk"} {
		lines = append(lines, taxLine(p, accountOf(alias), marketplaceEntity).with(
			"bill/BillingEntity", "AWS Marketplace", "bill/InvoiceId", invoiceMarketplace))
	}
	return lines
}

func taxLine(p *plan, a *account, entity string) *fixedLine {
	return &fixedLine{
		account: a, lineType: "Tax", entity: entity, end: p.clock.length(),
		cost: func(b *books) amount { return b.spent(a, entity).percent(10).cents() },
		fill: func(c cells) {
			c.setAll("lineItem/ProductCode", "AmazonEC2", "lineItem/TaxType", "VAT", "lineItem/UsageAmount",
				"1.0", "lineItem/LineItemDescription", "Tax for product code AmazonEC2 and others, VAT 10%",
				"product/ProductName", "Amazon Elastic Compute Cloud")
		},
	}
}

// afterMonth is an instant one second into the next month, where the provider
// lets some credits end.
func afterMonth(p *plan) string { return p.clock.month.End().Add(time.Second).Format(time.RFC3339) }
