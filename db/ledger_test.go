package db_test

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
	"magam/internal/devstack/pgtest"
)

var october = period.NewMonth(2026, 10)

// books are a ledger with one published delivery, as ingest leaves it.
type books struct {
	*db.Ledger
	app, owner *pgxpool.Pool
}

// row is one charge of the fixture: who spent what on which day.
type row struct {
	account, service, day, billed string
}

const payer = "111122223333"

// openBooks publishes rows as one delivery of a source, in October's bill.
func openBooks(t *testing.T, rows ...row) *books {
	t.Helper()
	b, _ := openDatabase(t)
	if len(rows) > 0 {
		b.deliver(t, "aws-main", rows...)
	}
	return b
}

func openDatabase(t *testing.T) (*books, *pgtest.Database) {
	t.Helper()
	database := pgtest.Open(t)
	b := &books{app: database.App(t), owner: database.Owner(t)}
	b.Ledger = db.NewLedger(b.app)
	return b, database
}

func (b *books) deliver(t *testing.T, source string, rows ...row) {
	t.Helper()
	var delivery, part int64
	b.scan(t, &delivery, `INSERT INTO delivery (source, format, scope, digest, digest_kind, location)
		VALUES ($1, 'cur', '2026-10', $1 || clock_timestamp(), 'bytes', 'here') RETURNING id`, source)
	b.scan(t, &part,
		`INSERT INTO part (delivery, ordinal, key, bytes) VALUES ($1, 1, 'part-1.csv.gz', 1) RETURNING id`,
		delivery)
	var table string
	b.scan(t, &table, `SELECT charge_part_open($1)`, part)

	total := decimal.Zero
	for i, r := range rows {
		b.exec(t, `INSERT INTO `+table+` VALUES ($1, $2, $3, $4, $5, 0, 0, 0,
			$6::date, $6::date + 1, 1, $7::numeric, $7::numeric, $7::numeric, $7::numeric)`,
			part, i+1, b.bill(t), b.account(t, r.account), b.item(t, r.service), r.day, r.billed)
		total = total.Add(decimal.RequireFromString(r.billed))
	}
	b.exec(t, `SELECT charge_publish($1)`, delivery)
	b.exec(
		t,
		`INSERT INTO charge_daily SELECT $1, (starts_at AT TIME ZONE 'UTC')::date, bill_id, account_id, item_id, 0, 0,
		count(*), sum(quantity), sum(billed), sum(effective), sum(list), sum(contracted)
		FROM charge WHERE part_id = $2 GROUP BY 2, 3, 4, 5`,
		delivery,
		part,
	)
	b.exec(
		t,
		`UPDATE part SET control = jsonb_build_array(jsonb_build_object('month', '2026-10', 'currency', 'USD',
		'state', 'sealed', 'rows', $2::int, 'billed', $3::text)) WHERE id = $1`,
		part,
		len(rows),
		total.String(),
	)
	b.exec(t, `INSERT INTO delivery_total VALUES ($1, '2026-10', 'USD', 'sealed', $2, $3, $3, $3, $3)`,
		delivery, len(rows), total.String())
	b.exec(t, `UPDATE delivery SET state = 'sealed', sealed_at = now() WHERE id = $1`, delivery)
}

func (b *books) bill(t *testing.T) (id int32) {
	b.scan(
		t,
		&id,
		`INSERT INTO dim_bill (hash, provider, provider_name, billing_account, invoice_id, invoice_issuer,
		billing_entity, currency, month) VALUES ($1, 'aws', 'AWS', $2, 'I-1', 'AWS Korea', 'AWS', 'USD', '2026-10')
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`,
		hash("bill"),
		payer,
	)
	return id
}

func (b *books) account(t *testing.T, account string) (id int32) {
	b.scan(
		t,
		&id,
		`INSERT INTO dim_account (hash, provider, sub_account, sub_account_name) VALUES ($1, 'aws', $2, '')
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`,
		hash("account "+account),
		account,
	)
	return id
}

