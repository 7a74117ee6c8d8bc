package sample

import "strings"

func issuerSheet() *sheet {
	s := newSheet(
		"issuer",
		`code, name, name_en, name_ja, business_number, branch_id, t_number, representative,
		business_type, business_item, address, address_en, address_ja, bank_account, mail_from, number_series, logo, color`,
	)
	s.add("code", "magam", "name", "마감클라우드 주식회사", "name_en", "Magam Cloud Inc.",
		"name_ja", "マガムクラウド株式会社", "business_number", businessNumber("220870415"),
		"t_number", corporateNumber("700150098321"), "representative", "김마감", "business_type", "정보통신업",
		"business_item", "클라우드 서비스 재판매", "address", "서울특별시 중구 세종대로 110, 15층",
		"address_en", "15F, 110 Sejong-daero, Jung-gu, Seoul, Republic of Korea",
		"address_ja", "大韓民国ソウル特別市中区世宗大路110、15階", "bank_account", "가나은행 123-456-789012 마감클라우드(주)",
		"mail_from", "billing@magamcloud.example", "number_series", "INV", "color", "#1F4E79")
	return s
}

func peopleSheet() *sheet {
	s := newSheet("people", "code, name, email, roles")
	for _, p := range [][3]string{
		{"lee", "이재무", "finance"},
		{"park", "박승인", "approver finance"},
		{"choi", "최결재", "approver"},
		{"kim", "김운영", "ops"},
		{"ryu", "류당직", "ops"},
		{"han", "한영업", ""},
		{"jung", "정영업", ""},
		{"sato", "佐藤 恵", ""},
	} {
		s.add("code", p[0], "name", p[1], "email", p[0]+"@magamcloud.example", "roles", p[2])
	}
	return s
}

func customersSheet(opts Options) *sheet {
	s := newSheet(
		"customers",
		`code, issuer, name, name_en, name_ja, country, business_number, branch_id, t_number,
		representative, business_type, business_item, address, language, currency, price_basis, benefit_policy,
		benefit_share, fx_rule, fx_type, rounding_point, rounding_mode, rounding_unit, tax, tax_rounding, provider_tax,
		partner_discount, provider_credit, move_policy, terms_days, billing_cycle, group_by, salesman, auto_approve,
		from, to`,
	)
	for _, c := range customers {
		rule := c.fxRule
		if rule == fxBusinessDay {
			rule = "day:" + listedDay(opts)
		}
		s.add(
			"code", c.code, "issuer", "magam", "name", c.name, "name_en", c.nameEn, "name_ja", c.nameJa,
			"country", c.country, "business_number", c.businessNumber, "t_number", c.tNumber,
			"representative", c.representative, "business_type", c.businessType,
			"business_item", c.item, "address", c.address, "language", c.language,
			"currency", c.currency, "price_basis", or(c.basis, "billed"),
			"benefit_policy", or(c.benefit, "as-billed"), "benefit_share", c.benefitShare,
			"fx_rule", rule, "fx_type", or(c.fxType, "매매기준율"), "rounding_point", "document",
			"rounding_mode", c.roundingMode, "rounding_unit", or(c.roundingUnit, "1"), "tax", c.tax,
			"tax_rounding", or(c.taxRounding, "truncate"), "provider_tax", "retain",
			"partner_discount", or(c.partnerDiscount, "retain"),
			"provider_credit", or(c.providerCredit, "pass"), "move_policy", "whole-month",
			"terms_days", c.terms, "billing_cycle", "monthly", "group_by", or(c.groupBy, "account"),
			"salesman", c.salesman, "auto_approve", c.approval, "from", opts.monthsBefore(c.monthsAgo),
		)
	}
	return s
}

