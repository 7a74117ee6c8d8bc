package master

import "magam/domain/period"

// InMonth keeps the rows that stand in a month: those whose validity touches
// it, and tags that have begun. Sheets without a validity are kept whole.
func InMonth(tables []Table, month period.Month) []Table {
	kept := make([]Table, 0, len(tables))
	for _, table := range tables {
		sheet, known := Find(table.Sheet)
		if !known {
			continue
		}
		standing := Table{Sheet: table.Sheet, Columns: table.Columns}
		for _, row := range table.Rows {
			if sheet.stands(row, month) {
				standing.Rows = append(standing.Rows, row)
			}
		}
		kept = append(kept, standing)
	}
	return kept
}

func (s Sheet) stands(row Row, m period.Month) bool {
	const secondsOfDay = 24 * 60 * 60
	switch s.Validity {
	case ValidMonths:
		return period.Span{From: month(row.Cells["from"]), To: month(row.Cells["to"])}.Covers(m)
	case ValidDays:
		first, last := int(m.Start().Unix()/secondsOfDay), int(m.LastDay().Unix()/secondsOfDay)
		return s.extentOf(row).overlaps(extent{first, last})
	case ValidAlways:
		from := month(row.Cells["from"])
		return s.Name != tagsSheet.Name || from.IsZero() || !from.After(m)
	default:
		return true
	}
}
