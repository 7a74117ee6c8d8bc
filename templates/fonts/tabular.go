package fonts

import (
	"encoding/binary"
	"errors"
)

// Figures of one width stand a fixed number of glyphs behind the ordinary ones
// in both fonts, where the OpenType feature tnum finds them. The PDF engine
// knows no features, and amounts must line up digit under digit: so the fonts'
// character maps are pointed at them when the fonts are loaded.
const (
	figuresFrom    = 0x30 // '0'
	figuresTo      = 0x39 // '9'
	ordinaryGlyph  = 21221
	tabularGlyph   = 22597
	mapSegments    = 4  // cmap format with segments of 16-bit characters
	mapGroups      = 12 // cmap format with groups of 32-bit characters
	headerTables   = 12
	entryTable     = 16
	headerSegments = 14
	headerGroups   = 16
	entryGroup     = 12
)

var errNoFigures = errors.New("the font's figures are not where they were")

// withTabularFigures returns a copy of the font whose digits are all of one width.
func withTabularFigures(ttf []byte) ([]byte, error) {
	patched := append([]byte(nil), ttf...)
	be := binary.BigEndian
	for i := range int(be.Uint16(patched[4:])) {
		table := patched[headerTables+entryTable*i:]
		if string(table[:4]) != "cmap" {
			continue
		}
		cmap := patched[be.Uint32(table[8:]):]
		done := map[uint32]bool{}
		for j := range int(be.Uint16(cmap[2:])) {
			offset := be.Uint32(cmap[4+8*j+4:])
			if done[offset] {
				continue
			}
			done[offset] = true
			switch be.Uint16(cmap[offset:]) {
			case mapSegments:
				if !patchSegments(cmap[offset:]) {
					return nil, errNoFigures
				}
			case mapGroups:
				if !patchGroups(cmap[offset:]) {
					return nil, errNoFigures
				}
			}
		}
		return patched, nil
	}
	return nil, errNoFigures
}

// patchSegments finds the segment that holds exactly the figures and shifts it.
func patchSegments(cmap []byte) bool {
	be := binary.BigEndian
	count := int(be.Uint16(cmap[6:])) / 2
	ends := cmap[headerSegments:]
	starts := cmap[headerSegments+2*count+2:]
	deltas := starts[2*count:]
	for i := range count {
		start, end := be.Uint16(starts[2*i:]), be.Uint16(ends[2*i:])
		if start != figuresFrom || end != figuresTo || be.Uint16(deltas[2*i:])+start != ordinaryGlyph {
			continue
		}
		be.PutUint16(deltas[2*i:], uint16(tabularGlyph-figuresFrom))
		return true
	}
	return false
}

// patchGroups does the same for the map that covers every plane.
func patchGroups(cmap []byte) bool {
	be := binary.BigEndian
	for i := range int(be.Uint32(cmap[12:])) {
		group := cmap[headerGroups+entryGroup*i:]
		start, end := be.Uint32(group), be.Uint32(group[4:])
		if start == figuresFrom && end == figuresTo && be.Uint32(group[8:]) == ordinaryGlyph {
			be.PutUint32(group[8:], tabularGlyph)
			return true
		}
	}
	return false
}
