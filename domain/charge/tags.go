package charge

const hexDigits = "0123456789abcdef"

// AppendTagText appends text as a JSON string in its one canonical spelling, so
// that equal tag sets have equal bytes. Text is valid UTF-8.
func AppendTagText(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= 0x20:
			dst = append(dst, c)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, '"')
}
