package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"magam/domain/fault"
	"magam/domain/master"
	sheets "magam/formats/master"
)

// Master imports the workbook that finance keeps.
type Master struct {
	Books   MasterBooks
	Blobs   MasterBlobs
	Sandbox MasterSandbox
}

// MasterBooks keeps the versions of the sheets.
type MasterBooks interface {
	StandingTables(ctx context.Context) ([]master.Table, map[string]int64, error)
	Past(ctx context.Context, touched master.Touched) (master.Past, error)
	Store(
		ctx context.Context, tables []master.Table, by string, checked map[string]int64,
	) (master.Import, error)
}

// MasterBlobs holds the uploaded workbook and the report of its problems.
type MasterBlobs interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(
		ctx context.Context, key, contentType string, content io.Reader,
	) (digest string, size int64, err error)
}

// MasterSandbox runs work on an untrusted file in a child process with limits.
type MasterSandbox interface {
	Run(ctx context.Context, task string, input []byte) ([]byte, error)
}

// MasterInput names an uploaded workbook. It holds no names and no addresses.
type MasterInput struct {
	Key    string // in the blob store
	Digest string // sha256 of its bytes; empty does not ask
	By     string // a code of the people sheet; empty for the first import
}

// MasterCheck is what a check found. The problems themselves, which may quote
// names and addresses, are in the report.
type MasterCheck struct {
	Problems int
	Report   string              // key of the report in the blob store, where there are problems
	Sheets   []master.SheetCount // of the workbook, beside what stands
}

// MasterReport is the report in the blob store: every problem, at its cell.
type MasterReport struct {
	Key      string           `json:"key"`
	Digest   string           `json:"digest"`
	Problems []master.Problem `json:"problems"`
}

// CheckWorkbook reads a workbook, validates it against the sheets that it does not
// contain, and writes the report of every problem. It changes nothing in the
// books; the report is written under the workbook's digest.
func (a *Master) CheckWorkbook(ctx context.Context, in MasterInput) (MasterCheck, error) {
	read, err := a.read(ctx, in)
	if err != nil {
		return MasterCheck{}, atEdge(err)
	}
	found := MasterCheck{Problems: len(read.problems), Sheets: master.Counts(read.tables, read.standing)}
	if found.Problems == 0 {
		return found, nil
	}
	report, err := json.MarshalIndent(MasterReport{in.Key, read.digest, read.problems}, "", "  ")
	if err != nil {
		return MasterCheck{}, err
	}
	found.Report = "master/reports/" + read.digest + ".json"
	_, _, err = a.Blobs.Put(ctx, found.Report, "application/json", bytes.NewReader(report))
	if err != nil {
		return MasterCheck{}, fmt.Errorf("write the report: %w", err)
	}
	return found, nil
}

// ImportWorkbook checks again and stores, all or nothing. The same content stored
// again changes nothing; sheets that changed since the check are checked anew
// by the next attempt.
func (a *Master) ImportWorkbook(ctx context.Context, in MasterInput) (master.Import, error) {
	read, err := a.read(ctx, in)
	if err != nil {
		return master.Import{}, atEdge(err)
	}
	if len(read.problems) > 0 {
		return master.Import{}, atEdge(&fault.Error{
			Code: fault.Master, What: fmt.Sprintf("the workbook has %d problems", len(read.problems)),
			Cure: "run the check and correct them",
		})
	}
	stored, err := a.Books.Store(ctx, read.tables, in.By, read.versions)
	if err != nil {
		return master.Import{}, atEdge(err)
	}
	return stored, nil
}

// workbookRead is a workbook and what it was judged against.
type workbookRead struct {
	digest   string
	tables   []master.Table
	problems []master.Problem
	standing []master.Table
	versions map[string]int64
}

func (a *Master) read(ctx context.Context, in MasterInput) (workbookRead, error) {
	content, err := a.Blobs.Get(ctx, in.Key)
	if err != nil {
		return workbookRead{}, fmt.Errorf("fetch the workbook: %w", err)
	}
	sum := sha256.Sum256(content)
	read := workbookRead{digest: hex.EncodeToString(sum[:])}
	if in.Digest != "" && in.Digest != read.digest {
		return workbookRead{}, &fault.Error{
			Code:  fault.Hash,
			Place: fault.Place{File: in.Key},
			What:  "is not the workbook that was uploaded",
			Cure:  "upload it again",
		}
	}
	output, err := a.Sandbox.Run(ctx, sheets.TaskName, content)
	if err != nil {
		return workbookRead{}, unreadable(in.Key, err)
	}
	result, err := sheets.Decode(output)
	if err != nil {
		return workbookRead{}, fmt.Errorf("read the workbook: %w", err)
	}
	standing, versions, err := a.Books.StandingTables(ctx)
	if err != nil {
		return workbookRead{}, err
	}
	read.tables, read.standing, read.versions = result.Tables, standing, versions
	read.problems = append(result.Problems, master.Validate(result.Tables, standing)...)
	closed, err := a.closedRows(ctx, result.Tables, standing)
	if err != nil {
		return workbookRead{}, err
	}
	read.problems = append(read.problems, closed...)
	if isEmpty(result.Tables) {
		return workbookRead{}, fault.New(fault.Master,
			"the workbook has every sheet and no row: it would empty the books",
			"fill it in; the rows marked with # are examples")
	}
	if !isPerson(in.By, result.Tables, standing) {
		return workbookRead{}, fault.New(fault.Input,
			fmt.Sprintf("%q is not a code of the people sheet", in.By),
			"name yourself by your code, or add yourself to people")
	}
	return read, nil
}

// closedRows finds the rows that would change a month that is closed: they are
// refused, never passed over.
func (a *Master) closedRows(ctx context.Context, tables, standing []master.Table) ([]master.Problem, error) {
	touched := master.TouchedBy(tables, standing)
	if touched.None() {
		return nil, nil
	}
	past, err := a.Books.Past(ctx, touched)
	if err != nil {
		return nil, err
	}
	return master.CheckPast(tables, standing, past), nil
}

// unreadable tells a file that broke the child from a machine that could not
// start one: only the second is tried again.
func unreadable(key string, err error) error {
	var blamed interface{ InputsFault() bool }
	if errors.As(err, &blamed) && blamed.InputsFault() {
		return &fault.Error{
			Code:  fault.Bomb,
			Place: fault.Place{File: key},
			What:  "could not be read within the limits for a workbook",
			Cure:  "save it again from Excel; if it is honest, split it by sheets",
			Err:   err,
		}
	}
	return err
}

// isEmpty tells the untouched template: emptying one sheet may be meant, all
// of them at once is a slip.
func isEmpty(tables []master.Table) bool {
	for _, table := range tables {
		if len(table.Rows) > 0 {
			return false
		}
	}
	return len(tables) == len(master.Sheets)
}

// isPerson looks a code up in the people that will stand after the import.
func isPerson(code string, imported, standing []master.Table) bool {
	if code == "" {
		return true
	}
	for _, tables := range [][]master.Table{imported, standing} {
		for _, table := range tables {
			if table.Sheet != "people" {
				continue
			}
			for _, row := range table.Rows {
				if row.Cells["code"] == code {
					return true
				}
			}
		}
	}
	return false
}
