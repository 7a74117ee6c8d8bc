package hostile

import (
	"strings"

	"magam/domain/fault"
)

// cur2 is what Data Exports make of the legacy report.
var cur2 = shape{
	name: "cur2",
	columns: []string{
		"bill_invoice_id",
		"bill_payer_account_id",
		"bill_billing_period_start_date",
		"line_item_usage_account_id",
		"line_item_line_item_type",
		"line_item_usage_start_date",
		"line_item_usage_end_date",
		"line_item_product_code",
		"line_item_usage_type",
		"line_item_usage_amount",
		"line_item_currency_code",
		"line_item_unblended_cost",
		"product",
		"resource_tags",
		"discount",
	},
	row: map[string]string{
		"bill_payer_account_id": "999999999999", "bill_billing_period_start_date": "2026-10-01T00:00:00.000Z",
		"line_item_usage_account_id": "111111111111", "line_item_line_item_type": "Usage",
		"line_item_usage_start_date": "2026-10-03T05:00:00.000Z",
		"line_item_usage_end_date":   "2026-10-03T06:00:00.000Z",
		"line_item_product_code":     "AmazonEC2", "line_item_usage_type": "APN2-BoxUsage",
		"line_item_usage_amount": "1", "line_item_currency_code": "USD", "line_item_unblended_cost": "100.00",
	},
	cost:     "line_item_unblended_cost",
	quantity: "line_item_usage_amount",
	start:    "line_item_usage_start_date",
	kind:     "line_item_line_item_type",
	currency: "line_item_currency_code",
	month:    "bill_billing_period_start_date",
	required: []string{
		"line_item_usage_account_id", "line_item_usage_start_date", "line_item_usage_end_date",
		"line_item_product_code", "line_item_currency_code", "bill_billing_period_start_date",
	},
}

// Where the parts of a data export's October lie, and its manifest.
const (
	exportMonth  = "e/data/BILLING_PERIOD=2026-10/"
	exportListed = "e/metadata/BILLING_PERIOD=2026-10/e-Manifest.json"
)

// exports are rows of CUR 2.0 whose maps lie.
func exports() []Case {
	in := func(name string, row map[string]string, rows int64, aside map[fault.Code]int64) Case {
		row["line_item_usage_type"] = name
		return Case{
			Name: "export: " + name, Rows: rows, Aside: aside, Files: map[string][]byte{
				exportListed:               []byte(exported(`"s3://b/` + exportMonth + `e-1.csv.gz"`)),
				exportMonth + "e-1.csv.gz": gz(cur2.file(cur2.with(row))),
			},
		}
	}
	return []Case{
		in("in order", map[string]string{}, 1, nil),
		in("a discount that is no map", map[string]string{"discount": "-1"}, 0,
			map[fault.Code]int64{fault.Number: 1}),
		in("a discount beyond all bounds", map[string]string{"discount": `{"edp":1e99}`}, 0,
			map[fault.Code]int64{fault.Number: 1}),
		in("tags that are no map", map[string]string{"resource_tags": "[["}, 1, nil),
		in("tags nested without end", map[string]string{"resource_tags": strings.Repeat("[", 100_000)}, 1,
			nil),
		in("a NUL that JSON spells", map[string]string{"product": `{"product_name":"a\u0000b"}`}, 1, nil),
	}
}

// exportManifests are data exports whose list of files lies.
func exportManifests() []Case {
	part := gz(cur2.file(cur2.with(map[string]string{"line_item_usage_type": "an export"})))
	with := func(name, manifest string, want fault.Code) Case {
		return Case{
			Name: "export: " + name, Want: want,
			Files: map[string][]byte{exportListed: []byte(manifest), exportMonth + "e-1.csv.gz": part},
		}
	}
	one := `"s3://b/` + exportMonth + `e-1.csv.gz"`
	return []Case{
		{
			Name: "export: no manifest yet", Want: fault.IncompleteDelivery,
			Files: map[string][]byte{exportMonth + "e-1.csv.gz": part},
		},
		with("a file that is not there", exported(one+`,"s3://b/`+exportMonth+`e-2.csv.gz"`),
			fault.IncompleteDelivery),
		with("another month's file", exported(one+`,"s3://b/e/data/BILLING_PERIOD=2026-09/e-1.csv.gz"`),
			fault.Schema),
		with("two ways to one file", exported(one+`,"s3://b/copy/`+exportMonth+`e-1.csv.gz"`),
			fault.IncompleteDelivery),
		with("a path that leads out", exported(`"s3://b/../`+exportMonth+`e-1.csv.gz"`), fault.Path),
		with("another store", exported(`"https://b/`+exportMonth+`e-1.csv.gz"`), fault.Path),
		with("a bucket alone", exported(`"s3://b"`), fault.Path),
		with("a number for a path", exported("1"), fault.Schema),
		with("both lists", strings.Replace(exported(one), "{", `{"reportKeys":["x.csv.gz"],`, 1),
			fault.Schema),
		with("a list in two spellings", strings.Replace(exported(one), "{", `{"DATAFILES":[],`, 1),
			fault.Schema),
		with("another compression", strings.Replace(exported(one), "GZIP", "PARQUET", 1), fault.Schema),
		with("a compression nobody knows", strings.Replace(exported(one), "GZIP", "LZMA", 1),
			fault.UnknownFormat),
		with("columns that no part has", strings.Replace(exported(one), "{", `{"columns":[{"name":"x"}],`, 1),
			fault.Schema),
		with("a hundred thousand files", exported(one+strings.Repeat(`,"x"`, 100_000)), fault.Limit),
	}
}

// exported is a data export's manifest.
func exported(files string) string {
	return `{"executionId":"x1","compression":"GZIP","contentType":"text/csv",` +
		`"exportArn":"arn:aws:bcm-data-exports:us-east-1:999999999999:export/e-1","dataFiles":[` + files + `]}`
}
