package pdf

import (
	"github.com/johnfercher/go-tree/node"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/consts/orientation"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/shopspring/decimal"

	"magam/domain/invoice"
	"magam/templates/fonts"
)

const (
	trendMonths = 6
	trendWidth  = half*column - 14
	trendHeight = 33.0
	barWidth    = 7.0
	barsTop     = 11.0
	barsHeight  = 16.0
	thousandth  = 1000 // bars are drawn in whole thousandths of their height: no float touches an amount
)

// bar is one month of the chart.
type bar struct {
	month string
	value string // printed at the ends only
	share int64  // of the tallest, in thousandths; negative below the base line
}

// trend is the small chart of the last six months: grey bars and, for this
// document's month, one in the accent colour with bold labels, so that it also
// reads in black and white.
type trend struct {
	caption string
	bars    []bar
	accent  props.Color
}

func (d *document) trend() core.Component {
	months := append([]invoice.MonthTotal(nil), d.s.History...)
	months = append(months, invoice.MonthTotal{Month: d.s.Month, Total: d.s.Own().Total})
	months = months[max(0, len(months)-trendMonths):]
	tallest := decimal.Zero
	for _, m := range months {
		tallest = decimal.Max(tallest, m.Total.Abs())
	}
	made := &trend{caption: d.words.Trend + " (" + string(d.s.Currency) + ")", accent: d.accent}
	for _, m := range months {
		share := int64(0)
		if !tallest.IsZero() {
			share = m.Total.Mul(decimal.NewFromInt(thousandth)).Div(tallest).IntPart()
		}
		made.bars = append(made.bars, bar{m.Month.String(), printed(m.Total, d.s.Currency), share})
	}
	for _, text := range append([]string{made.caption}, made.labels()...) {
		for _, r := range text {
			d.used[r] = struct{}{}
		}
	}
	return made
}

func (t *trend) labels() []string {
	first, last := t.bars[0], t.bars[len(t.bars)-1]
	return []string{first.month, first.value, last.month, last.value}
}

// Render draws the chart into the cell that maroto gives it.
func (t *trend) Render(provider core.Provider, cell *entity.Cell) {
	write := func(value string, right, bold bool, baseline float64) {
		prop := &props.Text{
			Family: fonts.Family, Size: sizeText, Top: baseline - sizeText*millimetres,
			Align: align.Left, Color: &grey,
		}
		if right {
			prop.Align = align.Right
		}
		if bold {
			prop.Style, prop.Color = fontstyle.Bold, &black
		}
		provider.AddText(value, &entity.Cell{X: cell.X, Y: cell.Y, Width: trendWidth, Height: trendHeight},
			prop)
	}
	labels := t.labels()
	write(t.caption, false, false, middle(totalsRow, sizeText))
	if len(t.bars) > 1 {
		write(labels[0], false, false, barsTop+barsHeight+4)
		write(labels[1], false, false, barsTop-1.4)
	}
	write(labels[2], true, true, barsTop+barsHeight+4)
	write(labels[3], true, true, barsTop-1.4)

	highest, lowest := int64(0), int64(0)
	for _, b := range t.bars {
		highest, lowest = max(highest, b.share), min(lowest, b.share)
	}
	perUnit := barsHeight / float64(max(highest-lowest, 1))
	base := cell.Y + barsTop + float64(highest)*perUnit
	step := 0.0
	if len(t.bars) > 1 {
		step = (trendWidth - barWidth) / float64(len(t.bars)-1)
	}
	for i, b := range t.bars {
		color := props.Color{Red: 190, Green: 190, Blue: 190}
		if i == len(t.bars)-1 {
			color = t.accent
		}
		x := cell.X + float64(i)*step
		if len(t.bars) == 1 {
			x = cell.X + trendWidth - barWidth
		}
		length := float64(b.share) * perUnit
		top := base - max(length, 0)
		provider.AddLine(&entity.Cell{X: x + barWidth/2, Y: top, Height: max(length, -length)}, &props.Line{
			Color:       &color,
			Thickness:   barWidth,
			Orientation: orientation.Vertical,
			SizePercent: 100,
			Style:       solid,
		})
	}
	provider.AddLine(&entity.Cell{X: cell.X, Y: base, Width: trendWidth}, &props.Line{
		Color:       &ruleBlack,
		Thickness:   0.2,
		Orientation: orientation.Horizontal,
		SizePercent: 100,
		Style:       solid,
	})
}

// GetHeight is fixed: the chart stands beside the totals, over several rows.
func (t *trend) GetHeight(core.Provider, *entity.Cell) float64 { return totalsRow }

// SetConfig has nothing to take over: sizes and colours are the page's own.
func (t *trend) SetConfig(*entity.Config) {}

// GetStructure names the chart and its months for golden files.
func (t *trend) GetStructure() *node.Node[core.Structure] {
	details := map[string]interface{}{}
	for _, b := range t.bars {
		details[b.month] = b.value
	}
	return node.New(core.Structure{Type: "trend", Value: t.caption, Details: details})
}
