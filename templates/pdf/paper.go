package pdf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"magam/domain/fault"
	"magam/templates/fonts"
)

// The page: A4, 15 mm margins, twelve columns, three sizes of one family.
const (
	margin       = 15.0
	contentWidth = 180.0
	grid         = 12
	column       = contentWidth / grid

	sizeTitle  = 20.0 // the title and what is owed
	sizeFigure = 10.5 // figures and names that matter
	sizeText   = 8.5  // the rest

	millimetres = 25.4 / 72 // of a point
)

var (
	black     = props.Color{Red: 17, Green: 17, Blue: 17}
	grey      = props.Color{Red: 110, Green: 110, Blue: 110}
	ruleGrey  = props.Color{Red: 205, Green: 205, Blue: 205}
	ruleBlack = props.Color{Red: 60, Green: 60, Blue: 60}
)

// style is how one piece of text looks.
type style struct {
	size  float64
	bold  bool
	grey  bool
	right bool
}

var (
	plain  = style{size: sizeText}
	quiet  = style{size: sizeText, grey: true}
	strong = style{size: sizeText, bold: true}
)

func (s style) toRight() style { s.right = true; return s }

// strip is a row with its height: what a page is filled with.
type strip struct {
	height float64
	row    core.Row
}

// paper makes pieces of text and remembers which characters they need.
type paper struct {
	used   map[rune]struct{}
	accent props.Color
}

// piece sets one line of text. Left and right are insets in its columns,
// baseline is counted from the row's top: whatever their sizes, texts with
// equal baselines stand on one line.
func (p *paper) piece(value string, s style, left, right, baseline float64) core.Component {
	for _, r := range value {
		p.used[r] = struct{}{}
	}
	prop := props.Text{
		Family: fonts.Family, Size: s.size, Top: baseline - s.size*millimetres,
		Left: left, Right: right, Align: align.Left, Color: &black,
	}
	if s.bold {
		prop.Style = fontstyle.Bold
	}
	if s.grey {
		prop.Color = &grey
	}
	if s.right {
		prop.Align = align.Right
	}
	return text.New(value, prop)
}

// middle is the baseline that centres a line of capitals and Hangul in a height.
func middle(height, size float64) float64 { return height/2 + 0.36*size*millimetres }

// ruled draws a thin line under a row.
func ruled(color props.Color, thickness float64) *props.Cell {
	return &props.Cell{BorderType: border.Bottom, BorderColor: &color, BorderThickness: thickness}
}

// line is a whole row of columns.
func line(height float64, under *props.Cell, columns ...core.Col) strip {
	made := row.New(height).Add(columns...)
	if under != nil {
		made.WithStyle(under)
	}
	return strip{height, made}
}

// gap is white space.
func gap(height float64) strip { return strip{height, row.New(height).Add(col.New(grid))} }

// filled is a bar of one colour over the whole width.
func filled(height float64, color props.Color) strip {
	return strip{height, row.New(height).Add(col.New(grid)).WithStyle(&props.Cell{BackgroundColor: &color})}
}

// wrap breaks text into at most lines lines of a width, at blanks where there
// are any, and ends in an ellipsis what does not fit.
func wrap(value string, s style, width float64, lines int) []string {
	var broken []string
	rest := []rune(strings.TrimSpace(value))
	for len(rest) > 0 && len(broken) < lines {
		fits := fitting(rest, s, width)
		if fits == len(rest) {
			return append(broken, string(rest))
		}
		if len(broken) == lines-1 {
			fits = fitting(rest, s, width-fonts.Width("…", s.bold, s.size))
			return append(broken, strings.TrimRight(string(rest[:fits]), " ")+"…")
		}
		at := fits
		for i := fits; i > fits/2; i-- {
			if rest[i] == ' ' || rest[i-1] == '-' || rest[i-1] == '/' {
				at = i
				break
			}
		}
		broken = append(broken, strings.TrimRight(string(rest[:at]), " "))
		rest = []rune(strings.TrimLeft(string(rest[at:]), " "))
	}
	return broken
}

// fitting counts the leading characters that fit a width, at least one.
func fitting(text []rune, s style, width float64) int {
	used := 0.0
	for i, r := range text {
		used += fonts.Width(string(r), s.bold, s.size)
		if used > width && i > 0 {
			return i
		}
	}
	return len(text)
}

// parseAccent reads #RRGGBB; without one the house's own blue is used.
func parseAccent(text string) (props.Color, error) {
	if text == "" {
		return props.Color{Red: 31, Green: 78, Blue: 121}, nil
	}
	digits, found := strings.CutPrefix(text, "#")
	value, err := strconv.ParseUint(digits, 16, 24)
	if !found || len(digits) != 6 || err != nil {
		return props.Color{}, &fault.Error{
			Code: fault.Template, Value: text, What: "is not a colour",
			Cure: fmt.Sprintf("write the issuer's colour as %s in the issuers sheet", "#1F4E79"),
		}
	}
	return props.Color{Red: int(value >> 16), Green: int(value >> 8 & 0xFF), Blue: int(value & 0xFF)}, nil
}

// tint is the accent thinned for a ground that black text stands on, in colour
// and in black and white.
func tint(color props.Color) props.Color {
	thin := func(part int) int { return 255 - (255-part)/10 }
	return props.Color{Red: thin(color.Red), Green: thin(color.Green), Blue: thin(color.Blue)}
}
