package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
)

func TestAnErrorIsOneSentenceWithoutTheMachinery(t *testing.T) {
	t.Parallel()
	cause := temporal.NewNonRetryableApplicationError(
		"E_INPUT: \"nope\" is no configured source. Fix: name a source", "E_INPUT", nil)
	crossed := temporal.NewApplicationErrorWithOptions(
		"look up: activity error (type: Find): "+cause.Error(),
		"wrapError",
		temporal.ApplicationErrorOptions{Cause: cause},
	)
	tests := map[string]struct {
		err  error
		want string
	}{
		"our own words stay": {errors.New("write the workbook: no room"), "write the workbook: no room"},
		"what we were doing stays, the wrapping goes": {
			fmt.Errorf("close 2026-10: %w", crossed),
			"close 2026-10: E_INPUT: \"nope\" is no configured source. Fix: name a source",
		},
		"a cause without a code is told in its own words": {
			fmt.Errorf("approve: %w", temporal.NewApplicationError("reason is empty", "errorString")),
			"approve: reason is empty",
		},
		"a hand's whole sentence is told, and not its last word": {
			temporal.NewApplicationErrorWithOptions(
				"open the store: open /x: input/output error",
				"wrapError",
				temporal.ApplicationErrorOptions{
					Cause: temporal.NewApplicationError("input/output error", "Errno"),
				},
			),
			"open the store: open /x: input/output error",
		},
		"an activity's wrapping goes too": {
			fmt.Errorf(
				"approve 2026-10 bada: %w",
				temporal.NewApplicationErrorWithOptions("activity error", "ActivityError",
					temporal.ApplicationErrorOptions{Cause: cause}),
			),
			"approve 2026-10 bada: E_INPUT: \"nope\" is no configured source. Fix: name a source",
		},
		"what the parser joined is looked into": {
			errors.Join(errors.Join(crossed, nil)),
			"E_INPUT: \"nope\" is no configured source. Fix: name a source",
		},
		"what went wrong beside it stays": {
			errors.Join(crossed, errors.New("write the answer: no room")),
			"E_INPUT: \"nope\" is no configured source. Fix: name a source\nwrite the answer: no room",
		},
		"an interrupt is no failure of the work": {
			fmt.Errorf("render: %w", context.Canceled), "interrupted; what was started on the server goes on",
		},
		"nor is one that the server heard of first": {
			serviceerror.NewCanceled("context canceled"),
			"interrupted; what was started on the server goes on",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, sentence(tt.err))
		})
	}
}
