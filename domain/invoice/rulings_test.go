package invoice_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
	"magam/domain/tax"
)

// markup is one rule on everything of the customer's.
func markup(value string) []pricing.Rule {
	return []pricing.Rule{{ID: "plus", Customer: "acme", Kind: pricing.KindMarkup, Value: dec(value)}}
}

// TestRulings walks the rulings of DOMAIN, part 3: where two people would
// compute different money, this is what we compute.
func TestRulings(t *testing.T) {
	t.Parallel()
	edp := of(use("1", "EC2", "-10"), charge.CategoryUsage, charge.ClassDiscount)
	edp.List = dec("0")
	spp := of(use("1", "EC2", "-7.2"), charge.CategoryUsage, charge.ClassPartnerDiscount)
	providerTax := of(use("1", "EC2", "10"), charge.CategoryTax, charge.ClassRegular)
	providerCredit := of(use("1", "EC2", "-20"), charge.CategoryCredit, charge.ClassRegular)
	refund := of(use("1", "EC2", "-100"), charge.CategoryUsage, charge.ClassCorrection)
	refund.ChargeMonth = october.Add(-1)

	tests := map[string]struct {
		in                 invoice.Input
		change             func(*invoice.Input)
		supply, tax, total string
	}{
		"R-1 the provider's tax is retained, ours is charged": {
			won(use("1", "EC2", "100"), providerTax), nil, "100", "10", "110",
		},
		"R-1 a tax that the contract passes is passed at cost and not taxed again": {
			won(use("1", "EC2", "100"), providerTax),
			func(in *invoice.Input) {
				in.Customer.Contract.ProviderTax = "pass"
				in.Rules = markup("10")
			}, "120", "11", "131",
		},
		"R-2 the provider's discount is marked up with the charge it reduces": {
			won(use("1", "EC2", "100"), edp),
			func(in *invoice.Input) { in.Rules = markup("10") },
			"99",
			"9",
			"108",
		},
		"R-2 the partner's discount is our margin": {
			won(use("1", "EC2", "100"), spp), nil, "100", "10", "110",
		},
		"R-2 unless the contract passes it": {
			won(use("1", "EC2", "100"), spp),
			func(in *invoice.Input) { in.Customer.Contract.PartnerDiscount = "pass" },
			"92",
			"9",
			"101",
		},
		"R-3 a list basis knows no provider's discount": {
			won(use("1", "EC2", "100"), edp),
			func(in *invoice.Input) { in.Customer.Contract.PriceBasis = "list" },
			"100",
			"10",
			"110",
		},
		"R-4 the provider's credit passes at cost": {
			won(use("1", "EC2", "100"), providerCredit),
			func(in *invoice.Input) { in.Rules = markup("10") },
			"90",
			"9",
			"99",
		},
		"R-5 taxable and exempt round together": {
			won(use("1", "A", "100.6"), use("1", "B", "100.6")), func(in *invoice.Input) {
				in.TaxRules = []tax.Rule{{Service: "B", TaxCategory: tax.Exempt}}
			}, "201", "10", "211",
		},
		"R-6 two adjustments of one stage have the same base": {
			won(use("1", "EC2", "100")), func(in *invoice.Input) {
				in.Adjustments = []credit.Adjustment{
					adjustment("a", "percent", "-10", credit.StageAfterDiscount),
					adjustment("b", "percent", "-10", credit.StageAfterDiscount),
				}
			}, "80", "8", "88",
		},
		"R-6 the base leaves out the provider's credit and tax": {
			won(use("1", "EC2", "100"), providerCredit, providerTax), func(in *invoice.Input) {
				in.Customer.Contract.ProviderTax = "pass"
				in.Adjustments = []credit.Adjustment{
					adjustment("a", "percent", "-10", credit.StageBeforeDiscount),
				}
			}, "80", "7", "87",
		},
		"R-7 tax is on what credits leave": {
			won(use("1", "EC2", "100")), func(in *invoice.Input) {
				in.Credits = []credit.Credit{{ID: "c", Balance: dec("20")}}
			}, "80", "8", "88",
		},
		"R-10 a refund follows the rule of its month of use": {
			won(refund), func(in *invoice.Input) {
				in.Rules = []pricing.Rule{
					{
						ID:       "old",
						Customer: "acme",
						Kind:     pricing.KindMarkup,
						Value:    dec("10"),
						Valid:    period.Span{To: october.Add(-1)},
					},
					{
						ID:       "new",
						Customer: "acme",
						Kind:     pricing.KindMarkup,
						Value:    dec("5"),
						Valid:    period.Span{From: october},
					},
				}
			}, "-110", "-11", "-121",
		},
		"R-17 a total of nought is a document": {
			won(use("1", "EC2", "0")), nil, "0", "0", "0",
		},
		"R-19 the first instalment is the larger": {
			dollars(use("1", "EC2", "1000")), func(in *invoice.Input) {
				in.Customer.Currency = money.USD
				plan := adjustment("p", "flat", "-100.00", credit.StageAfterDiscount)
				plan.Month, plan.Repeat = october, "instalments:3"
				in.Adjustments = []credit.Adjustment{plan}
			}, "966.66", "96.66", "1063.32",
		},
		"G-3 a coupon is spread over the fees and its tax follows": {
			won(use("1", "A", "10000"), use("1", "B", "5000"), use("1", "C", "3000"), use("1", "D", "2000")),
			func(in *invoice.Input) {
				in.Adjustments = []credit.Adjustment{
					adjustment("coupon", "flat", "-1000", credit.StageAfterDiscount),
				}
				in.TaxRules = []tax.Rule{{Service: "B", TaxCategory: tax.ZeroRated}}
			}, "19000", "1425", "20425", // the taxable 14,250 of 9,500, 2,850 and 1,900 at one rate
		},
		"G-4 the sooner expiry pays first": {
			won(use("1", "EC2", "100"), use("1", "S3", "50")), func(in *invoice.Input) {
				in.Credits = []credit.Credit{
					{
						ID:       "5",
						Balance:  dec("5"),
						Services: []string{"EC2"},
						Valid:    period.Span{To: october.Add(11)},
					},
					{
						ID:       "10",
						Balance:  dec("10"),
						Services: []string{"S3", "EC2"},
						Valid:    period.Span{To: october},
					},
				}
			}, "135", "13", "148",
		},
		"G-9 corrections are signed": {
			won(use("1", "EC2", "100"),
				of(use("1", "EC2", "-30"), charge.CategoryUsage, charge.ClassCorrection),
				of(use("1", "EC2", "5"), charge.CategoryUsage, charge.ClassCorrection)),
			nil,
			"75",
			"7",
			"82",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.change != nil {
				tt.change(&tt.in)
			}
			requireOwed(t, assemble(t, tt.in), tt.supply, tt.tax, tt.total)
		})
	}
}

