package awscur

import (
	"magam/domain/charge"
	"magam/domain/money"
)

// sums are the texts of amounts that no cell holds. Rows that need them are few.
type sums struct {
	billed, effective []byte
}

// amountCells reads a row's cells as amounts and remembers the first that is none.
type amountCells struct {
	reader *Reader
	bad    int // column, or -1
}

// amount is a cell that holds an amount, and empty where it holds none.
func (c *amountCells) amount(column int) []byte {
	text := c.reader.row.Cell(column)
	if len(text) > 0 && money.CheckSource(text) != nil {
		c.refuse(column)
		return nil
	}
	return text
}

func (c *amountCells) refuse(column int) {
	if c.bad < 0 {
		c.bad = column
	}
}

// readAmounts fills in the amounts and returns the first column that holds none,
// or -1, and whether a discount map holds the reseller's own margin. What is no
// amount is left empty.
func (r *Reader) readAmounts() (bad int, partner bool) {
	line, at := &r.line, &r.at
	cells := amountCells{r, -1}
	line.Billed = cells.amount(at.unblended)
	if len(line.Billed) == 0 {
		cells.refuse(at.unblended)
	}
	line.Quantity = cells.amount(at.amount)
	if line.List = cells.amount(at.listCost); len(line.List) == 0 {
		line.List = line.Billed
	}
	net := cells.amount(at.netUnblended)
	line.Effective = r.effective(&cells, false)
	if at.maps.discount >= 0 || at.maps.totalDiscount >= 0 {
		partner = r.takeDiscount(&cells, net)
	}
	line.Contracted = orElse(net, line.Billed)
	r.lined = r.lined || line.Billed != nil && isDiscount(r.kind.class) && !isZero(line.Billed)
	return cells.bad, partner
}

// takeDiscount bills a row that has its discount in the map at what remains: no
// line of its own takes the discount off.
func (r *Reader) takeDiscount(cells *amountCells, net []byte) (partner bool) {
	at := &r.at.maps
	found := r.discountOf(cells)
	if found.bad {
		cells.refuse(at.discount)
		return false
	}
	if isZero(found.total) || len(r.line.Billed) == 0 {
		return found.partner
	}
	r.mapped = true
	r.sums.billed = append(r.sums.billed[:0], sumOf(r.line.Billed, found.total, false)...)
	if money.CheckSource(r.sums.billed) != nil { // within bounds each, and beyond them together
		cells.refuse(at.discount)
		return found.partner
	}
	r.line.Billed = orElse(net, r.sums.billed)
	r.line.Effective = r.effective(cells, true)
	return found.partner
}

// discountOf is what the row's discounts come to: the export's own total where it
// has that column, else the sum of the map.
func (r *Reader) discountOf(cells *amountCells) discount {
	var found discount
	if cell := r.row.Cell(r.at.maps.discount); isFilled(cell) {
		found = r.discounts.read(cell)
	}
	found.total = orElse(cells.amount(r.at.maps.totalDiscount), found.total)
	return found
}

// effective applies the amortization rule of DOMAIN, part 2, to what is paid
// after discounts where net asks for it. A report without the columns that the
// rule needs gives the billed cost.
func (r *Reader) effective(cells *amountCells, net bool) []byte {
	at, billed := &r.at, r.line.Billed
	cell := func(netColumn, column int) []byte {
		if net {
			if text := cells.amount(netColumn); len(text) > 0 {
				return text
			}
		}
		return cells.amount(column)
	}
	switch r.kind.effective {
	case effectiveNothing:
		return zero
	case effectiveSavingsPlan:
		return orElse(cell(at.netPlanCost, at.planCost), billed)
	case effectiveReservation:
		return orElse(cell(at.netReservationCost, at.reservationCost), billed)
	case effectiveFee:
		if len(r.row.Cell(at.reservationARN)) > 0 {
			return zero
		}
	case effectiveUnusedPlan:
		return r.combine(cells, at.planCommitted, cells.amount(at.planCommitted), cells.amount(at.planUsed),
			true)
	case effectiveUnusedReserved:
		return r.combine(cells, at.unusedUpfront, cell(at.netUnusedUpfront, at.unusedUpfront),
			cell(at.netUnusedRecurring, at.unusedRecurring), false)
	case effectiveUnblended:
	}
	return billed
}

// combine adds or subtracts two cells exactly; column is the first one's.
func (r *Reader) combine(cells *amountCells, column int, a, b []byte, subtract bool) []byte {
	if len(a) == 0 && len(b) == 0 {
		return r.line.Billed
	}
	r.sums.effective = append(r.sums.effective[:0], sumOf(orElse(a, zero), orElse(b, zero), subtract)...)
	if money.CheckSource(r.sums.effective) != nil {
		cells.refuse(column)
		return nil
	}
	return r.sums.effective
}

// sumOf adds or subtracts two amounts that were checked.
func sumOf(a, b []byte, subtract bool) string {
	first, _ := money.Parse(string(a))
	second, _ := money.Parse(string(b))
	if subtract {
		second = second.Neg()
	}
	return money.Text(first.Add(second))
}

func isDiscount(class charge.Class) bool {
	return class == charge.ClassDiscount || class == charge.ClassPartnerDiscount
}

// isZero says whether an amount's text has no digit but noughts before its exponent.
func isZero(text []byte) bool {
	for _, c := range text {
		switch {
		case c == 'e' || c == 'E':
			return true
		case c >= '1' && c <= '9':
			return false
		}
	}
	return true
}