func (b *books) item(t *testing.T, service string) (id int32) {
	b.scan(
		t,
		&id,
		`INSERT INTO dim_item (hash, category, class, line_type, service_code, service_name, usage_type,
		operation, region, sku_id, sku_price_id, unit, pricing_category, tax_type, description)
		VALUES ($1, 1, 0, 'Usage', $2, $2, 'hours', '', '', '', '', 'Hrs', '', '', '')
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`,
		hash("item "+service),
		service,
	)
	return id
}

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// assign gives an account to a customer from a day up to, not including, another.
func (b *books) assign(t *testing.T, account, customer, valid string) {
	t.Helper()
	b.exec(t, `INSERT INTO account_assignment (provider, sub_account, customer, organization, alias, valid)
		VALUES ('aws', $1, $2, '', 'alias of ' || $1, $3::daterange)`, account, customer, valid)
}

// sheet imports rows of one sheet, each an object of columns.
func (b *books) sheet(t *testing.T, sheet string, cells ...string) {
	t.Helper()
	var id int64
	b.scan(t, &id,
		`INSERT INTO master_import (digest, imported_by) VALUES ($1 || clock_timestamp(), '') RETURNING id`,
		sheet)
	for i, one := range cells {
		b.exec(t, `INSERT INTO master_row VALUES ($1, $2, $3, $4::jsonb)`, id, sheet, i+3, one)
	}
	b.exec(t, `INSERT INTO master_current VALUES ($1, $2) ON CONFLICT (sheet) DO UPDATE SET import_id = $2`,
		sheet, id)
}

func (b *books) exec(t *testing.T, sql string, arguments ...any) {
	t.Helper()
	_, err := b.app.Exec(t.Context(), sql, arguments...)
	require.NoError(t, err, sql)
}

func (b *books) scan(t *testing.T, into any, sql string, arguments ...any) {
	t.Helper()
	require.NoError(t, b.app.QueryRow(t.Context(), sql, arguments...).Scan(into), sql)
}

func (b *books) open(t *testing.T) {
	t.Helper()
	_, err := b.OpenPeriod(t.Context(), closing.Opening{
		Month: october, WorkflowID: "close/2026-10", RunID: "r1", StartedBy: "kim",
	})
	require.NoError(t, err)
}

// draft stores a customer's plain draft: what its accounts took, priced at cost
// in won at a rate of one.
func (b *books) draft(t *testing.T, customer string, change ...func(*closing.Document)) closing.Stored {
	t.Helper()
	shares, err := b.Shares(t.Context(), october, customer)
	require.NoError(t, err)
	document := closing.Document{Draft: plainDraft(customer, shares)}
	for _, one := range change {
		one(&document)
	}
	stored, err := b.StoreDrafts(t.Context(), october, customer, []closing.Document{document})
	require.NoError(t, err)
	require.Len(t, stored, 1)
	return stored[0]
}

func plainDraft(customer string, shares []invoice.Share) invoice.Draft {
	total := decimal.Zero
	for _, share := range shares {
		total = total.Add(share.Assigned)
	}
	return invoice.Draft{
		Snapshot: invoice.Snapshot{
			Schema:   1,
			Kind:     invoice.KindInvoice,
			Month:    october,
			Provider: "aws",
			Currency: money.USD,
			Issuer: invoice.Party{
				Code: "us",
				Name: "Our Company",
			},
			Customer: invoice.Party{Code: customer, Name: customer},
			Sources: []invoice.SourceTotal{
				{
					Currency:  money.USD,
					Billed:    total,
					Net:       total,
					Rate:      decimal.NewFromInt(1),
					Per:       1,
					Converted: total,
				},
			},
			Lines: []invoice.Line{
				{
					Position:    1,
					Account:     customer,
					AccountName: customer,
					Service:     "AmazonEC2",
					ServiceName: "AmazonEC2",
					UsageType:   "hours",
					Unit:        "Hrs",
					Source:      money.USD,
					Billed:      total,
					Net:         total,
					TaxCategory: "exempt",
					Amount:      total,
					Steps: []invoice.Step{{
						Name: invoice.StepBilled, Currency: money.USD, Delta: total, After: total,
					}},
				},
			},
			Rounding: invoice.Rounding{
				Point: "document",
				Mode:  money.ModeTruncate,
				Unit:  decimal.New(1, -2),
			},
			TaxName:     "none",
			TaxRounding: money.ModeTruncate,
			Taxes:       []invoice.TaxTotal{{Category: "exempt", Base: total}},
			Supply:      total,
			Total:       total,
		},
		Shares: shares,
	}
}

