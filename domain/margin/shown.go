package margin

import (
	"github.com/shopspring/decimal"

	"magam/domain/money"
)

// Shown rounds what was bought, converted, to the unit of each document currency
// for print, so that the printed rows add up to the printed total and each margin
// is the difference of the two figures beside it. No other figure changes.
func Shown(exact []Position) ([]Position, error) {
	shown := make([]Position, len(exact))
	copy(shown, exact)
	members := map[money.Currency][]int{}
	for i, p := range exact {
		members[p.Currency] = append(members[p.Currency], i)
	}
	for currency, rows := range members {
		amounts := make([]decimal.Decimal, len(rows))
		for i, row := range rows {
			amounts[i] = exact[row].Converted
		}
		unit := money.Unit(currency.Places())
		total, err := money.Round(money.Sum(amounts...), money.ModeHalfUp, unit)
		if err != nil {
			return nil, err
		}
		fitted, err := money.Fit(amounts, total, currency.Places())
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			shown[row].Converted = fitted[i]
		}
	}
	return shown, nil
}

// Positions takes the figures out of rows.
func Positions[R interface{ position() Position }](rows []R) []Position {
	positions := make([]Position, len(rows))
	for i, row := range rows {
		positions[i] = row.position()
	}
	return positions
}

func (p Position) position() Position { return p }
