package db_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/domain/closing"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
	"magam/domain/tax"
	"magam/internal/audit"
)

// pricedSheets are acme's contract in won: what a document must come to.
var pricedSheets = map[string][]string{
	"customers": {
		`{"code":"acme","currency":"KRW","tax":"kr-vat","fx_rule":"day:29","price_basis":"billed"}`,
	},
	"prices": {
		`{"id":"P-ALL","customer":"*","kind":"markup","value":"3"}`,
		`{"id":"P-EC2","customer":"acme","kind":"discount","value":"5","service":"AmazonEC2"}`,
		`{"id":"P-S3","customer":"acme","kind":"unit-price","value":"0.07","service":"AmazonS3","usage_type":"hours"}`,
		`{"id":"P-RDS","customer":"acme","kind":"tier","value":"9","service":"AmazonRDS","usage_type":"hours",
			"tier_to":"1","tier_kind":"graduated"}`,
		`{"id":"P-RDS","customer":"acme","kind":"tier","value":"8","service":"AmazonRDS","usage_type":"hours",
			"tier_from":"1","tier_kind":"graduated"}`,
		`{"id":"P-MIN","customer":"acme","kind":"minimum","value":"70","service":"AmazonSQS"}`,
		`{"id":"P-CAP","customer":"acme","kind":"cap","value":"5","service":"AmazonSNS"}`,
	},
	"fees": {
		`{"id":"F-CARE","customer":"acme","provider":"aws","kind":"management","rate":"3","flat":"10"}`,
	},
	"adjustments": {
		`{"id":"A-1","customer":"acme","month":"2026-10","kind":"percent","value":"-10","stage":"before-discount",
			"author":"kim","approver":"park"}`,
	},
	"taxes": {`{"tax":"kr-vat","rate":"10"}`},
	"rates": {
		`{"date":"2026-10-29","base":"USD","quote":"KRW","value":"1379.5"}`,
		`{"date":"2026-10-30","base":"USD","quote":"KRW","value":"1388.1"}`,
	},
}

// priced is what the engine reads in those sheets.
func priced(in *invoice.Input) {
	rule := func(id string, kind pricing.Kind, value, service string) pricing.Rule {
		return pricing.Rule{
			ID: id, Customer: "acme", Kind: kind, Value: decimal.RequireFromString(value), Service: service,
		}
	}
	first, rest := rule("P-RDS", "tier", "9", "AmazonRDS"), rule("P-RDS", "tier", "8", "AmazonRDS")
	first.TierKind, rest.TierKind, first.TierTo, rest.TierFrom = "graduated", "graduated", oneUnit, oneUnit
	in.Rules = []pricing.Rule{
		{ID: "P-ALL", Customer: "*", Kind: "markup", Value: decimal.NewFromInt(3)},
		rule("P-EC2", "discount", "5", "AmazonEC2"), rule("P-S3", "unit-price", "0.07", "AmazonS3"),
		first, rest, rule("P-MIN", "minimum", "70", "AmazonSQS"), rule("P-CAP", "cap", "5", "AmazonSNS"),
	}
	in.Fees = []pricing.Fee{{
		ID: "F-CARE", Customer: "acme", Provider: "aws", Kind: pricing.FeeManagement,
		Rate: decimal.NewFromInt(3), Flat: decimal.NewFromInt(10),
	}}
	in.Adjustments = []credit.Adjustment{{
		ID: "A-1", Customer: "acme", Month: october, Kind: credit.KindPercent, Value: decimal.NewFromInt(-10),
		Stage: credit.StageBeforeDiscount, Author: "kim", Approver: "park",
	}}
	in.Customer.Currency, in.Customer.Contract.Tax, in.Customer.Contract.FXRule = money.KRW, "kr-vat", "day:29"
	in.TaxRate = &tax.Rate{Tax: "kr-vat", Rate: decimal.NewFromInt(10)}
	for day, value := range map[int]string{29: "1379.5", 30: "1388.1"} {
		in.Rates = append(in.Rates, tax.FXRate{
			Date: time.Date(2026, time.October, day, 0, 0, 0, 0, time.UTC), Base: money.USD, Quote: money.KRW,
			Type: tax.DefaultFXType, Per: 1, Value: decimal.RequireFromString(value),
		})
	}
}

