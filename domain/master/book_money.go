package master

import (
	"magam/domain/commitment"
	"magam/domain/credit"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// readPrices reads what changes a bill.
func (b *Book) readPrices() {
	b.rows(pricesSheet, func(c cells) { b.prices = append(b.prices, priceOf(c)) })
	b.rows(feesSheet, func(c cells) { b.fees = append(b.fees, feeOf(c)) })
	b.readSharedCosts()
	b.rows(plansSheet, func(c cells) {
		b.plans = append(b.plans, pricing.PlanRow{
			Plan:     c.text("plan"),
			From:     c.number("from_amount"),
			To:       c.number("to_amount"),
			Rate:     c.number("rate"),
			Minimum:  c.number("minimum"),
			Currency: money.Currency(c.text("currency")),
			Valid:    c.valid(),
		})
	})
	b.rows(adjustmentsSheet, func(c cells) { b.adjustments = append(b.adjustments, adjustmentOf(c)) })
	b.rows(creditsSheet, func(c cells) { b.credits = append(b.credits, creditOf(c)) })
}

func adjustmentOf(c cells) credit.Adjustment {
	return credit.Adjustment{
		ID: c.text("id"), Customer: c.text("customer"), Provider: c.text("provider"),
		SubAccount: c.text("sub_account"), Month: c.month("month"),
		Kind: c.text("kind"), Value: c.number("value"), Currency: money.Currency(c.text("currency")),
		Stage: credit.Stage(c.text("stage")), Repeat: c.text("repeat"), To: c.month("to"),
		ReasonCode: c.text("reason_code"), Reason: c.text("reason"),
		Author: c.text("author"), Approver: c.text("approver"), ApprovedOn: c.day("approved_on"),
	}
}

func creditOf(c cells) credit.Credit {
	return credit.Credit{
		ID:          c.text("id"),
		Customer:    c.text("customer"),
		Provider:    c.text("provider"),
		Services:    c.list("services"),
		SubAccounts: c.list("sub_accounts"),
		Granted:     c.number("amount"),
		Balance:     c.number("amount"),
		Currency:    money.Currency(c.text("currency")),
		Priority:    c.integer("priority"),
		Reason:      c.text("reason"),
		Valid:       c.valid(),
	}
}

// readSharedCosts gathers the rows of one id into one distribution.
func (b *Book) readSharedCosts() {
	at := map[string]int{}
	b.rows(sharedCostsSheet, func(c cells) {
		id := c.text("id")
		i, known := at[id]
		if !known {
			i = len(b.sharedCosts)
			at[id] = i
			b.sharedCosts = append(b.sharedCosts, pricing.SharedCost{
				ID: id, Provider: c.text("provider"), BillingAccount: c.text("billing_account"),
				SubAccount: c.text("sub_account"), Service: c.text("service"), Category: c.text("category"),
				Key: c.text("key"), RemainderTo: c.text("remainder_to"),
			})
		}
		b.sharedCosts[i].Parts = append(b.sharedCosts[i].Parts, pricing.SharedPart{
			Customer: c.text("customer"), Weight: c.number("weight"), Valid: c.valid(),
		})
	})
}

func priceOf(c cells) pricing.Rule {
	return pricing.Rule{
		ID:              c.text("id"),
		Customer:        c.text("customer"),
		Category:        c.text("category"),
		Provider:        c.text("provider"),
		BillingEntity:   c.text("billing_entity"),
		InvoicingEntity: c.text("invoicing_entity"),
		Service:         c.text("service"),
		UsageType:       c.text("usage_type"),
		SKU:             c.text("sku"),
		Region:          c.text("region"),
		SubAccount:      c.text("sub_account"),
		TagKey:          c.text("tag_key"),
		TagValue:        c.text("tag_value"),
		Kind:            pricing.Kind(c.text("kind")),
		Value:           c.number("value"),
		TierFrom:        c.number("tier_from"),
		TierTo:          c.number("tier_to"),
		TierKind:        c.text("tier_kind"),
		Pool:            c.text("pool"),
		Valid:           c.valid(),
		Row:             c.row.Number,
	}
}

func feeOf(c cells) pricing.Fee {
	return pricing.Fee{
		ID: c.text("id"), Customer: c.text("customer"), Provider: c.text("provider"),
		Kind: pricing.FeeKind(c.text("kind")), Plan: c.text("plan"), Rate: c.number("rate"),
		Flat: c.number("flat"), Minimum: c.number("minimum"), Currency: money.Currency(c.text("currency")),
		Per: c.text("per"), ExcludeServices: c.list("exclude_services"), Valid: c.valid(), Row: c.row.Number,
	}
}

// readMonth reads what a month needs to know besides.
func (b *Book) readMonth() {
	b.rows(tagsSheet, func(c cells) {
		b.tags = append(b.tags, Tag{
			c.text("provider"),
			c.text("service"),
			c.text("resource_id"),
			c.text("key"),
			c.text("value"),
			c.month("from"),
		})
	})
	b.rows(ratesSheet, func(c cells) {
		b.rates = append(b.rates, tax.FXRate{
			Date: c.day("date"), Base: money.Currency(c.text("base")), Quote: money.Currency(c.text("quote")),
			Type: c.text("type"), Per: c.integer("per"), Value: c.number("value"),
			Source: c.text("source"), ApprovedBy: c.text("approved_by"),
		})
	})
	b.rows(taxesSheet, func(c cells) {
		b.taxes = append(b.taxes,
			tax.Rate{Tax: c.text("tax"), Kind: c.text("kind"), Rate: c.number("rate"), Valid: c.valid()})
	})
	b.rows(taxRulesSheet, func(c cells) {
		b.taxRules = append(b.taxRules, tax.Rule{
			InvoicingEntity: c.text("invoicing_entity"), BillingEntity: c.text("billing_entity"),
			Service: c.text("service"), Category: c.text("category"),
			TaxCategory: tax.Category(c.text("tax_category")), Valid: c.valid(),
		})
	})
	b.rows(budgetsSheet, func(c cells) {
		b.budgets = append(b.budgets, Budget{
			c.text("customer"),
			c.text("organization"),
			c.text("sub_account"),
			c.month("month"),
			c.number("amount"),
			money.Currency(c.text("currency")),
			c.number("alert_at"),
		})
	})
	b.rows(commitmentsSheet, func(c cells) { b.commitments = append(b.commitments, b.commitmentOf(c)) })
	b.rows(paymentsSheet, func(c cells) {
		b.payments = append(b.payments, Payment{
			c.text("invoice_number"),
			c.day("paid_on"),
			c.number("amount"),
			money.Currency(c.text("currency")),
			c.text("reference"),
		})
	})
	b.rows(thresholdsSheet, func(c cells) {
		b.thresholds[[2]string{c.text("customer"), c.text("hold")}] = c.number("value")
	})
	b.rows(holidaysSheet,
		func(c cells) { b.holidays = append(b.holidays, Holiday{c.day("date"), c.text("name")}) })
}

// commitmentOf turns codes of people into their addresses: only those who have one.
func (b *Book) commitmentOf(c cells) commitment.Commitment {
	var recipients []string
	for _, recipient := range c.list("recipients") {
		if isEmail(recipient) {
			recipients = append(recipients, recipient)
			continue
		}
		for _, person := range b.people {
			if person.Code == recipient && person.Email != "" {
				recipients = append(recipients, person.Email)
			}
		}
	}
	return commitment.Commitment{
		ID:            c.text("id"),
		Provider:      c.text("provider"),
		Kind:          c.text("kind"),
		SubAccount:    c.text("sub_account"),
		Service:       c.text("service"),
		Region:        c.text("region"),
		Family:        c.text("family"),
		Description:   c.text("description"),
		TermMonths:    c.integer("term_months"),
		PaymentOption: c.text("payment_option"),
		Upfront:       c.number("upfront"),
		Hourly:        c.number("hourly"),
		Currency:      money.Currency(c.text("currency")),
		BoughtOn:      c.day("bought_on"),
		StartsOn:      c.day("starts_on"),
		EndsOn:        c.day("ends_on"),
		Recipients:    recipients,
	}
}
