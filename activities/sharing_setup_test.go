package activities_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/db"
	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/invoice"
	"magam/domain/master"
	"magam/domain/party"
	"magam/domain/period"
	"magam/internal/audit"
	"magam/internal/devstack/pgtest"
)

const sharedPayer = "999900001111"

// spent is one charge of a shared month.
type spent struct {
	account, service string
	category         charge.Category
	day              int
	billed           string
	commitment       string // of these, the use bills nothing and has a list price
	list             string
}

// code is the service's, which some exports do not have.
func (s spent) code() string {
	if strings.HasPrefix(s.service, "No code ") {
		return ""
	}
	return s.service
}

// sharedMonth is a month of several customers, with real books and real hands.
type sharedMonth struct {
	pool    *pgxpool.Pool
	admin   *pgxpool.Pool
	ledger  *db.Ledger
	sharing *activities.Sharing
	closing *activities.Closing
}

func openSharedMonth(t *testing.T, charges []spent, sheets ...master.Table) *sharedMonth {
	t.Helper()
	database := pgtest.Open(t)
	pool := database.App(t)
	ledger, book := db.NewLedger(pool), db.NewMaster(pool)
	sheets = append([]master.Table{
		rowsOf(
			"issuer",
			map[string]string{
				"code":          "us",
				"name":          "마감",
				"number_series": "INV",
				"mail_from":     "b@us.example",
			},
		),
		rowsOf("people",
			map[string]string{"code": "kim", "name": "김", "roles": "finance"},
			map[string]string{"code": "park", "name": "박", "roles": "approver"}),
	}, sheets...)
	require.Empty(t, master.Validate(sheets, nil))
	_, err := book.Store(t.Context(), sheets, "kim", map[string]int64{})
	require.NoError(t, err)
	m := &sharedMonth{pool: pool, admin: pgtest.Pool(t, database.AdminURL), ledger: ledger}
	now := func() time.Time { return time.Date(2026, time.November, 9, 0, 0, 0, 0, time.UTC) }
	m.sharing = &activities.Sharing{Ledger: ledger, Master: book, Now: now, Zone: time.UTC}
	m.closing = &activities.Closing{Ledger: ledger, Master: book, Now: now, Zone: time.UTC}
	m.deliver(t, charges)
	_, err = ledger.OpenPeriod(t.Context(), closing.Opening{
		Month: octoberOfShares, WorkflowID: "close/2026-10", RunID: "r", StartedBy: "kim",
	})
	require.NoError(t, err)
	return m
}

var octoberOfShares = period.NewMonth(2026, time.October)

func (m *sharedMonth) exec(t *testing.T, sql string, arguments ...any) {
	t.Helper()
	_, err := m.pool.Exec(t.Context(), sql, arguments...)
	require.NoError(t, err, sql)
}

func (m *sharedMonth) id(t *testing.T, table, columns, name string, values ...any) (id int64) {
	t.Helper()
	sum := sha256.Sum256([]byte(name))
	places := make([]string, len(values))
	for i := range values {
		places[i] = fmt.Sprintf("$%d", i+2)
	}
	sql := fmt.Sprintf(`INSERT INTO %s (hash, %s) VALUES ($1, %s)
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`, table, columns, strings.Join(places, ", "))
	require.NoError(t, m.pool.QueryRow(t.Context(), sql, append([]any{sum[:]}, values...)...).Scan(&id), sql)
	return id
}

func (m *sharedMonth) deliver(t *testing.T, charges []spent) {
	t.Helper()
	var delivery, part int64
	var table string
	require.NoError(
		t,
		m.pool.QueryRow(t.Context(), `INSERT INTO delivery (source, format, scope, digest, digest_kind,
		location) VALUES ('s', 'cur', '2026-10', 'd', 'bytes', 'here') RETURNING id`).Scan(&delivery),
	)
	require.NoError(t, m.pool.QueryRow(t.Context(), `INSERT INTO part (delivery, ordinal, key, bytes)
		VALUES ($1, 1, 'p.csv', 1) RETURNING id`, delivery).Scan(&part))
	require.NoError(t, m.pool.QueryRow(t.Context(), `SELECT charge_part_open($1)`, part).Scan(&table))
	bill := m.id(
		t,
		"dim_bill",
		"provider, provider_name, billing_account, invoice_id, invoice_issuer, billing_entity, "+
			"currency, month",
		"bill",
		"aws",
		"AWS",
		sharedPayer,
		"I",
		"AWS Korea",
		"AWS",
		"USD",
		"2026-10",
	)
	total := decimal.Zero
	for i, c := range charges {
		account := m.id(t, "dim_account", "provider, sub_account, sub_account_name", "a"+c.account, "aws",
			c.account, "")
		item := m.id(
			t,
			"dim_item",
			"category, class, line_type, service_code, service_name, usage_type, operation, region, "+
				"sku_id, sku_price_id, unit, pricing_category, tax_type, description",
			fmt.Sprint("i", c.service, c.category),
			int16(c.category),
			0,
			c.category.String(),
			c.code(),
			"Amazon "+c.service,
			c.service+"-use",
			"",
			"",
			"",
			"",
			"Hrs",
			"",
			"",
			"",
		)
		commitment := int64(0)
		if c.commitment != "" {
			commitment = m.id(t, "dim_commitment", "value", "c"+c.commitment, c.commitment)
		}
		list := c.list
		if list == "" {
			list = c.billed
		}
		m.exec(t, `INSERT INTO `+table+` VALUES ($1, $2, $3, $4, $5, 0, 0, $6, make_date(2026, 10, $7),
			make_date(2026, 10, $7) + 1, 1, $8::text::numeric, $8::text::numeric, $9::text::numeric, $8::text::numeric)`,
			part, i+1, bill, account, item, commitment, c.day, c.billed, list)
		total = total.Add(decimal.RequireFromString(c.billed))
	}
	m.exec(t, `SELECT charge_publish($1)`, delivery)
	m.exec(
		t,
		`INSERT INTO charge_daily SELECT $1, (starts_at AT TIME ZONE 'UTC')::date, bill_id, account_id, item_id, 0,
		commitment_id, count(*), sum(quantity), sum(billed), sum(effective), sum(list), sum(contracted)
		FROM charge WHERE part_id = $2 GROUP BY 2, 3, 4, 5, 7`,
		delivery,
		part,
	)
	m.exec(
		t,
		`UPDATE part SET control = jsonb_build_array(jsonb_build_object('month', '2026-10', 'currency', 'USD',
		'state', 'sealed', 'rows', $2::int, 'billed', $3::text)) WHERE id = $1`,
		part,
		len(charges),
		total.String(),
	)
	m.exec(
		t,
		`INSERT INTO delivery_total SELECT $1, '2026-10', 'USD', 'sealed', $2, $3::text::numeric, sum(effective), sum(list),
			sum(contracted) FROM charge_daily WHERE delivery = $1`,
		delivery,
		len(charges),
		total.String(),
	)
	m.exec(t, `UPDATE delivery SET state = 'sealed', sealed_at = now() WHERE id = $1`, delivery)
}