var oneUnit = decimal.NewFromInt(1)

// What the engine would do wrong, through every step and with every sum holding:
// only the audit's own reading of the sheets and the rows tells.
func TestTheAuditFindsAnEngineThatErrs(t *testing.T) {
	t.Parallel()
	rule := func(id string, change func(*pricing.Rule)) func(*invoice.Input) {
		return func(in *invoice.Input) {
			for i := range in.Rules {
				if in.Rules[i].ID == id {
					change(&in.Rules[i])
					return
				}
			}
		}
	}
	worth := func(value string) func(*pricing.Rule) {
		return func(r *pricing.Rule) { r.Value = decimal.RequireFromString(value) }
	}
	never := func(r *pricing.Rule) { r.Valid.From = october.Add(1) }
	tests := map[string]struct {
		errs        func(*invoice.Input)
		check, says string
	}{
		"nothing": {func(*invoice.Input) {}, "", ""},
		"a discount of another value": {
			rule("P-EC2", worth("5.01")), "prices", "taxable: price P-EC2 -4.51125 -4.5202725",
		},
		"the general rule in its place":  {rule("P-EC2", never), "prices", "taxable: price P-ALL 0 2.70675"},
		"a unit price of another value":  {rule("P-S3", worth("0.08")), "prices", "price P-S3"},
		"a tier of another price":        {rule("P-RDS", worth("8")), "prices", "price P-RDS"},
		"a minimum that was passed over": {rule("P-MIN", never), "prices", "price P-MIN"},
		"a cap of another value":         {rule("P-CAP", worth("6")), "prices", "price P-CAP"},
		"a fee that was dropped": {
			func(in *invoice.Input) { in.Fees = nil },
			"prices", "fee F-CARE in USD 15.16279000002781 no such fee",
		},
		"a fee without its flat sum": {
			func(in *invoice.Input) { in.Fees[0].Flat = decimal.Zero }, "prices", "fee F-CARE",
		},
		"a fee of another rate": {
			func(in *invoice.Input) { in.Fees[0].Rate = decimal.NewFromInt(4) },
			"prices", "fee F-CARE in USD rate 3 4",
		},
		"an adjustment of another value": {
			func(in *invoice.Input) { in.Adjustments[0].Value = decimal.NewFromInt(-9) },
			"prices", "adjustment-before A-1",
		},
		"an adjustment that was left out": {
			func(in *invoice.Input) { in.Adjustments = nil }, "prices", "adjustment-before A-1",
		},
		"the list price as the basis": {
			func(in *invoice.Input) {
				in.Customer.Contract.PriceBasis = pricing.BasisList
				in.Groups[0].List = in.Groups[0].Billed.Add(oneUnit)
			},
			"prices", "basis list 0 1",
		},
		"a tax category of its own": {
			func(in *invoice.Input) { in.TaxRules = []tax.Rule{{Service: "AmazonS3", TaxCategory: tax.Exempt}} },
			"prices",
			"exempt: price P-S3",
		},
		"the rate of another day": {
			func(in *invoice.Input) { in.Customer.Contract.FXRule = "day:30" },
			"terms", "1379.5 per 1, 매매기준율 day:29 2026-10-29 1388.1 per 1, 매매기준율 day:30 2026-10-30",
		},
		"a tax of another rate": {
			func(in *invoice.Input) { in.TaxRate.Rate = decimal.NewFromInt(11) },
			"terms",
			"taxable rate 10 11",
		},
		"another way to round": {
			func(in *invoice.Input) { in.Customer.Contract.RoundingMode = money.ModeCeil },
			"terms", "rounding mode truncate ceil",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(
				t,
				row{"1", "AmazonEC2", "2026-10-01", "100.25"},
				row{"2", "AmazonEC2", "2026-10-02", "-0.25"},
				row{"1", "AmazonS3", "2026-10-03", "40"},
				row{"1", "AmazonRDS", "2026-10-03", "7"},
				row{"2", "AmazonRDS", "2026-10-04", "7.77"},
				row{"1", "AmazonSQS", "2026-10-04", "0.1"},
				row{
					"1",
					"AmazonSNS",
					"2026-10-04",
					"9.99",
				},
				row{"2", "AmazonVPC", "2026-10-05", "0.000000001"},
			)
			for sheet, rows := range pricedSheets {
				b.sheet(t, sheet, rows...)
			}
			b.assign(t, "1", "acme", "[2026-01-01,)")
			b.assign(t, "2", "acme", "[2026-01-01,)")
			b.close(t, priced, tt.errs)

			report, err := audit.Month(t.Context(), b.app, "2026-10")

			require.NoError(t, err)
			said := ""
			for _, f := range report.Findings {
				require.Equal(t, tt.check, f.Check, "%v: nobody else could tell", f)
				said += f.Subject + " " + f.Expected + " " + f.Found + "\n"
			}
			require.Contains(t, said, tt.says)
			require.Equal(t, tt.check == "", said == "", said)
		})
	}
}

