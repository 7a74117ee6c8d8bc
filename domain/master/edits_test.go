package master_test

import (
	"fmt"

	"magam/domain/master"
)

// edit changes the example workbook before it is judged.
type edit func(tables map[string]*master.Table)

// set writes one cell of the n-th row, from 0; empty takes it out.
func set(sheet string, row int, column, text string) edit {
	return func(tables map[string]*master.Table) {
		if text == "" {
			delete(tables[sheet].Rows[row].Cells, column)
			return
		}
		tables[sheet].Rows[row].Cells[column] = text
	}
}

// add appends a row of pairs.
func add(sheet string, pairs ...string) edit {
	return func(tables map[string]*master.Table) {
		cells := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			cells[pairs[i]] = pairs[i+1]
		}
		table := tables[sheet]
		table.Rows = append(table.Rows, master.Row{Number: len(table.Rows) + 2, Cells: cells})
	}
}

// again appends a copy of a row, changed.
func again(sheet string, row int, pairs ...string) edit {
	return func(tables map[string]*master.Table) {
		var all []string
		for name, text := range tables[sheet].Rows[row].Cells {
			all = append(all, name, text)
		}
		add(sheet, append(all, pairs...)...)(tables)
	}
}

func clear(sheet string) edit { return clearAll(sheet) }

func clearAll(sheets ...string) edit {
	return func(tables map[string]*master.Table) {
		for _, sheet := range sheets {
			tables[sheet].Rows = nil
		}
	}
}

func edited(edits ...edit) []master.Table {
	tables := exampleTables()
	index := map[string]*master.Table{}
	for i := range tables {
		index[tables[i].Sheet] = &tables[i]
	}
	for _, change := range edits {
		change(index)
	}
	return tables
}

func tags(n int) edit {
	return func(tables map[string]*master.Table) {
		for i := range n {
			again("tags", 0, "key", fmt.Sprintf("extra-%d", i))(tables)
		}
	}
}

func organizations(n int) edit {
	return func(tables map[string]*master.Table) {
		for i := range n {
			add("organizations", "customer", "alpha", "code", fmt.Sprintf("o%d", i), "name", "조직")(tables)
		}
	}
}

func spelled(problems []master.Problem) []string {
	var list []string
	for _, problem := range problems {
		list = append(list, problem.Sheet+"!"+problem.Cell+" "+string(problem.Code))
	}
	return list
}
