package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

// The engine writes each piece of text as one group of operators, in UTF-16.
var (
	pageStart  = regexp.MustCompile(`<</Filter /FlateDecode /Length (\d+)>>\nstream\n`)
	fontChosen = regexp.MustCompile(`BT /F\S+ ([0-9.]+) Tf ET`)
	pieceShown = regexp.MustCompile(`(?s)BT (-?[0-9.]+) (-?[0-9.]+) Td \(((?:\\.|[^\\)])*)\) Tj ET`)
	keyworded  = regexp.MustCompile(`(?s)/Keywords \(((?:\\.|[^\\)])*)\)\n`)

	errNotOurs = errors.New("not a page as the engine writes it")
)

const (
	pageBytesMax = 16 << 20
	sameLine     = 0.35 // millimetres between baselines that are one line
	pageTall     = 297.0
)

// piece is one text as it stands on a page, in millimetres from its top left.
type piece struct {
	x, y, size float64
	text       string
}

// textLine holds the pieces of one baseline, left to right.
type textLine struct {
	y      float64
	pieces []piece
}

// Read gives the texts of finished pages, each piece on a line of its own, and
// what the file says of itself: for whoever must know what is on them.
func Read(pdf []byte) ([]string, error) {
	pages, err := extract(pdf)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, page := range pages {
		var text strings.Builder
		for _, line := range page {
			for _, piece := range line.pieces {
				text.WriteString(piece.text + "\n")
			}
		}
		texts = append(texts, text.String())
	}
	return append(texts, keywordsOf(pdf)), nil
}

// extract reads the texts of finished pages, each page's lines from top to bottom.
func extract(pdf []byte) ([][]textLine, error) {
	var pages [][]textLine
	for _, at := range pageStart.FindAllSubmatchIndex(pdf, -1) {
		length, err := strconv.Atoi(string(pdf[at[2]:at[3]]))
		if err != nil || at[1]+length > len(pdf) {
			return nil, errNotOurs
		}
		reader, err := zlib.NewReader(bytes.NewReader(pdf[at[1] : at[1]+length]))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotOurs, err)
		}
		content, err := io.ReadAll(io.LimitReader(reader, pageBytesMax))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotOurs, err)
		}
		pages = append(pages, lines(pieces(content)))
	}
	if len(pages) == 0 {
		return nil, errNotOurs
	}
	return pages, nil
}

func pieces(content []byte) []piece {
	fonts := fontChosen.FindAllSubmatchIndex(content, -1)
	var found []piece
	size := 0.0
	for _, at := range pieceShown.FindAllSubmatchIndex(content, -1) {
		for len(fonts) > 0 && fonts[0][0] < at[0] {
			size = number(content[fonts[0][2]:fonts[0][3]])
			fonts = fonts[1:]
		}
		found = append(found, piece{
			x:    number(content[at[2]:at[3]]) * millimetres,
			y:    pageTall - number(content[at[4]:at[5]])*millimetres,
			size: size,
			text: decode(content[at[6]:at[7]]),
		})
	}
	return found
}

func number(text []byte) float64 {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0
	}
	return value
}

// decode turns the engine's escaped UTF-16 into text.
func decode(escaped []byte) string {
	var raw []byte
	for i := 0; i < len(escaped); i++ {
		if escaped[i] != '\\' || i+1 == len(escaped) {
			raw = append(raw, escaped[i])
			continue
		}
		i++
		if escaped[i] == 'r' {
			raw = append(raw, '\r')
		} else {
			raw = append(raw, escaped[i])
		}
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// lines gathers pieces by baseline.
func lines(found []piece) []textLine {
	sort.SliceStable(found, func(a, b int) bool { return found[a].y < found[b].y })
	var gathered []textLine
	for _, p := range found {
		last := len(gathered) - 1
		if last < 0 || p.y-gathered[last].y > sameLine {
			gathered = append(gathered, textLine{y: p.y})
			last++
		}
		gathered[last].pieces = append(gathered[last].pieces, p)
	}
	for _, line := range gathered {
		sort.SliceStable(line.pieces, func(a, b int) bool { return line.pieces[a].x < line.pieces[b].x })
	}
	return gathered
}

// keywordsOf reads the document's marks from its information.
func keywordsOf(pdf []byte) string {
	found := keyworded.FindSubmatch(pdf)
	if found == nil {
		return ""
	}
	return strings.TrimPrefix(decode(found[1]), "\ufeff")
}