// close carries acme's document from its draft to the end of the month.
func (b *books) close(t *testing.T, change ...func(*invoice.Input)) {
	t.Helper()
	b.open(t)
	stored := b.assemble(t, change...)
	require.NoError(t, b.decide(t, "acme", closing.Approve, park))
	_, err := b.Prove(t.Context(), october)
	require.NoError(t, err)
	_, err = b.Finalize(t.Context(), b.finalizing(stored.InvoiceID))
	require.NoError(t, err)
	_, err = b.Settle(t.Context(), october)
	require.NoError(t, err)
}

// Rules that ask for tags see ours over the provider's, as the audit reads them
// from the sheet and the rows, or from what was laid once the rows are archived.
func TestTheAuditSeesTagsAsRulesDo(t *testing.T) {
	t.Parallel()
	for name, swapped := range map[string]bool{"the engine's reading": false, "two rules swapped": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBooks(t)
			b.assign(t, "1", "acme", "(,)")
			b.deliverTagged(t, october, "d1",
				spent{"i-1", `{"user:team":"web"}`, "10.25"}, spent{"i-2", `{"user:team":"web"}`, "3"},
				spent{"", "", "1"})
			b.sheet(t, "customers", `{"code":"acme","currency":"USD","tax":"none"}`)
			b.sheet(t, "tags",
				`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay"}`)
			b.sheet(
				t,
				"prices",
				`{"id":"P-WEB","customer":"*","kind":"discount","value":"10","tag_key":"team","tag_value":"web"}`,
				`{"id":"P-PAY","customer":"*","kind":"markup","value":"10","tag_key":"team","tag_value":"pay"}`,
			)
			b.close(t, func(in *invoice.Input) {
				groups, err := b.Groups(t.Context(), october, "acme", true)
				require.NoError(t, err)
				web, pay := "web", "pay"
				if swapped {
					web, pay = pay, web
				}
				in.Groups = groups
				ten := decimal.NewFromInt(10)
				in.Rules = []pricing.Rule{
					{ID: "P-WEB", Customer: "*", Kind: "discount", Value: ten, TagKey: "team", TagValue: web},
					{ID: "P-PAY", Customer: "*", Kind: "markup", Value: ten, TagKey: "team", TagValue: pay},
				}
			})

			requireClean(t, b, !swapped)
			b.exec(t, `UPDATE part SET archive_key = 'archive/1', digest = 'read'`)
			parts, err := b.PartsToArchive(t.Context(), 1)
			require.NoError(t, err)
			_, err = b.ArchiveDelivery(t.Context(), october, 1, "kim", parts)
			require.NoError(t, err)
			requireClean(t, b, !swapped)
		})
	}
}

func requireClean(t *testing.T, b *books, clean bool) {
	t.Helper()
	report, err := audit.Month(t.Context(), b.app, "2026-10")
	require.NoError(t, err)
	require.Equal(t, clean, report.Clean(), "%v", report.Findings)
	for _, f := range report.Findings {
		require.Equal(t, "prices", f.Check, "%v", f)
	}
}
