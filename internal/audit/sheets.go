package audit

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
)

// row is one row of a sheet by its columns; an empty cell is not there.
type row map[string]string

// covers says whether a row is in force in a month.
func (r row) covers(month string) bool {
	return r["from"] <= month && (r["to"] == "" || month <= r["to"])
}

// or is a cell, or what an empty one means.
func (r row) or(column, meaning string) string {
	if r[column] == "" {
		return meaning
	}
	return r[column]
}

// names says whether a cell that lists several texts has one of these. They
// stand between semicolons or commas where there are any, else between blanks.
func (r row) names(column string, wanted ...string) bool {
	separators := " "
	if strings.ContainsAny(r[column], ";,") {
		separators = ";,"
	}
	between := func(c rune) bool { return strings.ContainsRune(separators, c) }
	for _, listed := range strings.FieldsFunc(r[column], between) {
		for _, one := range wanted {
			if one != "" && strings.TrimSpace(listed) == one {
				return true
			}
		}
	}
	return false
}

// number is a cell's amount; an empty one is nought.
func (in *inspection) number(r row, column string) *big.Rat {
	if r[column] == "" {
		return new(big.Rat)
	}
	return in.amount("sheet row "+r["id"]+" "+column, r[column])
}

// version is one import of one sheet.
type version struct {
	sheet    string
	imported int64
}

// sheets are the master data that a month's final documents were made from, each
// document's own versions.
type sheets struct {
	of   map[int64]map[string]int64 // document -> sheet -> import
	rows map[version][]row
}

func (in *inspection) sheets(ctx context.Context) (sheets, error) {
	if in.master.of != nil {
		return in.master, nil
	}
	all := sheets{of: map[int64]map[string]int64{}, rows: map[version][]row{}}
	var document int64
	var key version
	err := in.query(ctx, "versions", []any{&document, &key.sheet, &key.imported}, func() error {
		if all.of[document] == nil {
			all.of[document] = map[string]int64{}
		}
		all.of[document][key.sheet] = key.imported
		return nil
	}, in.month)
	if err != nil {
		return all, err
	}
	var cells []byte
	err = in.query(ctx, "sheets", []any{&key.sheet, &key.imported, &cells}, func() error {
		one := row{}
		all.rows[key] = append(all.rows[key], one)
		return json.Unmarshal(cells, &one)
	}, in.month)
	in.master = all
	return all, err
}

// sheet is the version of a sheet that a document was made from.
func (s sheets) sheet(document int64, sheet string) []row {
	return s.rows[version{sheet, s.of[document][sheet]}]
}

// contract is the customer's row in force, and whether there is one.
func (s sheets) contract(d document, month string) (row, bool) {
	for _, one := range s.sheet(d.id, "customers") {
		if one["code"] == d.customer && one.covers(month) {
			return one, true
		}
	}
	return row{}, false
}
