// Package awsmanifest reads the manifests of AWS's cost exports, the legacy Cost
// and Usage Report's and Data Exports': the list of exactly the files that make
// one whole delivery, and of the columns in them.
//
// It owns the manifests' shapes and the checking of what they claim. It does not
// own where files lie (see activities) or what they hold (see awscur and focus).
package awsmanifest

import (
	"fmt"
	"path"
	"strings"

	"magam/domain/fault"
	"magam/domain/period"
)

// The bounds of a manifest: a report of 2,000 columns and 10,000 parts is below 8 MB.
const (
	bytesMax   = 8 << 20
	keysMax    = 10_000
	columnsMax = 4_000
)

// The compressions that are known.
const (
	CompressionNone    = ""
	CompressionGZIP    = "GZIP"
	CompressionZIP     = "ZIP"
	CompressionParquet = "PARQUET"
)

// Manifest is what a delivery says about itself.
type Manifest struct {
	Export      bool   // of Data Exports; else of a legacy report
	Version     string // which making of the report this is: its assembly or execution
	Account     string
	Report      string
	Month       period.Month
	Compression string
	Keys        []string // the parts, as paths in the provider's bucket, in order
	Artifacts   []string // files beside the parts that hold no costs
	Columns     []Column
}

// Column is one that every part has.
type Column struct {
	Category, Name, Type string
}

// IsName says whether a path is named like a manifest.
func IsName(key string) bool { return strings.HasSuffix(key, "-Manifest.json") }

// Parse reads a manifest of either generation; file is its path.
func Parse(file string, text []byte) (Manifest, error) {
	if len(text) > bytesMax {
		return Manifest{}, refuse(fault.Schema, file, "the manifest is larger than 8 MB", nil)
	}
	doc, err := decode(file, text)
	if err != nil {
		return Manifest{}, err
	}
	found := Manifest{
		Export: len(doc.DataFiles) > 0, Version: doc.AssemblyID, Account: doc.Account, Report: doc.ReportName,
		Columns: make([]Column, len(doc.Columns)),
	}
	for i, one := range doc.Columns {
		found.Columns[i] = Column(one)
	}
	listed := doc.ReportKeys
	if found.Export {
		for _, one := range doc.DataFiles {
			listed = append(listed, string(one))
		}
		found.nameExport(file, doc)
	}
	if found.Keys, err = paths(file, listed, found.Export); err != nil {
		return Manifest{}, err
	}
	if found.Artifacts, err = artifacts(file, doc); err != nil {
		return Manifest{}, err
	}
	if found.Month, err = monthOf(file, doc, found.Keys); err != nil {
		return Manifest{}, err
	}
	found.Compression, err = compressionOf(file, doc, found.Keys)
	return found, err
}

// nameExport fills in what Data Exports leave out or say in other words.
func (m *Manifest) nameExport(file string, doc document) {
	if doc.ExecutionID != "" {
		m.Version = doc.ExecutionID
	}
	// arn:aws:bcm-data-exports:us-east-1:123456789012:export/name-id
	if arn := strings.Split(doc.ExportARN, ":"); m.Account == "" && len(arn) > 5 {
		m.Account = arn[4]
	}
	for _, name := range []string{doc.ExportName, strings.TrimSuffix(path.Base(file), "-Manifest.json")} {
		if m.Report == "" {
			m.Report = name
		}
	}
}

// paths checks where the parts lie. A part listed twice would count twice.
func paths(file string, listed []string, export bool) ([]string, error) {
	keys, seen := make([]string, 0, len(listed)), make(map[string]bool, len(listed))
	for _, one := range listed {
		key, err := keyOf(file, one, export)
		if err != nil {
			return nil, err
		}
		if seen[key] {
			return nil, refuse(fault.Schema, file, "the manifest lists a file twice: "+fault.Excerpt(key),
				nil)
		}
		seen[key] = true
		keys = append(keys, key)
	}
	return keys, nil
}

// compressionOf is how the parts are packed, which what they are called must bear out.
func compressionOf(file string, doc document, keys []string) (string, error) {
	compression := strings.ToUpper(doc.Compression)
	content := strings.ToUpper(doc.ContentType)
	ending := map[string]string{
		CompressionGZIP: ".gz", CompressionZIP: ".zip", CompressionParquet: ".parquet", CompressionNone: "",
	}
	if compression == "NONE" {
		compression = CompressionNone
	}
	if compression == CompressionNone && content == CompressionParquet {
		compression = CompressionParquet
	}
	want, known := ending[compression]
	if !known {
		return "", &fault.Error{
			Code: fault.UnknownFormat, Place: fault.Place{File: file}, Value: doc.Compression,
			What: "is a compression that nobody knows", Cure: "export as CSV with GZIP, or as parquet",
		}
	}
	if strings.Contains(content, "CSV") && compression == CompressionParquet {
		return "", refuse(fault.Schema, file, "the manifest calls its files CSV and parquet", nil)
	}
	for _, key := range keys {
		if !strings.HasSuffix(strings.ToLower(key), want) {
			return "", refuse(fault.Schema, file,
				fmt.Sprintf("the manifest says %s, yet lists %s", compression, fault.Excerpt(key)), nil)
		}
	}
	return compression, nil
}

func refuse(code fault.Code, file, what string, err error) error {
	return &fault.Error{
		Code:  code,
		Place: fault.Place{File: file},
		What:  what,
		Err:   err,
		Cure:  "have the export delivered again",
	}
}
