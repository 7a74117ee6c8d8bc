package activities

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"magam/domain/fault"
)

// atEdge marks as final the errors that no retry can cure. It is the one place
// where a domain error becomes a Temporal error; its type is the fault's code,
// which workflows and the web UI read.
func atEdge(err error) error {
	if err == nil {
		return nil
	}
	code, coded := fault.CodeOf(err)
	if !coded {
		return err
	}
	var already *temporal.ApplicationError
	if errors.As(err, &already) {
		return err
	}
	switch code.Class() {
	case fault.ClassRefuse, fault.ClassQuarantine, fault.ClassUnassigned, fault.ClassPark, fault.ClassStop:
		return temporal.NewNonRetryableApplicationError(err.Error(), string(code), nil)
	case fault.ClassWait, fault.ClassTransient, fault.ClassBug:
		return temporal.NewApplicationError(err.Error(), string(code))
	default:
		return err
	}
}

// CodeOf reads the fault's code from an error that came over the edge, and ""
// from any other.
func CodeOf(err error) fault.Code {
	var crossed *temporal.ApplicationError
	if errors.As(err, &crossed) {
		return fault.Code(crossed.Type())
	}
	code, _ := fault.CodeOf(err)
	return code
}

// ReasonOf is the sentence of an error that came over the edge, without the
// wrapping of the machinery between.
func ReasonOf(err error) string {
	var crossed *temporal.ApplicationError
	if errors.As(err, &crossed) {
		return crossed.Message()
	}
	return err.Error()
}