func TestR1AndR2RetainedCostIsOnNoLineButInTheShares(t *testing.T) {
	t.Parallel()
	draft, err := invoice.Assemble(won(use("1", "EC2", "100"),
		of(use("1", "EC2", "10"), charge.CategoryTax, charge.ClassRegular),
		of(use("1", "EC2", "-7.2"), charge.CategoryUsage, charge.ClassPartnerDiscount)))
	require.NoError(t, err)
	require.Len(t, draft.Snapshot.Lines, 1)
	require.Equal(t, "billed 100 = 100", chainOf(draft.Snapshot.Lines[0]))
	require.Len(t, draft.Shares, 1)
	require.Equal(t, "100", money.Text(draft.Shares[0].Assigned))
	require.Equal(t, "2.8", money.Text(draft.Shares[0].Retained))
	require.EqualValues(t, 3, draft.Shares[0].Rows)
}

func TestR5TheDifferenceIsApportionedOverTheFinestLines(t *testing.T) {
	t.Parallel()
	in := won(use("1", "A", "100.6"), use("1", "B", "100.6"))
	in.TaxRules = []tax.Rule{{Service: "B", TaxCategory: tax.Exempt}}
	s := assemble(t, in)
	require.Equal(t, []string{"101", "100"}, amountsOf(s))
	require.Equal(t, "billed 100.6 → rounding 0.4 (document) = 101", chainOf(s.Lines[0]))
	require.Len(t, s.Taxes, 2)
	require.Equal(t, "101", money.Text(s.Taxes[0].Base))
	require.Equal(t, tax.Exempt, s.Taxes[1].Category)
	require.Equal(t, "0", money.Text(s.Taxes[1].Tax))
}

func TestR8WhatHasNoProviderIsUsedOnce(t *testing.T) {
	t.Parallel()
	aws, gcp := won(use("1", "EC2", "100")), won(use("p", "BigQuery", "300"))
	gcp.Provider, gcp.Groups[0].Provider = "gcp", "gcp"
	for _, in := range []*invoice.Input{&aws, &gcp} {
		in.Credits = []credit.Credit{
			{ID: "c", Balance: dec("340")},
			{ID: "aws only", Provider: "aws", Balance: dec("10")},
		}
		in.Adjustments = []credit.Adjustment{
			adjustment("flat", "flat", "20", credit.StageAfterDiscount),
			adjustment("percent", "percent", "10", credit.StageAfterDiscount),
		}
	}

	drafts, errs := invoice.AssembleMonth([]invoice.Input{aws, gcp})

	require.Equal(t, []error{nil, nil}, errs)
	// gcp is larger: 300 + 20 + 30 = 350, all of 340 used; aws has nothing left but its own 10.
	requireOwed(t, drafts[1].Snapshot, "10", "1", "11")
	requireOwed(t, drafts[0].Snapshot, "100", "10", "110")
	require.Equal(t, "0", money.Text(drafts[1].CreditUses[0].Remaining))

	for _, in := range []*invoice.Input{&aws, &gcp} {
		in.Credits[0].Balance = dec("370")
	}
	drafts, errs = invoice.AssembleMonth([]invoice.Input{aws, gcp})
	require.Equal(t, []error{nil, nil}, errs)
	requireOwed(t, drafts[1].Snapshot, "0", "0", "0")
	requireOwed(t, drafts[0].Snapshot, "80", "8", "88") // 110 less the rest of 20 less its own 10
}

