package master

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"magam/domain/credit"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/period"
)

// Past is what an import can no longer change: documents that have gone out,
// months that are closed, and what credits were used for.
type Past struct {
	Documents []PastDocument
	Closed    []period.Month // wholly: nothing of them is drafted again
	Credits   []PastCredit
	Accounts  []PastAccount
}

// PastDocument is one customer's document, with the adjustments that it carries.
type PastDocument struct {
	Customer, Provider string
	Month              period.Month
	Number             string // what it is final as; empty: it is not final yet
	Adjustments        []string
}

// PastCredit is what documents hold of a credit.
type PastCredit struct {
	Credit, Customer string
	Currency         money.Currency
	Used             decimal.Decimal // and not given back
	Number           string          // of the last document that used it
}

// Touched says whose past an import must be held against: the customers whose
// adjustments or accounts it changes, the credits, and the accounts.
type Touched struct {
	Customers, Credits []string
	Accounts           []AccountKey
}

// TouchedBy compares tables with those that stand.
func TouchedBy(tables, standing []Table) Touched {
	whose, which := map[string]bool{}, map[string]bool{}
	for _, change := range changes(adjustmentsSheet, tables, standing) {
		for _, row := range []*Row{change.before, change.after} {
			if row != nil {
				whose[row.Cells["customer"]] = true
			}
		}
	}
	for _, change := range changes(creditsSheet, tables, standing) {
		which[change.id] = true
	}
	accounts, owners := movedAccounts(tables, standing)
	for _, customer := range owners {
		whose[customer] = true
	}
	return Touched{slices.Sorted(maps.Keys(whose)), slices.Sorted(maps.Keys(which)), accounts}
}

// None says that nothing of the past can be concerned.
func (t Touched) None() bool { return len(t.Customers) == 0 && len(t.Credits) == 0 }

// CheckPast refuses what would change a month that is closed. Such a row would
// be passed over in silence, since a final document never changes; notes are
// how a closed month is corrected.
func CheckPast(tables, standing []Table, past Past) []Problem {
	in := &inspection{tables: map[string]Table{}, imported: map[string]bool{}}
	for _, table := range tables {
		in.tables[table.Sheet] = table
		in.imported[table.Sheet] = true
	}
	for _, change := range changes(adjustmentsSheet, tables, standing) {
		in.checkPastAdjustment(change, past)
	}
	for _, change := range changes(creditsSheet, tables, standing) {
		in.checkPastCredit(change, past)
	}
	in.checkPastAccounts(tables, standing, past)
	return in.sorted()
}

// change is a row before an import and after it; either may be missing.
type change struct {
	id            string
	before, after *Row
}

// changes pairs a sheet's rows by their id and leaves out those that say what
// they said. A sheet that is not imported changes nothing.
func changes(sheet Sheet, tables, standing []Table) []change {
	table, imported := find(tables, sheet.Name)
	if !imported {
		return nil
	}
	old, _ := find(standing, sheet.Name)
	byID := map[string]*change{}
	at := func(id string) *change {
		if byID[id] == nil {
			byID[id] = &change{id: id}
		}
		return byID[id]
	}
	for i := range old.Rows {
		at(old.Rows[i].Cells["id"]).before = &old.Rows[i]
	}
	for i := range table.Rows {
		at(table.Rows[i].Cells["id"]).after = &table.Rows[i]
	}
	var changed []change
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if one := byID[id]; sheet.firstDifference(one.before, one.after) != "" {
			changed = append(changed, *one)
		}
	}
	return changed
}

// firstDifference is the first column on which two rows differ, by what they
// mean; where one is missing it is the first column.
func (s Sheet) firstDifference(a, b *Row) string {
	for _, column := range s.Columns {
		if a == nil || b == nil ||
			s.CanonicalRow(a.Cells)[column.Name] != s.CanonicalRow(b.Cells)[column.Name] {
			return column.Name
		}
	}
	return ""
}

// checkPastAdjustment compares, month by month, what falls due before the import
// and after it.
func (in *inspection) checkPastAdjustment(c change, past Past) {
	var before, after credit.Adjustment
	if c.before != nil {
		before = adjustmentOf(cells{adjustmentsSheet, *c.before})
	}
	if c.after != nil {
		after = adjustmentOf(cells{adjustmentsSheet, *c.after})
	}
	for _, month := range past.months() {
		was, wasDue := dueIn(before, month)
		is, isDue := dueIn(after, month)
		if !wasDue && !isDue || wasDue && isDue && same(was, is) {
			continue
		}
		why := ""
		if wasDue {
			why = past.closes(was)
		}
		if why == "" && isDue {
			why = past.closes(is)
		}
		if why != "" {
			in.refusePast(adjustmentsSheet, c, why, adjustmentCure)
			return
		}
	}
}

