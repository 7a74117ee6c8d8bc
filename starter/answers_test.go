package main

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAnswerThatDoesNotArriveFailsTheCommand(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left on device")
	reader, writer := io.Pipe()
	require.NoError(t, reader.CloseWithError(full))
	out := &answers{to: writer}

	fmt.Fprintln(out, "a line that nobody checks")

	require.Equal(t, exitFailed, exitCode(io.Discard, out.end(nil)))
	require.ErrorIs(t, out.end(nil), full)
	require.ErrorIs(t, out.end(errDiffers), full)
	require.Equal(t, full, out.end(full), "said once")
}

func TestAnAnswerThatArrivesChangesNothing(t *testing.T) {
	t.Parallel()
	out := &answers{to: io.Discard}

	fmt.Fprintln(out, "a line")

	require.NoError(t, out.end(nil))
	require.Equal(t, errDiffers, out.end(errDiffers))
}