// assemble stores the draft that the domain makes of acme's charges, in dollars
// and without tax, and names the sheets as they stand.
func (b *books) assemble(t *testing.T, change ...func(*invoice.Input)) closing.Stored {
	t.Helper()
	groups, err := b.Groups(t.Context(), october, "acme", false)
	require.NoError(t, err)
	in := invoice.Input{
		Month: october, Provider: "aws", MonthHasEnded: true, Groups: groups,
		Issuer: party.Issuer{Code: "us", Name: "Our Company"},
		Customer: party.Customer{
			Code: "acme", Name: "acme", Currency: money.USD, Contract: party.Contract{Tax: "none"},
		},
	}
	for _, one := range change {
		one(&in)
	}
	draft, err := invoice.Assemble(in)
	require.NoError(t, err)
	var versions map[string]int64
	b.scan(t, &versions, `SELECT coalesce(jsonb_object_agg(sheet, import_id), '{}') FROM master_current`)
	stored, err := b.StoreDrafts(t.Context(), october, "acme",
		[]closing.Document{{Draft: draft, Master: versions}})
	require.NoError(t, err)
	require.Len(t, stored, 1)
	return stored[0]
}

var (
	kim  = party.Person{Code: "kim", Roles: []party.Role{party.RoleApprover, party.RoleFinance}}
	park = party.Person{Code: "park", Roles: []party.Role{party.RoleApprover}}
	lee  = party.Person{Code: "lee", Roles: []party.Role{party.RoleFinance}}
)

func (b *books) decide(t *testing.T, customer string, verdict closing.Verdict, by party.Person) error {
	t.Helper()
	return b.Decide(t.Context(), october, customer, verdict, by, "because", nil, false)
}

func (b *books) finalizing(id int64) closing.Finalizing {
	return closing.Finalizing{
		InvoiceID: id, Series: "INV", MailFrom: "billing@our.example",
		Recipients: []closing.Recipient{{
			Email: "a@acme.example", Name: "A", Language: "ko", Documents: []string{"invoice", "detail"},
		}, {
			Email: "b@acme.example", Name: "B", Language: "en", Documents: []string{"detail"},
		}},
	}
}

// two customers and nothing left over.
func twoCustomers(t *testing.T) *books {
	t.Helper()
	b := openBooks(t, row{"1", "AmazonEC2", "2026-10-01", "100.25"},
		row{"1", "AmazonS3", "2026-10-02", "-0.25"}, row{"2", "AmazonEC2", "2026-10-03", "40"})
	b.assign(t, "1", "acme", "[2026-01-01,)")
	b.assign(t, "2", "beta", "[2026-01-01,)")
	return b
}

// manyCustomers are n customers of one account and one charge each.
func manyCustomers(t *testing.T, n int) (*books, []string) {
	t.Helper()
	var rows []row
	var codes []string
	for i := range n {
		rows = append(rows, row{fmt.Sprint(i), "AmazonEC2", "2026-10-05", fmt.Sprint(i + 1)})
		codes = append(codes, fmt.Sprintf("c%03d", i))
	}
	b := openBooks(t, rows...)
	for i, code := range codes {
		b.assign(t, fmt.Sprint(i), code, "[2026-01-01,)")
	}
	return b, codes
}
