package master_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/master"
)

func TestWhatIsWrongIsNamedAtItsCell(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		edit edit
		want string // sheet!cell code
	}{
		"a required cell is empty":        {set("people", 0, "name", ""), "people!B2 E_REQUIRED"},
		"a word is not among the allowed": {set("customers", 0, "tax", "vat"), "customers!X2 E_MASTER"},
		"a day of the month beyond 31": {
			set("customers", 0, "fx_rule", "day:32"),
			"customers!S2 E_MASTER",
		},
		"one word of several is unknown": {
			set("people", 0, "roles", "finance boss"),
			"people!D2 E_MASTER",
		},
		"one word of several stands twice":  {set("people", 0, "roles", "ops ops"), "people!D2 E_MASTER"},
		"a month is no month":               {set("prices", 0, "from", "2026-13"), "prices!T2 E_DATE"},
		"a month lies in no sane year":      {set("prices", 0, "from", "1026-10"), "prices!T2 E_DATE"},
		"a date is no date":                 {set("rates", 0, "date", "2026-02-30"), "rates!A2 E_DATE"},
		"a number has thousands separators": {set("rates", 0, "value", "1,388.1"), "rates!F2 E_NUMBER"},
		"a number is not one":               {set("credits", 0, "amount", "NaN"), "credits!F2 E_NUMBER"},
		"a whole number has a fraction": {
			set("customers", 0, "terms_days", "30.5"),
			"customers!AD2 E_NUMBER",
		},
		"a rate is per neither 1 nor 100": {set("rates", 0, "per", "10"), "rates!E2 E_NUMBER"},
		"a percentage is above 100":       {set("taxes", 0, "rate", "101"), "taxes!C2 E_NUMBER"},
		"a percentage is below 0":         {set("taxes", 0, "rate", "-1"), "taxes!C2 E_NUMBER"},
		"a currency is no code": {
			set("customers", 0, "currency", "won"),
			"customers!O2 E_CURRENCY",
		},
		"an address is none": {
			set("contacts", 0, "email", "최회계@alpha"),
			"contacts!B2 E_MASTER",
		},
		"a colour is none": {set("issuer", 0, "color", "blue"), "issuer!R2 E_MASTER"},
		"a country is none": {
			set("customers", 0, "country", "Korea"),
			"customers!F2 E_MASTER",
		},
		"a flag is neither yes nor no": {
			set("customers", 0, "auto_approve", "maybe"),
			"customers!AH2 E_MASTER",
		},
		"a code has a blank": {set("people", 1, "code", "park sun"), "people!A3 E_MASTER"},
		"an account id has a blank": {
			set("accounts", 0, "sub_account", "1111 2222"),
			"accounts!B2 E_MASTER",
		},
		"a source is no store": {
			set("sources", 0, "url", "http://x/y"),
			"sources!D2 E_MASTER",
		},
		"a source carries a password": {
			set("sources", 0, "url", "s3://key:pw@bucket/x"),
			"sources!D2 E_MASTER",
		},
		"a text is longer than a line": {
			set("people", 0, "name", strings.Repeat("가", 1001)),
			"people!B2 E_LIMIT",
		},
		"the check digit of a business number": {
			set("customers", 0, "business_number", "123-45-67890"),
			"customers!G2 E_CHECK_DIGIT",
		},
		"the check digit of a T-number": {
			set("customers", 0, "t_number", "T4011001098994"),
			"customers!I2 E_CHECK_DIGIT",
		},
		"a customer that no sheet has": {
			set("contacts", 2, "customer", "gamma"),
			"contacts!A4 E_UNKNOWN_CODE",
		},
		"a person that no sheet has": {
			set("rates", 0, "approved_by", "choi"),
			"rates!H2 E_UNKNOWN_CODE",
		},
		"an issuer that no sheet has": {
			set("customers", 0, "issuer", "other"),
			"customers!B2 E_UNKNOWN_CODE",
		},
		"a plan that no sheet has": {set("fees", 0, "plan", "gold"), "fees!E2 E_UNKNOWN_CODE"},
		"an organization of somebody else": {
			set("accounts", 1, "organization", "hq"),
			"accounts!E3 E_UNKNOWN_CODE",
		},
		"a group of no organization": {
			set("accounts", 0, "group", "ops"),
			"accounts!F2 E_UNKNOWN_CODE",
		},
		"a percentage beyond all": {
			func(m map[string]*master.Table) {
				set("adjustments", 0, "kind", "percent")(m)
				set("adjustments", 0, "value", "-101")(m)
			}, "adjustments!G2 E_NUMBER",
		},
		"a percentage with a currency": {
			set("adjustments", 0, "kind", "percent"),
			"adjustments!H2 E_CURRENCY",
		},
		"a percentage in instalments": {
			set("adjustments", 0, "kind", "percent"),
			"adjustments!J2 E_MASTER",
		},
		"shares of one cost by different keys": {
			set("shared_costs", 1, "key", "even"),
			"shared_costs!A3 E_MASTER",
		},
		"two distributions of one cost": {
			add("shared_costs", "id", "again", "provider", "aws", "sub_account", "777788889999", "key",
				"even", "customer", "alpha"),
			"shared_costs!A4 E_OVERLAP",
		},
		"a distribution of everything": {
			add("shared_costs", "id", "all", "provider", "aws", "key", "even", "customer", "alpha"),
			"shared_costs!E4 E_REQUIRED",
		},
		"a weight where none counts": {
			set("shared_costs", 1, "key", "even"),
			"shared_costs!I3 E_MASTER",
		},
		"a validity that ends before it begins": {
			set("prices", 0, "to", "2025-12"), "prices!U2 E_DATE",
		},
		"two customers of one code at a time": {
			again("customers", 1, "from", "2026-07"),
			"customers!A4 E_OVERLAP",
		},
		"an account of two customers at a time": {
			again("accounts", 0, "customer", "beta", "organization", "", "group", "", "from", "2026-06-01"),
			"accounts!B4 E_OVERLAP",
		},
		"a contact twice, whatever the case": {
			again("contacts", 0, "email", "Accounting@alpha.example"), "contacts!B5 E_OVERLAP",
		},
		"a rate listed twice": {again("rates", 0, "value", "1400"), "rates!D4 E_OVERLAP"},
		"a tax with two rates": {
			again("taxes", 0, "rate", "11", "from", "2026-07"),
			"taxes!B4 E_OVERLAP",
		},
		"a plan with two rates":       {again("plans", 3, "rate", "4"), "plans!B6 E_OVERLAP"},
		"a holiday twice":             {again("holidays", 0), "holidays!A4 E_OVERLAP"},
		"an adjustment's id twice":    {again("adjustments", 0), "adjustments!A3 E_OVERLAP"},
		"two issuers of one series":   {again("issuer", 0, "code", "second"), "issuer!P3 E_OVERLAP"},
		"an 11th tag":                 {tags(10), "tags!D12 E_LIMIT"},
		"an 11th organization":        {organizations(10), "organizations!B12 E_LIMIT"},
		"a group without its parent":  {set("groups", 1, "parent", "gone"), "groups!E3 E_UNKNOWN_CODE"},
		"an account mapped to a Root": {set("accounts", 0, "group", "root"), "accounts!F2 E_MASTER"},
		"a group without accounts":    {set("accounts", 0, "group", ""), "groups!C3 E_REQUIRED"},
		"a group below itself":        {set("groups", 0, "parent", "dev"), "groups!E2 E_MASTER"},
		"a price row that ties with another": {
			again("prices", 1, "id", "p-alpha-2", "kind", "markup", "from", "2026-05"), "prices!A5 E_OVERLAP",
		},
		"a tie across categories in common": {
			again("prices", 1, "id", "p-alpha-2", "category", "Usage"), "prices!A5 E_OVERLAP",
		},
		"a discount of more than all": {set("prices", 1, "value", "101"), "prices!O3 E_NUMBER"},
		"a tag's value without its key": {
			set("prices", 1, "tag_value", "prod"),
			"prices!L3 E_REQUIRED",
		},
		"a price per unit of nobody knows what": {
			add("prices", "id", "u", "customer", "alpha", "kind", "unit-price", "value", "1"),
			"prices!H5 E_REQUIRED",
		},
		"a price per unit of a tax": {
			add("prices", "id", "u", "customer", "alpha", "kind", "unit-price", "value", "1",
				"usage_type", "x", "category", "Tax"), "prices!C5 E_MASTER",
		},
		"tiers on what is no tier": {set("prices", 1, "tier_from", "1"), "prices!P3 E_MASTER"},
		"an approver who is the author": {
			set("adjustments", 0, "approver", "lee"),
			"adjustments!O2 E_APPROVAL",
		},
		"an approver without the role": {
			set("people", 1, "roles", "ops"),
			"adjustments!O2 E_APPROVAL",
		},
		"an author without a role": {
			set("people", 0, "roles", ""),
			"adjustments!N2 E_APPROVAL",
		},
		"instalments of one": {
			set("adjustments", 0, "repeat", "instalments:1"),
			"adjustments!J2 E_MASTER",
		},
		"an end without monthly": {
			set("adjustments", 0, "to", "2026-12"),
			"adjustments!K2 E_MASTER",
		},
		"a credit of nothing": {set("credits", 0, "amount", "0"), "credits!F2 E_NUMBER"},
		"a credit that ends before it begins": {
			set("credits", 0, "to", "2001-01"), "credits!I2 E_DATE",
		},
		"a credit for an account of nobody's": {
			set("credits", 0, "sub_accounts", "000000000001"), "credits!E2 E_UNKNOWN_CODE",
		},
		"a delivery's threshold of one customer": {
			add(
				"thresholds",
				"customer",
				"alpha",
				"hold",
				"delivery-jump",
				"value",
				"5",
			),
			"thresholds!A4 E_MASTER",
		},
		"a term that ends before it begins": {
			set("commitments", 0, "ends_on", "2025-01-01"),
			"commitments!P2 E_DATE",
		},
		"a recipient who is nobody": {
			set("commitments", 0, "recipients", "lee nobody"),
			"commitments!Q2 E_UNKNOWN_CODE",
		},
		"a rate of a currency in itself": {set("rates", 0, "quote", "USD"), "rates!C2 E_CURRENCY"},
		"a share without partner-keeps": {
			set("customers", 0, "benefit_share", "30"),
			"customers!R2 E_MASTER",
		},
		"partner-keeps without a share": {
			set("customers", 0, "benefit_policy", "partner-keeps"),
			"customers!R2 E_REQUIRED",
		},
		"a rounding finer than won": {
			set("customers", 0, "rounding_unit", "0.5"),
			"customers!W2 E_NUMBER",
		},
		"the invoice for one who is not root": {
			set("contacts", 1, "documents", "invoice"),
			"contacts!G3 E_MASTER",
		},
		"a scope of somebody else's account": {
			set("contacts", 1, "scope", "444455556666"),
			"contacts!F3 E_UNKNOWN_CODE",
		},
		"a scope for root": {
			set("contacts", 0, "scope", "111122223333"),
			"contacts!F2 E_MASTER",
		},
		"the role accounts without a scope": {
			set("contacts", 1, "scope", ""),
			"contacts!F3 E_REQUIRED",
		},
		"a fee that says nothing": {set("fees", 0, "plan", ""), "fees!F2 E_REQUIRED"},
		"a plan with a gap": {
			set("plans", 1, "from_amount", "20000"),
			"plans!B3 E_MASTER",
		},
		"a plan that ends": {
			set("plans", 3, "to_amount", "500000"),
			"plans!C5 E_MASTER",
		},
		"a plan in two currencies": {
			set("plans", 1, "currency", "KRW"),
			"plans!F3 E_CURRENCY",
		},
		"a fixed share without weight": {
			set("shared_costs", 0, "weight", ""),
			"shared_costs!I2 E_REQUIRED",
		},
		"a threshold of an unknown hold": {
			set("thresholds", 0, "hold", "jumps"),
			"thresholds!B2 E_MASTER",
		},
		"a threshold below nought": {
			set("thresholds", 0, "value", "-1"),
			"thresholds!C2 E_NUMBER",
		},
		"a budget of an organization of somebody": {
			set("budgets", 0, "organization", "lab"),
			"budgets!B2 E_UNKNOWN_CODE",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			problems := master.Validate(edited(tt.edit), nil)

			require.Contains(t, spelled(problems), tt.want)
			for _, problem := range problems {
				require.NotEmpty(t, problem.What)
				require.NotEmpty(t, problem.Cure)
			}
		})
	}
}

