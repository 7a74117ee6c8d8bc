// Package awsmanifest reads the manifest of a legacy AWS Cost and Usage Report:
// the list of exactly the files that make one whole delivery.
//
// It owns the manifest's shape and the checking of the paths in it. It does not
// own where files lie (see activities) or what they hold (see awscur).
package awsmanifest

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"magam/domain/fault"
	"magam/domain/period"
)

// bytesMax bounds a manifest: a report of 2,000 columns and 10,000 parts is below 2 MB.
const bytesMax = 8 << 20

// Manifest is what a delivery says about itself.
type Manifest struct {
	Assembly    string // identifies this version of the report
	Account     string
	Report      string
	Month       period.Month
	Compression string   // GZIP, ZIP, Parquet, or empty for none
	Keys        []string // the parts, as paths in the provider's bucket, in order
}

// document is the manifest's JSON, as far as it matters.
type document struct {
	AssemblyID    string   `json:"assemblyId"`
	Account       string   `json:"account"`
	ReportName    string   `json:"reportName"`
	Compression   string   `json:"compression"`
	ReportKeys    []string `json:"reportKeys"`
	BillingPeriod struct {
		Start string `json:"start"`
		End   string `json:"end"`
	} `json:"billingPeriod"`
}

// IsName says whether a path is named like a manifest.
func IsName(key string) bool { return strings.HasSuffix(key, "-Manifest.json") }

// Parse reads a manifest. One without report keys is of another generation.
func Parse(file string, text []byte) (Manifest, error) {
	refuse := func(what string, err error) (Manifest, error) {
		return Manifest{}, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: file}, What: what, Err: err,
			Cure: "have the export delivered again",
		}
	}
	if len(text) > bytesMax {
		return refuse("the manifest is larger than 8 MB", nil)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return refuse("the manifest is not JSON", err)
	}
	if len(doc.ReportKeys) == 0 {
		return Manifest{}, &fault.Error{
			Code: fault.UnknownFormat, Place: fault.Place{File: file},
			What: "the manifest lists no reportKeys: it is not of a legacy cost and usage report",
			Cure: "export a legacy report or a FOCUS export as CSV",
		}
	}
	month, err := billingMonth(doc.BillingPeriod.Start)
	if err != nil {
		return refuse("the manifest's billing period is unreadable", err)
	}
	seen := map[string]bool{}
	for _, key := range doc.ReportKeys {
		if err := checkKey(file, key); err != nil {
			return Manifest{}, err
		}
		if seen[key] {
			return refuse("the manifest lists a file twice: "+fault.Excerpt(key), nil)
		}
		seen[key] = true
	}
	return Manifest{
		Assembly: doc.AssemblyID, Account: doc.Account, Report: doc.ReportName, Month: month,
		Compression: strings.ToUpper(doc.Compression), Keys: doc.ReportKeys,
	}, nil
}

// Locate finds a part among the files that were delivered. Buckets are copied
// with more or less of their path, so the longest end of the key that is there
// counts, first from the root, then from the manifest's own folder.
func Locate(manifestKey, partKey string, exists func(key string) bool) (string, bool) {
	folder := path.Dir(manifestKey)
	for suffix := partKey; ; {
		if exists(suffix) {
			return suffix, true
		}
		if beside := path.Join(folder, suffix); exists(beside) {
			return beside, true
		}
		_, shorter, more := strings.Cut(suffix, "/")
		if !more {
			return "", false
		}
		suffix = shorter
	}
}

// billingMonth reads 20240101T000000.000Z; some tools write the day alone.
func billingMonth(start string) (period.Month, error) {
	if len(start) < 8 {
		return period.Month{}, fmt.Errorf("%q: %w", start, period.ErrMonth)
	}
	day := strings.ReplaceAll(start, "-", "")
	t, err := time.Parse("20060102", day[:min(8, len(day))])
	if err != nil {
		return period.Month{}, fmt.Errorf("%q: %w", start, period.ErrMonth)
	}
	return period.MonthOf(t), nil
}

// checkKey refuses every path that could lead out of the delivery's folder.
func checkKey(file, key string) error {
	folded := strings.ToLower(key)
	bad := key == "" || len(key) > 1024 || path.IsAbs(key) || path.Clean(key) != key ||
		strings.ContainsAny(key, "\\:\x00") || strings.Contains(folded, "%2e") ||
		strings.Contains(folded, "%2f") || strings.Contains(folded, "%5c") || strings.HasPrefix(key, "~")
	for element := range strings.SplitSeq(key, "/") {
		bad = bad || element == ".." || element == "." || reservedName(element)
	}
	for _, r := range key {
		bad = bad || r < 0x20 || r == 0x7f || r == 0xfffd
	}
	if !bad {
		return nil
	}
	return &fault.Error{
		Code: fault.Path, Place: fault.Place{File: file}, Value: key,
		What: "is not a path inside the delivery",
		Cure: "have the export delivered again; if it was edited, ask by whom",
	}
}

// reservedName tells the device names that Windows reads wherever they stand.
func reservedName(element string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(element), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) &&
		base[3] >= '1' && base[3] <= '9'
}
