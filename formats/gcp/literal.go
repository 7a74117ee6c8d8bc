package gcp

import (
	"unicode/utf8"
)

// nestedMax bounds how deep a value inside a record is passed over.
const nestedMax = 32

// member is one key of a record and its value as text.
type member struct {
	record     int
	key, value []byte
	null       bool
}

// literals reads cells that hold a list of records, or one record: as JSON, or
// as Python prints it, with single quotes and None, which is what flattening
// tools leave behind. Views are valid until the next cell.
type literals struct {
	in      []byte
	at      int
	text    []byte
	members []member
	records int
}

// read takes a cell apart; false means that it is neither.
func (l *literals) read(cell []byte) bool {
	l.in, l.at, l.members, l.records = cell, 0, l.members[:0], 0
	if cap(l.text) < len(cell) { // never grows while it is read: an escape is longer than what it stands for
		l.text = make([]byte, 0, len(cell))
	}
	l.text = l.text[:0]
	l.blank()
	ok := true
	switch l.peek() {
	case 0:
	case '[':
		ok = l.list()
	case '{':
		ok = l.record()
	default:
		ok = l.word("null") || l.word("None")
	}
	l.blank()
	return ok && l.at == len(cell)
}

func (l *literals) list() bool {
	l.at++
	for first := true; ; first = false {
		l.blank()
		if l.peek() == ']' {
			l.at++
			return true
		}
		if !first && !l.take(',') {
			return false
		}
		l.blank()
		if l.peek() != '{' || !l.record() {
			return false
		}
	}
}

func (l *literals) record() bool {
	l.at++
	from := len(l.members)
	for first := true; ; first = false {
		l.blank()
		if l.peek() == '}' {
			l.at++
			l.records++
			return true
		}
		if !first && !l.take(',') {
			return false
		}
		l.blank()
		one := member{record: l.records}
		var ok bool
		if one.key, ok = l.quoted(); !ok {
			return false
		}
		for _, earlier := range l.members[from:] {
			if string(earlier.key) == string(one.key) {
				return false
			}
		}
		l.blank()
		if !l.take(':') {
			return false
		}
		l.blank()
		if one.value, one.null, ok = l.value(); !ok {
			return false
		}
		l.members = append(l.members, one)
	}
}

// value is a text, a number or a word as it is spelt, or the text of what is
// nested deeper.
func (l *literals) value() (text []byte, null, ok bool) {
	start := l.at
	switch c := l.peek(); {
	case c == '"' || c == '\'':
		text, ok = l.quoted()
		return text, false, ok
	case c == '[' || c == '{':
		ok = l.nested()
		return l.in[start:l.at], false, ok
	case l.word("null") || l.word("None"):
		return nil, true, true
	case l.word("Decimal("):
		text, ok = l.quoted()
		return text, false, ok && l.take(')')
	}
	for l.at < len(l.in) && isWord(l.in[l.at]) {
		l.at++
	}
	return l.in[start:l.at], false, l.at > start
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' ||
		c == '.'
}

// nested passes over a list or a record inside of a record.
func (l *literals) nested() bool {
	depth := 0
	for l.at < len(l.in) {
		switch l.in[l.at] {
		case '"', '\'':
			if _, ok := l.quoted(); !ok {
				return false
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		l.at++
		if depth == 0 {
			return true
		}
		if depth > nestedMax {
			return false
		}
	}
	return false
}

// quoted reads a text in quotes of either kind.
func (l *literals) quoted() ([]byte, bool) {
	end := l.peek()
	if end != '"' && end != '\'' {
		return nil, false
	}
	l.at++
	start := len(l.text)
	for l.at < len(l.in) {
		c := l.in[l.at]
		l.at++
		switch {
		case c == end:
			return l.text[start:len(l.text):len(l.text)], true
		case c != '\\':
			l.text = append(l.text, c)
		case !l.escape():
			return nil, false
		}
	}
	return nil, false
}

// escapes are those that JSON and Python share, and Python's own.
var escapes = map[byte]byte{
	'"': '"', '\'': '\'', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

func (l *literals) escape() bool {
	c := l.peek()
	l.at++
	if plain, found := escapes[c]; found {
		l.text = append(l.text, plain)
		return true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	r, ok := l.hex(digits)
	if ok && digits == 4 && r>>10 == 0xd800>>10 && l.word(`\u`) {
		low, second := l.hex(4)
		ok = second && low>>10 == 0xdc00>>10
		r = 0x10000 + (r&0x3ff)<<10 | low&0x3ff
	}
	if !ok || r == 0 || !utf8.ValidRune(r) {
		return false
	}
	l.text = utf8.AppendRune(l.text, r)
	return true
}

func (l *literals) hex(digits int) (rune, bool) {
	if digits == 0 || l.at+digits > len(l.in) {
		return 0, false
	}
	var r rune
	for _, c := range l.in[l.at : l.at+digits] {
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
	l.at += digits
	return r, true
}

func (l *literals) blank() {
	for l.at < len(l.in) && (l.in[l.at] == ' ' || l.in[l.at] == '\t' || l.in[l.at] == '\n' || l.in[l.at] == '\r') {
		l.at++
	}
}

func (l *literals) peek() byte {
	if l.at < len(l.in) {
		return l.in[l.at]
	}
	return 0
}

func (l *literals) take(c byte) bool {
	if l.peek() != c {
		return false
	}
	l.at++
	return true
}

// word takes a word if it stands here.
func (l *literals) word(word string) bool {
	end := l.at + len(word)
	if end > len(l.in) || string(l.in[l.at:end]) != word {
		return false
	}
	l.at = end
	return true
}
