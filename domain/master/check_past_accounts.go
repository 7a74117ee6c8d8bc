package master

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"magam/domain/fault"
	"magam/domain/party"
	"magam/domain/period"
)

// AccountKey names a cloud account.
type AccountKey struct{ Provider, SubAccount string }

// PastAccount is a month in which an account was used, as charged on the bill
// of a month that is closed, or of which a document is final or waits for its
// quarter's.
type PastAccount struct {
	AccountKey
	Bill, Used period.Month
}

const accountCure = "leave those days with whom they were, and let the change begin with a day of an open month; " +
	"a closed month is corrected by a note"

// checkPastAccounts refuses another owner of days whose cost is on a document
// that went out: the document would stay, and the books would no longer balance.
func (in *inspection) checkPastAccounts(tables, standing []Table, past Past) {
	table, imported := find(tables, accountsSheet.Name)
	if !imported {
		return
	}
	old, _ := find(standing, accountsSheet.Name)
	before, after := rowsOfAccounts(old), rowsOfAccounts(table)
	refused := map[AccountKey]bool{}
	for _, used := range past.Accounts {
		was, is := ownersIn(used.Used, before[used.AccountKey]), ownersIn(used.Used, after[used.AccountKey])
		if refused[used.AccountKey] || slices.Equal(was, is) {
			continue
		}
		if why := past.settles(used, append(was, is...)); why != "" {
			in.refusePastAccount(used, after[used.AccountKey], why)
			refused[used.AccountKey] = true
		}
	}
}

// movedAccounts are the accounts whose owners an import changes at any time, and
// all those owners.
func movedAccounts(tables, standing []Table) (accounts []AccountKey, owners []string) {
	table, imported := find(tables, accountsSheet.Name)
	if !imported {
		return nil, nil
	}
	old, _ := find(standing, accountsSheet.Name)
	before, after := rowsOfAccounts(old), rowsOfAccounts(table)
	all := maps.Clone(before)
	maps.Copy(all, after)
	for key := range all {
		if slices.EqualFunc(before[key], after[key], ownedRow.same) {
			continue
		}
		accounts = append(accounts, key)
		for _, row := range append(slices.Clone(before[key]), after[key]...) {
			owners = append(owners, row.Customer)
		}
	}
	slices.SortFunc(accounts, func(a, b AccountKey) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.SubAccount, b.SubAccount))
	})
	return accounts, owners
}

// ownedRow is a row of the accounts sheet, and what it says.
type ownedRow struct {
	party.Account
	row Row
}

// same says whether two rows give an account to the same customer on the same days.
func (r ownedRow) same(other ownedRow) bool {
	return r.Customer == other.Customer && r.From.Equal(other.From) && r.To.Equal(other.To)
}

func rowsOfAccounts(table Table) map[AccountKey][]ownedRow {
	rows := map[AccountKey][]ownedRow{}
	for _, row := range table.Rows {
		one := ownedRow{accountOf(cells{accountsSheet, row}), row}
		key := AccountKey{one.Provider, one.SubAccount}
		rows[key] = append(rows[key], one)
	}
	return rows
}

// owner is whose an account is from one day to another, the last one excluded.
type owner struct {
	customer string
	from, to time.Time
}

// ownersIn are an account's owners within a month, day by day; rows that go on
// where another of the same customer ends are one.
func ownersIn(month period.Month, rows []ownedRow) []owner {
	var owners []owner
	for _, row := range rows {
		from, to := month.Start(), month.End()
		if row.From.After(from) {
			from = row.From
		}
		if !row.To.IsZero() && row.To.Before(to) {
			to = row.To
		}
		if from.Before(to) {
			owners = append(owners, owner{row.Customer, from, to})
		}
	}
	slices.SortFunc(owners, func(a, b owner) int { return a.from.Compare(b.from) })
	joined := owners[:0]
	for _, one := range owners {
		last := len(joined) - 1
		if last >= 0 && joined[last].customer == one.customer && joined[last].to.Equal(one.from) {
			joined[last].to = one.to
			continue
		}
		joined = append(joined, one)
	}
	return joined
}

// settles says why an account's days can no longer change hands, or nothing
// where the documents of all concerned are still drafted again.
func (p Past) settles(used PastAccount, owners []owner) string {
	if slices.Contains(p.Closed, used.Bill) {
		return fmt.Sprintf("changes whose %s %s was in %s, and %s is closed",
			used.Provider, used.SubAccount, used.Used, used.Bill)
	}
	for _, document := range p.Documents {
		concerned := slices.ContainsFunc(
			owners,
			func(o owner) bool { return o.customer == document.Customer },
		)
		if concerned && document.Number != "" && document.Month == used.Bill &&
			document.Provider == used.Provider {
			return fmt.Sprintf("changes whose %s %s was in %s, and %s of %s is final",
				used.Provider, used.SubAccount, used.Used, document.Number, document.Customer)
		}
	}
	return ""
}

// refusePastAccount reports at the account's first row; one that was taken out
// has no cell any more and is named by its number.
func (in *inspection) refusePastAccount(used PastAccount, rows []ownedRow, why string) {
	if len(rows) == 0 {
		in.problems = append(in.problems, Problem{
			Sheet: accountsSheet.Name, Column: "sub_account", Value: used.SubAccount,
			Code: fault.PeriodClosed, What: "taken out of the sheet, " + why, Cure: accountCure,
		})
		return
	}
	in.report(accountsSheet.Name, rows[0].row, "customer", fault.PeriodClosed, why, accountCure)
}
