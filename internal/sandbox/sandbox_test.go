package sandbox_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	format "magam/formats/master"
	"magam/internal/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Enter(map[string]sandbox.Task{
		format.TaskName: format.Task,
		"shout": func(in io.Reader, out io.Writer) error {
			words, err := io.ReadAll(in)
			if err != nil {
				return err
			}
			_, err = io.WriteString(out, strings.ToUpper(string(words)))
			return err
		},
		"refuse": func(io.Reader, io.Writer) error { return errors.New("E_BOMB: no such workbook") },
		"panic":  func(io.Reader, io.Writer) error { panic("slice bounds out of range") },
		"sleep":  func(io.Reader, io.Writer) error { time.Sleep(time.Minute); return nil },
		"spin": func(io.Reader, io.Writer) error {
			for { //nolint:staticcheck // it is to be killed
			}
		},
		"eat": func(io.Reader, io.Writer) error {
			var meals [][]byte
			for range 64 {
				meal := make([]byte, 64<<20)
				for i := range meal {
					meal[i] = 1
				}
				meals = append(meals, meal)
			}
			return errors.New("ate everything: " + string(rune(len(meals))))
		},
		"talk": func(_ io.Reader, out io.Writer) error {
			for {
				_, err := out.Write(make([]byte, 1<<16))
				if err != nil {
					return err
				}
			}
		},
		"write": func(io.Reader, io.Writer) error {
			return os.WriteFile("sandbox-wrote-this", []byte("x"), 0o600)
		},
	})
	os.Exit(m.Run())
}

func TestAChildDoesTheWork(t *testing.T) {
	t.Parallel()

	out, err := runner(time.Minute).Run(context.Background(), "shout", []byte("마감 close"))

	require.NoError(t, err)
	require.Equal(t, "마감 CLOSE", string(out))
}

func TestAChildThatMisbehavesIsAnErrorAndNothingMore(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		task string
		want error
	}{
		"a refusal carries the task's words":     {"refuse", sandbox.ErrRefused},
		"a panic is a crash of the child alone":  {"panic", sandbox.ErrCrashed},
		"one that sleeps is stopped":             {"sleep", sandbox.ErrLimit},
		"one that spins is stopped":              {"spin", sandbox.ErrLimit},
		"one that eats memory is stopped":        {"eat", sandbox.ErrLimit},
		"one that writes without end is stopped": {"talk", sandbox.ErrLimit},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := runner(5*time.Second).Run(context.Background(), tt.task, nil)

			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestAChildMayNotWriteFiles(t *testing.T) {
	t.Parallel()

	_, err := runner(time.Minute).Run(context.Background(), "write", nil)

	require.Error(t, err)
}

func TestAnUnknownTaskIsNamed(t *testing.T) {
	t.Parallel()

	_, err := runner(time.Minute).Run(context.Background(), "knit", nil)

	require.ErrorContains(t, err, "no task of the name")
}

func runner(wall time.Duration) sandbox.Runner {
	return sandbox.Runner{Limits: sandbox.Limits{MemoryBytes: 512 << 20, Wall: wall, OutputBytes: 1 << 20}}
}