func dueIn(a credit.Adjustment, month period.Month) (credit.Adjustment, bool) {
	if a.Month.IsZero() {
		return a, false
	}
	due, err := credit.Due([]credit.Adjustment{a}, month)
	if err != nil || len(due) == 0 { // a row that cannot be carried out has a problem of its own
		return a, false
	}
	return due[0].Adjustment, true
}

func same(a, b credit.Adjustment) bool {
	equal := a.Value.Equal(b.Value) && a.ApprovedOn.Equal(b.ApprovedOn)
	a.Value, b.Value, a.ApprovedOn = decimal.Decimal{}, decimal.Decimal{}, b.ApprovedOn
	return equal && a == b
}

// months are those of which anything is past, in order.
func (p Past) months() []period.Month {
	months := slices.Clone(p.Closed)
	for _, document := range p.Documents {
		months = append(months, document.Month)
	}
	slices.SortFunc(months, func(a, b period.Month) int { return a.Sub(b) })
	return slices.Compact(months)
}

// closes says why an adjustment can no longer take effect in its month, or
// nothing where it still can.
func (p Past) closes(a credit.Adjustment) string {
	final, open := "", false
	for _, document := range p.Documents {
		concerned := document.Customer == a.Customer && document.Month == a.Month &&
			(a.Provider == "" || a.Provider == document.Provider)
		switch {
		case !concerned:
		case document.Number == "":
			open = true
		case slices.Contains(document.Adjustments, a.ID):
			return fmt.Sprintf("changes %s, which is final as %s and carries it", a.Month, document.Number)
		case final == "":
			final = document.Number
		}
	}
	everywhere := a.Provider == "" && a.Kind == credit.KindPercent
	switch {
	case final != "" && (everywhere || !open):
		return fmt.Sprintf("changes %s, which is final as %s", a.Month, final)
	case !open && slices.Contains(p.Closed, a.Month):
		return fmt.Sprintf("changes %s, which was closed without such a document of %s", a.Month, a.Customer)
	default:
		return ""
	}
}

// checkPastCredit keeps what was used granted: to whom, in which currency, and
// at least as much.
func (in *inspection) checkPastCredit(c change, past Past) {
	for _, used := range past.Credits {
		if used.Credit != c.id || !used.Used.IsPositive() {
			continue
		}
		held := fmt.Sprintf("%s %s of it were used, last on %s", money.Text(used.Used), used.Currency,
			used.Number)
		var after credit.Credit
		if c.after != nil {
			after = creditOf(cells{creditsSheet, *c.after})
		}
		switch {
		case c.after == nil, after.Customer != used.Customer:
			in.refusePast(creditsSheet, c, "is taken from "+used.Customer+", but "+held, creditCure)
		case after.Currency != "" && after.Currency != used.Currency:
			in.refusePast(creditsSheet, c, "changes its currency, but "+held, creditCure)
		case after.Granted.Cmp(used.Used) < 0:
			in.refusePast(creditsSheet, c, "grants less than was used: "+held, creditCure)
		}
	}
}

// What to do instead.
const (
	adjustmentCure = "leave it as it was and write a row that begins with an open month; " +
		"a closed month is corrected by a note"
	creditCure = "leave it as it was and grant the rest as a credit of its own; " +
		"what was used comes back when its invoice is voided or noted"
)

// refusePast reports a change at the row's first cell that differs; a row that
// was taken out has no cell any more and is named by its id.
func (in *inspection) refusePast(sheet Sheet, c change, why, cure string) {
	if c.after == nil {
		in.problems = append(in.problems, Problem{
			Sheet: sheet.Name, Column: "id", Value: c.id, Code: fault.PeriodClosed,
			What: "taken out of the sheet, " + why, Cure: cure,
		})
		return
	}
	column := sheet.firstDifference(c.before, c.after)
	if c.before == nil && sheet.Name == adjustmentsSheet.Name {
		column = "month"
	}
	in.report(sheet.Name, *c.after, column, fault.PeriodClosed, why, cure)
}
