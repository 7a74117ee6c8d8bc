package audit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

var october = period.NewMonth(2026, 10)

// The two paths agree to the last digit: what the engine makes of a random month
// is what the audit makes of the same rows and sheets (docs/spec/10).
func TestTheAuditAgreesWithTheEngine(t *testing.T) {
	t.Parallel()
	worked := 0
	rapid.Check(t, func(t *rapid.T) {
		sheets := anySheets(t)
		in := input(t, sheets, anyCharges(t))
		draft, err := invoice.Assemble(in)
		if err != nil {
			return // parked: there is no document
		}
		worked++

		require.Empty(t, audited(t, draft.Snapshot, in, sheets))
	})
	require.Greater(t, worked, 20, "most months are parked")
}

// audited are the findings of a document that was made of an input.
func audited(t require.TestingT, s invoice.Snapshot, in invoice.Input, sheets map[string][]row) []Finding {
	bytes, err := json.Marshal(s)
	require.NoError(t, err)
	report := Report{}
	d := document{customer: "acme", provider: in.Provider, state: "final", kind: "invoice", bytes: bytes}
	b := &bill{
		in:    &inspection{month: october.String(), report: &report},
		month: october.String(), document: d, fees: map[feeOf]feeTaken{},
		sheet: func(name string) []row { return sheets[name] }, contract: sheets["customers"][0],
		carried: map[[2]string]*big.Rat{},
	}
	for key, carried := range in.Carried {
		b.carried[[2]string{key.Fee, string(key.Currency)}] = rat(carried)
	}
	var readable bool
	b.frozen, readable = d.frozen()
	require.True(t, readable)
	rows := make([]charged, len(in.Groups))
	for i, g := range in.Groups {
		rows[i] = chargedOf(g)
	}
	_, err = b.check(rows, nil)
	require.NoError(t, err)
	b.in.compareTerms("terms", b.frozen, b.contract, b.sheet)
	return report.Findings
}

func rat(amount decimal.Decimal) *big.Rat { return amount.Rat() }

func chargedOf(g charge.Group) charged {
	c := charged{
		provider: g.Provider, payer: g.BillingAccount, account: g.SubAccount, issuer: g.InvoiceIssuer,
		entity: g.BillingEntity, currency: string(g.Currency), service: g.ServiceCode,
		serviceName: g.ServiceName, usageType: g.UsageType, region: g.Region, sku: g.SkuID, unit: g.Unit,
		lineType: g.LineType, category: int(g.Category), class: int(g.Class), pricing: g.PricingCategory,
		commitment: g.CommitmentID, tags: g.Tags, count: g.Rows, quantity: rat(g.Quantity),
		billed: rat(g.Billed), effective: rat(g.Effective), list: rat(g.List),
	}
	if !g.ChargeMonth.IsZero() {
		c.used = g.ChargeMonth.String()
	}
	return c
}

// input is what drafting makes of sheets and charges.
func input(t *rapid.T, sheets map[string][]row, groups []charge.Group) invoice.Input {
	var tables []master.Table
	for _, sheet := range master.Sheets {
		table := master.Table{Sheet: sheet.Name}
		for _, column := range sheet.Columns {
			table.Columns = append(table.Columns, column.Name)
		}
		for i, cells := range sheets[sheet.Name] {
			table.Rows = append(table.Rows, master.Row{Number: i + 2, Cells: cells})
		}
		tables = append(tables, table)
	}
	book, err := master.NewBook(tables)
	if err != nil {
		t.Skip(err)
	}
	customer, _ := book.Customer("acme", october)
	issuer, _ := book.Issuer("us")
	rate, err := tax.InForce(book.Taxes(), customer.Contract.Tax, october)
	require.NoError(t, err)
	tagged := false
	for _, rule := range book.PriceRules("acme") {
		tagged = tagged || rule.TagKey != ""
	}
	if !tagged { // as the books are asked then
		groups = withoutTags(groups)
	}
	return invoice.Input{
		Month:         october,
		MonthHasEnded: true,
		Provider:      "aws",
		Issuer:        issuer,
		Customer:      customer,
		Groups:        groups,
		Rules:         book.PriceRules("acme"),
		Fees:          book.Fees("acme", october),
		Plans:         book.Plans(),
		Adjustments:   book.Adjustments("acme", october),
		Rates:         book.Rates(),
		Holidays:      book.Holidays(),
		TaxRate:       rate,
		ReducedRate:   tax.ReducedInForce(book.Taxes(), customer.Contract.Tax, october),
		TaxRules:      book.TaxRules(),
		Carried: map[invoice.CarryKey]decimal.Decimal{
			{Fee: "f-savings", Currency: money.USD}: decimal.New(-7, 0),
		},
	}
}

