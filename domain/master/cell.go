package master

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/money"
	"magam/domain/party"
	"magam/domain/period"
)

// Bounds of a cell's text. Names and addresses on a tax document are shorter.
const (
	textRunesMax = 1000
	codeRunesMax = 40
	yearMin      = 2000
	yearMax      = 2099
)

// complaint is what is wrong with one cell.
type complaint struct {
	code       fault.Code
	what, cure string
}

// checkCell says what is wrong with a filled cell, or nil.
func (c Column) checkCell(text string) *complaint {
	if wrong := checkLine(text); wrong != nil {
		return wrong
	}
	if c.Star && text == "*" {
		return nil
	}
	switch c.Type {
	case TypeText:
		return nil
	case TypeCode:
		return when(!isCode(text), fault.Master, "is not a code",
			"use up to 40 letters a-z, digits, dot, underscore or hyphen")
	case TypeID, TypeURL, TypeList:
		return c.checkWords(text)
	case TypeChoice, TypeChoices:
		return c.checkChoice(text)
	case TypeMonth, TypeDate:
		return checkDay(c.Type, text)
	case TypeDecimal, TypePercent, TypeInteger:
		return c.checkNumber(text)
	case TypeBool:
		return when(text != "yes" && text != "no", fault.Master, "is neither yes nor no", "write yes or no")
	case TypeCurrency:
		_, err := money.ParseCurrency(text)
		return when(err != nil, fault.Currency, "is not a currency code",
			"write three capital letters, such as KRW")
	case TypeEmail:
		return when(!isEmail(text), fault.Master, "is not an e-mail address",
			"write one address, such as name@company.kr")
	case TypeColor:
		return when(!isColor(text), fault.Master, "is not a colour", "write #RRGGBB, such as #1F4E79")
	case TypeCountry:
		return when(len(text) != 2 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "", fault.Master,
			"is not a country code", "write two capital letters of ISO 3166, such as KR")
	case TypeBusinessNumber:
		return when(!party.ValidBusinessNumber(text), fault.CheckDigit,
			"is not a 사업자등록번호: its check digit is wrong",
			"copy the ten digits from the registration certificate")
	case TypeTNumber:
		return when(!party.ValidTNumber(text), fault.CheckDigit,
			"is not a T-number: its check digit is wrong",
			"write T and the 13 digits as registered with the Japanese tax agency")
	default:
		return &complaint{fault.Bug, "is in a column of unknown type", "report this"}
	}
}

func when(wrong bool, code fault.Code, what, cure string) *complaint {
	if !wrong {
		return nil
	}
	return &complaint{code, what, cure}
}

// checkLine refuses what could break out of a line of a mail header, a page or
// a table: control characters, line ends of any script, direction overrides.
func checkLine(text string) *complaint {
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return &complaint{
			fault.Encoding,
			"is not valid UTF-8 text",
			"type the text again, or save the file as UTF-8",
		}
	}
	for _, r := range text {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return &complaint{
				fault.Encoding, fmt.Sprintf("holds the control character U+%04X", r),
				"write the text in one line, without line breaks or hidden characters",
			}
		}
	}
	return when(utf8.RuneCountInString(text) > textRunesMax, fault.Limit, "is longer than 1,000 characters",
		"shorten it")
}