func TestR8AParkedDocumentLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	aws, gcp := won(use("1", "EC2", "100")), won(use("p", "BigQuery", "300"))
	gcp.Provider, gcp.Groups[0].Provider = "gcp", "gcp"
	gcp.Customer.Contract.Tax, gcp.TaxRate = "kr-vat", nil // no rate in force
	for _, in := range []*invoice.Input{&aws, &gcp} {
		in.Credits = []credit.Credit{{ID: "c", Balance: dec("40")}}
	}
	drafts, errs := invoice.AssembleMonth([]invoice.Input{aws, gcp})
	require.NoError(t, errs[0])
	require.Error(t, errs[1])
	requireOwed(t, drafts[0].Snapshot, "60", "6", "66")
	require.Equal(t, "300", money.Text(drafts[1].Shares[0].Assigned), "the proof counts parked customers too")
}

func TestR12AMissingRateParks(t *testing.T) {
	t.Parallel()
	in := dollars(use("1", "EC2", "100"))
	in.MonthHasEnded = false
	draft := requireParked(t, in, fault.FXMissing)
	require.Equal(t, "100", money.Text(draft.Shares[0].Assigned))

	in.MonthHasEnded, in.Rates = true, nil
	requireParked(t, in, fault.FXMissing)
}

func TestR13TheMonthBeforeSeoulsFirst(t *testing.T) {
	t.Parallel()
	seoul := day("2026-10-31").Add(15*time.Hour + 30*time.Minute) // 15:30Z is 00:30 on the 1st in Seoul
	local := seoul.In(fixedSeoul)
	require.Equal(t, october, period.Previous(local))
	require.True(t, october.End().After(seoul), "in UTC the month has not ended: the close waits")
}

func TestR14TwoTagRulesPark(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"))
	in.Groups[0].Tags = `{"env":"prod","team":"web"}`
	in.Rules = []pricing.Rule{
		{ID: "web", Customer: "acme", TagKey: "team", Kind: pricing.KindDiscount, Value: dec("1")},
		{ID: "prod", Customer: "acme", TagKey: "env", Kind: pricing.KindDiscount, Value: dec("1")},
	}
	_, err := invoice.Assemble(in)
	require.ErrorContains(t, err, "web")
	require.ErrorContains(t, err, "prod")
	requireParked(t, in, fault.RuleTie)
}

func TestR17ANegativeTotalIsHeld(t *testing.T) {
	t.Parallel()
	draft, err := invoice.Assemble(won(of(use("1", "EC2", "-5"), charge.CategoryCredit, charge.ClassRegular)))
	require.NoError(t, err)
	holds := invoice.Holds(draft, invoice.Facts{Contacts: 1})
	require.Len(t, holds, 1)
	require.Equal(t, invoice.HoldNegativeTotal, holds[0].Code)

	draft, err = invoice.Assemble(won(use("1", "EC2", "0")))
	require.NoError(t, err)
	require.Empty(t, invoice.Holds(draft, invoice.Facts{Contacts: 1}), "nought is numbered and mailed")
}

func TestR18TwoAccountsOfOneAliasAreOneLine(t *testing.T) {
	t.Parallel()
	in := won(use("1", "EC2", "100"), use("2", "EC2", "50"), use("3", "EC2", "7"))
	in.Accounts = map[string]string{"1": "web", "2": "web", "3": "db"}
	in.Customer.Contract.GroupBy = invoice.GroupByAlias
	s := assemble(t, in)

	rows := invoice.ByAccount(s)
	require.Len(t, rows, 2)
	require.Equal(t, "web", rows[0].Name)
	require.Equal(t, []string{"1", "2"}, rows[0].Accounts)
	require.Equal(t, "150", money.Text(rows[0].Amount))
	require.Len(t, invoice.AccountDetail(s), 2)

	s.GroupBy = invoice.GroupByAccount
	require.Len(t, invoice.ByAccount(s), 3)
	require.Len(t, invoice.AccountDetail(s), 3)
}
