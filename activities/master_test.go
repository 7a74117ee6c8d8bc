package activities_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/domain/period"
	sheets "magam/formats/master"
	workbook "magam/templates/master"
)

// masterBooks keeps one version of each sheet in memory.
type masterBooks struct {
	standing []master.Table
	stored   []master.Table
	by       string
	past     master.Past
	err      error
}

func (b *masterBooks) Past(context.Context, master.Touched) (master.Past, error) {
	return b.past, nil
}

func (b *masterBooks) StandingTables(context.Context) ([]master.Table, map[string]int64, error) {
	return b.standing, map[string]int64{"people": 7}, nil
}

func (b *masterBooks) Store(
	_ context.Context, tables []master.Table, by string, checked map[string]int64,
) (master.Import, error) {
	if checked["people"] != 7 {
		return master.Import{}, errors.New("checked against other versions")
	}
	b.stored, b.by = tables, by
	return master.Import{ID: 8, Changed: true}, b.err
}

type masterBlobs map[string][]byte

func (b masterBlobs) Get(_ context.Context, key string) ([]byte, error) {
	content, found := b[key]
	if !found {
		return nil, errors.New("no such object")
	}
	return content, nil
}

func (b masterBlobs) Put(_ context.Context, key, _ string, content io.Reader) (string, int64, error) {
	read, err := io.ReadAll(content)
	b[key] = read
	return "", int64(len(read)), err
}

// inProcess reads workbooks without a child; the child has tests of its own.
type inProcess struct{ err error }

func (s inProcess) Run(_ context.Context, _ string, input []byte) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	var output bytes.Buffer
	err := sheets.Task(bytes.NewReader(input), &output)
	return output.Bytes(), err
}

func exampleWorkbook(t *testing.T, change func([]master.Table)) []byte {
	t.Helper()
	var tables []master.Table
	for _, sheet := range master.Sheets {
		table := master.Table{Sheet: sheet.Name}
		for _, example := range sheet.Examples {
			table.Rows = append(table.Rows, master.Row{Cells: sheet.CanonicalRow(example)})
		}
		tables = append(tables, table)
	}
	if change != nil {
		change(tables)
	}
	var file bytes.Buffer
	require.NoError(t, workbook.Export("ko", tables, &file))
	return file.Bytes()
}

func TestAGoodWorkbookIsCheckedThenStored(t *testing.T) {
	t.Parallel()
	books := &masterBooks{standing: []master.Table{{Sheet: "people", Rows: []master.Row{{Number: 2}}}}}
	a := &activities.Master{
		Books:   books,
		Blobs:   masterBlobs{"k": exampleWorkbook(t, nil)},
		Sandbox: inProcess{},
	}

	check, err := a.CheckWorkbook(context.Background(), activities.MasterInput{Key: "k", By: "lee"})
	require.NoError(t, err)
	require.Zero(t, check.Problems)
	require.Empty(t, check.Report)
	require.Len(t, check.Sheets, len(master.Sheets))
	require.Equal(t, master.SheetCount{Sheet: "people", Rows: 2, Before: 1}, check.Sheets[1])
	require.Nil(t, books.stored, "a check stores nothing")

	stored, err := a.ImportWorkbook(context.Background(), activities.MasterInput{Key: "k", By: "lee"})
	require.NoError(t, err)
	require.EqualValues(t, 8, stored.ID)
	require.Len(t, books.stored, len(master.Sheets))
	require.Equal(t, "lee", books.by)
}

