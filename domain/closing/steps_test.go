package closing_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"magam/domain/closing"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

var october = period.NewMonth(2026, 10)

// stepped is a document of one line per payer that turns dollars into won.
func stepped(customer string, shares ...invoice.Share) closing.StepDocument {
	d := closing.StepDocument{Provider: "aws", Customer: customer, Currency: money.KRW, Shares: shares}
	for _, share := range shares {
		line := invoice.Line{Account: "of " + share.BillingAccount, Source: money.USD, Billed: share.Assigned}
		won := share.Assigned.Mul(dec("1300"))
		line.Steps = []invoice.Step{
			{Name: invoice.StepBilled, Currency: money.USD, Delta: share.Assigned},
			{Name: invoice.StepCurrency, Currency: money.KRW, Delta: won},
		}
		if rest := won.Floor().Sub(won); !rest.IsZero() {
			line.Steps = append(line.Steps,
				invoice.Step{Name: invoice.StepRounding, Currency: money.KRW, Delta: rest})
		}
		line.Amount = won.Floor()
		d.Snapshot.Lines = append(d.Snapshot.Lines, line)
		d.Snapshot.Supply = d.Snapshot.Supply.Add(won.Floor())
	}
	d.Snapshot.Tax = d.Snapshot.Supply.Div(dec("10")).Floor()
	d.Snapshot.Total = d.Snapshot.Supply.Add(d.Snapshot.Tax)
	return d
}

func share(payer, assigned, retained string) invoice.Share {
	return invoice.Share{
		Provider:       "aws",
		BillingAccount: payer,
		Currency:       money.USD,
		Assigned:       dec(assigned),
		Retained:       dec(retained),
	}
}

func proofRow(payer, assigned, retained string) closing.ProofRow {
	return closing.ProofRow{
		Payer:    closing.Payer{Provider: "aws", BillingAccount: payer, Currency: money.USD},
		Assigned: dec(assigned), Retained: dec(retained),
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// waits is a month that its quarter's document will bill.
func waits(d closing.StepDocument) closing.StepDocument {
	d.Snapshot.Deferred = true
	return d
}

// bills is the document of a quarter's last month, with what waited for it.
func bills(d closing.StepDocument, waited ...invoice.Snapshot) closing.StepDocument {
	own := d.Snapshot
	whole := invoice.Snapshot{Months: append(waited, own)}
	for _, month := range whole.Months {
		whole.Supply = whole.Supply.Add(month.Supply)
	}
	whole.Tax = whole.Supply.Div(dec("10")).Floor()
	whole.Total = whole.Supply.Add(whole.Tax)
	d.Snapshot = whole
	return d
}

// spelled is a table as people read it.
func spelled(rows []closing.StepRow) []string {
	var lines []string
	for _, r := range rows {
		lines = append(
			lines,
			fmt.Sprintf("%s|%s %s %s %s", r.Chain, r.Step, money.Text(r.Delta), money.Text(r.After),
				r.Amounts),
		)
	}
	return lines
}

func TestAMonthIsAddedUpStepByStep(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		documents []closing.StepDocument
		payers    map[closing.AccountOf][]string
		proof     []closing.ProofRow
		want      []string
	}{
		"one payer: its chain runs to the total": {
			documents: []closing.StepDocument{stepped("acme", share("p1", "10.0005", "2"))},
			proof:     []closing.ProofRow{proofRow("p1", "10.0005", "2")},
			want: []string{
				"aws p1 USD to KRW|billed 12.0005 12.0005 USD",
				"aws p1 USD to KRW|retained -2 10.0005 USD",
				"aws p1 USD to KRW|currency 13000.65 13000.65 KRW",
				"aws p1 USD to KRW|rounding -0.65 13000 KRW",
				"aws p1 USD to KRW|tax 1300 14300 KRW",
				"aws p1 USD to KRW|total 0 14300 KRW",
			},
		},
		"a parked customer is billed to nobody yet": {
			documents: []closing.StepDocument{
				{
					Provider: "aws",
					Customer: "beta",
					Parked:   true,
					Shares:   []invoice.Share{share("p1", "40", "1")},
				},
			},
			proof: []closing.ProofRow{proofRow("p1", "40", "1")},
			want: []string{
				"aws p1 USD to USD|billed 41 41 USD", "aws p1 USD to USD|retained -1 40 USD",
				"aws p1 USD to USD|parked -40 0 USD", "aws p1 USD to USD|total 0 0 USD",
			},
		},
		"a month that waits for its quarter leaves with its supply value (R-20)": {
			documents: []closing.StepDocument{waits(stepped("acme", share("p1", "10.0005", "0")))},
			proof:     []closing.ProofRow{proofRow("p1", "10.0005", "0")},
			want: []string{
				"aws p1 USD to KRW|billed 10.0005 10.0005 USD",
				"aws p1 USD to KRW|currency 13000.65 13000.65 KRW",
				"aws p1 USD to KRW|rounding -0.65 13000 KRW",
				"aws p1 USD to KRW|deferred -13000 0 KRW",
				"aws p1 USD to KRW|total 0 0 KRW",
			},
		},
		"the quarter's last month takes it up, and taxes the sum (R-20)": {
			documents: []closing.StepDocument{bills(stepped("acme", share("p1", "10", "0")),
				waits(stepped("acme", share("p1", "10.0005", "0"))).Snapshot)},
			proof: []closing.ProofRow{proofRow("p1", "10", "0")},
			want: []string{
				"aws p1 USD to KRW|billed 10 10 USD",
				"aws p1 USD to KRW|currency 13000 13000 KRW",
				"aws p1 USD to KRW|deferred 13000 26000 KRW",
				"aws p1 USD to KRW|tax 2600 28600 KRW",
				"aws p1 USD to KRW|total 0 28600 KRW",
			},
		},
		"of two payers: each account's own, and a tax of neither": {
			documents: []closing.StepDocument{
				stepped("acme", share("p1", "10", "0"), share("p2", "20", "0")),
			},
			payers: map[closing.AccountOf][]string{
				{Provider: "aws", SubAccount: "of p1", Currency: money.USD}: {"p1"},
				{Provider: "aws", SubAccount: "of p2", Currency: money.USD}: {"p1", "p2"},
			},
			proof: []closing.ProofRow{proofRow("p1", "10", "0"), proofRow("p2", "20", "0")},
			want: []string{
				"aws   to KRW|tax 3900 3900 KRW", "aws   to KRW|total 0 3900 KRW",
				"aws  USD to KRW|billed 20 20 USD", "aws  USD to KRW|currency 26000 26000 KRW",
				"aws  USD to KRW|total 0 26000 KRW",
				"aws p1 USD to KRW|billed 10 10 USD", "aws p1 USD to KRW|currency 13000 13000 KRW",
				"aws p1 USD to KRW|total 0 13000 KRW",
				"aws p2 USD to KRW|billed 0 0 USD", "aws p2 USD to KRW|total 0 0 USD",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := closing.StepTable{Payers: tt.payers}
			for _, d := range tt.documents {
				table.Add(d)
			}
			require.Equal(t, tt.want, spelled(table.Rows()))
			require.NoError(t, table.Reconcile(october, tt.proof))
		})
	}
}

func TestStepsThatDoNotReconcileAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		proof  []closing.ProofRow
		change func(*closing.StepDocument)
		says   string
	}{
		"more was assigned than documents begin with": {
			[]closing.ProofRow{
				proofRow("p1", "10.01", "0"),
			},
			func(*closing.StepDocument) {},
			"differ by 0.01",
		},
		"nothing was assigned": {nil, func(*closing.StepDocument) {}, "differ by -10"},
		"a total is not its steps": {
			[]closing.ProofRow{proofRow("p1", "10", "0")},
			func(d *closing.StepDocument) { d.Snapshot.Total = d.Snapshot.Total.Add(dec("1")) },
			"differ by 1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := stepped("acme", share("p1", "10", "0"))
			tt.change(&document)
			var table closing.StepTable
			table.Add(document)
			err := table.Reconcile(october, tt.proof)
			require.ErrorContains(t, err, "E_CONSERVATION")
			require.ErrorContains(t, err, tt.says)
		})
	}
}