// listedDay is the first day from the 20th on which rates are listed.
func listedDay(opts Options) string {
	for _, date := range businessDays(opts.Month) {
		if date[8:] >= "20" {
			return date[8:]
		}
	}
	return "15" // no month is without a business day after the 20th
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func organizationsSheet() *sheet {
	s := newSheet("organizations", "customer, code, name")
	for _, c := range customers {
		for _, o := range c.organizations {
			s.add("customer", c.code, "code", o.code, "name", o.name)
		}
	}
	return s
}

func groupsSheet() *sheet {
	s := newSheet("groups", "customer, organization, code, name, parent")
	for _, c := range customers {
		for _, o := range c.organizations {
			s.add("customer", c.code, "organization", o.code, "code", "root", "name", "Root")
			for _, g := range o.groups {
				s.add("customer", c.code, "organization", o.code, "code", g.code, "name", g.name, "parent",
					"root")
			}
		}
	}
	return s
}

func accountsSheet(opts Options) *sheet {
	s := newSheet("accounts", "provider, sub_account, alias, customer, organization, group, from, to")
	began := map[string]string{}
	for _, c := range customers {
		began[c.code] = opts.Month.Add(-c.monthsAgo).Start().Format(dateForm)
	}
	for _, a := range accounts {
		alias := a.alias
		if alias == "mirae-lms2" {
			alias = "mirae-lms" // two accounts that the customer knows as one
		}
		s.add("provider", a.provider, "sub_account", a.id, "alias", alias, "customer", a.customer,
			"organization", a.organization, "group", a.group, "from", began[a.customer])
	}
	return s
}

func contactsSheet(opts Options) *sheet {
	s := newSheet("contacts",
		"customer, email, name, language, role, scope, documents, delivery, cc, from, to")
	for _, c := range customers {
		since := opts.monthsBefore(c.monthsAgo)
		s.add("customer", c.code, "email", c.billing.local+"@"+c.domain, "name", c.billing.name, "language",
			c.language, "role", "root", "documents", "invoice by-account detail account-detail", "delivery",
			"mail", "from", since)
		s.add("customer", c.code, "email", c.technical.local+"@"+c.domain, "name", c.technical.name,
			"language", c.language, "role", "accounts", "scope", strings.Join(accountsOf(c.code), " "),
			"documents", "detail account-detail", "delivery", "mail", "from", since)
	}
	s.add("customer", "haneul", "email", "live-lead@haneulgames.example", "name", "천시온", "language", "ko",
		"role", "group", "scope", "live", "documents", "account-detail", "delivery", "mail",
		"from", opts.monthsBefore(6))
	s.add("customer", "alpha", "email", "cfo@alpha-electronics.example", "name", "구본영", "language", "en",
		"role", "root", "documents", "invoice", "delivery", "mail", "from", opts.monthsBefore(12))
	s.add("customer", "onnuri", "email", "archive@onnurimall.example", "name", "보관함", "language", "ko",
		"role", "root", "documents", "invoice", "delivery", "none", "from", opts.monthsBefore(16))
	s.add("customer", "narae", "email", "newcomer@naraefin.example", "name", "표지안", "language", "ko",
		"role", "pending", "delivery", "none", "from", opts.Month.String())
	return s
}

// accountsOf lists the first two accounts of a customer: what its technical
// contact may see.
func accountsOf(code string) []string {
	var list []string
	for _, a := range accounts {
		if a.customer == code && len(list) < 2 {
			list = append(list, a.id)
		}
	}
	return list
}

func sourcesSheet(opts Options) *sheet {
	s := newSheet("sources", "name, provider, format, url, billing_account, currency, close_policy")
	s.add("name", seoul.name, "provider", "aws", "format", shapeOf(opts.Format).format, "url",
		opts.SourceBase+"/"+seoul.name, "billing_account", seoul.id, "currency", "USD", "close_policy",
		"final")
	s.add("name", tokyo.name, "provider", "aws", "format", "focus", "url", opts.SourceBase+"/"+tokyo.name,
		"billing_account", tokyo.id, "currency", "USD", "close_policy", "final")
	return s
}
