package invoice

import (
	"cmp"
	"maps"
	"slices"
)

// Order lists every step in the order of operations, for those who add steps up
// over many documents.
func Order() []StepName {
	return slices.SortedFunc(maps.Keys(stepOrder), func(a, b StepName) int {
		return cmp.Compare(stepOrder[a], stepOrder[b])
	})
}
