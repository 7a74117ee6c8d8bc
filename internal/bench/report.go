package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// shape is what a report is made of.
type shape struct {
	accounts, resources int
	step                int // between the products of an account's resources
}

// large has the sizes of a large reseller's payer account.
var large = shape{accounts: 300, resources: 60_000}

// cutColumns are the 22 columns that a loader without dictionaries would keep,
// the tags last, which have a column each in the report.
var cutColumns = []struct{ name, kind, from string }{
	{"payer", "text", "bill/PayerAccountId"},
	{"invoice", "text", "bill/InvoiceId"},
	{"issuer", "text", "bill/InvoicingEntity"},
	{"entity", "text", "bill/BillingEntity"},
	{"period", "timestamptz", "bill/BillingPeriodStartDate"},
	{"account", "text", "lineItem/UsageAccountId"},
	{"line_type", "text", "lineItem/LineItemType"},
	{"starts", "timestamptz", "lineItem/UsageStartDate"},
	{"ends", "timestamptz", "lineItem/UsageEndDate"},
	{"product", "text", "lineItem/ProductCode"},
	{"usage_type", "text", "lineItem/UsageType"},
	{"operation", "text", "lineItem/Operation"},
	{"region", "text", "product/region"},
	{"resource", "text", "lineItem/ResourceId"},
	{"currency", "text", "lineItem/CurrencyCode"},
	{"quantity", "numeric", "lineItem/UsageAmount"},
	{"unblended", "numeric", "lineItem/UnblendedCost"},
	{"effective", "numeric", "lineItem/BlendedCost"},
	{"list", "numeric", "pricing/publicOnDemandCost"},
	{"description", "text", "lineItem/LineItemDescription"},
	{"unit", "text", "pricing/unit"},
	{"tags", "jsonb", ""},
}

// given are the report's columns that carry values; the others are empty, as
// most product columns of a real report are.
var given = []string{
	"identity/LineItemId", "identity/TimeInterval", "bill/InvoiceId", "bill/InvoicingEntity",
	"bill/BillingEntity", "bill/BillType", "bill/PayerAccountId", "bill/BillingPeriodStartDate",
	"bill/BillingPeriodEndDate", "lineItem/UsageAccountId", "lineItem/LineItemType",
	"lineItem/UsageStartDate", "lineItem/UsageEndDate", "lineItem/ProductCode", "lineItem/UsageType",
	"lineItem/Operation", "lineItem/AvailabilityZone", "lineItem/ResourceId", "lineItem/UsageAmount",
	"lineItem/CurrencyCode", "lineItem/UnblendedRate", "lineItem/UnblendedCost", "lineItem/BlendedRate",
	"lineItem/BlendedCost", "lineItem/LineItemDescription", "lineItem/TaxType", "lineItem/LegalEntity",
	"product/ProductName", "product/region", "product/servicecode", "product/sku", "product/instanceType",
	"product/operatingSystem", "pricing/RateCode", "pricing/RateId", "pricing/currency",
	"pricing/publicOnDemandCost", "pricing/publicOnDemandRate", "pricing/term", "pricing/unit",
	"reservation/ReservationARN", "reservation/EffectiveCost", "savingsPlan/SavingsPlanARN",
	"savingsPlan/SavingsPlanEffectiveCost", "resourceTags/user:Name", "resourceTags/user:env",
	"resourceTags/user:team",
}

const columnCount = 113

type product struct{ code, name, usage, operation, unit, description, sku string }

type madeReport struct{ Text, Packed int64 }

// makeReport writes a packed report as several files and, unless cut is empty,
// beside it the columns cut for psql. The same arguments give the same bytes.
func makeReport(files []string, cut string, rows int, of shape, seed uint64) (madeReport, error) {
	columns := io.Discard
	if cut != "" {
		plain, err := os.Create(cut)
		if err != nil {
			return madeReport{}, err
		}
		defer plain.Close()
		columns = plain
	}
	buffered := bufio.NewWriterSize(columns, 1<<20)
	maker := newMaker(of, seed)
	var made madeReport
	for i, name := range files {
		from, to := rows*i/len(files), rows*(i+1)/len(files)
		if err := maker.file(name, buffered, to-from, &made); err != nil {
			return madeReport{}, err
		}
	}
	return made, buffered.Flush()
}

