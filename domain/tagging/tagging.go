// Package tagging makes tags of different exports comparable and lays a
// customer's own tags over the provider's.
//
// It owns what two spellings of one tag are, and the bound of ten custom tags
// per resource. It does not own which charge carries which set (see db).
//
// Normalizing twice changes nothing, and the order of the input never shows.
package tagging

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"unicode"

	"magam/domain/fault"
)

// CustomMax is how many custom tags one product and resource may carry.
const CustomMax = 10

// prefixes are how exports mark a tag that a user gave; what remains is the tag.
var prefixes = []string{"resourceTags/", "resource_tags/", "user:", "labels/"}

// Key is a tag's key without the export's own marking. Case is kept: to AWS,
// Team and team are two tags.
func Key(spelled string) string {
	key := clean(spelled)
	for _, prefix := range prefixes {
		key = strings.TrimSpace(strings.TrimPrefix(key, prefix))
	}
	return key
}

// Normalize reads a JSON object of text, as delivered, and gives the canonical
// one: keys without marking and sorted, blanks folded, empty tags left out.
// Where two spellings fall together the one that needed no change wins.
func Normalize(delivered string) (string, error) {
	if strings.TrimSpace(delivered) == "" {
		return "{}", nil
	}
	var raw map[string]any
	decoder := json.NewDecoder(strings.NewReader(delivered))
	decoder.UseNumber()
	err := decoder.Decode(&raw)
	if err != nil {
		return "", fault.New(fault.Bug, "a stored tag set is no JSON object: "+err.Error(),
			"report this: sets are checked when they are read")
	}
	spelled := make([]string, 0, len(raw))
	for key := range raw {
		spelled = append(spelled, key)
	}
	sort.Strings(spelled)

	tags := make(map[string]string, len(raw))
	exact := make(map[string]bool, len(raw))
	for _, spelling := range spelled {
		key, value := Key(spelling), clean(text(raw[spelling]))
		if key == "" || value == "" || exact[key] {
			continue
		}
		if _, taken := tags[key]; taken && key != spelling {
			continue
		}
		tags[key], exact[key] = value, key == spelling
	}
	return Canonical(tags)
}

// Canonical writes tags as JSON with sorted keys and nothing escaped that need
// not be.
func Canonical(tags map[string]string) (string, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(tags)
	if err != nil {
		return "", fmt.Errorf("write tags: %w", err)
	}
	return strings.TrimRight(out.String(), "\n"), nil
}

// text is a value as people read it: exports also give numbers and booleans.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case nil:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// clean folds every run of blanks to one and drops control characters.
func clean(spelled string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, spelled)
	return strings.Join(strings.Fields(visible), " ")
}
