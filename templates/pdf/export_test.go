package pdf

import (
	"fmt"
	"strings"

	"github.com/johnfercher/go-tree/node"
	"github.com/johnfercher/maroto/v2/pkg/core"

	"magam/domain/invoice"
)

// Structure prints what stands where on each page: one line per row, with its
// height, and per text its inset, its size and weight, and the words.
func Structure(s invoice.Snapshot, digest string) (string, error) {
	printer, err := lay(s, digest)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	describe(&text, printer.GetStructure(), 0)
	return text.String(), nil
}

func describe(text *strings.Builder, n *node.Node[core.Structure], depth int) {
	data := n.GetData()
	switch data.Type {
	case "page":
		text.WriteString("page\n")
	case "row":
		fmt.Fprintf(text, "  row %.1f\n", data.Value)
	case "col":
		if len(n.GetNexts()) > 0 {
			fmt.Fprintf(text, "    col %v\n", data.Value)
		}
	case "text":
		fmt.Fprintf(text, "      %v %v%s left %.1f top %.1f: %s\n", data.Details["prop_font_size"],
			data.Details["prop_align"], weight(data.Details["prop_font_style"]),
			asFloat(data.Details["prop_left"]), asFloat(data.Details["prop_top"]), data.Value)
	case "trend":
		fmt.Fprintf(text, "      trend %v %v\n", data.Value, data.Details)
	}
	for _, next := range n.GetNexts() {
		describe(text, next, depth+1)
	}
}

func asFloat(value any) float64 {
	number, _ := value.(float64)
	return number
}

// TierOf names the cut of the fonts that a text needs.
func TierOf(text string) string {
	used := map[rune]struct{}{}
	for _, r := range text {
		used[r] = struct{}{}
	}
	return tierFor(used).name
}

// Texts are the pieces of text on each page, in the order of reading.
func Texts(pdf []byte) ([][]string, error) {
	pages, err := extract(pdf)
	var texts [][]string
	for _, page := range pages {
		var found []string
		for _, line := range page {
			for _, piece := range line.pieces {
				found = append(found, piece.text)
			}
		}
		texts = append(texts, found)
	}
	return texts, err
}

// ShowColumn is what the source column prints for exact amounts.
var ShowColumn = showColumn

func weight(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