// withoutTags adds up what differs in tags alone, as the books do.
func withoutTags(groups []charge.Group) []charge.Group {
	var sums []charge.Group
	at := map[string]int{}
	for _, g := range groups {
		g.Tags = ""
		key := g
		key.Rows, key.Quantity, key.Billed = 0, decimal.Zero, decimal.Zero
		key.Effective, key.List, key.Contracted = decimal.Zero, decimal.Zero, decimal.Zero
		i, known := at[fmt.Sprint(key)]
		if !known {
			at[fmt.Sprint(key)] = len(sums)
			sums = append(sums, g)
			continue
		}
		sum := &sums[i]
		sum.Rows, sum.Quantity = sum.Rows+g.Rows, sum.Quantity.Add(g.Quantity)
		sum.Billed = sum.Billed.Add(g.Billed)
		sum.Effective, sum.List = sum.Effective.Add(g.Effective), sum.List.Add(g.List)
	}
	return sums
}

func draw[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

func some[T any](t *rapid.T, label string, most int, from ...T) []T {
	count := rapid.IntRange(0, min(most, len(from))).Draw(t, label+" count")
	return rapid.Permutation(from).Draw(t, label)[:count]
}

// figure draws an amount with up to seven decimals.
func figure(t *rapid.T, label string, from, to int64) decimal.Decimal {
	return decimal.New(rapid.Int64Range(from, to).Draw(t, label),
		-draw(t, label+" places", int32(0), 2, 2, 7))
}

func anyCharges(t *rapid.T) []charge.Group {
	var groups []charge.Group
	for range rapid.IntRange(0, 14).Draw(t, "groups") {
		g := charge.Group{
			Provider: "aws", BillingAccount: "payer", SubAccount: draw(t, "account", "111", "222", "333"),
			InvoiceIssuer: draw(t, "issuer", "Seller A", "Seller B"), Rows: 1, Currency: "USD",
			BillingEntity: draw(t, "entity", "AWS", "AWS", "AWS Marketplace"),
			Region:        draw(t, "region", "seoul", "tokyo"), Category: charge.CategoryUsage,
			Tags:     draw(t, "tags", "", `{"env":"prod"}`, `{"env":"dev","team":"web"}`),
			Quantity: figure(t, "quantity", 0, 90_000), Billed: figure(t, "billed", -20_000, 300_000),
			ServiceCode:  draw(t, "service", "EC2", "S3", "RDS", "AWSSupport"),
			CommitmentID: draw(t, "commitment", "", "", "arn:plan-1", "arn:plan-2"),
			LineType:     draw(t, "line type", "", "", "", "UnusedReservation"),
			Class: draw(t, "class", charge.ClassRegular, charge.ClassRegular, charge.ClassCorrection,
				charge.ClassDiscount, charge.ClassPartnerDiscount),
		}
		g.ServiceName, g.Unit = "Amazon "+g.ServiceCode, "Hrs"
		g.UsageType = g.ServiceCode + draw(t, "usage type", "-hours", "-other")
		g.SkuID = "sku-" + g.UsageType
		g.Category = draw(t, "category", charge.CategoryUsage, charge.CategoryUsage, charge.CategoryUsage,
			charge.CategoryPurchase, charge.CategoryTax, charge.CategoryCredit, charge.CategoryAdjustment)
		g.List = draw(t, "list", g.Billed, g.Billed.Mul(decimal.New(125, -2)), decimal.Zero)
		g.Effective, g.Contracted = draw(t, "effective", g.Billed, g.Billed.Mul(decimal.New(5, -1))), g.Billed
		if rapid.IntRange(0, 6).Draw(t, "earlier") == 0 {
			g.ChargeMonth = october.Add(-1)
		}
		groups = append(groups, g)
	}
	var distinct []charge.Group // SQL gives each group once
	seen := map[pricing.Place]bool{}
	for _, g := range groups {
		place := pricing.PlaceOf(g)
		place.UsageType = g.UsageType + g.Region + g.Tags
		if !seen[place] {
			seen[place] = true
			distinct = append(distinct, g)
		}
	}
	return distinct
}

func anySheets(t *rapid.T) map[string][]row {
	value := func(label string, to int64) string { return money.Text(figure(t, label, 0, to)) }
	prices := some(t, "rules", 8,
		row{"id": "p-all", "customer": "*", "kind": "markup"},
		row{"id": "p-acme", "customer": "acme", "kind": "discount"},
		row{"id": "p-then", "customer": "acme", "kind": "markup", "service": "RDS", "to": "2026-09"},
		row{"id": "p-now", "customer": "acme", "kind": "markup", "service": "Amazon RDS", "from": "2026-10"},
		row{"id": "p-account", "customer": "acme", "kind": "discount", "sub_account": "222"},
		row{"id": "p-tag", "customer": "*", "kind": "discount", "tag_key": "env", "tag_value": "prod"},
		row{"id": "p-key", "customer": "acme", "kind": "markup", "tag_key": "team"},
		row{"id": "p-region", "kind": "markup", "region": "tokyo"},
		row{"id": "p-entity", "customer": "*", "kind": "markup", "billing_entity": "AWS Marketplace"},
		row{
			"id":               "p-issuer",
			"customer":         "acme",
			"kind":             "discount",
			"invoicing_entity": "Seller B",
			"provider":         "aws",
		},
		row{"id": "p-unit", "customer": "acme", "kind": "unit-price", "usage_type": "EC2-hours"},
		row{"id": "p-sku", "customer": "*", "kind": "unit-price", "sku": "sku-RDS-other"},
		row{"id": "p-credit", "customer": "acme", "kind": "discount", "category": "Credit"},
		row{"id": "p-bought", "customer": "*", "kind": "discount", "category": "Purchase"},
		row{"id": "p-min", "customer": "acme", "kind": "minimum", "service": "EC2", "pool": "account"},
		row{"id": "p-min-all", "customer": "*", "kind": "minimum", "sub_account": "333"},
		row{"id": "p-cap", "customer": "acme", "kind": "cap", "service": "S3"},
	)
	for _, one := range prices {
		one["value"] = value(one["id"], 9_000)
	}
	if kind := draw(t, "tiers", "", "graduated", "volume"); kind != "" {
		pool, usageType := draw(t, "pool", "", "account", "customer"), draw(t, "tiered", "S3-hours",
			"EC2-other")
		for _, ends := range [][2]string{{"", "100"}, {"100", "5000"}, {"5000", ""}} {
			prices = append(prices, row{
				"id":         "p-tiers",
				"customer":   "acme",
				"kind":       "tier",
				"usage_type": usageType,
				"tier_from":  ends[0],
				"tier_to":    ends[1],
				"tier_kind":  kind,
				"pool":       pool,
				"value":      value("tier "+ends[0], 900),
			})
		}
	}
	adjusted := func(id, stage, kind, currency, account, repeat string) row {
		return row{
			"id":          id,
			"customer":    "acme",
			"month":       "2026-09",
			"kind":        kind,
			"stage":       stage,
			"sub_account": account,
			"currency":    currency,
			"value":       money.Text(figure(t, id, -90, 90)),
			"repeat":      repeat,
			"reason_code": "r",
			"reason":      "r",
			"author":      "kim",
			"approver":    "park",
			"approved_on": "2026-10-01",
		}
	}
	return map[string][]row{
		"issuer": {{"code": "us", "name": "us", "number_series": "INV", "mail_from": "b@us.example"}},
		"people": {
			{"code": "kim", "name": "kim", "roles": "finance"},
			{"code": "park", "name": "park", "roles": "approver"},
		},
		"customers": {{
			"code": "acme", "name": "acme", "issuer": "us", "country": "KR",
			"currency":         draw(t, "currency", "", "USD", "KRW"),
			"price_basis":      draw(t, "basis", "", "billed", "list", "effective"),
			"provider_tax":     draw(t, "provider tax", "", "pass"),
			"partner_discount": draw(t, "partner discount", "", "pass"),
			"provider_credit":  draw(t, "provider credit", "", "pooled"),
			"fx_rule":          draw(t, "fx rule", "", "month-average", "day:15"),
			"tax":              draw(t, "tax", "", "jp-ct", "none"),
			"rounding_mode":    draw(t, "mode", "", "half-up", "ceil"),
			"rounding_point":   draw(t, "point", "", "line", "product"),
		}},
		"contacts": {{"customer": "acme", "email": "a@acme.example", "role": "root", "delivery": "mail"}},
		"prices":   prices,
		"plans": {
			{"plan": "business", "to_amount": "1000", "rate": "10", "minimum": "29", "currency": "USD"},
			{"plan": "business", "from_amount": "1000", "rate": "7", "minimum": "29", "currency": "USD"},
		},
		"fees": some(
			t,
			"fees",
			4,
			row{
				"id":       "f-support",
				"customer": "acme",
				"provider": "aws",
				"kind":     "support",
				"plan":     "business",
			},
			row{
				"id": "f-managed", "customer": "acme", "kind": "management", "rate": "3.3", "per": "account",
				"exclude_services": "AWSSupport S3",
			},
			row{
				"id": "f-least", "customer": "acme", "provider": "aws", "kind": "management", "rate": "1",
				"minimum": "55.5",
			},
			row{"id": "f-savings", "customer": "acme", "provider": "aws", "kind": "savings", "rate": "20"},
			row{"id": "f-flat", "customer": "acme", "kind": "support", "rate": "2", "flat": "17"},
		),
		"adjustments": some(t, "adjustments", 4,
			adjusted("a-before", "before-discount", "percent", "", "", "monthly"),
			adjusted("a-before-flat", "before-discount", "flat", "USD", "", "instalments:3"),
			adjusted("a-after", "after-discount", "percent", "", "222", "monthly"),
			adjusted("a-after-flat", "", "flat", "", "", "instalments:7"),
			adjusted("a-alone", "after-discount", "flat", "USD", "999", "monthly"),
			adjusted("a-won", "after-discount", "flat", "KRW", "", "monthly"),
			adjusted("a-tax", "after-tax", "percent", "", "", "monthly"),
			adjusted("a-tax-flat", "after-tax", "flat", "USD", "", "monthly"),
			adjusted("a-past", "after-discount", "flat", "USD", "", "once"),
		),
		"tax_rules": some(t, "tax rules", 3,
			row{"billing_entity": "AWS Marketplace", "tax_category": "already-taxed"},
			row{"service": "S3", "tax_category": "exempt"},
			row{"invoicing_entity": "Seller B", "category": "Usage", "tax_category": "zero-rated"},
		),
		"taxes": {{"tax": "kr-vat", "rate": "10"}, {"tax": "jp-ct", "rate": "10"}},
		"rates": {
			{"date": "2026-10-15", "base": "USD", "quote": "KRW", "value": "1380"},
			{
				"date":  "2026-10-29",
				"base":  "USD",
				"quote": "KRW",
				"per":   "100",
				"value": "137950",
				"type":  "TTS",
			},
			{"date": "2026-10-29", "base": "USD", "quote": "KRW", "value": "1379.5"},
			{"date": "2026-10-30", "base": "USD", "quote": "KRW", "value": "1388.1"},
		},
		"holidays": some(t, "holidays", 1, row{"date": "2026-10-30", "name": "a holiday"}),
	}
}
