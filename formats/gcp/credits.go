package gcp

import (
	"bytes"
	"strings"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/money"
)

// credit is one of a row's credits, to be booked as a line beside its cost.
type credit struct {
	kind   creditKind
	word   []byte // Google's type
	name   []byte
	amount []byte // checked; empty where it is no amount
}

// readCredits reads the row's credits and says what keeps them from being
// booked, if anything. Credits of one type and name become one.
func (r *Reader) readCredits() fault.Code {
	r.credits = r.credits[:0]
	cell := r.row.Cell(r.at.credits)
	if len(cell) == 0 || string(cell) == "[]" {
		return ""
	}
	if !r.literals.read(cell) {
		r.unread = true
		return fault.Number
	}
	var code fault.Code
	members := r.literals.members
	for record := range r.literals.records {
		from := 0
		for from < len(members) && members[from].record == record {
			from++
		}
		one := creditOf(members[:from])
		members = members[from:]
		switch {
		case len(one.amount) == 0:
			r.unread = true
			code = fault.Number
		case one.kind == 0 && code == "":
			code = fault.UnknownType
		}
		if !r.addCredit(one) {
			r.unread = true
			code = fault.Number
		}
	}
	return code
}

// creditOf reads one credit's members. A credit without an amount, or with one
// that is none, has none.
func creditOf(members []member) credit {
	var one credit
	var name, fullName []byte
	for _, m := range members {
		switch string(m.key) {
		case "type":
			one.word = m.value
		case "name":
			name = m.value
		case "full_name":
			fullName = m.value
		case "amount":
			if money.CheckSource(m.value) == nil {
				one.amount = m.value
			}
		}
	}
	if one.name = name; len(fullName) > 0 {
		one.name = fullName
	}
	if len(one.word) == 0 {
		for _, named := range namedCredits {
			if strings.HasPrefix(string(name), named.prefix) {
				one.word = []byte(named.kind)
			}
		}
	}
	one.kind = creditTypes[string(one.word)]
	return one
}

// addCredit keeps a credit, adding it to another of the same type and name: the
// lines of one row differ in what they are. False means that their sum is no amount.
func (r *Reader) addCredit(one credit) bool {
	for i := range r.credits {
		same := &r.credits[i]
		if bytes.Equal(same.word, one.word) && bytes.Equal(same.name, one.name) {
			same.amount = sum(same.amount, one.amount)
			return len(same.amount) > 0
		}
	}
	r.credits = append(r.credits, one)
	return true
}

// sum adds amounts exactly; it is empty where one of them or the sum is none.
func sum(amounts ...[]byte) []byte {
	total := money.Sum()
	for _, amount := range amounts {
		one, err := money.Parse(string(amount))
		if err != nil {
			return nil
		}
		total = total.Add(one)
	}
	text := []byte(money.Text(total))
	if money.CheckSource(text) != nil {
		return nil
	}
	return text
}

// toCredit turns the row's line into that of one of its credits: what it is and
// what it is worth differ, all else is the charge's.
func (r *Reader) toCredit(one *credit) {
	line := &r.line
	line.LineType, line.Description, line.Quantity = one.word, one.name, nil
	line.Billed, line.Effective = one.amount, one.amount
	line.List, line.Contracted = zero, one.amount
	line.Category, line.Class, line.PricingCategory = r.category, charge.ClassDiscount, r.pricing
	switch one.kind {
	case kindDiscount:
	case kindCommitment:
		line.Contracted, line.PricingCategory = zero, committed
	case kindMargin:
		line.Class = charge.ClassPartnerDiscount
	case kindPromotion:
		line.List = one.amount
		line.PricingCategory = nil
		if line.Class = charge.ClassRegular; line.Category != charge.CategoryTax {
			line.Category = charge.CategoryCredit
		}
	}
}
