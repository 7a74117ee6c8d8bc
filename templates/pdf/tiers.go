package pdf

import (
	"strings"
	"sync"

	"github.com/phpdave11/gofpdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"

	"magam/templates/fonts"
)

// tier is a fixed cut of the fonts. The engine parses both fonts for every
// document, so smaller ones are quicker; the bytes of a document depend on the
// cut, so it is chosen by the document's text alone, never by what the process
// printed before.
type tier struct {
	name          string
	runes         func() map[rune]struct{}
	regular, bold func() []byte
}

// tiers from the smallest: what Korean documents are made of, that with kanji,
// and everything.
var tiers = []*tier{
	cut("korean", sync.OnceValue(koreanRunes)),
	cut("kanji", sync.OnceValue(kanjiRunes)),
	{name: "whole", regular: fonts.Regular, bold: fonts.Bold},
}

func cut(name string, runes func() map[rune]struct{}) *tier {
	set := sync.OnceValue(func() string {
		var text strings.Builder
		for r := rune(' '); r < 0x10000; r++ {
			if _, in := runes()[r]; in {
				text.WriteRune(r)
			}
		}
		return text.String()
	})
	return &tier{
		name: name, runes: runes,
		regular: sync.OnceValue(func() []byte { return gofpdf.UTF8CutFont(fonts.Regular(), set()) }),
		bold:    sync.OnceValue(func() []byte { return gofpdf.UTF8CutFont(fonts.Bold(), set()) }),
	}
}

// tierFor is the smallest tier that has every character of a document.
func tierFor(used map[rune]struct{}) *tier {
	for _, t := range tiers {
		if t.runes == nil || covers(t.runes(), used) {
			return t
		}
	}
	return tiers[len(tiers)-1]
}

func covers(set, used map[rune]struct{}) bool {
	for r := range used {
		if _, in := set[r]; !in {
			return false
		}
	}
	return true
}

// koreanRunes are ASCII, Latin-1, common punctuation and the symbols and
// syllables of KS X 1001: nearly every Korean or English document needs no more.
func koreanRunes() map[rune]struct{} {
	set := map[rune]struct{}{}
	for r := rune(' '); r < 0x180; r++ {
		add(set, r)
	}
	for r := rune(0x2010); r < 0x2070; r++ {
		add(set, r)
	}
	for r := rune(0x20A0); r < 0x20C0; r++ {
		add(set, r)
	}
	addPairs(set, korean.EUCKR, 0xC8)
	return set
}

// kanjiRunes add the kanji of JIS levels 1 and 2 and kana.
func kanjiRunes() map[rune]struct{} {
	set := koreanRunes()
	addPairs(set, japanese.EUCJP, 0xF4)
	return set
}

// addPairs adds what an encoding of the EUC family writes in two bytes, up to a
// last leading one.
func addPairs(set map[rune]struct{}, encoded encoding.Encoding, last byte) {
	decoder := encoded.NewDecoder()
	for lead := byte(0xA1); lead <= last; lead++ {
		for trail := byte(0xA1); trail <= 0xFE; trail++ {
			text, err := decoder.String(string([]byte{lead, trail}))
			if err != nil {
				continue
			}
			for _, r := range text {
				add(set, r)
			}
		}
	}
}

func add(set map[rune]struct{}, r rune) {
	if r != '\uFFFD' && fonts.Has(r) {
		set[r] = struct{}{}
	}
}
