package invoice_test

import (
	"slices"
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

// draw picks one of several.
func draw[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// rarely is true once in so many.
func rarely(t *rapid.T, label string, once int) bool {
	return rapid.Uint64().Draw(t, label)%uint64(once) == uint64(once)/2
}

// some picks some of several, at most as many as are named.
func some[T any](t *rapid.T, label string, most int, from ...T) []T {
	count := rapid.IntRange(0, min(most, len(from))).Draw(t, label+" count")
	return rapid.Permutation(from).Draw(t, label)[:count]
}

// sumOf draws an amount between two bounds, in whole units or far finer.
func sumOf(t *rapid.T, label string, from, to int64) decimal.Decimal {
	scale := draw(t, label+" scale", int32(2), 2, 6, 12)
	return decimal.New(rapid.Int64Range(from, to).Draw(t, label), 2-scale).Shift(-2).Truncate(14)
}

// anyMonth draws a customer's month that may use every rule there is.
func anyMonth(t *rapid.T) []invoice.Input {
	contract := party.Contract{
		PriceBasis:      draw(t, "basis", "billed", "list", "effective"),
		FXRule:          draw(t, "fx rule", "month-end", "month-average", "day:15"),
		FXType:          "매매기준율",
		RoundingPoint:   draw(t, "point", "line", "product", "document"),
		RoundingMode:    draw(t, "mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil),
		RoundingUnit:    draw(t, "unit", dec("1"), dec("10"), dec("1000")),
		Tax:             draw(t, "tax", "kr-vat", "jp-ct", "none"),
		TaxRounding:     draw(t, "tax mode", money.ModeTruncate, money.ModeHalfUp, money.ModeCeil),
		ProviderTax:     draw(t, "provider tax", "retain", "pass"),
		PartnerDiscount: draw(t, "partner discount", "retain", "pass"),
		ProviderCredit:  draw(t, "provider credit", "pass", "pooled"),
	}
	common := invoice.Input{
		Month: october, MonthHasEnded: !rarely(t, "not ended", 30), Issuer: party.Issuer{Code: "magam"},
		Customer: party.Customer{
			Code: "acme", Language: "en", Contract: contract,
			Currency: draw(t, "currency", money.KRW, money.KRW, money.KRW, money.USD, money.JPY),
		},
		Rules: anyRules(t), Adjustments: anyAdjustments(t), Credits: anyCredits(t), Fees: anyFees(t),
		Rates: anyListings(t), TaxRules: some(t, "tax rules", 3, taxRules...), Holidays: holidays,
	}
	if !rarely(t, "no plan", 8) {
		common.Plans = plans
	}
	if contract.Tax != "none" && !rarely(t, "no tax", 20) {
		common.TaxRate = &tax.Rate{Tax: contract.Tax, Rate: draw(t, "rate", dec("10"), dec("8"), dec("7.7"))}
	}
	if contract.Tax != "none" && !rarely(t, "no reduced tax", 4) {
		common.ReducedRate = &tax.Rate{Tax: contract.Tax, Kind: "reduced", Rate: dec("5.5")}
	}
	var inputs []invoice.Input
	for i, provider := range append([]string{"aws"}, some(t, "second provider", 1, "gcp")...) {
		in := common
		in.Provider, in.Groups = provider, anyGroups(t, provider, 18-14*i)
		in.Transfers = anyTransfers(t, in.Groups)
		carried := invoice.CarryKey{Fee: "f-savings", Currency: draw(t, "carried in", money.USD, money.KRW)}
		in.Carried = map[invoice.CarryKey]decimal.Decimal{carried: sumOf(t, "carried", -50_000, 0)}
		inputs = append(inputs, in)
	}
	return inputs
}

// anyGroups draws a bill: use, corrections, discounts, credits, taxes, what is
// bought, and plans that cover use. As SQL gathers them, no two are alike.
func anyGroups(t *rapid.T, provider string, most int) []charge.Group {
	currencies := draw(t, "bill", []money.Currency{money.USD}, []money.Currency{money.USD},
		[]money.Currency{money.KRW}, []money.Currency{money.USD, money.JPY},
		[]money.Currency{money.JPY, money.USD})
	var groups []charge.Group
	seen := map[charge.Group]bool{}
	for range rapid.IntRange(0, most).Draw(t, "groups") {
		for _, g := range anyGroupsOf(t, provider, draw(t, "source", currencies...)) {
			alike := g
			alike.Quantity, alike.Billed, alike.List = decimal.Zero, decimal.Zero, decimal.Zero
			alike.Effective, alike.Contracted = decimal.Zero, decimal.Zero
			if !seen[alike] {
				seen[alike], groups = true, append(groups, g)
			}
		}
	}
	return groups
}

func anyGroupsOf(t *rapid.T, provider string, currency money.Currency) []charge.Group {
	kind := draw(t, "kind", "use", "use", "use", "use", "bought", "credit", "tax", "discount", "partner",
		"correction", "earlier", "plan", "other")
	g := charge.Group{
		Provider:       provider,
		BillingAccount: draw(t, "payer", "payer 1", "payer 1", "payer 2"),
		SubAccount:     draw(t, "account", "111", "222", "333"),
		InvoiceIssuer:  draw(t, "issuer", "Seller A", "Seller B"),
		BillingEntity:  draw(t, "entity", "AWS", "AWS", "AWS", "AWS Marketplace"),
		Region:         draw(t, "region", "seoul", "tokyo"),
		Tags:           draw(t, "tags", "", `{"env":"prod"}`, `{"env":"dev","team":"web"}`),
		ServiceCode:    draw(t, "service", "EC2", "S3", "RDS", "AWSSupport"),
		Rows:           1, Currency: currency, LineType: kind, Category: charge.CategoryUsage,
		Quantity: sumOf(t, "quantity", 0, 9_000_000),
		Billed:   sumOf(t, "billed", -200_000, 3_000_000),
	}
	g.ServiceName = "Amazon " + g.ServiceCode
	g.UsageType = g.ServiceCode + draw(t, "usage type", "-hours", "-other")
	g.SkuID = "sku-" + g.UsageType
	if g.ServiceCode == "S3" {
		g.Unit = draw(t, "unit of use", "GB", "GB", "GB", "TB")
	}
	either := draw(t, "category", charge.CategoryUsage, charge.CategoryAdjustment)
	switch kind {
	case "bought":
		g.Category = charge.CategoryPurchase
	case "credit":
		g.Category, g.Billed = charge.CategoryCredit, g.Billed.Abs().Neg()
	case "tax":
		g.Category = charge.CategoryTax
	case "discount":
		g.Category, g.Class, g.Billed = either, charge.ClassDiscount, g.Billed.Abs().Neg()
	case "partner":
		g.Category, g.Class = either, charge.ClassPartnerDiscount
	case "correction":
		g.Category, g.Class = either, charge.ClassCorrection
	case "earlier":
		g.ChargeMonth, g.Class = october.Add(-1), charge.ClassCorrection
	case "other":
		g.Category = charge.CategoryAdjustment
	case "plan":
		return covered(t, g)
	}
	g.List = draw(t, "list", g.Billed, g.Billed.Shift(1).Div(dec("8")), decimal.Zero)
	g.Effective, g.Contracted = draw(t, "effective", g.Billed, g.Billed.Div(dec("2"))), g.Billed
	return []charge.Group{g}
}

// covered is use that a plan covers: the use at list price, its negation, and the plan's fee.
func covered(t *rapid.T, g charge.Group) []charge.Group {
	g.CommitmentID = draw(t, "plan", "arn:plan-1", "arn:plan-2")
	g.Billed = g.Billed.Abs()
	g.List, g.Effective = g.Billed, g.Billed.Div(dec("2"))
	negation, fee := g, g
	negation.LineType, fee.LineType = "negation", "fee"
	negation.Billed, negation.Effective = g.Billed.Neg(), decimal.Zero
	fee.UsageType, fee.Category = "plan-fee", charge.CategoryPurchase
	fee.Billed, fee.Effective = sumOf(t, "plan fee", 0, 2_000_000), sumOf(t, "unused", 0, 500_000)
	negation.List = draw(t, "list of the negation", decimal.Zero, negation.Billed)
	fee.List = draw(t, "list of the fee", decimal.Zero, fee.Billed)
	idle := g
	idle.UsageType, idle.LineType, idle.Billed = "idle", "UnusedReservation", decimal.Zero
	return []charge.Group{g, negation, fee, idle}
}

// anyTransfers draws what benefit policies move to the customer's accounts, and
// what shared costs take from them and let the customer bear.
func anyTransfers(t *rapid.T, groups []charge.Group) []pricing.Transfer {
	if len(groups) == 0 || rarely(t, "nothing is moved", 2) {
		return nil
	}
	var list []pricing.Transfer
	move := func(kind pricing.TransferKind, rule string, g charge.Group, billed decimal.Decimal) *pricing.Transfer {
		one := taken(g)
		one.Kind, one.Rule, one.Taken, one.Currency = kind, rule, false, g.Currency
		one.Billed, one.Effective = billed, billed
		list = append(list, one)
		return &list[len(list)-1]
	}
	gone, likes := map[pricing.Place]decimal.Decimal{}, map[pricing.Place]charge.Group{}
	var places []pricing.Place
	take := func(place pricing.Place, like charge.Group, billed decimal.Decimal) {
		if _, twice := gone[place]; !twice {
			gone[place], likes[place], places = billed, like, append(places, place)
		}
	}
	for _, plan := range some(t, "benefits", 2, "arn:plan-1", "arn:plan-2") {
		like := draw(t, "like", groups...)
		like.Category = draw(t, "of", charge.CategoryUsage, charge.CategoryPurchase)
		like.Class, like.CommitmentID, like.ChargeMonth = charge.ClassRegular, plan, period.Month{}
		policy := draw(t, "policy", "pooled", "owner-only")
		one := move(pricing.TransferBenefit, policy, like, sumOf(t, "moved", -500_000, 500_000))
		one.UsageType, one.Effective = plan, draw(t, "effective", one.Billed, one.Billed.Div(dec("4")))
		if rarely(t, "benefit shared", 4) {
			take(one.Place(), like, one.Billed)
		}
	}
	for _, like := range some(t, "taken", 2, groups...) {
		billed := decimal.Zero
		for _, g := range groups {
			if pricing.PlaceOf(g) == pricing.PlaceOf(like) {
				billed = billed.Add(g.Billed)
			}
		}
		take(pricing.PlaceOf(like), like, billed)
	}
	for _, place := range places {
		one := move(pricing.TransferShared, "s-net", likes[place], gone[place].Neg())
		one.Taken, one.UsageType = true, place.UsageType
	}
	if rarely(t, "list is old", 30) && len(gone) > 0 {
		list[len(list)-1].Billed = list[len(list)-1].Billed.Add(dec("0.01"))
	}
	for _, like := range some(t, "borne", 2, groups...) {
		like.SubAccount, like.CommitmentID = "", ""
		move(pricing.TransferShared, "s-net", like, sumOf(t, "borne", -300_000, 900_000)).UsageType = "s-net"
	}
	return list
}

func anyRules(t *rapid.T) []pricing.Rule {
	before, now := period.Span{To: october.Add(-1)}, period.Span{From: october}
	rules := some(t, "rules", 7, []pricing.Rule{
		{ID: "p-all", Customer: "*", Kind: "markup"},
		{ID: "p-acme", Customer: "acme", Kind: "discount"},
		{ID: "p-then", Customer: "acme", Kind: "markup", Service: "RDS", Valid: before},
		{ID: "p-now", Customer: "acme", Kind: "markup", Service: "Amazon RDS", Valid: now},
		{ID: "p-account", Customer: "acme", Kind: "discount", SubAccount: "222"},
		{ID: "p-tag", Customer: "*", Kind: "discount", TagKey: "env", TagValue: "prod"},
		{ID: "p-key", Customer: "acme", Kind: "markup", TagKey: "team"},
		{ID: "p-clash", Customer: "acme", Kind: "markup", TagKey: "env", TagValue: "dev"},
		{ID: "p-region", Customer: "*", Kind: "markup", Region: "tokyo"},
		{ID: "p-entity", Customer: "*", Kind: "markup", BillingEntity: "AWS Marketplace"},
		{ID: "p-issuer", Customer: "acme", Kind: "discount", Provider: "aws", InvoicingEntity: "Seller B"},
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
	for _, kind := range some(t, "table", 1, "graduated", "volume") {
		table := pricing.Rule{ID: "p-tiers", Customer: "acme", Kind: "tier", Service: "S3", TierKind: kind}
		table.UsageType = draw(t, "tiers of", "S3-hours", "")
		table.Pool = draw(t, "pool", "customer", "account", "")
		first, second := draw(t, "first tier", dec("10"), dec("1000"), dec("0.5")), dec("40000")
		for i, bounds := range [][2]decimal.Decimal{{decimal.Zero, first}, {first, second}, {second, decimal.Zero}} {
			table.TierFrom, table.TierTo, table.Row, table.Valid = bounds[0], bounds[1], i+1, now
			earlier := table
			earlier.Valid = before
			rules = append(rules, table, earlier)
		}
	}
	for i := range rules {
		rules[i].Value = sumOf(t, rules[i].ID, 0, 9_000)
		if rules[i].Kind == pricing.KindMinimum || rules[i].Kind == pricing.KindCap {
			rules[i].Value = sumOf(t, rules[i].ID, 0, 3_000_000)
		}
	}
	return rules
}

func anyAdjustments(t *rapid.T) []credit.Adjustment {
	before, after, afterTax := credit.StageBeforeDiscount, credit.StageAfterDiscount, credit.StageAfterTax
	one := func(
		id, kind string, stage credit.Stage, currency money.Currency, provider, account string,
	) credit.Adjustment {
		a := adjustment(id, kind, "0", stage)
		a.Currency, a.Provider, a.SubAccount = currency, provider, account
		return a
	}
	repeats := func(a credit.Adjustment, since int, repeat string, to int) credit.Adjustment {
		a.Month, a.Repeat, a.To = october.Add(-since), repeat, october.Add(-to)
		return a
	}
	sheet := some(t, "adjustments", 5,
		one("a-01", "percent", before, "", "", ""), one("a-02", "percent", before, "", "", "111"),
		one("a-03", "flat", before, money.USD, "aws", ""), one("a-04", "flat", before, money.USD, "", "999"),
		one("a-05", "percent", after, money.USD, "", ""), one("a-06", "flat", after, money.KRW, "", ""),
		one("a-07", "flat", after, money.JPY, "aws", ""), one("a-08", "flat", after, "", "", ""),
		one("a-09", "percent", afterTax, "", "", ""), one("a-10", "flat", afterTax, money.USD, "", ""),
		one("a-11", "flat", afterTax, money.KRW, "aws", ""), one("a-12", "flat", afterTax, "", "", ""),
		repeats(one("a-13", "flat", after, money.USD, "", ""), 1, "instalments:3", 0),
		repeats(one("a-14", "flat", after, "", "", "111"), 2, "instalments:7", 0),
		repeats(one("a-15", "flat", after, money.USD, "", ""), 4, "monthly", 0),
		repeats(one("a-16", "percent", after, "", "", ""), 4, "monthly", 1),
		repeats(one("a-17", "flat", after, money.USD, "", ""), 3, "instalments:3", 0),
	)
	for i := range sheet {
		sheet[i].Value = sumOf(t, sheet[i].ID, -20_000, 5_000).Truncate(8)
		if sheet[i].Kind == "flat" {
			sheet[i].Value = sumOf(t, sheet[i].ID, -500_000, 200_000).Truncate(8)
		}
		if rarely(t, "not approved", 60) {
			sheet[i].Approver = sheet[i].Author
		}
	}
	return sheet
}

func anyCredits(t *rapid.T) []credit.Credit {
	sheet := some(t, "credits", 5, []credit.Credit{
		{ID: "c-1", Currency: money.USD},
		{ID: "c-2", Currency: money.USD, Provider: "aws", Services: []string{"S3", "Amazon RDS"}},
		{ID: "c-3", Currency: money.KRW, Priority: 2},
		{ID: "c-4", Currency: money.KRW, SubAccounts: []string{"111", "222"}},
		{ID: "c-5", Currency: money.JPY, Valid: period.Span{From: october.Add(-3), To: october}},
		{ID: "c-6", Provider: "aws", Valid: period.Span{From: october, To: october.Add(4)}},
		{ID: "c-7", Currency: money.USD, Valid: period.Span{To: october.Add(-1)}},
		{ID: "c-8", Currency: money.USD, Valid: period.Span{From: october.Add(1)}},
		{ID: "c-9", SubAccounts: []string{"111"}, Priority: 1},
	}...)
	for i := range sheet {
		sheet[i].Balance = sumOf(t, sheet[i].ID, 0, 2_000_000)
		if sheet[i].Currency == money.KRW {
			sheet[i].Balance = sheet[i].Balance.Shift(3)
		}
	}
	return sheet
}

func anyFees(t *rapid.T) []pricing.Fee {
	flat := pricing.Fee{ID: "f-flat", Kind: "management", Flat: sumOf(t, "flat", 0, 900_000)}
	flat.Rate, flat.Currency = dec("2"), draw(t, "flat in", money.USD, money.USD, "")
	least := pricing.Fee{ID: "f-least", Provider: "aws", Kind: "management", Rate: dec("1"), Per: "account"}
	least.Minimum = dec("250")
	return some(t, "fees", 2, []pricing.Fee{
		{ID: "f-business", Provider: "aws", Kind: "support", Plan: "business"},
		{ID: "f-accounts", Provider: "aws", Kind: "support", Plan: "business", Per: "account"},
		{ID: "f-rate", Kind: "management", Rate: dec("3.3"), ExcludeServices: []string{"S3"}},
		{ID: "f-old", Kind: "management", Rate: dec("9"), Valid: period.Span{To: october.Add(-1)}},
		{ID: "f-savings", Provider: "aws", Kind: "savings", Rate: dec("20")},
		flat, least,
	}...)
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
		{Service: "S3", TaxCategory: tax.Reduced},
		{InvoicingEntity: "Seller B", TaxCategory: tax.ZeroRated},
		{BillingEntity: "AWS Marketplace", Category: "Usage", TaxCategory: tax.AlreadyTaxed},
		{Service: "Amazon S3", Valid: period.Span{To: october.Add(-1)}, TaxCategory: tax.Exempt},
		{Service: "Amazon RDS", TaxCategory: tax.Reduced}, // disagrees with the first
	}
	listings = func() (rates []tax.FXRate) {
		value := map[money.Currency]string{money.USD: "1388.1", money.JPY: "912.34", money.KRW: "0.0724"}
		for i := range 31 * 9 {
			day, three := i/9+1, []money.Currency{money.KRW, money.USD, money.JPY}
			rate := tax.FXRate{Base: three[i%3], Quote: three[i/3%3], Type: tax.DefaultFXType, Per: 1}
			rate.Date = october.Start().AddDate(0, 0, day-1)
			rate.Value = dec(value[rate.Base]).Add(decimal.New(int64(day*day), -4))
			if rate.Base == money.JPY {
				rate.Per = 100
			}
			rates = append(rates, rate)
		}
		return rates
	}()
)

// anyListings draws the sheet of rates: now and then it lacks yen, or has two values for a day.
func anyListings(t *rapid.T) []tax.FXRate {
	rates := slices.Clone(listings)
	switch {
	case rarely(t, "no yen", 8):
		rates = slices.DeleteFunc(rates, func(r tax.FXRate) bool { return r.Base == money.JPY })
	case rarely(t, "two values", 9):
		last := rates[len(rates)-1-9:] // of the 30th and the 31st, all pairs
		for _, rate := range last {
			rate.Value = rate.Value.Add(dec("1"))
			rates = append(rates, rate)
		}
	}
	return rates
}
