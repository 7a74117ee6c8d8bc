package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
)

// reasonOf is the sentence of an error that crossed the edge, without Temporal's
// wrapping: it starts with the fault's code.
func reasonOf(err error) string {
	var crossed *temporal.ApplicationError
	if errors.As(err, &crossed) {
		return crossed.Message()
	}
	return err.Error()
}
