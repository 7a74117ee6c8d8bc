package sample

import (
	"path"
	"strings"

	"magam/domain/period"
)

// exportManifest is the document that Data Exports write last.
type exportManifest struct {
	ExecutionID           string         `json:"executionId"`
	ExportARN             string         `json:"exportArn"`
	Account               string         `json:"account"`
	ReportName            string         `json:"reportName"`
	Charset               string         `json:"charset"`
	Compression           string         `json:"compression"`
	ContentType           string         `json:"contentType"`
	Columns               []exportColumn `json:"columns"`
	DataFiles             []string       `json:"dataFiles"`
	AdditionalOutputFiles []string       `json:"additionalOutputFiles"`
}

type exportColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// exportFolder is where an export lies in its bucket.
func exportFolder(report string) string {
	if report == focusReport {
		return path.Join(focusPrefix, report)
	}
	return path.Join(curPrefix, report)
}

func partition(month period.Month) string { return "BILLING_PERIOD=" + month.String() }

// writeExportManifest writes it beside the data, in a tree of its own: for each
// execution that is kept, and where the newest one is told.
func writeExportManifest(
	root string, opts Options, of *payer, report string, as shape, files []string,
) error {
	const bucket = "s3://magam-cloud-billing/"
	m := exportManifest{
		ExecutionID: assemblyOf(opts), Account: of.id, ReportName: report, Charset: "UTF-8",
		ExportARN: "arn:aws:bcm-data-exports:us-east-1:" + of.id + ":export/" + report + "-" +
			uuidOf(opts.Seed, "export "+report),
		Compression: strings.ToUpper(string(as.packing)), ContentType: "text/csv",
		AdditionalOutputFiles: []string{},
	}
	if as.packing == packedParquet {
		m.ContentType = "application/vnd.apache.parquet"
	}
	for _, column := range as.columns {
		m.Columns = append(m.Columns, exportColumn{column.name, exportType(column)})
	}
	for _, file := range files {
		m.DataFiles = append(m.DataFiles, bucket+file)
	}
	newest := path.Join(exportFolder(report), "metadata", partition(opts.Month))
	folders := []string{newest}
	if report != focusReport {
		folders = []string{path.Join(newest, m.ExecutionID), newest}
	}
	return writeDocument(root, folders, report, m)
}

func exportType(column shapeColumn) string {
	if column.isMap() {
		return "OptionalMap"
	}
	return columnType(column.source)
}
