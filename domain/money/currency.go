package money

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Currency is an ISO 4217 code, always three capital letters.
type Currency string

// The currencies that documents are issued in. Bills may come in any other.
const (
	KRW Currency = "KRW"
	USD Currency = "USD"
	JPY Currency = "JPY"
)

// ErrCurrency refuses what is not three capital letters.
var ErrCurrency = errors.New("not a currency code")

// ParseCurrency checks the form of a code; which codes are traded is not our concern.
func ParseCurrency(text string) (Currency, error) {
	if !IsCurrency([]byte(text)) {
		return "", fmt.Errorf("%q: %w", excerpt(text), ErrCurrency)
	}
	return Currency(text), nil
}

// IsCurrency says whether text has the form of a code, for readers that carry bytes.
func IsCurrency(text []byte) bool {
	return len(text) == 3 && capital(text[0]) && capital(text[1]) && capital(text[2])
}

func capital(letter byte) bool { return letter >= 'A' && letter <= 'Z' }

// Places is how many decimals an owed amount has: none in won and yen, three in
// the Gulf's dinars, two elsewhere.
func (c Currency) Places() int32 {
	switch c {
	case KRW, JPY, "VND", "CLP", "ISK", "XAF", "XOF", "PYG":
		return 0
	case "BHD", "KWD", "OMR", "JOD", "TND":
		return 3
	default:
		return 2
	}
}

// Symbol is what stands before an amount: ₩, ¥, $, or the code and a blank.
func (c Currency) Symbol() string {
	switch c {
	case KRW:
		return "₩"
	case JPY:
		return "¥"
	case USD:
		return "$"
	default:
		return string(c) + " "
	}
}

// Grouped prints amount with thousands separators and at least places decimals,
// keeping every further digit it has. It prints, it never rounds.
func Grouped(amount decimal.Decimal, places int32) string {
	scale := -amount.Exponent()
	if scale < places {
		scale = places
	}
	text := strings.TrimPrefix(amount.StringFixed(scale), "-")
	whole, fraction, _ := strings.Cut(text, ".")
	for len(fraction) > int(places) && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}

	var grouped strings.Builder
	if amount.IsNegative() {
		grouped.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped.WriteByte(',')
		}
		grouped.WriteRune(digit)
	}
	if fraction != "" {
		grouped.WriteByte('.')
		grouped.WriteString(fraction)
	}
	return grouped.String()
}
