package jsonscan

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"magam/domain/charge"
	"magam/domain/fault"
)

// fewKeys is up to how many keys of an object are compared pair by pair.
const fewKeys = 16

// compact appends an array or object without blanks, its strings in one
// spelling, its numbers as they are.
func (p *parser) compact(dst []byte, depth int) ([]byte, bool) {
	if depth > depthMax {
		return dst, p.fail(fault.RowTooLarge, "values are nested deeper than 64 levels")
	}
	switch p.peek() {
	case '{':
		return p.compactObject(dst, depth)
	case '[':
		return p.compactArray(dst, depth)
	case '"':
		plain, ok := p.unquote(p.key[:0])
		p.key = plain
		return charge.AppendTagText(dst, plain), ok
	case 'n':
		return append(dst, "null"...), p.word("null")
	default:
		return p.scalar(dst)
	}
}

func (p *parser) compactArray(dst []byte, depth int) ([]byte, bool) {
	p.at++
	dst = append(dst, '[')
	for first := true; ; first = false {
		p.blank()
		if p.peek() == ']' {
			p.at++
			return append(dst, ']'), true
		}
		if !first {
			if p.peek() != ',' {
				return dst, p.fail(fault.Schema, "the array is cut off, or a comma is missing")
			}
			p.at++
			p.blank()
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = p.compact(dst, depth+1); !ok {
			return dst, false
		}
	}
}

func (p *parser) compactObject(dst []byte, depth int) ([]byte, bool) {
	p.at++
	dst = append(dst, '{')
	var few [fewKeys][2]int // where keys stand in dst
	keys := few[:0]
	for first := true; ; first = false {
		more, ok := p.member(first)
		if !ok {
			return dst, false
		}
		if !more {
			if twice(dst, keys) {
				return dst, p.fail(fault.Schema, "an object names a key twice")
			}
			return append(dst, '}'), true
		}
		if !first {
			dst = append(dst, ',')
		}
		start := len(dst)
		dst = charge.AppendTagText(dst, p.key)
		keys = append(keys, [2]int{start, len(dst)})
		dst = append(dst, ':')
		if dst, ok = p.compact(dst, depth+1); !ok {
			return dst, false
		}
	}
}

// twice says whether two of an object's keys are the same.
func twice(text []byte, keys [][2]int) bool {
	of := func(key [2]int) string { return string(text[key[0]:key[1]]) }
	if len(keys) <= fewKeys {
		for i := range keys {
			for _, earlier := range keys[:i] {
				if of(earlier) == of(keys[i]) {
					return true
				}
			}
		}
		return false
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = of(key)
	}
	slices.Sort(names)
	return len(slices.Compact(names)) < len(keys)
}

// scalar appends a number as it is spelt, true or false.
func (p *parser) scalar(dst []byte) ([]byte, bool) {
	start := p.at
	var ok bool
	switch c := p.peek(); {
	case c == '-' || c >= '0' && c <= '9':
		ok = p.number()
	case c == 't':
		ok = p.word("true")
	case c == 'f':
		ok = p.word("false")
	case c == 0:
		ok = p.fail(fault.Schema, "the line is cut off")
	default:
		ok = p.fail(fault.Schema, "is no JSON value")
	}
	return append(dst, p.in[start:p.at]...), ok
}

// number passes over -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?.
func (p *parser) number() bool {
	if p.peek() == '-' {
		p.at++
	}
	zero := p.peek() == '0'
	if n := p.digits(); n == 0 || zero && n > 1 {
		return p.fail(fault.Schema, "is no JSON number")
	}
	if p.peek() == '.' {
		p.at++
		if p.digits() == 0 {
			return p.fail(fault.Schema, "is no JSON number")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if p.digits() == 0 {
			return p.fail(fault.Schema, "is no JSON number")
		}
	}
	return p.ends()
}

// ends refuses a number or a word that runs on.
func (p *parser) ends() bool {
	switch p.peek() {
	case 0, ' ', '\t', ',', '}', ']':
		return true
	default:
		return p.fail(fault.Schema, "is no JSON value")
	}
}

func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

func (p *parser) word(word string) bool {
	end := p.at + len(word)
	if end > len(p.in) || string(p.in[p.at:end]) != word {
		return p.fail(fault.Schema, "is no JSON value")
	}
	p.at = end
	return p.ends()
}

// unquote appends a string without its quotes and escapes.
func (p *parser) unquote(dst []byte) ([]byte, bool) {
	p.at++
	start := p.at
	for p.at < len(p.in) {
		switch c := p.in[p.at]; {
		case c == '"':
			dst = append(dst, p.in[start:p.at]...)
			p.at++
			return dst, true
		case c == '\\':
			dst = append(dst, p.in[start:p.at]...)
			var ok bool
			if dst, ok = p.escape(dst); !ok {
				return dst, false
			}
			start = p.at
		case c < 0x20:
			return dst, p.fail(fault.Schema, "a string holds a control character")
		default:
			p.at++
		}
	}
	return dst, p.fail(fault.Schema, "a string is not closed")
}

// escape appends what an escape stands for.
func (p *parser) escape(dst []byte) ([]byte, bool) {
	p.at++
	c := p.peek()
	p.at++
	switch c {
	case '"', '\\', '/':
		return append(dst, c), true
	case 'b':
		return append(dst, '\b'), true
	case 'f':
		return append(dst, '\f'), true
	case 'n':
		return append(dst, '\n'), true
	case 'r':
		return append(dst, '\r'), true
	case 't':
		return append(dst, '\t'), true
	case 'u':
		return p.escapedRune(dst)
	default:
		p.at--
		return dst, p.fail(fault.Schema, "a string holds an escape that JSON does not have")
	}
}

func (p *parser) escapedRune(dst []byte) ([]byte, bool) {
	r, ok := p.hex()
	if ok && utf16.IsSurrogate(r) {
		if p.peek() != '\\' || p.at+1 >= len(p.in) || p.in[p.at+1] != 'u' {
			return dst, p.fail(fault.Encoding, "a string holds half a character")
		}
		p.at += 2
		var low rune
		low, ok = p.hex()
		if r = utf16.DecodeRune(r, low); ok && r == utf8.RuneError {
			return dst, p.fail(fault.Encoding, "a string holds half a character")
		}
	}
	if !ok {
		return dst, p.fail(fault.Schema, "a string holds an escape that JSON does not have")
	}
	if r == 0 {
		return dst, p.fail(fault.Encoding, "a string holds NUL, which no text may")
	}
	return utf8.AppendRune(dst, r), true
}

func (p *parser) hex() (rune, bool) {
	if p.at+4 > len(p.in) {
		return 0, false
	}
	var r rune
	for _, c := range p.in[p.at : p.at+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	p.at += 4
	return r, true
}
