package invoice_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// draw picks one of several, with equal chances.
func draw[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// some picks some of several, at most as many as are named.
func some[T any](t *rapid.T, label string, most int, from ...T) []T {
	return rapid.Permutation(from).Draw(t, label)[:rapid.IntRange(0, min(most, len(from))).Draw(t, label+" count")]
}

// sumOf draws an amount between two bounds, in thousandths of what is drawn, or finer.
func sumOf(t *rapid.T, label string, from, to int64) decimal.Decimal {
	scale := draw(t, label+" scale", int32(2), 2, 6, 12)
	return decimal.New(rapid.Int64Range(from, to).Draw(t, label), 2-scale).Shift(-2).Truncate(14)
}

// anyMonth draws a customer's month that may use every rule there is.
func anyMonth(t *rapid.T) []invoice.Input {
	contract := party.Contract{
		PriceBasis:      draw(t, "basis", "billed", "list", "effective"),
		FXRule:          draw(t, "fx rule", "month-end", "month-average", "day:15"),
		RoundingPoint:   draw(t, "point", "line", "product", "document"),
		RoundingMode:    draw(t, "mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil),
		RoundingUnit:    draw(t, "unit", dec("1"), dec("10"), dec("1000")),
		Tax:             draw(t, "tax", "kr-vat", "jp-ct", "none"),
		TaxRounding:     draw(t, "tax mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil),
		ProviderTax:     draw(t, "provider tax", "retain", "pass"),
		PartnerDiscount: draw(t, "partner discount", "retain", "pass"),
	}
	common := invoice.Input{
		Month: october, MonthHasEnded: true, Issuer: party.Issuer{Code: "magam"},
		Customer: party.Customer{
			Code: "acme", Language: "en", Contract: contract,
			Currency: draw(t, "currency", money.KRW, money.KRW, money.KRW, money.USD, money.JPY),
		},
		Rules: anyRules(t), Adjustments: anyAdjustments(t), Credits: anyCredits(t), Fees: anyFees(t),
		Plans: plans, Rates: listings, TaxRules: some(t, "tax rules", 3, taxRules...), Holidays: holidays,
		Carried: map[invoice.CarryKey]decimal.Decimal{
			{Fee: "f-savings", Currency: money.USD}: sumOf(t, "carried", -50_000, 0),
		},
	}
	if contract.Tax != "none" {
		common.TaxRate = &tax.Rate{Tax: contract.Tax, Rate: draw(t, "rate", dec("10"), dec("8"), dec("7.7"))}
	}
	var inputs []invoice.Input
	for _, provider := range some(t, "second provider", 1, "gcp") {
		in := common
		in.Provider, in.Groups = provider, anyGroups(t, provider, 4)
		inputs = append(inputs, in)
	}
	common.Provider, common.Groups = "aws", anyGroups(t, "aws", 18)
	return append([]invoice.Input{common}, inputs...)
}

// anyGroups draws a bill: use, corrections, discounts, credits, taxes, what is
// bought, and plans that cover use.
func anyGroups(t *rapid.T, provider string, most int) []charge.Group {
	currencies := draw(t, "bill", []money.Currency{money.USD}, []money.Currency{money.USD},
		[]money.Currency{money.KRW}, []money.Currency{money.USD, money.JPY})
	var groups []charge.Group
	for range rapid.IntRange(0, most).Draw(t, "groups") {
		g := charge.Group{
			Provider:       provider,
			BillingAccount: "payer",
			SubAccount:     draw(t, "account", "111", "222", "333"),
			InvoiceIssuer: draw(
				t,
				"issuer",
				"Seller A",
				"Seller B",
			),
			Rows:     1,
			Currency: draw(t, "source", currencies...),
			BillingEntity: draw(
				t,
				"entity",
				"AWS",
				"AWS",
				"AWS",
				"AWS Marketplace",
			),
			Region:   draw(t, "region", "seoul", "tokyo"),
			Tags:     draw(t, "tags", "", `{"env":"prod"}`, `{"env":"dev","team":"web"}`),
			Category: charge.CategoryUsage,
			Quantity: sumOf(t, "quantity", 0, 9_000_000),
			Billed:   sumOf(t, "billed", -200_000, 3_000_000),
		}
		g.ServiceCode = draw(t, "service", "EC2", "S3", "RDS", "AWSSupport")
		g.ServiceName = "Amazon " + g.ServiceCode
		g.UsageType = g.ServiceCode + draw(t, "usage type", "-hours", "-other")
		g.Unit, g.SkuID = map[string]string{"S3": "GB"}[g.ServiceCode]+"", "sku-"+g.UsageType
		switch draw(t, "kind", "use", "use", "use", "use", "bought", "credit", "tax", "discount", "partner",
			"correction", "earlier", "plan", "other") {
		case "bought":
			g.Category = charge.CategoryPurchase
		case "credit":
			g.Category, g.Billed = charge.CategoryCredit, g.Billed.Abs().Neg()
		case "tax":
			g.Category = charge.CategoryTax
		case "discount":
			g.Class, g.Billed = charge.ClassDiscount, g.Billed.Abs().Neg()
			g.Category = draw(t, "discount of", charge.CategoryUsage, charge.CategoryAdjustment)
		case "partner":
			g.Category, g.Class = draw(
				t,
				"partner of",
				charge.CategoryUsage,
				charge.CategoryAdjustment,
			), charge.ClassPartnerDiscount
		case "correction":
			g.Class = charge.ClassCorrection
			g.Category = draw(t, "corrects", charge.CategoryUsage, charge.CategoryAdjustment)
		case "earlier":
			g.ChargeMonth, g.Class = october.Add(-1), charge.ClassCorrection
		case "other":
			g.Category = charge.CategoryAdjustment
		case "plan":
			groups = append(groups, covered(t, g)...)
			continue
		}
		g.List = draw(t, "list", g.Billed, g.Billed.Shift(1).Div(dec("8")), decimal.Zero)
		g.Effective, g.Contracted = draw(t, "effective", g.Billed, g.Billed.Div(dec("2"))), g.Billed
		groups = append(groups, g)
	}
	return groups
}

// covered is use that a plan covers: the use at list price, its negation, and the plan's fee.
func covered(t *rapid.T, g charge.Group) []charge.Group {
	g.CommitmentID = draw(t, "plan", "arn:plan-1", "arn:plan-2")
	g.Billed = g.Billed.Abs()
	g.List, g.Effective = g.Billed, g.Billed.Div(dec("2"))
	negation, fee := g, g
	negation.Billed, negation.Effective = g.Billed.Neg(), decimal.Zero
	fee.UsageType, fee.Category = "plan-fee", charge.CategoryPurchase
	fee.Billed, fee.Effective = sumOf(t, "plan fee", 0, 2_000_000), sumOf(t, "unused", 0, 500_000)
	negation.List, fee.List = decimal.Zero, decimal.Zero
	if rapid.Bool().Draw(t, "listed too") { // as readers fill in a list cost where the provider has none
		negation.List, fee.List = negation.Billed, fee.Billed
	}
	return []charge.Group{g, negation, fee}
}

func anyRules(t *rapid.T) []pricing.Rule {
	value := func(r pricing.Rule) pricing.Rule {
		r.Value = sumOf(t, r.ID, 0, 9_000)
		if r.Kind == pricing.KindMinimum || r.Kind == pricing.KindCap {
			r.Value = sumOf(t, r.ID, 0, 3_000_000)
		}
		return r
	}
	rules := some(t, "rules", 7, []pricing.Rule{
		{ID: "p-all", Customer: "*", Kind: "markup"},
		{ID: "p-acme", Customer: "acme", Kind: "discount"},
		{
			ID:       "p-then",
			Customer: "acme",
			Kind:     "markup",
			Service:  "RDS",
			Valid:    period.Span{To: october.Add(-1)},
		},
		{
			ID:       "p-now",
			Customer: "acme",
			Kind:     "markup",
			Service:  "Amazon RDS",
			Valid:    period.Span{From: october},
		},
		{ID: "p-account", Customer: "acme", Kind: "discount", SubAccount: "222"},
		{ID: "p-tag", Customer: "*", Kind: "discount", TagKey: "env", TagValue: "prod"},
		{ID: "p-key", Customer: "acme", Kind: "markup", TagKey: "team"},
		{ID: "p-clash", Customer: "acme", Kind: "markup", TagKey: "env", TagValue: "dev"},
		{ID: "p-region", Customer: "*", Kind: "markup", Region: "tokyo"},
		{ID: "p-entity", Customer: "*", Kind: "markup", BillingEntity: "AWS Marketplace"},
		{ID: "p-issuer", Customer: "acme", Kind: "discount", InvoicingEntity: "Seller B", Provider: "aws"},
		{ID: "p-unit", Customer: "acme", Kind: "unit-price", UsageType: "EC2-hours"},
		{ID: "p-sku", Customer: "*", Kind: "unit-price", SKU: "sku-RDS-other"},
		{ID: "p-credit", Customer: "acme", Kind: "discount", Category: "Credit"},
		{ID: "p-bought", Customer: "*", Kind: "discount", Category: "Purchase"},
		{ID: "p-use", Customer: "*", Kind: "discount", Category: "Usage", Provider: "gcp"},
		{ID: "p-min", Customer: "acme", Kind: "minimum", Service: "EC2", Pool: "account"},
		{ID: "p-min-all", Customer: "*", Kind: "minimum", SubAccount: "333"},
		{ID: "p-cap", Customer: "acme", Kind: "cap", Service: "S3"},
		{ID: "p-cap-tag", Customer: "*", Kind: "cap", TagKey: "team", TagValue: "web", Pool: "account"},
	}...)
	for i := range rules {
		rules[i] = value(rules[i])
	}
	for _, kind := range some(t, "table", 1, "graduated", "volume") {
		pool, first := draw(
			t,
			"pool",
			"customer",
			"account",
			"",
		), draw(
			t,
			"first tier",
			dec("10"),
			dec("1000"),
			dec("0.5"),
		)
		for i, bounds := range [][2]decimal.Decimal{{decimal.Zero, first}, {first, dec("40000")}, {dec("40000"), decimal.Zero}} {
			rules = append(rules, value(pricing.Rule{
				ID:        "p-tiers",
				Customer:  "acme",
				Kind:      "tier",
				Service:   draw(t, "tiers of", "S3"),
				UsageType: "S3-hours",
				TierKind:  kind,
				Pool:      pool,
				TierFrom:  bounds[0],
				TierTo:    bounds[1],
				Row:       i + 1,
			}))
		}
	}
	return rules
}

func anyAdjustments(t *rapid.T) []credit.Adjustment {
	one := func(id, kind string, stage credit.Stage, change func(*credit.Adjustment)) credit.Adjustment {
		a := adjustment(id, kind, "0", stage)
		if change != nil {
			change(&a)
		}
		return a
	}
	in := func(currency money.Currency, provider string) func(*credit.Adjustment) {
		return func(a *credit.Adjustment) { a.Currency, a.Provider = currency, provider }
	}
	sheet := some(
		t,
		"adjustments",
		5,
		one("a-01", "percent", "before-discount", nil),
		one("a-02", "percent", "before-discount", func(a *credit.Adjustment) { a.SubAccount = "111" }),
		one("a-03", "flat", "before-discount", in(money.USD, "aws")),
		one(
			"a-04",
			"flat",
			"before-discount",
			func(a *credit.Adjustment) { a.Currency, a.SubAccount = money.USD, "999" },
		),
		one("a-05", "percent", "after-discount", in(money.USD, "")),
		one("a-06", "flat", "after-discount", in(money.KRW, "")),
		one("a-07", "flat", "after-discount", in(money.JPY, "aws")),
		one("a-08", "flat", "after-discount", nil),
		one("a-09", "percent", "after-tax", nil),
		one("a-10", "flat", "after-tax", in(money.USD, "")),
		one("a-11", "flat", "after-tax", in(money.KRW, "aws")),
		one("a-12", "flat", "after-discount", func(a *credit.Adjustment) {
			a.Currency, a.Month, a.Repeat = money.USD, october.Add(-1), "instalments:3"
		}),
		one("a-13", "flat", "after-discount", func(a *credit.Adjustment) {
			a.Currency, a.Month, a.Repeat, a.To = money.USD, october.Add(-4), "monthly", october
		}),
		one("a-14", "percent", "after-discount", func(a *credit.Adjustment) {
			a.Month, a.Repeat, a.To = october.Add(-4), "monthly", october.Add(-1)
		}),
	)
	for i := range sheet {
		sheet[i].Value = sumOf(t, sheet[i].ID, -20_000, 5_000).Truncate(8)
		if sheet[i].Kind == "flat" {
			sheet[i].Value = sumOf(t, sheet[i].ID, -500_000, 200_000).Truncate(8)
		}
	}
	return sheet
}

func anyCredits(t *rapid.T) []credit.Credit {
	sheet := some(
		t,
		"credits",
		5,
		credit.Credit{ID: "c-1", Currency: money.USD},
		credit.Credit{
			ID:       "c-2",
			Currency: money.USD,
			Provider: "aws",
			Services: []string{"S3", "Amazon RDS"},
		},
		credit.Credit{ID: "c-3", Currency: money.KRW, Priority: 2},
		credit.Credit{ID: "c-4", Currency: money.KRW, SubAccounts: []string{"111", "222"}},
		credit.Credit{ID: "c-5", Currency: money.JPY, Valid: period.Span{From: october.Add(-3), To: october}},
		credit.Credit{ID: "c-6", Provider: "aws", Valid: period.Span{From: october, To: october.Add(4)}},
		credit.Credit{ID: "c-7", Currency: money.USD, Valid: period.Span{To: october.Add(-1)}},
	)
	for i := range sheet {
		sheet[i].Balance = sumOf(t, sheet[i].ID, 0, 2_000_000)
		if sheet[i].Currency == money.KRW {
			sheet[i].Balance = sheet[i].Balance.Shift(3)
		}
	}
	return sheet
}

func anyFees(t *rapid.T) []pricing.Fee {
	fees := some(
		t,
		"fees",
		3,
		pricing.Fee{ID: "f-business", Provider: "aws", Kind: "support", Plan: "business"},
		pricing.Fee{ID: "f-accounts", Provider: "aws", Kind: "support", Plan: "business", Per: "account"},
		pricing.Fee{ID: "f-rate", Kind: "management", Rate: dec("3.3"), ExcludeServices: []string{"S3"}},
		pricing.Fee{
			ID:       "f-flat",
			Kind:     "management",
			Flat:     sumOf(t, "flat", 0, 900_000),
			Currency: money.USD,
		},
		pricing.Fee{
			ID:       "f-least",
			Provider: "aws",
			Kind:     "management",
			Rate:     dec("1"),
			Minimum:  dec("250"),
			Per:      "account",
		},
		pricing.Fee{ID: "f-old", Kind: "management", Rate: dec("9"), Valid: period.Span{To: october.Add(-1)}},
		pricing.Fee{ID: "f-savings", Provider: "aws", Kind: "savings", Rate: dec("20")},
	)
	for i := range fees {
		fees[i].Row = i + 1
	}
	return fees
}

// What is listed: rates by day, a plan's table, tax rules, days on which banks are shut.
var (
	holidays = []time.Time{day("2026-10-30")}
	plans    = []pricing.PlanRow{
		{Plan: "business", To: dec("10000"), Rate: dec("10"), Minimum: dec("100"), Currency: money.USD},
		{Plan: "business", From: dec("10000"), To: dec("80000"), Rate: dec("7"), Currency: money.USD},
		{Plan: "business", From: dec("80000"), Rate: dec("5"), Currency: money.USD},
		{Plan: "business", Rate: dec("99"), Currency: money.USD, Valid: period.Span{To: october.Add(-1)}},
	}
	taxRules = []tax.Rule{
		{Service: "RDS", TaxCategory: tax.Exempt},
		{InvoicingEntity: "Seller B", TaxCategory: tax.ZeroRated},
		{BillingEntity: "AWS Marketplace", Category: "Usage", TaxCategory: tax.AlreadyTaxed},
		{Service: "Amazon S3", Valid: period.Span{To: october.Add(-1)}, TaxCategory: tax.Exempt},
	}
	listings = func() (rates []tax.FXRate) {
		for d := 1; d <= 31; d++ {
			for base, value := range map[money.Currency]string{money.USD: "1388.1", money.JPY: "912.34", money.KRW: "0.0724"} {
				for _, quote := range []money.Currency{money.KRW, money.USD, money.JPY} {
					rate := tax.FXRate{
						Date:  day(fmt.Sprintf("2026-10-%02d", d)),
						Base:  base,
						Quote: quote,
						Type:  "매매기준율",
						Per:   1,
					}
					rate.Value = dec(value).Add(decimal.New(int64(d*d), -4))
					if base == money.JPY {
						rate.Per = 100
					}
					rates = append(rates, rate)
				}
			}
		}
		return rates
	}()
)
