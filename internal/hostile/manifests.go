package hostile

import (
	"fmt"
	"strings"

	"magam/domain/fault"
)

// paths lead out of a delivery's folder, or try to.
var paths = []string{
	"../x.csv",
	"a/../../x.csv",
	"/etc/passwd",
	"a/./b.csv",
	"a//b.csv",
	"./a.csv",
	"..",
	".",
	"a/..",
	"%2e%2e/x.csv",
	"a/%2E%2E/x",
	"a%2fb",
	"a%5Cb",
	`..\\x.csv`,
	`a\\b.csv`,
	`C:\\x.csv`,
	"C:/x.csv",
	`a\u0000.csv`,
	`a\n.csv`,
	`a\r.csv`,
	`a\u007f.csv`,
	"~root/x.csv",
	"nul",
	"NUL.csv",
	"a/CON.csv.gz",
	"com1.csv",
	"a/LPT9",
	"aux.txt/x",
	"s3://b/k",
	"file:///etc/passwd",
	"a/b/",
	"/",
	"//x",
	`a\tb`,
	"../../../../../../etc/shadow",
	"a/../b.csv",
	strings.Repeat("a", 1025),
}

// manifests are deliveries whose list of files lies.
func manifests() []Case {
	part := gz(cur.file(cur.with(map[string]string{"resourceTags/user:Name": "manifest"})))
	with := func(name, manifest string, want fault.Code) Case {
		return Case{
			Name: "manifest: " + name, Want: want,
			Files: map[string][]byte{"r-Manifest.json": []byte(manifest), "r-1.csv.gz": part},
		}
	}
	cases := []Case{
		{
			Name: "manifest: in order", Rows: 1,
			Files: map[string][]byte{"r-Manifest.json": []byte(listing(`"r-1.csv.gz"`)), "r-1.csv.gz": part},
		},
		with("a file that is not there", listing(`"r-1.csv.gz","r-2.csv.gz"`), fault.IncompleteDelivery),
		with("a file listed two times", listing(`"r-1.csv.gz","r-1.csv.gz"`), fault.Schema),
		with("not JSON", "{", fault.Schema),
		with("cut off", listing(`"r-1.csv.gz"`)[:40], fault.Schema),
		with("a list where an object belongs", "[]", fault.Schema),
		with("a number for a path", listing("1"), fault.Schema),
		with("a month that is none", strings.Replace(listing(`"r-1.csv.gz"`), "20261001", "20261301", 1),
			fault.Schema),
		with("no month", `{"reportKeys":["r-1.csv.gz"]}`, fault.Schema),
		with("ten thousand brackets", `{"reportKeys":`+strings.Repeat("[", 10_001), fault.Schema),
		with("nine megabytes", `{"x":"`+strings.Repeat("x", 9<<20)+`"}`, fault.Schema),
	}
	for _, path := range paths {
		shown := path
		if len(shown) > 40 {
			shown = shown[:40] + "…"
		}
		cases = append(cases, with(fmt.Sprintf("a path of %q", shown), listing(`"`+path+`"`), fault.Path))
	}
	return cases
}

// listing is a legacy report's manifest of an October.
func listing(keys string) string {
	return `{"assemblyId":"a1","account":"999999999999","reportName":"r","compression":"GZIP",` +
		`"billingPeriod":{"start":"20261001T000000.000Z","end":"20261101T000000.000Z"},` +
		`"reportKeys":[` + keys + `]}`
}