// However many documents of however many payers, parked or not: each chain's
// steps follow one another, the table reconciles, and their order does not matter.
func TestStepsReconcileWhateverTheMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Custom(func(t *rapid.T) string {
			return decimal.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "coefficient"),
				-rapid.Int32Range(0, 9).Draw(t, "places")).String()
		})
		var documents []closing.StepDocument
		owed := map[string]closing.ProofRow{}
		for i := range rapid.IntRange(1, 8).Draw(t, "documents") {
			var shares []invoice.Share
			for _, payer := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p1", "p2", "p3"}), 1, 3,
				rapid.ID[string]).Draw(t, "payers") {
				one := share(payer, amount.Draw(t, "assigned"), amount.Draw(t, "retained"))
				shares = append(shares, one)
				row := owed[payer]
				row.Payer = closing.Payer{Provider: "aws", BillingAccount: payer, Currency: money.USD}
				row.Assigned, row.Retained = row.Assigned.Add(one.Assigned), row.Retained.Add(one.Retained)
				owed[payer] = row
			}
			d := stepped(fmt.Sprint(i), shares...)
			switch rapid.SampledFrom([]string{"a month", "parked", "waits", "bills"}).Draw(t, "kind") {
			case "parked":
				d.Parked, d.Snapshot = true, invoice.Snapshot{}
			case "waits":
				d = waits(d)
			case "bills":
				d = bills(d, waits(stepped("0", share("p1", amount.Draw(t, "earlier"), "0"))).Snapshot)
			}
			documents = append(documents, d)
		}
		var proof []closing.ProofRow
		for _, row := range owed {
			proof = append(proof, row)
		}
		var table, again closing.StepTable
		for _, d := range documents {
			table.Add(d)
		}
		for _, d := range rapid.Permutation(documents).Draw(t, "order") {
			again.Add(d)
		}
		require.NoError(t, table.Reconcile(october, proof))
		require.Equal(t, spelled(table.Rows()), spelled(again.Rows()))
		last := map[closing.Chain]decimal.Decimal{}
		for _, row := range table.Rows() {
			if row.Step == invoice.StepCurrency {
				last[row.Chain] = decimal.Zero
			}
			last[row.Chain] = last[row.Chain].Add(row.Delta)
			require.True(t, row.After.Equal(last[row.Chain]), "%s after %s", row.Chain, row.Step)
		}
	})
}
