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

func manifest(keys ...string) []byte {
	text, _ := json.Marshal(map[string]any{
		"assemblyId": "a1", "account": "123456789012", "reportName": "r", "compression": "GZIP",
		"billingPeriod": map[string]string{"start": "20261001T000000.000Z", "end": "20261101T000000.000Z"},
		"reportKeys":    keys,
	})
	return text
}

func TestParse(t *testing.T) {
	t.Parallel()

	got, err := awsmanifest.Parse("m", manifest("p/r/20261001-20261101/a1/r-1.csv.gz"))

	require.NoError(t, err)
	month, _ := period.ParseMonth("2026-10")
	require.Equal(t, awsmanifest.Manifest{
		Assembly: "a1", Account: "123456789012", Report: "r", Month: month, Compression: "GZIP",
		Keys: []string{"p/r/20261001-20261101/a1/r-1.csv.gz"},
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
		"not JSON":          {"{", fault.Schema},
		"no report keys":    {`{"dataFiles":["s3://x"]}`, fault.UnknownFormat},
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

			got, found := awsmanifest.Locate(tt.manifest, part, func(key string) bool { return files[key] })

			require.Equal(t, tt.want != "", found)
			require.Equal(t, tt.want, got)
		})
	}
}