func TestEveryProblemIsInTheReportAndNothingIsStored(t *testing.T) {
	t.Parallel()
	books := &masterBooks{}
	blobs := masterBlobs{"k": exampleWorkbook(t, func(tables []master.Table) {
		tables[2].Rows[0].Cells["business_number"] = "123-45-67890"
		tables[2].Rows[1].Cells["currency"] = "dollars"
	})}
	a := &activities.Master{Books: books, Blobs: blobs, Sandbox: inProcess{}}

	check, err := a.CheckWorkbook(context.Background(), activities.MasterInput{Key: "k"})
	require.NoError(t, err)
	require.Equal(t, 2, check.Problems)

	var report activities.MasterReport
	require.NoError(t, json.Unmarshal(blobs[check.Report], &report))
	require.Len(t, report.Problems, 2)
	require.Equal(t, "G3", report.Problems[0].Cell)
	require.Equal(t, fault.CheckDigit, report.Problems[0].Code)
	require.Equal(t, "O4", report.Problems[1].Cell)

	_, err = a.ImportWorkbook(context.Background(), activities.MasterInput{Key: "k"})
	require.Equal(t, fault.Master, activities.CodeOf(err))
	require.Nil(t, books.stored)
}

func TestAWorkbookThatCannotBeTrustedIsRefused(t *testing.T) {
	t.Parallel()
	good := exampleWorkbook(t, nil)
	empty := exampleWorkbook(t, func(tables []master.Table) {
		for i := range tables {
			tables[i].Rows = nil
		}
	})

	tests := map[string]struct {
		in      activities.MasterInput
		sandbox inProcess
		want    fault.Code
	}{
		"another file than was uploaded": {
			activities.MasterInput{Key: "k", Digest: "00"},
			inProcess{},
			fault.Hash,
		},
		"somebody who is not in people": {
			activities.MasterInput{Key: "k", By: "choi"},
			inProcess{},
			fault.Input,
		},
		"one that broke the child": {activities.MasterInput{Key: "k"}, inProcess{blame{}}, fault.Bomb},
		"the untouched template":   {activities.MasterInput{Key: "empty"}, inProcess{}, fault.Master},
		"one that is no workbook": {
			activities.MasterInput{Key: "junk"},
			inProcess{},
			fault.UnknownFormat,
		},
		"a machine without room to start": {
			activities.MasterInput{Key: "k"},
			inProcess{errors.New("fork: no memory")},
			"",
		},
		"a store that is away": {activities.MasterInput{Key: "gone"}, inProcess{}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &activities.Master{
				Books:   &masterBooks{},
				Blobs:   masterBlobs{"k": good, "empty": empty, "junk": []byte("junk")},
				Sandbox: tt.sandbox,
			}

			_, err := a.CheckWorkbook(context.Background(), tt.in)

			require.Error(t, err)
			require.Equal(t, tt.want, activities.CodeOf(err), "%v", err)
		})
	}
}

type blame struct{}

func (blame) Error() string     { return "went past its limits" }
func (blame) InputsFault() bool { return true }

// A row for a month that is closed is refused at its cell, and nothing of the
// workbook is stored.
func TestAWorkbookDoesNotChangeAClosedMonth(t *testing.T) {
	t.Parallel()
	books := &masterBooks{past: master.Past{Documents: []master.PastDocument{
		{
			Customer: "alpha",
			Provider: "aws",
			Month:    period.NewMonth(2026, time.October),
			Number:   "INV-2026-000007",
		},
	}}}
	blobs := masterBlobs{"k": exampleWorkbook(t, nil)}
	a := &activities.Master{Books: books, Blobs: blobs, Sandbox: inProcess{}}

	check, err := a.CheckWorkbook(context.Background(), activities.MasterInput{Key: "k", By: "lee"})
	require.NoError(t, err)
	require.Equal(t, 1, check.Problems)
	var report activities.MasterReport
	require.NoError(t, json.Unmarshal(blobs[check.Report], &report))
	require.Equal(t, fault.PeriodClosed, report.Problems[0].Code)
	require.Equal(t, "adjustments E3", report.Problems[0].Sheet+" "+report.Problems[0].Cell)
	require.Equal(t, "changes 2026-10, which is final as INV-2026-000007", report.Problems[0].What)

	_, err = a.ImportWorkbook(context.Background(), activities.MasterInput{Key: "k", By: "lee"})
	require.Equal(t, fault.Master, activities.CodeOf(err))
	require.Nil(t, books.stored, "all or nothing")
}
