package master

import (
	"fmt"
	"sort"
	"strings"

	"magam/domain/fault"
)

// Validate finds every problem of a workbook. Existing are the tables in force:
// a sheet that the workbook does not contain stands as it is there, so that a
// new customers sheet may not orphan the accounts already stored.
func Validate(tables, existing []Table) []Problem {
	in := &inspection{tables: map[string]Table{}, imported: map[string]bool{}}
	for _, table := range existing {
		in.tables[table.Sheet] = table
	}
	for _, table := range tables {
		if in.checkHeader(table) {
			in.tables[table.Sheet] = table
			in.imported[table.Sheet] = true
		}
	}
	in.checkCells()
	in.checkReferences()
	in.checkValidity()
	for _, check := range relations {
		check(in)
	}
	return in.sorted()
}

// relations are the checks between cells, rows and sheets, in the order of the workbook.
var relations = []func(*inspection){
	checkIssuers,
	checkContracts,
	checkOrganizations,
	checkGroups,
	checkAccounts,
	checkContacts,
	checkPriceForms,
	checkPriceTies,
	checkTierTables,
	checkSharedCosts,
	checkSharedTies,
	checkPlans,
	checkFees,
	checkAdjustments,
	checkCredits,
	checkTags,
	checkRates,
	checkCommitments,
	checkBudgets,
	checkThresholds,
}

// checkHeader says whether a table is of a sheet we know, once.
func (in *inspection) checkHeader(table Table) bool {
	sheet, known := Find(table.Sheet)
	if !known {
		in.problems = append(in.problems, Problem{
			Sheet: table.Sheet,
			Code:  fault.Schema,
			What:  "is not a sheet of the workbook",
			Cure: "rename it to one of " + strings.Join(sheetNames(),
				", ") + "; or put # before a sheet of your own",
		})
		return false
	}
	if in.imported[table.Sheet] {
		in.problems = append(in.problems, Problem{
			Sheet: table.Sheet, Code: fault.Schema, What: "is there twice", Cure: "keep one",
		})
		return false
	}
	seen := map[string]bool{}
	for i, name := range table.Columns {
		problem := Problem{
			Sheet:  table.Sheet,
			Cell:   CellName(i, 1),
			Row:    1,
			Column: name,
			Code:   fault.Schema,
			Value:  name,
		}
		_, known := sheet.Column(name)
		switch {
		case name == "":
			continue // an empty column of the file; cells under it are the reader's problem
		case !known:
			problem.What = "is not a column of " + table.Sheet
			problem.Cure = "use the names of the template: " + strings.Join(sheet.ColumnNames(), ", ")
		case seen[name]:
			problem.What, problem.Cure = "is there twice", "keep one"
		default:
			seen[name] = true
			continue
		}
		in.problems = append(in.problems, problem)
	}
	return true
}

func sheetNames() []string {
	names := make([]string, len(Sheets))
	for i, sheet := range Sheets {
		names[i] = sheet.Name
	}
	return names
}

// ColumnNames lists a sheet's columns.
func (s Sheet) ColumnNames() []string {
	names := make([]string, len(s.Columns))
	for i, column := range s.Columns {
		names[i] = column.Name
	}
	return names
}

// checkCells judges each imported cell on its own.
func (in *inspection) checkCells() {
	for _, sheet := range Sheets {
		if !in.imported[sheet.Name] {
			continue
		}
		for _, row := range in.rows(sheet.Name) {
			for _, column := range sheet.Columns {
				text := row.Cells[column.Name]
				if text == "" {
					if column.Required {
						in.report(sheet.Name, row, column.Name, fault.Required, "is empty", "fill it in")
					}
					continue
				}
				if wrong := column.checkCell(text); wrong != nil {
					in.report(sheet.Name, row, column.Name, wrong.code, wrong.what, wrong.cure)
				}
			}
		}
	}
}

// checkReferences looks up every cell that names another sheet's code, in
// stored sheets too: a workbook may have taken the code away.
func (in *inspection) checkReferences() {
	codes := map[string]map[string]bool{}
	for _, sheet := range Sheets {
		for _, column := range sheet.Columns {
			if column.Refers == "" {
				continue
			}
			if codes[column.Refers] == nil {
				codes[column.Refers] = in.codesOf(column.Refers)
			}
			in.checkReference(sheet, column, codes[column.Refers])
		}
	}
}

func (in *inspection) checkReference(sheet Sheet, column Column, codes map[string]bool) {
	if !in.imported[sheet.Name] && !in.imported[column.Refers] {
		return // neither changes
	}
	for _, row := range in.rows(sheet.Name) {
		code := row.Cells[column.Name]
		if code == "" || codes[code] || (column.Star && code == "*") {
			continue
		}
		in.report(sheet.Name, row, column.Name, fault.UnknownCode, "is not in the sheet "+column.Refers,
			fmt.Sprintf("add it to %s, or correct it", column.Refers))
	}
}

// codesOf are what the rows of a sheet are called: its first column.
func (in *inspection) codesOf(name string) map[string]bool {
	sheet, _ := Find(name)
	codes := map[string]bool{}
	for _, row := range in.rows(name) {
		codes[row.Cells[sheet.Columns[0].Name]] = true
	}
	return codes
}

// sorted puts the problems in the order in which a person walks the workbook.
func (in *inspection) sorted() []Problem {
	order := map[string]int{}
	for i, sheet := range Sheets {
		order[sheet.Name] = i
	}
	sort.SliceStable(in.problems, func(a, b int) bool {
		x, y := in.problems[a], in.problems[b]
		if x.Sheet != y.Sheet {
			return order[x.Sheet] < order[y.Sheet]
		}
		if x.Row != y.Row {
			return x.Row < y.Row
		}
		return len(x.Cell) < len(y.Cell) || (len(x.Cell) == len(y.Cell) && x.Cell < y.Cell)
	})
	return in.problems
}
