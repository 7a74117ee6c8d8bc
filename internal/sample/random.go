package sample

import (
	"hash/fnv"
	"math/rand/v2"
)

// stream is a source of chance that depends on the seed and a name alone, so
// that adding an account does not change what another one uses.
func stream(seed uint64, name string) *rand.PCG {
	return rand.NewPCG(seed, mark(name))
}

// mark is a name as a number.
func mark(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return h.Sum64()
}

// below is an integer in 0..n-1. The bias of the remainder is of no matter here.
func below(pcg *rand.PCG, n uint64) int64 { return int64(pcg.Uint64() % n) }

const (
	lineIDLength   = 52
	base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	hexAlphabet    = "0123456789abcdef"
)

// fillLineID makes an id in the form of identity/LineItemId.
func fillLineID(pcg *rand.PCG, id *[lineIDLength]byte) {
	for i := 0; i < lineIDLength; {
		bits := pcg.Uint64()
		for range 12 {
			if i == lineIDLength {
				return
			}
			id[i] = base32Alphabet[bits&31]
			bits >>= 5
			i++
		}
	}
}

// appendHex prints the low digits of a number that is spread over all of them.
func appendHex(b []byte, value uint64, digits int) []byte {
	value ^= value >> 31
	value *= 0x9e3779b97f4a7c15
	value ^= value >> 29
	for i := range digits {
		b = append(b, hexAlphabet[(value>>(4*(i%16)))&15])
	}
	return b
}

// digitsOf makes an identifier of n decimal digits out of a name; the first is
// never zero.
func digitsOf(name string, n int) string {
	pcg := stream(20260101, name)
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('0' + below(pcg, 10))
	}
	if n > 0 && text[0] == '0' {
		text[0] = '1' + byte(below(pcg, 9))
	}
	return string(text)
}

// uuidOf makes an id in the form of a UUID out of a name and a seed.
func uuidOf(seed uint64, name string) string {
	pcg := stream(seed, name)
	text := make([]byte, 0, 36)
	for _, digits := range [...]int{8, 4, 4, 4, 12} {
		if len(text) > 0 {
			text = append(text, '-')
		}
		text = appendHex(text, pcg.Uint64(), digits)
	}
	text[14] = '4' // version 4, as the provider's are
	text[19] = '8' + byte(pcg.Uint64()&1)
	return string(text)
}
