package invoice

import (
	"fmt"

	"github.com/shopspring/decimal"

	"magam/domain/fault"
	"magam/domain/money"
)

// The choices of the contract's rounding_point column. Empty is document.
const (
	PointLine     = "line"
	PointProduct  = "product"
	PointDocument = "document"
)

// roundSupply rounds the supply value at the contract's point and apportions
// the difference over the finest lines, so that every coarser document, which
// only adds lines up, has the same total.
func roundSupply(b *bill) error {
	terms := b.snapshot.Rounding
	for _, part := range roundingParts(b.lines, terms.Point) {
		exact := make([]decimal.Decimal, len(part))
		for i, l := range part {
			exact[i] = l.running
		}
		rounded, err := Apportion(exact, terms, b.in.Customer.Currency.Places())
		if err != nil {
			return roundingFault(err)
		}
		for i, l := range part {
			l.add(StepRounding, terms.Point, 0, b.in.Customer.Currency, rounded[i].Sub(l.running))
		}
	}
	return freezeLines(b)
}

// roundingParts cuts the lines into what is rounded together: each line on its
// own, each product, or all of them.
func roundingParts(lines []*line, point string) [][]*line {
	var parts [][]*line
	place := map[string]int{}
	for i, l := range lines {
		key := ""
		switch point {
		case PointLine:
			key = fmt.Sprint(i)
		case PointProduct:
			key = l.key.service
		}
		at, known := place[key]
		if !known {
			at = len(parts)
			place[key] = at
			parts = append(parts, nil)
		}
		parts[at] = append(parts[at], l)
	}
	return parts
}

// Apportion rounds the sum of exact amounts by the terms and returns amounts,
// each a multiple of the currency's smallest unit, that sum to it.
//
// First the sum is rounded to the smallest unit and each amount is cut to it;
// the units that are then missing go one by one to the amounts that lost most,
// earlier ones winning ties. Where the contract rounds to a larger unit, what
// that adds or takes is shared in proportion to the amounts' sizes.
func Apportion(exact []decimal.Decimal, terms Rounding, places int32) ([]decimal.Decimal, error) {
	if len(exact) == 0 {
		return nil, nil
	}
	whole := money.Sum(exact...)
	owed, err := money.Round(whole, terms.Mode, terms.Unit)
	if err != nil {
		return nil, err
	}
	fine, err := money.Round(whole, terms.Mode, money.Unit(places))
	if err != nil {
		return nil, err
	}
	parts, err := money.Fit(exact, fine, places)
	if err != nil {
		return nil, err
	}
	sizes := make([]decimal.Decimal, len(exact))
	for i, amount := range exact {
		sizes[i] = amount.Abs()
	}
	extra, err := money.Split(owed.Sub(fine), sizes, places)
	if err != nil {
		return nil, err
	}
	for i := range parts {
		parts[i] = parts[i].Add(extra[i])
	}
	return parts, nil
}

// check refuses terms that no document can be rounded by: an unknown point or
// mode, or a unit finer than the currency has.
func (r Rounding) check(places int32) error {
	known := r.Point == PointLine || r.Point == PointProduct || r.Point == PointDocument
	if !known {
		return roundingFault(fmt.Errorf("point %q is not line, product or document", r.Point))
	}
	if !r.Unit.IsPositive() || !r.Unit.Mod(money.Unit(places)).IsZero() {
		return roundingFault(
			fmt.Errorf("unit %s is no multiple of the currency's %s", r.Unit, money.Unit(places)),
		)
	}
	_, err := money.Round(money.Zero, r.Mode, r.Unit)
	if err != nil {
		return roundingFault(err)
	}
	return nil
}

func roundingFault(err error) error {
	return &fault.Error{
		Code: fault.Contract, What: "the contract's rounding cannot be carried out", Err: err,
		Cure: "correct rounding_point, rounding_mode and rounding_unit in the customers sheet, " +
			"then retry the parked customer",
	}
}
