package pdf

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/johnfercher/go-tree/node"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/consts/orientation"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/shopspring/decimal"

	margins "magam/domain/margin"
	"magam/domain/money"
)

const (
	chartEach  = 5 // best and worst
	nameSlots  = 4
	barSlots   = 4
	valueSlots = 4
	chartBar   = 3.0 // thickness
)

// ranked is one customer's margin in the chart.
type ranked struct {
	name  string
	of    margins.Position
	share int64 // of the largest, in thousandths, with its sign
}

// chart shows the best and the worst margins of the currency that most customers
// are billed in: two currencies have no common scale.
func (m *report) chart() ([]strip, error) {
	rows, currency := m.byCustomer()
	if len(rows) < 2 {
		return nil, nil
	}
	positions := make([]margins.Position, len(rows))
	for i, row := range rows {
		positions[i] = row.of
	}
	positions, err := margins.Shown(positions)
	if err != nil {
		return nil, err
	}
	largest := decimal.Zero
	for i := range rows {
		rows[i].of = positions[i]
		largest = decimal.Max(largest, positions[i].Margin().Abs())
	}
	slices.SortStableFunc(rows, func(a, b ranked) int {
		return cmp.Or(b.of.Margin().Cmp(a.of.Margin()), cmp.Compare(a.name, b.name))
	})
	if len(rows) > 2*chartEach {
		rows = append(slices.Clone(rows[:chartEach]), rows[len(rows)-chartEach:]...)
	}
	heading := style{size: sizeFigure, bold: true}
	title := fmt.Sprintf("%s (%s · %s / %s)", m.w.Chart, currency, m.w.Best, m.w.Worst)
	strips := []strip{
		gap(3), line(6.4, nil, col.New(grid).Add(m.set(title, heading, middle(6.4, sizeFigure)))),
	}
	below := false
	for i := range rows {
		if !largest.IsZero() {
			rows[i].share = rows[i].of.Margin().Mul(decimal.NewFromInt(thousandth)).Div(largest).IntPart()
		}
		below = below || rows[i].share < 0
	}
	for _, row := range rows {
		strips = append(strips, m.bar(row, below))
	}
	return append(strips, gap(2)), nil
}

func (m *report) bar(row ranked, below bool) strip {
	name := wrap(row.name, plain, nameSlots*column-cellInset, 1)
	rate := "-"
	if percent, known := row.of.Percent(); known {
		rate = money.Grouped(percent, 2) + " %"
	}
	baseline := middle(rowHeight, sizeText)
	bar := &marginBar{share: row.share, below: below, accent: m.accent}
	return line(
		rowHeight,
		nil,
		col.New(nameSlots).Add(m.set(joined("", name...), plain, baseline)),
		col.New(barSlots).Add(bar),
		col.New(valueSlots/2).
			Add(m.set(printed(row.of.Margin(), row.of.Currency), plain.toRight(), baseline)),
		col.New(valueSlots/2).Add(m.set(rate, quiet.toRight(), baseline)),
	)
}

// byCustomer adds the documents of each customer up, in one currency.
func (m *report) byCustomer() ([]ranked, money.Currency) {
	count := map[money.Currency]int{}
	main := money.Currency("")
	for _, row := range m.r.Customers {
		count[row.Currency]++
		if main == "" || count[row.Currency] > count[main] {
			main = row.Currency
		}
	}
	at := map[string]int{}
	var rows []ranked
	for _, row := range m.r.Customers {
		if row.Currency != main {
			continue
		}
		i, known := at[row.Customer]
		if !known {
			i = len(rows)
			at[row.Customer] = i
			rows = append(rows, ranked{
				name: joined(" · ", row.Name, row.Customer), of: margins.Position{Currency: main},
			})
		}
		rows[i].of = rows[i].of.Plus(row.Position)
	}
	return rows, main
}

// marginBar is one bar: to the right in the accent colour, or to the left in grey
// where money was lost, so that it also reads in black and white.
type marginBar struct {
	share  int64
	below  bool // some bar goes left: zero lies inside
	accent props.Color
}

// Render draws the bar into the cell that maroto gives it.
func (b *marginBar) Render(provider core.Provider, cell *entity.Cell) {
	width := barSlots*column - 6.0
	zero := cell.X + 1
	room := width
	if b.below {
		zero, room = cell.X+1+width/2, width/2
	}
	length := float64(b.share) / thousandth * room
	color, left := b.accent, zero
	if b.share < 0 {
		color, left, length = props.Color{Red: 130, Green: 130, Blue: 130}, zero+length, -length
	}
	if length > 0 {
		provider.AddLine(
			&entity.Cell{X: left, Y: cell.Y + rowHeight/2 - chartBar/2 + chartBar/2, Width: length},
			&props.Line{
				Color: &color, Thickness: chartBar, Orientation: orientation.Horizontal, SizePercent: 100,
				Style: solid,
			},
		)
	}
	provider.AddLine(&entity.Cell{X: zero, Y: cell.Y, Height: rowHeight}, &props.Line{
		Color: &ruleBlack, Thickness: 0.2, Orientation: orientation.Vertical, SizePercent: 100, Style: solid,
	})
}

// GetHeight is the row's own.
func (b *marginBar) GetHeight(core.Provider, *entity.Cell) float64 { return rowHeight }

// SetConfig has nothing to take over.
func (b *marginBar) SetConfig(*entity.Config) {}

// GetStructure names the bar for golden files.
func (b *marginBar) GetStructure() *node.Node[core.Structure] {
	return node.New(core.Structure{Type: "bar", Value: b.share})
}
