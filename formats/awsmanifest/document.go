package awsmanifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"magam/domain/fault"
)

// document is a manifest's JSON, as far as it matters: the legacy report's names
// and those of Data Exports.
type document struct {
	AssemblyID    string           `json:"assemblyId"`
	ExecutionID   string           `json:"executionId"`
	Account       string           `json:"account"`
	ReportName    string           `json:"reportName"`
	ExportName    string           `json:"exportName"`
	ExportARN     string           `json:"exportArn"`
	Compression   string           `json:"compression"`
	ContentType   string           `json:"contentType"`
	Columns       []documentColumn `json:"columns"`
	ReportKeys    []string         `json:"reportKeys"`
	DataFiles     []artifact       `json:"dataFiles"`
	BillingPeriod struct {
		Start string `json:"start"`
		End   string `json:"end"`
	} `json:"billingPeriod"`
	AdditionalArtifactKeys []artifact `json:"additionalArtifactKeys"`
	AdditionalOutputFiles  []artifact `json:"additionalOutputFiles"`
}

type documentColumn struct {
	Category string `json:"category"`
	Name     string `json:"name"`
	Type     string `json:"type"`
}

// artifact is a file that an export wrote: a path, or an object that names one.
type artifact string

// UnmarshalJSON reads either.
func (a *artifact) UnmarshalJSON(text []byte) error {
	var object struct {
		Name string `json:"name"`
		Key  string `json:"key"`
	}
	if len(text) > 0 && text[0] == '{' {
		err := json.Unmarshal(text, &object)
		*a = artifact(object.Name + object.Key)
		return err
	}
	return json.Unmarshal(text, (*string)(a))
}

// decode reads the document within its bounds.
func decode(file string, text []byte) (document, error) {
	var doc document
	if err := checkNamedOnce(text); err != nil {
		return doc, refuse(fault.Schema, file, "the manifest is not a JSON object", err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return doc, refuse(fault.Schema, file, "the manifest has not the shape of one", err)
	}
	files := len(doc.ReportKeys) + len(doc.DataFiles)
	switch {
	case files == 0:
		return doc, &fault.Error{
			Code: fault.UnknownFormat, Place: fault.Place{File: file},
			What: "the manifest lists neither reportKeys nor dataFiles: it is of no AWS cost export",
			Cure: "export a cost and usage report, CUR 2.0 or FOCUS",
		}
	case len(doc.ReportKeys) > 0 && len(doc.DataFiles) > 0:
		return doc, refuse(fault.Schema, file, "the manifest lists both reportKeys and dataFiles", nil)
	case files > keysMax || len(doc.AdditionalArtifactKeys)+len(doc.AdditionalOutputFiles) > keysMax:
		return doc, refuse(fault.Limit, file, "the manifest lists more than 10,000 files", nil)
	case len(doc.Columns) > columnsMax:
		return doc, refuse(fault.Limit, file, "the manifest lists more than 4,000 columns", nil)
	}
	return doc, nil
}

// checkNamedOnce refuses a document in which a name stands twice, in capitals or
// not: which of the two lists counts would be anybody's guess.
func checkNamedOnce(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	opening, err := decoder.Token()
	if err != nil {
		return err
	}
	if opening != json.Delim('{') {
		return fmt.Errorf("it starts with %v", opening)
	}
	seen := map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		folded := strings.ToLower(fmt.Sprint(name))
		if seen[folded] {
			return fmt.Errorf("%q stands in it twice", fault.Excerpt(folded))
		}
		seen[folded] = true
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}
