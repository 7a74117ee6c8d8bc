package hostile

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"

	"magam/domain/fault"
)

// texts are files that are no UTF-8 CSV, or try to be too much of one.
func texts() []Case { return slices.Concat(encodings(), quoting(), others()) }

// named is a file whose second row has this tag.
func named(tag string) []byte {
	return cur.file(cur.good(), cur.with(map[string]string{"resourceTags/user:Name": tag}))
}

// encodings are files in other scripts than UTF-8.
func encodings() []Case {
	file := cur.file(cur.good())
	return []Case{
		refused("text: nothing", "a.csv", nil, fault.Schema),
		refused("text: one line end", "a.csv", []byte("\n"), fault.Schema),
		taken("text: a header alone", "a.csv", cur.file(), 0),
		refused("text: UTF-16, little end first", "a.csv", wide(string(file), binary.LittleEndian),
			fault.Encoding),
		refused("text: UTF-16, big end first", "a.csv", wide(string(file), binary.BigEndian), fault.Encoding),
		refused("text: CP949 in a tag", "a.csv", named("\xc0\xcc\xc0\xe7\xb9\xab"), fault.Encoding),
		refused("text: Latin-1 in a tag", "a.csv", named("caf\xe9"), fault.Encoding),
		refused("text: a NUL in a tag", "a.csv", named("a\x00b"), fault.Encoding),
		refused("text: half a rune at the end of a tag", "a.csv", named("\xed\x95"), fault.Encoding),
		refused("text: an overlong slash", "a.csv", named("\xc0\xaf"), fault.Encoding),
		refused("text: half a surrogate pair", "a.csv", named("\xed\xa0\x80"), fault.Encoding),
		refused("text: bytes of chance", "a.csv", noise(4096), fault.Encoding),
		refused("text: NUL in the header", "a.csv",
			bytes.Replace(file, []byte("bill/"), []byte("bill\x00"), 1), fault.Encoding),
	}
}

// quoting are files whose rows have no end, or too many cells.
func quoting() []Case {
	return []Case{
		refused("text: a quote that is never closed", "a.csv", append(cur.file(cur.good()), `"unclosed,`...),
			fault.Schema),
		refused(
			"text: an unclosed quote before five megabytes",
			"a.csv",
			append(
				append(cur.file(cur.good()), '"'),
				bytes.Repeat([]byte("x,y\n"), 5<<18)...),
			fault.RowTooLarge,
		),
		refused("text: a quote inside a plain cell", "a.csv", cur.file(cur.good(), "a\"b"+cur.good()),
			fault.Schema),
		refused("text: words after a closing quote", "a.csv", cur.file(cur.good(), `"a"b`+cur.good()),
			fault.Schema),
		refused("text: a cell beyond a megabyte", "a.csv", named(strings.Repeat("x", 1<<20+1)),
			fault.RowTooLarge),
		refused("text: a row beyond four megabytes", "a.csv", named(strings.Repeat("x", 5<<20)),
			fault.RowTooLarge),
		refused("text: more than 2,000 columns", "a.csv", []byte(cur.header()[:len(cur.header())-1]+
			strings.Repeat(",x", 2001)+"\n"), fault.RowTooLarge),
		refused("text: a hundred thousand columns", "a.csv", []byte(strings.Repeat("x,", 100_000)+"y\n"),
			fault.RowTooLarge),
	}
}

// others are files of something else, and odd ones that are in order.
func others() []Case {
	file := cur.file(cur.good())
	return []Case{
		refused("text: cells apart by semicolons", "a.csv",
			bytes.ReplaceAll(file, []byte(","), []byte(";")), fault.UnknownFormat),
		refused("text: cells apart by tabs", "a.csv", bytes.ReplaceAll(file, []byte(","), []byte("\t")),
			fault.UnknownFormat),
		refused("text: a web page", "a.csv",
			[]byte("<!DOCTYPE html><html><body>AccessDenied</body></html>\n"), fault.UnknownFormat),
		refused("text: an error of a bucket", "a.csv",
			[]byte("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>\n"), fault.Schema),
		refused("text: columns of something else", "a.csv", []byte("name,age\nlee,42\n"),
			fault.UnknownFormat),
		taken("text: Hangul, emoji and quotes in a tag", "a.csv", named("서울 \"본점\", 🏯"), 2),
		taken("text: a line break in a quoted tag", "a.csv", named("a\nb"), 2),
		taken("text: a formula in a tag", "a.csv", named("=cmd|' /C calc'!A0"), 2),
	}
}

func wide(text string, order binary.AppendByteOrder) []byte {
	units := utf16.Encode([]rune("\ufeff" + text))
	var out []byte
	for _, unit := range units {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// noise is the same bytes each time, without any text in them.
func noise(count int) []byte {
	out, state := make([]byte, count), uint32(2463534242)
	for i := range out {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		out[i] = byte(state) | 0x80
	}
	return out
}
