package sample_test

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"

	"magam/domain/period"
	"magam/internal/sample"
)

// october is the sample that most tests read: written once per test, in 50 ms.
func october(t *testing.T, change func(*sample.Options)) (sample.Summary, string) {
	t.Helper()
	opts := sample.Options{
		Seed: 1, Month: month(t, "2026-10"), Rows: sample.RowsDefault, Dir: t.TempDir(),
		SourceBase: "file:///sample",
	}
	if change != nil {
		change(&opts)
	}
	summary, err := sample.Write(context.Background(), opts)
	require.NoError(t, err)
	return summary, opts.Dir
}

func month(t *testing.T, text string) period.Month {
	t.Helper()
	m, err := period.ParseMonth(text)
	require.NoError(t, err)
	return m
}

// row is a row by column.
type row map[string]string

// rowsOf reads all parts of an export with the standard library's reader.
func rowsOf(t *testing.T, dir string, source sample.SourceSummary) []row {
	t.Helper()
	var rows []row
	for _, name := range source.Files {
		file, err := os.Open(filepath.Join(dir, "exports", source.Name, filepath.FromSlash(name)))
		require.NoError(t, err)
		unpacked, err := gzip.NewReader(file)
		require.NoError(t, err)
		rows = append(rows, readRows(t, unpacked)...)
		require.NoError(t, file.Close())
	}
	return rows
}

func readRows(t *testing.T, from io.Reader) []row {
	t.Helper()
	lines, err := csv.NewReader(from).ReadAll()
	require.NoError(t, err)
	rows := make([]row, 0, len(lines)-1)
	for _, line := range lines[1:] {
		r := make(row, len(line))
		for i, cell := range line {
			r[lines[0][i]] = cell
		}
		rows = append(rows, r)
	}
	return rows
}

// rat reads an amount exactly, by another arithmetic than the generator's.
func rat(t *testing.T, text string) *big.Rat {
	t.Helper()
	value, ok := new(big.Rat).SetString(text)
	require.True(t, ok, text)
	return value
}

// sum adds a column over the rows that match; empty cells are nought.
func sum(t *testing.T, rows []row, column string, match func(row) bool) *big.Rat {
	t.Helper()
	total := new(big.Rat)
	for _, r := range rows {
		if r[column] != "" && match(r) {
			total.Add(total, rat(t, r[column]))
		}
	}
	return total
}

func requireEqual(t *testing.T, want, got *big.Rat, what string) {
	t.Helper()
	require.Zero(t, want.Cmp(got), "%s: want %s, got %s", what, want.FloatString(16), got.FloatString(16))
}

func lineType(name string) func(row) bool {
	return func(r row) bool { return r["lineItem/LineItemType"] == name }
}

// sheetRows reads one sheet of the master data.
func sheetRows(t *testing.T, dir, sheet string) []row {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "master", sheet+".csv"))
	require.NoError(t, err)
	defer file.Close()
	return readRows(t, file)
}

// digests hashes every file of a folder by its path; unpack hashes what
// compressed files hold instead of their bytes.
func digests(t *testing.T, dir string, unpack bool) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		var content io.Reader = file
		if unpack && strings.HasSuffix(path, ".gz") {
			content, err = gzip.NewReader(file)
			if err != nil {
				return err
			}
		}
		hash := sha256.New()
		_, err = io.Copy(hash, content)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		found[filepath.ToSlash(name)] = hex.EncodeToString(hash.Sum(nil))
		return err
	})
	require.NoError(t, err)
	return found
}

// amortized is the effective cost of the legacy report by the rules of DOMAIN,
// part 2, from the columns alone.
func amortized(t *testing.T, rows []row) *big.Rat {
	t.Helper()
	total := new(big.Rat)
	add := func(texts ...string) {
		for _, text := range texts {
			if text != "" {
				total.Add(total, rat(t, text))
			}
		}
	}
	for _, r := range rows {
		switch r["lineItem/LineItemType"] {
		case "SavingsPlanCoveredUsage":
			add(r["savingsPlan/SavingsPlanEffectiveCost"])
		case "SavingsPlanRecurringFee":
			add(r["savingsPlan/TotalCommitmentToDate"])
			total.Sub(total, rat(t, r["savingsPlan/UsedCommitment"]))
		case "SavingsPlanNegation", "SavingsPlanUpfrontFee":
		case "DiscountedUsage":
			add(r["reservation/EffectiveCost"])
		case "RIFee":
			add(r["reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"],
				r["reservation/UnusedRecurringFee"])
		case "Fee":
			if r["reservation/ReservationARN"] == "" {
				add(r["lineItem/UnblendedCost"])
			}
		default:
			add(r["lineItem/UnblendedCost"])
		}
	}
	return total
}
