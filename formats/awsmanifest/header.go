package awsmanifest

import (
	"slices"
	"strings"

	"magam/domain/fault"
)

// CheckHeader holds a part's header against the columns that the manifest lists:
// a part of another making, or of another report, has others. The order is free.
// A manifest that lists none says nothing about them.
func (m *Manifest) CheckHeader(file string, header []string) error {
	if len(m.Columns) == 0 {
		return nil
	}
	promised, held := map[string]string{}, map[string]string{}
	for _, column := range m.Columns {
		promised[m.same(m.spelt(column))] = m.spelt(column)
	}
	for _, column := range header {
		held[m.same(column)] = column
	}
	for _, partition := range []string{"year", "month", "billingperiod"} {
		if _, listed := promised[partition]; !listed && m.Compression == CompressionParquet {
			delete(held, partition) // a partition's column, which no manifest lists
		}
	}
	for _, gap := range []struct {
		what       string
		these, not map[string]string
	}{
		{"the file lacks columns that its manifest lists: ", promised, held},
		{"the file has columns that its manifest does not list: ", held, promised},
	} {
		if lost := without(gap.these, gap.not); len(lost) > 0 {
			return &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: file, Line: 1, Column: lost[0]},
				What: gap.what + strings.Join(lost[:min(len(lost), 10)], ", "),
				Cure: "have the export delivered again",
			}
		}
	}
	return nil
}

func without(these, others map[string]string) []string {
	var lost []string
	for same, name := range these {
		if _, there := others[same]; !there {
			lost = append(lost, name)
		}
	}
	slices.Sort(lost)
	return lost
}

// spelt is a column as the header of a legacy CSV file or of an export has it.
func (m *Manifest) spelt(column Column) string {
	if m.Export || column.Category == "" {
		return column.Name
	}
	return column.Category + "/" + column.Name
}

// same is what two spellings of one column share. Parquet files spell a legacy
// column in small letters with lines, whatever stood there: of theirs only letters
// and digits count.
func (m *Manifest) same(name string) string {
	if m.Compression != CompressionParquet {
		return name
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		default:
			return -1
		}
	}, name)
}
