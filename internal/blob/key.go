package blob

import (
	"fmt"
	"strings"
)

const keyBytesMax = 1024 // S3's limit, the lowest of all

// Key joins parts of any text into a key that every store and every file system
// takes alike.
//
// Letters, digits and -_.+= stay. Any other byte of the UTF-8 text becomes ~ and
// two hexadecimal digits, so that different texts never share a key: "㈜a b"
// becomes ~E3~88~9Ca~20b. A slash inside a part is escaped too. A part that is
// empty is a lone ~; one of dots alone has its first dot escaped.
func Key(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = escapePart(part)
	}
	return strings.Join(escaped, "/")
}

func escapePart(part string) string {
	if part == "" {
		return "~"
	}
	dots := strings.Trim(part, ".") == ""
	var escaped strings.Builder
	for i := range len(part) {
		if plain(part[i]) && (!dots || i > 0) {
			escaped.WriteByte(part[i])
			continue
		}
		fmt.Fprintf(&escaped, "~%02X", part[i])
	}
	return escaped.String()
}

func plain(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	default:
		return strings.IndexByte("-_.+=", c) >= 0
	}
}

// checkKey refuses to write under a key that Key would not make.
func checkKey(key string) error {
	if len(key) > keyBytesMax {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrKey, len(key), keyBytesMax)
	}
	for _, part := range strings.Split(key, "/") {
		if part == "" || strings.Trim(part, ".") == "" {
			return fmt.Errorf("%w: %q has an empty part or one of dots", ErrKey, key)
		}
		for i := range len(part) {
			if !plain(part[i]) && part[i] != '~' {
				return fmt.Errorf("%w: %q has a %q; make keys with blob.Key", ErrKey, key, part[i])
			}
		}
	}
	return nil
}
