package sample

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"magam/domain/period"
)

// The names under which the reports are delivered.
const (
	curPrefix   = "cur"
	curReport   = "magam-cur"
	focusPrefix = "focus"
	focusReport = "magam-focus"
)

// curFolder is where the report of a month lies in its bucket.
func curFolder(month period.Month) string {
	const form = "20060102"
	return path.Join(curPrefix, curReport, month.Start().Format(form)+"-"+month.End().Format(form))
}

// assemblyOf names one making of the report: a later revision is another one.
func assemblyOf(opts Options) string {
	return uuidOf(opts.Seed, fmt.Sprintf("assembly %s revision %d", opts.Month, opts.Revision))
}

// partNames is where the parts of an export lie.
func partNames(opts Options, report string, of shape) func(int) string {
	folder := path.Join(curFolder(opts.Month), assemblyOf(opts))
	if of.export {
		folder = path.Join(exportFolder(report), "data", partition(opts.Month))
		if report != focusReport { // which is overwritten; the other keeps its executions
			folder = path.Join(folder, assemblyOf(opts))
		}
	}
	return func(part int) string {
		return path.Join(folder, fmt.Sprintf("%s-%05d%s", report, part, of.packing.ending()))
	}
}

// manifest is the document that the provider writes when all parts are there.
type manifest struct {
	AssemblyID             string           `json:"assemblyId"`
	Account                string           `json:"account"`
	Columns                []manifestColumn `json:"columns"`
	Charset                string           `json:"charset"`
	Compression            string           `json:"compression"`
	ContentType            string           `json:"contentType"`
	ReportID               string           `json:"reportId"`
	ReportName             string           `json:"reportName"`
	BillingPeriod          manifestPeriod   `json:"billingPeriod"`
	Bucket                 string           `json:"bucket"`
	ReportKeys             []string         `json:"reportKeys"`
	AdditionalArtifactKeys []string         `json:"additionalArtifactKeys"`
}

type manifestColumn struct {
	Category string `json:"category"`
	Name     string `json:"name"`
	Type     string `json:"type"`
}

type manifestPeriod struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// writeManifest writes it last, beside the parts and one folder up, where the
// provider keeps the copy that names the newest assembly.
func writeManifest(root string, opts Options, of *payer, as shape, keys []string) error {
	const form = "20060102T150405.000Z"
	m := manifest{
		AssemblyID: assemblyOf(opts), Account: of.id, Charset: "UTF-8", Compression: string(as.packing),
		ContentType: "text/csv", ReportID: uuidOf(opts.Seed, "report"), ReportName: curReport,
		BillingPeriod: manifestPeriod{opts.Month.Start().Format(form), opts.Month.End().Format(form)},
		Bucket:        "magam-cloud-billing", ReportKeys: keys, AdditionalArtifactKeys: []string{},
	}
	for _, column := range curColumns.columns {
		category, name, _ := strings.Cut(column, "/")
		m.Columns = append(m.Columns, manifestColumn{category, name, columnType(column)})
	}
	if as.packing == packedParquet {
		m.ContentType = string(packedParquet)
	}
	folders := []string{path.Join(curFolder(opts.Month), m.AssemblyID), curFolder(opts.Month)}
	return writeDocument(root, folders, curReport, m)
}

// writeDocument writes a manifest into each of the folders, the one that counts last.
func writeDocument(root string, folders []string, report string, document any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(document)
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	for _, folder := range folders {
		file := filepath.Join(root, filepath.FromSlash(folder), report+"-Manifest.json")
		err := writeWhole(file, text.Bytes())
		if err != nil {
			return err
		}
	}
	return nil
}

func columnType(column string) string {
	switch {
	case strings.HasSuffix(column, "Cost") || strings.HasSuffix(column, "Rate") || strings.HasSuffix(column, "Amount"):
		return "OptionalBigDecimal"
	case strings.HasSuffix(column, "Date"):
		return "DateTime"
	case column == "identity/TimeInterval":
		return "Interval"
	default:
		return "OptionalString"
	}
}

// writeWhole puts a small file there in one step: a reader sees all or nothing.
func writeWhole(file string, content []byte) error {
	err := os.MkdirAll(filepath.Dir(file), dirMode)
	if err != nil {
		return fmt.Errorf("make the folder of %s: %w", filepath.Base(file), err)
	}
	err = os.WriteFile(file+".part", content, fileMode)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(file), err)
	}
	err = os.Rename(file+".part", file)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(file), err)
	}
	return nil
}
