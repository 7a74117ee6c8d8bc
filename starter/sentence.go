package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
)

// sentence is what people read of an error: what, where, why and what to do.
// What the machinery between a workflow and its caller wraps around that is in
// the web UI for whoever wants it.
func sentence(err error) string {
	if interrupted(err) {
		return "interrupted; what was started on the server goes on"
	}
	whole := err.Error()
	inner, wrapping := unwrapped(err)
	if wrapping == nil {
		return whole
	}
	before, after, _ := strings.Cut(whole, wrapping.Error())
	return before + inner + after
}

// interrupted says that the caller stopped asking, in Go's words or in the server's.
func interrupted(err error) bool {
	var stopped *serviceerror.Canceled
	return errors.Is(err, context.Canceled) || errors.As(err, &stopped)
}

// unwrapped finds where Temporal's wrapping begins in an error, and the words in
// its middle. An error that has none gives nil.
func unwrapped(err error) (inner string, wrapping error) {
	wrapping = firstOfTemporal(err)
	if wrapping == nil {
		return "", nil
	}

	// A coded error is what people know from the playbook; where there is none, the
	// innermost hand's whole sentence says what it was doing and why that failed.
	for cause := wrapping; cause != nil; cause = errors.Unwrap(cause) {
		var (
			canceled   *temporal.CanceledError
			terminated *temporal.TerminatedError
			timeout    *temporal.TimeoutError
		)
		switch one := cause.(type) { //nolint:errorlint // every link of the chain is looked at by itself
		case *temporal.ActivityError, *temporal.ChildWorkflowExecutionError:
			inner = "" // what stands around it repeats what is within
		case *temporal.ApplicationError:
			inner = cmp.Or(inner, one.Message())
			if coded(one.Type()) {
				return one.Message(), wrapping
			}
		case *temporal.PanicError:
			return "a mistake in the program: " + one.Error() + ". Fix: send this and the run's link to the developers", wrapping
		default:
			switch {
			case inner != "":
			case errors.As(cause, &terminated):
				inner = "the run was terminated by hand. Fix: start it again; what is done stays done"
			case errors.As(cause, &canceled):
				inner = "the run was cancelled. Fix: start it again; what is done stays done"
			case errors.As(cause, &timeout):
				inner = "the work did not end in time. Fix: `starter stack status`, then start it again"
			}
		}
	}
	if inner == "" {
		inner = wrapping.Error()
	}
	return inner, wrapping
}

// firstOfTemporal looks for the outermost link that Temporal added, also within
// errors that were joined: the parser joins a command's with those of its hooks.
func firstOfTemporal(err error) error {
	for ; err != nil && !ofTemporal(err); err = errors.Unwrap(err) {
		joined, several := err.(interface{ Unwrap() []error })
		if !several {
			continue
		}
		for _, one := range joined.Unwrap() {
			if found := firstOfTemporal(one); found != nil {
				return found
			}
		}
		return nil
	}
	return err
}

// ofTemporal says whether an error is one of the links that Temporal adds.
func ofTemporal(err error) bool {
	switch err.(type) { //nolint:errorlint // every link of the chain is looked at by itself
	case *temporal.WorkflowExecutionError, *temporal.ChildWorkflowExecutionError, *temporal.ActivityError,
		*temporal.ApplicationError:
		return true
	default:
		return false
	}
}

// coded says whether an error's type is a code of the playbook.
func coded(name string) bool { return strings.HasPrefix(name, "E_") || strings.HasPrefix(name, "W_") }

// notRunning says that an Update found nobody to answer it.
func notRunning(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}

// misuse marks a command that was understood but asks for what cannot be.
type misuse struct{ said string }

// Error says what to ask instead.
func (m misuse) Error() string { return m.said }

func misusef(format string, arguments ...any) error { return misuse{fmt.Sprintf(format, arguments...)} }
