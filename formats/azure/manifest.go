package azure

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"magam/domain/fault"
)

// manifestBytesMax bounds a manifest: one of 10,000 partitions is below 4 MB.
const manifestBytesMax = 8 << 20

// Manifest is what a run of an export says about itself.
type Manifest struct {
	Type      string // ActualCost, AmortizedCost, FocusCost, PriceSheet, …
	Export    string
	Run       string
	Submitted time.Time // zero where it is not told
	Rows      int64     // of all partitions; 0 where it is not told
	Blobs     []Blob
}

// Blob is one partition.
type Blob struct {
	Key   string // path in the provider's container
	Bytes int64
	Rows  int64
}

// manifestDocument is the manifest's JSON, as far as it matters.
type manifestDocument struct {
	ManifestVersion string `json:"manifestVersion"`
	ByteCount       int64  `json:"byteCount"`
	BlobCount       *int   `json:"blobCount"`
	DataRowCount    int64  `json:"dataRowCount"`
	ExportConfig    *struct {
		ExportName string `json:"exportName"`
		Type       string `json:"type"`
	} `json:"exportConfig"`
	RunInfo struct {
		RunID         string `json:"runId"`
		SubmittedTime string `json:"submittedTime"`
	} `json:"runInfo"`
	Blobs []struct {
		BlobName     string `json:"blobName"`
		ByteCount    int64  `json:"byteCount"`
		DataRowCount int64  `json:"dataRowCount"`
	} `json:"blobs"`
}

// IsManifest says whether a path is named like the manifest of an export's run.
func IsManifest(key string) bool {
	base := path.Base(key)
	return base == "manifest.json" || base == "_manifest.json"
}

// ParseManifest reads a manifest. One of anything else is refused as unknown.
func ParseManifest(file string, text []byte) (Manifest, error) {
	refuse := func(what string, err error) (Manifest, error) {
		return Manifest{}, &fault.Error{
			Code: fault.Schema, Place: fault.Place{File: file}, What: what, Err: err,
			Cure: "run the export again",
		}
	}
	if len(text) > manifestBytesMax {
		return refuse("the manifest is larger than 8 MB", nil)
	}
	var doc manifestDocument
	if err := json.Unmarshal(text, &doc); err != nil {
		return refuse("the manifest is not JSON", err)
	}
	if doc.ExportConfig == nil {
		return Manifest{}, &fault.Error{
			Code:  fault.UnknownFormat,
			Place: fault.Place{File: file},
			What:  "is not the manifest of a cost export",
			Cure:  "nothing: its neighbours are looked at one by one",
		}
	}
	found := Manifest{
		Type: doc.ExportConfig.Type, Export: doc.ExportConfig.ExportName, Run: doc.RunInfo.RunID,
		Rows: doc.DataRowCount,
	}
	if doc.RunInfo.SubmittedTime != "" {
		submitted, err := submittedAt(doc.RunInfo.SubmittedTime)
		if err != nil {
			return refuse("the manifest's submittedTime is unreadable", err)
		}
		found.Submitted = submitted
	}
	if doc.BlobCount != nil && *doc.BlobCount != len(doc.Blobs) {
		return refuse(
			fmt.Sprintf("the manifest counts %d blobs and lists %d", *doc.BlobCount, len(doc.Blobs)),
			nil,
		)
	}
	seen := map[string]bool{}
	var bytes, rows int64
	for _, blob := range doc.Blobs {
		key := strings.TrimPrefix(blob.BlobName, "/")
		if err := checkKey(file, key); err != nil {
			return Manifest{}, err
		}
		if seen[key] {
			return refuse("the manifest lists a file twice: "+fault.Excerpt(key), nil)
		}
		if blob.ByteCount < 0 || blob.DataRowCount < 0 {
			return refuse("the manifest counts less than nothing of "+fault.Excerpt(key), nil)
		}
		seen[key] = true
		bytes, rows = bytes+blob.ByteCount, rows+blob.DataRowCount
		found.Blobs = append(found.Blobs, Blob{Key: key, Bytes: blob.ByteCount, Rows: blob.DataRowCount})
	}
	if doc.ByteCount != bytes || rows > 0 && doc.DataRowCount != rows {
		return refuse(fmt.Sprintf("the manifest counts %d bytes and %d rows, its blobs %d and %d",
			doc.ByteCount, doc.DataRowCount, bytes, rows), nil)
	}
	return found, nil
}

// submittedAt reads 2024-02-01T03:04:05.1234567Z, with or without the Z.
func submittedAt(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC(), nil
	}
	return time.Parse("2006-01-02T15:04:05.999999999", text)
}

// checkKey refuses every path that could lead out of the delivery's folder.
func checkKey(file, key string) error {
	folded := strings.ToLower(key)
	bad := key == "" || len(key) > 1024 || path.IsAbs(key) || path.Clean(key) != key ||
		strings.HasPrefix(key, "~") || strings.ContainsAny(key, "\\:\x00")
	for _, escape := range []string{"%2e", "%2f", "%5c"} {
		bad = bad || strings.Contains(folded, escape)
	}
	for element := range strings.SplitSeq(key, "/") {
		bad = bad || element == ".." || element == "."
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
		Cure: "run the export again; if its manifest was edited, ask by whom",
	}
}
