package invoice

import "slices"

// StepsInOrder are the names of all steps in the order of operations, for those
// who add steps up over many documents.
func StepsInOrder() []StepName {
	names := make([]StepName, 0, len(stepOrder))
	for name := range stepOrder {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b StepName) int { return stepOrder[a] - stepOrder[b] })
	return names
}
