package invoice

import (
	"cmp"
	"maps"
	"slices"
)

// Order lists every step in the order of operations.
func Order() []StepName {
	return slices.SortedFunc(maps.Keys(stepOrder), func(a, b StepName) int {
		return cmp.Compare(stepOrder[a], stepOrder[b])
	})
}
