package sample

import "math/rand/v2"

// ratesSheet lists a rate for every business day of the month and the two before.
func ratesSheet(opts Options) *sheet {
	s := newSheet("rates", "date, base, quote, type, per, value, source, approved_by")
	pcg := stream(opts.Seed, "exchange rates")
	// Tenths of a won per dollar, hundredths of a won per 100 yen, hundredths of a yen per dollar.
	won, yen, yenPerDollar := int64(13_881), int64(92_155), int64(15_062)
	const source, desk = "서울외국환중개", "park"
	for back := 2; back >= 0; back-- {
		for _, date := range businessDays(opts.Month.Add(-back)) {
			won += walk(pcg, 85)
			yen += walk(pcg, 320)
			yenPerDollar += walk(pcg, 60)
			s.add("date", date, "base", "USD", "quote", "KRW", "type", "매매기준율", "per", "1",
				"value", scaled(won, 1), "source", source, "approved_by", desk)
			s.add("date", date, "base", "USD", "quote", "KRW", "type", "TTS", "per", "1",
				"value", scaled(won*10+won*10*175/10_000, 2), "source", "가나은행", "approved_by", desk)
			s.add("date", date, "base", "JPY", "quote", "KRW", "type", "매매기준율", "per", "100",
				"value", scaled(yen, 2), "source", source, "approved_by", desk)
			s.add("date", date, "base", "USD", "quote", "JPY", "type", "매매기준율", "per", "1",
				"value", scaled(yenPerDollar, 2), "source", "東京仲値", "approved_by", desk)
		}
	}
	return s
}

// walk is a day's change: up to half of span either way.
func walk(pcg *rand.PCG, span uint64) int64 { return below(pcg, span+1) - int64(span/2) }

// scaled prints value/10^places as people write rates.
func scaled(value int64, places int) string {
	return amount(value * pow10[amountPlaces-places]).plain()
}

var pow10 = [...]int64{
	1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
}

func taxesSheet() *sheet {
	s := newSheet("taxes", "tax, kind, rate, from, to")
	s.add("tax", "kr-vat", "rate", "10")
	s.add("tax", "jp-ct", "rate", "8", "from", "2014-04", "to", "2019-09")
	s.add("tax", "jp-ct", "rate", "10", "from", "2019-10")
	s.add("tax", "jp-ct", "kind", "reduced", "rate", "8", "from", "2019-10")
	return s
}

func taxRulesSheet() *sheet {
	s := newSheet("tax_rules", "invoicing_entity, billing_entity, service, category, tax_category, from, to")
	s.add("billing_entity", "AWS Marketplace", "tax_category", "already-taxed")
	s.add("invoicing_entity", foreignEntity, "tax_category", "zero-rated")
	return s
}

func budgetsSheet(opts Options) *sheet {
	s := newSheet("budgets", "customer, organization, sub_account, month, amount, currency, alert_at")
	for _, c := range customers {
		s.add("customer", c.code, "month", opts.Month.String(), "amount", c.budget, "currency", "USD",
			"alert_at", "80")
	}
	s.add("customer", "haneul", "sub_account", accountOf("haneul-live").id, "month", opts.Month.String(),
		"amount", "9000", "currency", "USD", "alert_at", "90")
	return s
}

// commitmentsSheet lists the pledges that the exports show at work, and some
// that they do not: another cloud's, one that ended, one with years to go.
func commitmentsSheet(opts Options) *sheet {
	s := newSheet(
		"commitments",
		`id, provider, kind, sub_account, service, region, family, description, term_months,
		payment_option, upfront, hourly, currency, bought_on, starts_on, ends_on, recipients`,
	)
	option := map[string]string{"No Upfront": "no", "Partial Upfront": "partial", "All Upfront": "all"}
	for _, p := range pledges {
		of := accountOf(p.account)
		service, hourly := items[p.item].service.code, p.recurring
		if p.kind == "sp" {
			service = p.offering()
		} else {
			hourly *= amount(p.reserved)
		}
		s.add("id", p.arn(), "provider", "aws", "kind", p.kind, "sub_account", of.id, "service", service,
			"region", of.payer.region, "family", p.item, "description", p.note, "term_months", number(p.term),
			"payment_option", option[p.payment], "upfront", p.upfront().plain(), "hourly", hourly.plain(),
			"currency", "USD", "bought_on", p.bought(opts.Month), "starts_on", p.bought(opts.Month),
			"ends_on", p.ends(opts.Month), "recipients", "kim "+salesmanOf(of.customer))
	}
	other := func(id, provider, kind, alias, service, region, family, description, payment, hourly string,
		term, ends int,
	) {
		end := opts.Month.End().AddDate(0, 0, ends)
		starts := end.AddDate(0, -term, 0).Format(dateForm)
		of := accountOf(alias)
		s.add("id", id, "provider", provider, "kind", kind, "sub_account", of.id, "service", service,
			"region", region, "family", family, "description", description, "term_months", number(term),
			"payment_option", payment, "upfront", "0", "hourly", hourly, "currency", "USD", "bought_on",
			starts, "starts_on", starts, "ends_on", end.Format(dateForm), "recipients", "kim ryu")
	}
	other("azr-onnuri-d4s", "azure", "reservation", "onnuri-office", "Virtual Machines", "koreacentral",
		"D4s_v5", "사내 업무 서버 2대, 곧 만료", "no", "0.236", 12, 6)
	other("cud-haneul-n2", "gcp", "cud", "haneul-ads", "Compute Engine", "asia-northeast3", "N2", "광고 집계",
		"no", "0.41", 36, 410)
	other("ri-narae-ended", "aws", "ri", "narae-dr", "AmazonEC2", seoul.region, "t3.medium",
		"재해복구 대기 서버, 만료됨", "no", "0.031", 12, -18)
	return s
}

func salesmanOf(code string) string {
	for _, c := range customers {
		if c.code == code {
			return c.salesman
		}
	}
	panic("sample: no customer " + code)
}

func thresholdsSheet() *sheet {
	s := newSheet("thresholds", "customer, hold, value")
	s.add("customer", "*", "hold", "jump-floor", "value", "1000000")
	s.add("customer", "narae", "hold", "total-above", "value", "15000000")
	return s
}

func holidaysSheet(opts Options) *sheet {
	s := newSheet("holidays", "date, name")
	for _, h := range holidays(opts.Month.Add(-2), opts.Month.Add(2)) {
		s.add("date", h.date, "name", h.name)
	}
	return s
}
