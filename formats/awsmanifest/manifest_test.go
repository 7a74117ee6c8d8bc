package awsmanifest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/period"
	"magam/formats/awsmanifest"
)

func manifest(keys ...string) []byte { return legacy(map[string]any{"reportKeys": keys}) }

// legacy writes the manifest of a legacy report, with what is given changed.
func legacy(given map[string]any) []byte {
	return written(map[string]any{
		"assemblyId": "a1", "account": "123456789012", "reportName": "r", "compression": "GZIP",
		"billingPeriod": map[string]string{"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
		"reportKeys":    []string{"p/r/20261001-20261101/a1/r-1.csv.gz"},
	}, given)
}

// export writes the manifest of a data export, with what is given changed.
func export(given map[string]any) []byte {
	return written(map[string]any{
		"executionId": "e1", "compression": "GZIP", "contentType": "text/csv",
		"exportArn": "arn:aws:bcm-data-exports:us-east-1:123456789012:export/focus-1a2b",
		"dataFiles": []string{"s3://bucket/p/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz"},
	}, given)
}

func written(document, given map[string]any) []byte {
	for name, value := range given {
		if document[name] = value; value == nil {
			delete(document, name)
		}
	}
	text, _ := json.Marshal(document) // of strings and lists: it cannot fail
	return text
}

func TestParse(t *testing.T) {
	t.Parallel()

	got, err := awsmanifest.Parse("m", manifest("p/r/20261001-20261101/a1/r-1.csv.gz"))

	require.NoError(t, err)
	month, _ := period.ParseMonth("2026-10")
	require.Equal(t, awsmanifest.Manifest{
		Version: "a1", Account: "123456789012", Report: "r", Month: month, Compression: "GZIP",
		Keys: []string{"p/r/20261001-20261101/a1/r-1.csv.gz"}, Columns: []awsmanifest.Column{},
	}, got)
}

func TestPathsThatLeadOutAreRefused(t *testing.T) {
	t.Parallel()

	for _, key := range []string{
		"../x.csv", "a/../../x.csv", "/etc/passwd", "a/./b.csv", "a//b.csv", "./a.csv", "..", ".", "", "a/..",
		"%2e%2e/x.csv", "a/%2E%2E/x", "a%2fb", "a%5Cb", `..\x.csv`, `a\b.csv`, `C:\x.csv`, "C:/x.csv",
		"c:x.csv", "a\x00.csv", "a\n.csv", "a\r.csv", "a\x7f.csv", "~root/x.csv", "nul", "NUL.csv", "a/con",
		"a/CON.csv.gz",
		"com1.csv", "a/LPT9", "aux.txt/x", "prn", "s3://b/k", "file:///etc/passwd", "a/b/", "/", "//x",
		"a\tb", strings.Repeat("a", 1025), "\xff\xfe", "a/../b.csv", "../../../../../../etc/shadow",
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()

			_, err := awsmanifest.Parse("m", manifest("ok.csv.gz", key))

			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Path, code)
		})
	}
}

func TestWhatIsNoManifestIsRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		text string
		code fault.Code
	}{
		"not JSON":        {"{", fault.Schema},
		"a list":          {"[]", fault.Schema},
		"text":            {`"manifest"`, fault.Schema},
		"nothing":         {"", fault.Schema},
		"nested too deep": {`{"x":` + strings.Repeat("[", 1_000_000), fault.Schema},
		"no files":        {`{"dataFiles":[]}`, fault.UnknownFormat},
		"a bucket alone":  {string(export(map[string]any{"dataFiles": []string{"s3://x"}})), fault.Path},
		"no bucket": {
			string(export(map[string]any{"dataFiles": []string{"s3:///etc/x.gz"}})),
			fault.Path,
		},
		"another store": {
			string(export(map[string]any{"dataFiles": []string{"gs://b/x.csv.gz"}})),
			fault.Path,
		},
		"larger than 8 MB": {strings.Repeat(" ", 8<<20) + "{}", fault.Schema},
		"100,000 keys": {
			string(legacy(map[string]any{"reportKeys": make([]string, 100_000)})),
			fault.Limit,
		},
		"100,000 columns": {
			string(legacy(map[string]any{"columns": make([]struct{}, 100_000)})),
			fault.Limit,
		},
		"keys as text": {string(legacy(map[string]any{"reportKeys": "a.csv.gz"})), fault.Schema},
		"keys as objects": {
			string(legacy(map[string]any{"reportKeys": []any{map[string]any{}}})),
			fault.Schema,
		},
		"a number as month": {string(legacy(map[string]any{"billingPeriod": 202610})), fault.Schema},
		"both generations": {
			string(legacy(map[string]any{"dataFiles": []string{"b.csv.gz"}})),
			fault.Schema,
		},
		"a name two times": {
			`{"reportKeys":["a.csv.gz"],"ReportKeys":["b.csv.gz"],"billingPeriod":{"start":"20261001"}}`,
			fault.Schema,
		},
		"an artifact that leads out": {
			string(legacy(map[string]any{"additionalArtifactKeys": []string{"../x.sql"}})), fault.Path,
		},
		"an unknown compression": {
			string(legacy(map[string]any{"compression": "LZ4"})),
			fault.UnknownFormat,
		},
		"parts that are packed otherwise": {
			string(legacy(map[string]any{"compression": "ZIP"})),
			fault.Schema,
		},
		"CSV as parquet": {
			string(export(map[string]any{
				"compression": "PARQUET", "dataFiles": []string{"s3://b/BILLING_PERIOD=2026-10/a.parquet"},
			})), fault.Schema,
		},
		"parts of two months": {string(export(map[string]any{"dataFiles": []string{
			"s3://b/data/BILLING_PERIOD=2026-10/a.csv.gz", "s3://b/data/BILLING_PERIOD=2026-09/a.csv.gz",
		}})), fault.Schema},
		"an export of no month": {
			string(export(map[string]any{"dataFiles": []string{"s3://b/data/a.csv.gz"}})), fault.Schema,
		},
		"no billing period": {`{"reportKeys":["a.csv"]}`, fault.Schema},
		"a month that is none": {
			`{"reportKeys":["a.csv"],"billingPeriod":{"start":"20261301T000000.000Z"}}`,
			fault.Schema,
		},
		"one file listed two times": {string(manifest("a.csv", "a.csv")), fault.Schema},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := awsmanifest.Parse("m", []byte(tt.text))

			code, _ := fault.CodeOf(err)
			require.Equal(t, tt.code, code)
		})
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()

	part := "cur/r/20261001-20261101/a2/r-1.csv.gz"
	exportPart := "p/e/data/BILLING_PERIOD=2026-10/x1/e-1.csv.gz"
	tests := map[string]struct {
		manifest string
		files    []string
		want     string
	}{
		"the whole bucket": {"cur/r/20261001-20261101/r-Manifest.json", []string{part}, part},
		"the report's folder alone": {
			"20261001-20261101/r-Manifest.json",
			[]string{"20261001-20261101/a2/r-1.csv.gz"},
			"20261001-20261101/a2/r-1.csv.gz",
		},
		"the month's folder alone": {
			"r-Manifest.json",
			[]string{"a1/r-1.csv.gz", "a2/r-1.csv.gz"},
			"a2/r-1.csv.gz",
		},
		"below another folder": {
			"x/oct/r-Manifest.json",
			[]string{"x/oct/a2/r-1.csv.gz"},
			"x/oct/a2/r-1.csv.gz",
		},
		"flat beside the manifest": {"x/r-Manifest.json", []string{"x/r-1.csv.gz"}, "x/r-1.csv.gz"},
		"an export's bucket": {
			"p/e/metadata/BILLING_PERIOD=2026-10/e-Manifest.json", []string{exportPart}, exportPart,
		},
		"an export below another folder": {
			"copy/e/metadata/BILLING_PERIOD=2026-10/x1/e-Manifest.json",
			[]string{"copy/e/data/BILLING_PERIOD=2026-10/x1/e-1.csv.gz"},
			"copy/e/data/BILLING_PERIOD=2026-10/x1/e-1.csv.gz",
		},
		"flat beside an export's manifest": {
			"BILLING_PERIOD=2026-10/e-Manifest.json",
			[]string{"BILLING_PERIOD=2026-10/e-1.csv.gz"},
			"BILLING_PERIOD=2026-10/e-1.csv.gz",
		},
		"its own month of two": {
			"metadata/BILLING_PERIOD=2026-10/e-Manifest.json",
			[]string{"data/BILLING_PERIOD=2026-09/e-1.csv.gz", "e-1.csv.gz"},
			"",
		},
		"inside the assembly itself": {
			"x/a2/r-Manifest.json",
			[]string{"x/a2/r-1.csv.gz"},
			"x/a2/r-1.csv.gz",
		},
		"not there although alike is": {"r-Manifest.json", []string{"a1/r-1.csv.gz"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			files := map[string]bool{}
			for _, file := range tt.files {
				files[file] = true
			}

			part := part
			if strings.Contains(tt.manifest, "BILLING_PERIOD") {
				part = exportPart
			}
			got, found := awsmanifest.Locate(tt.manifest, part, func(key string) bool { return files[key] })

			require.Equal(t, tt.want != "", found)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParseADataExport(t *testing.T) {
	t.Parallel()
	month, _ := period.ParseMonth("2026-10")

	tests := map[string]struct {
		file  string
		given map[string]any
		want  awsmanifest.Manifest
	}{
		"named by its path": {
			"p/focus/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json", nil,
			awsmanifest.Manifest{Version: "e1", Account: "123456789012", Report: "focus"},
		},
		"with objects that name the files": {
			"p/e/metadata/BILLING_PERIOD=2026-10/e-Manifest.json", map[string]any{"dataFiles": []any{
				map[string]string{"key": "p/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz"},
			}}, awsmanifest.Manifest{Version: "e1", Account: "123456789012", Report: "e"},
		},
		"with keys instead of addresses, and its own words": {
			"m-Manifest.json",
			map[string]any{
				"account":     "1",
				"reportName":  "costs",
				"executionId": nil,
				"assemblyId":  "a7",
				"exportArn":   nil,
				"dataFiles":   []string{"p/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz"},
			},
			awsmanifest.Manifest{Version: "a7", Account: "1", Report: "costs"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got, err := awsmanifest.Parse(tt.file, export(tt.given))

			require.NoError(t, err)
			tt.want.Export, tt.want.Month, tt.want.Compression = true, month, "GZIP"
			tt.want.Keys = []string{"p/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz"}
			tt.want.Columns = []awsmanifest.Column{}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestArtifactsAreListedInTwoWays(t *testing.T) {
	t.Parallel()

	got, err := awsmanifest.Parse("m", legacy(map[string]any{"additionalArtifactKeys": []any{
		"p/r/create-table.sql",
		map[string]string{"artifactType": "RedshiftManifest", "name": "p/r/redshift.json"},
	}}))

	require.NoError(t, err)
	require.Equal(t, []string{"p/r/create-table.sql", "p/r/redshift.json"}, got.Artifacts)
}

func TestTheHeaderMustBeTheManifests(t *testing.T) {
	t.Parallel()
	columns := []awsmanifest.Column{
		{"lineItem", "UnblendedCost", "OptionalBigDecimal"},
		{"resourceTags", "user:Cost Center", "OptionalString"},
		{"reservation", "ReservationARN", "OptionalString"},
	}
	legacyCSV := []string{
		"lineItem/UnblendedCost",
		"resourceTags/user:Cost Center",
		"reservation/ReservationARN",
	}
	parquet := []string{
		"line_item_unblended_cost",
		"resource_tags_user_cost_center",
		"reservation_reservation_a_r_n",
	}

	tests := map[string]struct {
		of      awsmanifest.Manifest
		header  []string
		problem string
	}{
		"as listed": {awsmanifest.Manifest{Columns: columns}, legacyCSV, ""},
		"in another order": {
			awsmanifest.Manifest{Columns: columns},
			[]string{legacyCSV[2], legacyCSV[0], legacyCSV[1]},
			"",
		},
		"one less": {
			awsmanifest.Manifest{Columns: columns},
			legacyCSV[:2],
			"lacks columns that its manifest lists: reservation/ReservationARN",
		},
		"one more": {
			awsmanifest.Manifest{Columns: columns[:2]},
			legacyCSV,
			"not list: reservation/ReservationARN",
		},
		"no columns are told":  {awsmanifest.Manifest{}, legacyCSV, ""},
		"CSV with small names": {awsmanifest.Manifest{Columns: columns}, parquet, "lacks columns"},
		"parquet spells its own way": {
			awsmanifest.Manifest{
				Columns:     columns,
				Compression: "PARQUET",
			},
			append([]string{"year", "month"}, parquet...),
			"",
		},
		"parquet without one": {
			awsmanifest.Manifest{
				Columns:     columns,
				Compression: "PARQUET",
			},
			parquet[1:],
			"lineItem/UnblendedCost",
		},
		"an export names its columns whole": {
			awsmanifest.Manifest{Export: true, Columns: []awsmanifest.Column{{"", "BilledCost", "double"}}},
			[]string{"BilledCost"},
			"",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			err := tt.of.CheckHeader("part", tt.header)

			if tt.problem == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.problem)
			code, _ := fault.CodeOf(err)
			require.Equal(t, fault.Schema, code)
		})
	}
}

func TestAnExecutionsFolderMayHoldColons(t *testing.T) {
	t.Parallel()
	key := "e/data/BILLING_PERIOD=2026-10/2026-10-02T03:04:05.678Z-1a2b/e-00001.csv.gz"

	got, err := awsmanifest.Parse("m", export(map[string]any{"dataFiles": []string{"s3://b/" + key}}))

	require.NoError(t, err)
	require.Equal(t, []string{key}, got.Keys)
}
