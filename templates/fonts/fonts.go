// Package fonts holds the one family that documents are set in, and knows what
// it can print: an invoice with an empty box in a name is refused, not sent.
//
// It owns normalising a text to what the family has, the widths of texts and
// the refusal of missing glyphs. It does not own how a page is laid out (see pdf).
package fonts

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"magam/domain/fault"
)

// Family is the name that documents call the fonts by.
const Family = "PretendardJP"

var (
	//go:embed PretendardJP-Regular.ttf
	regularFile []byte
	//go:embed PretendardJP-Bold.ttf
	boldFile []byte
)

// Regular is the whole upright font, as TrueType, its figures of one width.
var Regular = sync.OnceValue(func() []byte { return mustPatch(regularFile) })

// Bold is the whole bold font, with the same glyphs as Regular.
var Bold = sync.OnceValue(func() []byte { return mustPatch(boldFile) })

// Licence is the SIL Open Font License that both fonts come under.
//
//go:embed LICENSE.txt
var Licence string

// basicPlaneMax is the last code point that a page can address: the PDF engine
// writes two bytes for each character.
const basicPlaneMax = 0xFFFF

var (
	regularFace = sync.OnceValue(func() *face { return mustParse(Regular()) })
	boldFace    = sync.OnceValue(func() *face { return mustParse(Bold()) })
)

// face answers glyphs and advances of one font, each looked up once.
type face struct {
	parsed *sfnt.Font
	lock   sync.Mutex
	buffer sfnt.Buffer
	known  map[rune]glyph
}

type glyph struct {
	exists  bool
	advance int // in units per em
}

// mustPatch gives an embedded font its figures of one width.
func mustPatch(ttf []byte) []byte {
	patched, err := withTabularFigures(ttf)
	if err != nil {
		panic(fmt.Sprintf("embedded font: %v", err))
	}
	return patched
}

// mustParse reads an embedded font: one that does not parse is a broken build.
func mustParse(ttf []byte) *face {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("embedded font: %v", err))
	}
	return &face{parsed: parsed, known: map[rune]glyph{}}
}

func (f *face) glyph(r rune) glyph {
	f.lock.Lock()
	defer f.lock.Unlock()
	found, ok := f.known[r]
	if ok {
		return found
	}
	index, err := f.parsed.GlyphIndex(&f.buffer, r)
	if err == nil && index != 0 {
		em := f.parsed.UnitsPerEm()
		advance, err := f.parsed.GlyphAdvance(&f.buffer, index, fixed.I(int(em)), font.HintingNone)
		found = glyph{exists: err == nil, advance: advance.Round() * 1000 / int(em)}
	}
	f.known[r] = found
	return found
}

// Has says whether a page can show a character, in both weights.
func Has(r rune) bool {
	return r <= basicPlaneMax && regularFace().glyph(r).exists && boldFace().glyph(r).exists
}

// Width is how wide a text is, in millimetres, at a size in points.
func Width(text string, bold bool, size float64) float64 {
	face := regularFace()
	if bold {
		face = boldFace()
	}
	thousandths := 0
	for _, r := range text {
		thousandths += face.glyph(r).advance
	}
	return float64(thousandths) / 1000 * size * 25.4 / 72
}

// Fit returns the text as it can be printed. Letters made of parts are composed
// (a Mac spells Hangul as jamo), a character the family lacks is replaced by its
// compatible form (㈱ by (株), half-width kana by full), line ends become blanks
// and invisible marks go. What is still missing is refused with E_GLYPH: a
// name is printed exactly or not at all.
func Fit(text string) (string, error) {
	var fitted, lacking strings.Builder
	settle := func() {
		if lacking.Len() > 0 {
			fitted.WriteString(norm.NFKC.String(lacking.String()))
			lacking.Reset()
		}
	}
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || unicode.Is(unicode.Zs, r):
			settle()
			fitted.WriteByte(' ')
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			continue
		case Has(r):
			settle()
			fitted.WriteRune(r)
		default:
			lacking.WriteRune(r)
		}
	}
	settle()
	for _, r := range fitted.String() {
		if !Has(r) {
			return "", &fault.Error{
				Code: fault.Glyph, Value: text,
				What: fmt.Sprintf("has U+%04X, which the documents' font cannot print", r),
				Cure: "spell it with letters of Hangul, kana, common kanji or Latin in the master data",
			}
		}
	}
	return fitted.String(), nil
}