func TestEveryProblemIsFoundAtOnce(t *testing.T) {
	t.Parallel()

	problems := master.Validate(edited(
		set("people", 0, "name", ""), set("customers", 0, "currency", "won"), set("rates", 0, "value", "x"),
		set("holidays", 1, "date", "someday"), set("people", 1, "email", "no"),
	), nil)

	require.Equal(t, []string{
		"people!B2 E_REQUIRED",
		"people!C3 E_MASTER",
		"customers!O2 E_CURRENCY",
		"rates!F2 E_NUMBER",
		"holidays!A3 E_DATE",
	}, spelled(problems))
}

func TestUnknownSheetsAndColumnsAreNamed(t *testing.T) {
	t.Parallel()
	tables := exampleTables()
	tables[1].Columns = []string{"code", "name", "nickname", "name", "", "email"}
	tables = append(tables, master.Table{Sheet: "prizes"}, master.Table{Sheet: "people"})

	problems := spelled(master.Validate(tables, nil))

	require.Contains(t, problems, "people!C1 E_SCHEMA")
	require.Contains(t, problems, "people!D1 E_SCHEMA")
	require.Contains(t, problems, "prizes! E_SCHEMA")
	require.Contains(t, problems, "people! E_SCHEMA", "a sheet twice")
}

func TestASheetIsJudgedAgainstThoseThatStand(t *testing.T) {
	t.Parallel()
	standing := exampleTables()
	onlyCustomers := []master.Table{standing[2]}
	onlyCustomers[0].Rows = onlyCustomers[0].Rows[:1]

	alone := master.Validate(onlyCustomers, standing)

	var orphans []string
	for _, problem := range alone {
		require.Equal(t, fault.UnknownCode, problem.Code)
		require.Empty(t, problem.Cell, "a stored row has no cell in the file")
		require.Contains(t, problem.What, "stored row")
		orphans = append(orphans, problem.Sheet)
	}
	require.Equal(t, []string{"accounts", "contacts", "shared_costs"}, orphans)
	require.Empty(t, master.Validate([]master.Table{exampleTables()[9]}, exampleTables()),
		"nothing is orphaned by what stays")
}

func TestAHostileWorkbookGivesABoundedReport(t *testing.T) {
	t.Parallel()
	table := master.Table{Sheet: "holidays"}
	for i := range 20000 {
		table.Rows = append(table.Rows, master.Row{Number: i + 2, Cells: map[string]string{"date": "x"}})
	}

	require.Len(t, master.Validate([]master.Table{table}, nil), 5000)
}
