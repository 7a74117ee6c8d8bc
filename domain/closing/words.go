package closing

import (
	"strconv"
	"strings"
)

// stateWords is how a document's state reads, in the order in which counts are
// given: what is done first, what needs somebody last, next to the rows.
var stateWords = [...]struct{ state, english, korean string }{
	{"final", "final", "완료"},
	{"deferred", "billed with the quarter", "분기 합산 청구"},
	{"approved", "approved", "승인됨"},
	{"draft", "waiting for approval", "승인 대기"},
	{"held", "held", "보류"},
	{"parked", "parked", "마감 제외"},
}

// StateWord is a document's state in the language of our own staff: ko, or else English.
func StateWord(state, language string) string {
	for _, word := range stateWords {
		switch {
		case word.state != state:
		case language == "ko":
			return word.korean
		default:
			return word.english
		}
	}
	return state
}

// CountsLine is one line of counts by state, e.g. "final 9 · held 1" or "완료 9 · 보류 1".
func CountsLine(counts map[string]int, language string) string {
	var parts []string
	for _, word := range stateWords {
		if counts[word.state] > 0 {
			parts = append(parts, StateWord(word.state, language)+" "+strconv.Itoa(counts[word.state]))
		}
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, " · ")
	case language == "ko":
		return "아직 고객이 없습니다"
	default:
		return "no customers yet"
	}
}