// share runs the station twice: the second run changes nothing.
func (m *sharedMonth) share(t *testing.T) activities.ShareResult {
	t.Helper()
	first, err := m.sharing.ShareCosts(t.Context(), octoberOfShares)
	require.NoError(t, err)
	again, err := m.sharing.ShareCosts(t.Context(), octoberOfShares)
	require.NoError(t, err)
	require.Equal(t, first, again)
	return first
}

// drafts gives each customer's one draft.
func (m *sharedMonth) drafts(t *testing.T, customers ...string) map[string]invoice.Snapshot {
	t.Helper()
	drafts := map[string]invoice.Snapshot{}
	for _, customer := range customers {
		drafted, err := m.closing.Draft(t.Context(),
			activities.CustomerInput{Month: octoberOfShares, Customer: customer})
		require.NoError(t, err)
		require.Len(t, drafted.Documents, 1)
		drafts[customer], err = m.ledger.Draft(t.Context(), drafted.Documents[0].InvoiceID)
		require.NoError(t, err)
	}
	return drafts
}

func (m *sharedMonth) prove(t *testing.T) closing.ProofRow {
	t.Helper()
	proved, err := m.ledger.Prove(t.Context(), octoberOfShares)
	require.NoError(t, err)
	totals := closing.ByCurrency(proved.Rows)
	require.Len(t, totals, 1)
	return totals[0]
}

// finish numbers the customers' documents and closes the month.
func (m *sharedMonth) finish(t *testing.T, customers ...string) {
	t.Helper()
	park := party.Person{Code: "park", Roles: []party.Role{party.RoleApprover}}
	for _, customer := range customers {
		require.NoError(t,
			m.ledger.Decide(t.Context(), octoberOfShares, customer, closing.Approve, park, "", nil, false))
		documents, err := m.ledger.Documents(t.Context(), octoberOfShares, customer)
		require.NoError(t, err)
		for _, one := range documents {
			_, err = m.ledger.Finalize(t.Context(), closing.Finalizing{
				InvoiceID: one.InvoiceID, Series: "INV", MailFrom: "b@us.example",
			})
			require.NoError(t, err)
		}
	}
	_, err := m.ledger.Settle(t.Context(), octoberOfShares)
	require.NoError(t, err)
}

func (m *sharedMonth) findings(t *testing.T) []string {
	t.Helper()
	report, err := audit.Month(t.Context(), m.pool, "2026-10")
	require.NoError(t, err)
	var found []string
	for _, one := range report.Findings {
		found = append(found, fmt.Sprint(one.Check, ": ", one.Subject, " ", one.Expected, " ", one.Found))
	}
	return found
}

func customersOf(contracts ...map[string]string) (sheets []master.Table) {
	var customers, contacts []map[string]string
	for _, contract := range contracts {
		row := map[string]string{
			"issuer":         "us",
			"name":           contract["code"],
			"currency":       "USD",
			"tax":            "none",
			"country":        "KR",
			"benefit_policy": "as-billed",
			"benefit_share":  "",
			"move_policy":    "whole-month",
			"rounding_unit":  "0.01",
		}
		for column, cell := range contract {
			row[column] = cell
		}
		customers = append(customers, row)
		contacts = append(contacts, map[string]string{
			"customer": row["code"], "email": row["code"] + "@x.example", "role": "root", "delivery": "mail",
		})
	}
	return []master.Table{rowsOf("customers", customers...), rowsOf("contacts", contacts...)}
}

func accountsOf(rows ...[4]string) master.Table {
	var cells []map[string]string
	for _, row := range rows {
		cells = append(cells, map[string]string{
			"provider": "aws", "sub_account": row[0], "customer": row[1], "from": row[2], "to": row[3],
		})
	}
	return rowsOf("accounts", cells...)
}