func (c Column) checkWords(text string) *complaint {
	if c.Type != TypeList && strings.ContainsFunc(text, unicode.IsSpace) {
		return &complaint{fault.Master, "has a blank in it", "write the identifier without blanks"}
	}
	if c.Type != TypeURL {
		return nil
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found || !slices.Contains([]string{"file", "s3", "gs", "azblob"}, scheme) || rest == "" {
		return &complaint{
			fault.Master, "is not a place that exports are read from",
			"write file:///folder, s3://bucket/prefix, gs://bucket/prefix or azblob://container/prefix",
		}
	}
	return when(delivery.CheckAddress(text) != nil, fault.Master,
		"carries a credential, or parameters that no store has",
		"leave credentials to the worker's environment; docs/playbooks/sources.md lists the parameters")
}

func (c Column) checkChoice(text string) *complaint {
	words := []string{text}
	if c.Type == TypeChoices {
		words = List(text)
	}
	for i, word := range words {
		if !slices.ContainsFunc(c.Codes, func(code string) bool { return matchesCode(code, word) }) {
			return &complaint{
				fault.Master, fmt.Sprintf("is not one of the words of %s", c.Name),
				"write " + strings.Join(c.CodeForms(), ", "),
			}
		}
		if slices.Contains(words[:i], word) {
			return &complaint{fault.Master, "names " + word + " twice", "name each once"}
		}
	}
	return when(len(words) == 0, fault.Master, "names nothing", "write "+strings.Join(c.CodeForms(), ", "))
}

// CodeWords are the allowed words, each once as people write it: day:{1-31} as day:1.
func (c Column) CodeWords() []string {
	return c.spelt(func(prefix, low, _ string) string { return prefix + low })
}

// CodeForms are the allowed words with how far they go: day:{1-31} as day:1 to day:31.
func (c Column) CodeForms() []string {
	return c.spelt(func(prefix, low, high string) string { return prefix + low + " to " + prefix + high })
}

func (c Column) spelt(ranged func(prefix, low, high string) string) []string {
	words := make([]string, len(c.Codes))
	for i, code := range c.Codes {
		prefix, bounds, open := strings.Cut(code, "{")
		words[i] = prefix
		if low, high, _ := strings.Cut(strings.TrimSuffix(bounds, "}"), "-"); open {
			words[i] = ranged(prefix, low, high)
		}
	}
	return words
}

// matchesCode compares a word with an allowed one, which may end in a number
// between two bounds: day:{1-31}.
func matchesCode(code, word string) bool {
	prefix, bounds, open := strings.Cut(code, "{")
	if !open {
		return code == word
	}
	digits, found := strings.CutPrefix(word, prefix)
	if !found || len(digits) == 0 || len(digits) > 3 || digits[0] == '0' ||
		strings.Trim(digits, "0123456789") != "" {
		return false
	}
	low, high, _ := strings.Cut(strings.TrimSuffix(bounds, "}"), "-")
	n, _ := strconv.Atoi(digits)
	least, _ := strconv.Atoi(low)
	most, _ := strconv.Atoi(high)
	return least <= n && n <= most
}

func checkDay(typ Type, text string) *complaint {
	layout, form, noun := "2006-01", "2026-10", "month"
	if typ == TypeDate {
		layout, form, noun = time.DateOnly, "2026-10-31", "day"
	}
	day, err := time.Parse(layout, text)
	if err != nil {
		return &complaint{
			fault.Date,
			"is no " + noun + " of the form " + form,
			"write it as " + form + ", formatted as text",
		}
	}
	return when(day.Year() < yearMin || day.Year() > yearMax, fault.Date,
		"lies outside the years 2000 to 2099", "write it as "+form+", formatted as text")
}

func (c Column) checkNumber(text string) *complaint {
	number, err := money.Parse(text)
	if err != nil {
		return &complaint{
			fault.Number, "is not a plain number",
			"write digits with a point, such as 1388.1, without thousands separators or currency signs",
		}
	}
	if c.Type == TypeInteger {
		if !number.IsInteger() {
			return &complaint{fault.Number, "is not a whole number", "write a whole number"}
		}
		if len(c.Codes) > 0 && !slices.Contains(c.Codes, money.Text(number)) {
			return &complaint{
				fault.Number, "is not one of " + strings.Join(c.Codes, ", "),
				"write " + strings.Join(c.Codes, " or "),
			}
		}
	}
	if c.Min != "" && number.Cmp(decimal.RequireFromString(c.Min)) < 0 {
		return &complaint{fault.Number, "is below " + c.Min, "write a number of at least " + c.Min}
	}
	if c.Max != "" && number.Cmp(decimal.RequireFromString(c.Max)) > 0 {
		return &complaint{fault.Number, "is above " + c.Max, "write a number of at most " + c.Max}
	}
	return nil
}

const asciiLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const asciiAlnum = asciiLetters + "0123456789"

func isCode(text string) bool {
	return text != "" && len(text) <= codeRunesMax && strings.Trim(text, asciiAlnum+"._-") == "" &&
		strings.ContainsRune(asciiAlnum, rune(text[0]))
}

// isEmail accepts the addresses that relays take without quoting or extensions.
func isEmail(text string) bool {
	local, domain, found := strings.Cut(text, "@")
	if !found || len(local) == 0 || len(local) > 64 || len(domain) > 253 {
		return false
	}
	if strings.Trim(local, asciiAlnum+".!#$%&'*+/=?^_`{|}~-") != "" ||
		strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.Trim(label, asciiAlnum+"-") != "" ||
			strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
	}
	return len(labels) > 1
}

func isColor(text string) bool {
	return len(text) == 7 && text[0] == '#' && strings.Trim(text[1:], "0123456789abcdefABCDEF") == ""
}

// month reads a cell that Validate has accepted; empty is the zero Month.
func month(text string) period.Month {
	if text == "" {
		return period.Month{}
	}
	parsed, err := period.ParseMonth(text)
	if err != nil {
		return period.Month{}
	}
	return parsed
}

// day reads a cell that Validate has accepted; empty is the zero time.
func day(text string) time.Time {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return parsed
}

// number reads a cell that Validate has accepted; empty is zero.
func number(text string) decimal.Decimal {
	parsed, err := money.Parse(text)
	if err != nil {
		return decimal.Zero
	}
	return parsed
}

// Accepts says whether a cell's text is of the column's form.
func (c Column) Accepts(text string) bool { return c.checkCell(text) == nil }
