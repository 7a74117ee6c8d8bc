package delivery

import (
	"regexp"
	"strings"
)

var addressLike = regexp.MustCompile(`[^\s<>@:,;"'(\[]+@[^\s<>@:,;"')\]]+`)

// Mask hides the addresses in a text: k**@alpha.test. Logs, histories and
// tables show texts of relays, which like to repeat whom they refuse.
func Mask(text string) string {
	return addressLike.ReplaceAllStringFunc(text, func(address string) string {
		local, domain, _ := strings.Cut(address, "@")
		first := []rune(local)[0]
		return string(first) + "**@" + domain
	})
}
