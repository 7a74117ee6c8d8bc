package invoice_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/credit"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/pricing"
)

// worked is the example of docs/spec/02-order-of-operations.md. Its figures are
// worked out there by hand; change them only together.
func worked() invoice.Input {
	edp := of(use("111", "EC2", "-100"), charge.CategoryUsage, charge.ClassDiscount)
	given := of(use("111", "EC2", "-50"), charge.CategoryCredit, charge.ClassRegular)
	given.UsageType, given.Unit = "", ""
	in := dollars(
		use("111", "EC2", "1000"), edp, given, use("111", "S3", "200"), use("222", "EC2", "300.005"),
		of(use("111", "EC2", "120"), charge.CategoryTax, charge.ClassRegular),
		of(use("111", "EC2", "-20"), charge.CategoryUsage, charge.ClassPartnerDiscount),
	)
	in.Rules = []pricing.Rule{
		{ID: "P-1", Row: 3, Customer: "acme", Service: "EC2", Kind: pricing.KindMarkup, Value: dec("10")},
		{ID: "P-2", Row: 4, Customer: "*", Kind: pricing.KindDiscount, Value: dec("5")},
	}
	before := adjustment("A-1", "percent", "-5", credit.StageBeforeDiscount)
	after := adjustment("A-2", "flat", "-30", credit.StageAfterDiscount)
	after.Currency = money.USD
	late := adjustment("A-3", "flat", "5500", credit.StageAfterTax)
	late.Currency = money.KRW
	in.Adjustments = []credit.Adjustment{late, after, before}
	in.Credits = []credit.Credit{
		{ID: "C-1", Currency: money.USD, Balance: dec("40"), Services: []string{"S3"}, Priority: 1},
		{ID: "C-2", Currency: money.KRW, Balance: dec("100000"), Priority: 1},
	}
	return in
}

func TestWorkedExample(t *testing.T) {
	t.Parallel()
	draft, err := invoice.Assemble(worked())
	require.NoError(t, err)
	s := draft.Snapshot

	var chains []string
	for _, l := range s.Lines {
		chains = append(chains, l.Account+" "+l.UsageType+": "+chainOf(l))
	}
	require.Equal(t, []string{
		"111 : billed -50 → currency -69405 (2026-10-30) = -69405",
		"111 EC2-use: billed 900 → adjustment-before -45 (A-1) → price 85.5 (P-1) → adjustment-after -19.6688025309 (A-2)" +
			" → currency 1278205.78520685771 (2026-10-30) → invoice-credit -100000 (C-2)" +
			" → rounding 0.21479314229 (document) = 1178206",
		"111 S3-use: billed 200 → adjustment-before -10 (A-1) → price -9.5 (P-2) → adjustment-after -3.7748206877 (A-2)" +
			" → credit -40 (C-1) → currency 189788.22140340363 (2026-10-30) → rounding -0.22140340363 (document) = 189788",
		"222 EC2-use: billed 300.005 → adjustment-before -15.00025 (A-1) → price 28.500475 (P-1)" +
			" → adjustment-after -6.5563767814 (A-2) → currency 426075.69621223866 (2026-10-30)" +
			" → rounding -0.69621223866 (document) = 426075",
	}, chains)

	requireOwed(t, s, "1724664", "172466", "1902630")
	require.Equal(t, "5500", money.Text(s.AfterTax))
	require.Len(t, s.Sources, 1)
	source := s.Sources[0]
	require.Equal(t, []string{"1350.005", "1314.505225", "1388.1", "1824664.7028225"}, []string{
		money.Text(source.Billed),
		money.Text(source.Net),
		money.Text(source.Rate),
		money.Text(source.Converted),
	})
	require.Equal(t, []string{"A-1 USD -70.00025", "A-2 USD -30", "A-3 KRW 5500"}, usesOf(s))
	require.Equal(t, []invoice.Share{{
		Provider: "aws", BillingAccount: "payer", Currency: money.USD, Rows: 7,
		Assigned: draft.Shares[0].Assigned, Retained: draft.Shares[0].Retained,
	}}, draft.Shares)
	require.Equal(t, "1350.005", money.Text(draft.Shares[0].Assigned))
	require.Equal(t, "100", money.Text(draft.Shares[0].Retained))
	require.Equal(t, []string{"kim"}, draft.Authors)
	require.Equal(t, s.Credits, draft.CreditUses)
	require.Len(t, s.Credits, 2)

	require.Equal(t, "10", money.Text(s.Lines[1].Quantity), "a discount line's quantity is no use")
	require.Equal(t, "2026-10-31", s.IssuedOn.Format("2006-01-02"))
	require.Equal(t, "2026-11-30", s.DueOn.Format("2006-01-02"))
}

func usesOf(s invoice.Snapshot) []string {
	var uses []string
	for _, one := range s.Adjustments {
		uses = append(uses, one.ID+" "+string(one.Currency)+" "+money.Text(one.Amount))
	}
	return uses
}

func TestTheFourDocumentsHaveOneTotal(t *testing.T) {
	t.Parallel()
	s := assemble(t, worked())
	sums := map[string]string{}
	total := dec("0")
	for _, row := range invoice.ByProduct(s) {
		total = total.Add(row.Amount)
	}
	sums["by product"] = money.Text(total)
	total = dec("0")
	for _, row := range invoice.ByAccount(s) {
		below := dec("0")
		for _, product := range row.Products {
			below = below.Add(product.Amount)
		}
		require.True(t, below.Equal(row.Amount))
		total = total.Add(row.Amount)
	}
	sums["by account"] = money.Text(total)
	for name, rows := range map[string][]invoice.DetailRow{
		"detail": invoice.Detail(s), "account detail": invoice.AccountDetail(s),
	} {
		total = dec("0")
		for _, row := range rows {
			total = total.Add(row.Amount)
		}
		sums[name] = money.Text(total)
	}
	for name, sum := range sums {
		require.Equal(t, "1724664", sum, name)
	}

	products := invoice.ByProduct(s)
	require.Equal(t, "EC2", products[0].Service, "the largest first")
	require.Equal(t, "1534876", money.Text(products[0].Amount))
	require.Equal(t, "1177.7800456877", money.Text(products[0].Net))
	detail := invoice.Detail(s)
	require.Len(t, detail, 3)
	require.Equal(t, "20", money.Text(detail[1].Quantity), "EC2 of both accounts")
}
