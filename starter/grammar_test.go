package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"
)

// grammarForTest is the whole command line, without an end of the process.
func grammarForTest(t *testing.T) (*kong.Kong, *commandLine) {
	t.Helper()
	var grammar commandLine
	return newParser(&grammar, io.Discard, io.Discard, func(int) {}), &grammar
}

func TestEveryVerbShowsAnExampleOfItself(t *testing.T) {
	t.Parallel()
	parser, _ := grammarForTest(t)

	for _, verb := range parser.Model.Leaves(false) {
		t.Run(verb.Path(), func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, verb.Help)
			require.True(t, strings.HasSuffix(verb.Help, "."), "a sentence: %s", verb.Help)
			require.Contains(t, verb.Detail, "\n  ", "an example stands on a line of its own")
			require.Contains(t, verb.Detail, "starter "+verb.Path(), "an example calls the verb")
		})
	}
}

// Every example is understood, so that people can type what they read.
func TestEveryExampleIsUnderstood(t *testing.T) {
	t.Parallel()
	parser, _ := grammarForTest(t)

	for _, verb := range parser.Model.Leaves(false) {
		for line := range strings.Lines(verb.Detail) {
			words := strings.Fields(strings.TrimSpace(line))
			if !strings.HasPrefix(line, "  starter ") {
				continue
			}
			t.Run(strings.TrimSpace(line), func(t *testing.T) {
				t.Parallel()
				fresh, _ := grammarForTest(t)
				for command := range strings.SplitSeq(strings.Join(words, " "), " && ") {
					_, err := fresh.Parse(unquoted(strings.TrimPrefix(command, "starter ")))
					require.NoError(t, err)
				}
			})
		}
	}
}

// unquoted splits a line as a shell would, as far as examples need it.
func unquoted(line string) []string {
	var words []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func TestNoVerbHasAFlagTwice(t *testing.T) {
	t.Parallel()
	parser, _ := grammarForTest(t)

	for _, verb := range parser.Model.Leaves(false) {
		seen := map[string]bool{}
		for _, level := range verb.AllFlags(false) {
			for _, flag := range level {
				require.False(t, seen[flag.Name], "%s --%s", verb.Path(), flag.Name)
				seen[flag.Name] = true
				require.True(t, strings.HasSuffix(flag.Help, "."), "%s --%s: %q", verb.Path(), flag.Name,
					flag.Help)
			}
		}
		require.True(t, seen["json"], "%s answers programs", verb.Path())
		if month := flagOf(verb, "month"); month != nil {
			require.Equal(t, "MONTH", month.PlaceHolder, verb.Path())
			require.Equal(t, "Month", month.Target.Type().Name(), verb.Path())
		}
	}
}

func flagOf(verb *kong.Node, name string) *kong.Flag {
	for _, level := range verb.AllFlags(false) {
		for _, flag := range level {
			if flag.Name == name {
				return flag
			}
		}
	}
	return nil
}

func TestHelpIsGroupedAndFitsAHundredColumns(t *testing.T) {
	t.Parallel()
	parser, _ := grammarForTest(t)
	lines := [][]string{{"--help"}}
	for _, verb := range parser.Model.Leaves(false) {
		lines = append(lines, append(strings.Fields(verb.Path()), "--help"))
	}
	for _, args := range lines {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			var out, said bytes.Buffer

			require.Equal(t, exitOK, run(args, &out, &said))

			require.Empty(t, said.String())
			for line := range strings.Lines(out.String()) {
				require.LessOrEqual(t, text.StringWidth(strings.TrimRight(line, "\n")), columnsMax+10, line)
			}
			if len(args) == 1 {
				for _, title := range []string{"First steps", "Cost data in:", "Close a month:", "What came of it:", "Operation:"} {
					require.Contains(t, out.String(), title)
				}
			}
		})
	}
}

func TestWhatIsNotUnderstoodIsToldInThreeLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args string
		said string
	}{
		"an unknown flag":          {"totals --frob", "unknown flag --frob"},
		"a month that is none":     {"status --month 2026-13", `"2026-13": not a month of the form 2026-10`},
		"nothing to ingest":        {"ingest", "nothing says where the exports are"},
		"a key totals do not have": {"totals --by colour", `"colour" is none of service, sub-account`},
		"a month and a delivery":   {"totals --month 2026-10 --delivery 7", "can't be used together"},
		"a decision by nobody":     {"approve --customer alpha", "missing flags: --by=CODE"},
		"a day that is none":       {"commitments --day tomorrow", `"tomorrow" is no day`},
		"a verb without its verb":  {"stack", `expected one of "up"`},
		"too many runs":            {"schedules preview --runs 1000", "not between 1 and 100"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, said bytes.Buffer

			require.Equal(t, exitUsage, run(strings.Fields(tt.args), &out, &said))

			require.Empty(t, out.String())
			require.Contains(t, said.String(), tt.said)
			require.Contains(t, said.String(), "Usage: starter")
			require.Equal(t, 3, strings.Count(said.String(), "\n"), said.String())
		})
	}
}

func TestJSONStandsBeforeOrAfterTheVerb(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"--json status", "status --json"} {
		parser, grammar := grammarForTest(t)
		_, err := parser.Parse(strings.Fields(args))
		require.NoError(t, err)
		require.True(t, grammar.JSON, args)
	}
}

func TestExitCodesAreWhatScriptsRelyOn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		code int
		said string
	}{
		"done":                     {nil, 0, ""},
		"the answer is no":         {errDiffers, 1, ""},
		"asked for what cannot be": {misusef("--approve-as: no"), 2, "starter: --approve-as: no\n"},
		"failed":                   {errors.New("no books"), 3, "starter: no books\n"},
		"the close waits":          {errors.Join(errNotClosed), 4, "starter: the close is waiting\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			require.Equal(t, tt.code, exitCode(&said, tt.err))
			require.Equal(t, tt.said, said.String())
		})
	}
}
