package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"magam/activities"
	"magam/domain/fault"
	"magam/domain/master"
	"magam/workflows"
)

// masterGrammar is the verb alone.
type masterGrammar struct {
	Master masterCmd `cmd:""`
}

func TestMasterTemplateWritesAWorkbook(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "master.xlsx")
	var said bytes.Buffer

	require.NoError(t, (&masterTemplateCmd{Language: "ko", File: file}).Run(&session{out: &said}))

	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(written, []byte("PK")))
	require.Contains(t, said.String(), file)
}

func TestMasterVerbsAreUnderstood(t *testing.T) {
	t.Parallel()

	for _, line := range []string{
		"master template --language en a.xlsx", "master check folder", "master import --by lee a.xlsx",
		"master export --month 2026-10 a.xlsx", "master export a.xlsx",
	} {
		var grammar masterGrammar
		parser, err := kong.New(&grammar, kong.Exit(func(int) {}))
		require.NoError(t, err)
		_, err = parser.Parse(strings.Fields(line))
		require.NoError(t, err, line)
	}
	var grammar masterGrammar
	parser, err := kong.New(&grammar, kong.Exit(func(int) {}))
	require.NoError(t, err)
	_, err = parser.Parse([]string{"master", "export", "--month", "October", "a.xlsx"})
	require.Error(t, err)
}

func TestAFolderIsPackedTheSameForTheSameFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"people.csv", "customers.csv", "notes.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("code,name\n"), 0o600))
	}

	first, extension, err := readMaster(folder)
	require.NoError(t, err)
	require.Equal(t, ".zip", extension)
	again, _, err := readMaster(folder)
	require.NoError(t, err)
	require.Equal(t, first, again)
	one, extension, err := readMaster(filepath.Join(folder, "people.csv"))
	require.NoError(t, err)
	require.Equal(t, ".zip", extension)
	require.Less(t, len(one), len(first))
}

func TestWhatIsNoMasterDataIsRefusedBeforeItIsUploaded(t *testing.T) {
	t.Parallel()

	_, _, err := readMaster(t.TempDir())
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Input, code, "an empty folder")
	_, _, err = readMaster(filepath.Join(t.TempDir(), "gone.xlsx"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// reportOf holds one report.
type reportOf struct{ problems []master.Problem }

func (r reportOf) Get(context.Context, string) ([]byte, error) {
	return json.Marshal(activities.MasterReport{Problems: r.problems})
}

func TestEveryProblemIsPrintedInAHundredColumns(t *testing.T) {
	t.Parallel()
	problems := master.Validate(
		[]master.Table{
			{Sheet: "people", Columns: []string{"code", "name", "email", "roles"}, Rows: []master.Row{
				{
					Number: 3,
					Cells: map[string]string{
						"code":  "lee",
						"email": "이재무 <lee@magam.example>, and somebody else altogether",
					},
				},
				{
					Number: 4,
					Cells:  map[string]string{"code": "park sun", "name": "박", "roles": "finance boss"},
				},
			}},
		},
		nil,
	)
	require.Len(t, problems, 4)
	var said bytes.Buffer
	s := &session{out: &said}

	err := s.printImport(context.Background(), reportOf{problems}, "dir/master.xlsx", false,
		workflows.ImportMasterResult{Problems: 4, Report: "k"})

	require.Equal(t, exitFailed, exitCode(io.Discard, err))
	require.ErrorContains(t, err, "master.xlsx: has 4 problems; nothing was imported")
	for _, cell := range []string{"B3", "C3", "A4", "D4"} {
		require.Contains(t, said.String(), cell)
	}
	for line := range strings.Lines(said.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 100)
	}
	t.Log("\n" + said.String())
}

func TestAnImportIsToldInTheEnd(t *testing.T) {
	t.Parallel()
	sheets := []master.SheetCount{{Sheet: "people", Rows: 2, Before: 1}}

	tests := map[string]struct {
		check  bool
		result workflows.ImportMasterResult
		want   string
	}{
		"imported": {
			false,
			workflows.ImportMasterResult{Import: 3, Changed: true, Sheets: sheets},
			"Imported as version 3.",
		},
		"nothing changed": {
			false,
			workflows.ImportMasterResult{Import: 3, Sheets: sheets},
			"stood like this already (version 3)",
		},
		"checked": {
			true,
			workflows.ImportMasterResult{Sheets: sheets},
			"Nothing was imported, as asked.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			s := &session{out: &said}

			require.NoError(t, s.printImport(context.Background(), reportOf{}, "m.xlsx", tt.check, tt.result))

			require.Contains(t, said.String(), tt.want)
			require.Contains(t, said.String(), "people")
		})
	}
}