// file writes one file of the report.
func (m *maker) file(name string, columns *bufio.Writer, rows int, made *madeReport) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	packed, err := os.Create(name)
	if err != nil {
		return err
	}
	defer packed.Close()
	compressor, err := gzip.NewWriterLevel(packed, gzip.DefaultCompression)
	if err != nil {
		return err
	}
	counted := &counter{to: compressor}
	report := bufio.NewWriterSize(counted, 1<<20)
	header := append([]string{}, given...)
	for i := len(header); i < columnCount; i++ {
		header = append(header, fmt.Sprintf("product/attribute%d", i))
	}
	fmt.Fprintln(report, strings.Join(header, ","))
	for range rows {
		m.row(report, columns)
	}
	for _, flush := range []func() error{report.Flush, compressor.Close} {
		if err := flush(); err != nil {
			return err
		}
	}
	info, err := packed.Stat()
	if err != nil {
		return err
	}
	made.Text += counted.n
	made.Packed += info.Size()
	return nil
}

type maker struct {
	shape
	random   *rand.Rand
	products []product
	number   int
}

func newMaker(of shape, seed uint64) *maker {
	m := &maker{shape: of, random: rand.New(rand.NewPCG(2026, seed))}
	for i := range 400 {
		code := fmt.Sprintf("AmazonService%d", i%40)
		m.products = append(m.products, product{
			code: code, name: "Amazon Service " + fmt.Sprint(i%40),
			usage:       fmt.Sprintf("APN2-BoxUsage:m%d.xlarge", i),
			operation:   fmt.Sprintf("RunInstances:%04d", i%17),
			unit:        []string{"Hrs", "GB-Mo", "Requests"}[i%3],
			description: fmt.Sprintf("\"$0.%04d per unit, m%d.xlarge usage in Seoul\"", i, i),
			sku:         fmt.Sprintf("SKU%012d", i*7919),
		})
	}
	return m
}

// row writes one hour of one resource.
func (m *maker) row(report, cut *bufio.Writer) {
	m.number++
	resource := m.random.IntN(m.resources)
	item := m.products[(resource+resource/m.accounts*m.step)%len(m.products)]
	hour := m.random.IntN(31 * 24)
	start := fmt.Sprintf("2026-10-%02dT%02d:00:00Z", hour/24+1, hour%24)
	end := fmt.Sprintf("2026-10-%02dT%02d:59:59Z", hour/24+1, hour%24)
	account := fmt.Sprintf("%012d", 100000000000+resource%m.accounts)
	id := fmt.Sprintf("arn:aws:ec2:ap-northeast-2:%s:instance/i-%017x", account, resource*2654435761)
	cost := fmt.Sprintf("0.%010d", m.random.IntN(1_000_000_000))
	if m.number%2 == 0 {
		cost = fmt.Sprintf("%d.%dE-%d", m.random.IntN(9)+1, m.random.IntN(999999), m.random.IntN(6)+3)
	}
	amount := fmt.Sprintf("%d.%06d", m.random.IntN(4), m.random.IntN(1_000_000))
	env, team := []string{"prod", "dev", "stage"}[resource%3], fmt.Sprintf("team-%d", resource%50)
	host := fmt.Sprintf("host-%d", resource%2000)
	fmt.Fprintf(report, "%032x,%s/%s,,\"Amazon Web Services Korea, LLC\",AWS,Anniversary,999999999999,"+
		"2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,%s,Usage,%s,%s,%s,%s,%s,ap-northeast-2a,%s,%s,USD,0.0116,%s,0.0116,%s,"+
		"%s,,\"Amazon Web Services Korea, LLC\",%s,ap-northeast-2,%s,%s,m5.xlarge,Linux,%s.JRTC.6YS6,RID%s,USD,%s,0.0116,"+
		"OnDemand,%s,,,,,%s,%s,%s%s\n",
		m.random.Uint64(), start, end, account, start, end, item.code, item.usage, item.operation, id, amount,
		cost, cost, item.description, item.name, item.code, item.sku, item.sku, item.sku, cost, item.unit,
		host, env, team, strings.Repeat(",", columnCount-len(given)))
	fmt.Fprintf(
		cut,
		"999999999999\t\\N\tAmazon Web Services Korea, LLC\tAWS\t2026-10-01T00:00:00Z\t%s\tUsage\t%s\t%s\t%s\t"+
			"%s\t%s\tap-northeast-2\t%s\tUSD\t%s\t%s\t%s\t%s\t%s\t%s\t{\"Name\":\"%s\",\"env\":\"%s\",\"team\":\"%s\"}\n",
		account,
		start,
		end,
		item.code,
		item.usage,
		item.operation,
		id,
		amount,
		cost,
		cost,
		cost,
		strings.Trim(item.description, "\""),
		item.unit,
		host,
		env,
		team,
	)
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return c.to.Write(p)
}
