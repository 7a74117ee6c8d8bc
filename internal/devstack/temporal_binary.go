package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// The server's oldest minor version with all we use: updates, static summaries
// and current details.
const oldestTemporalMinor = 28

var temporalServer = regexp.MustCompile(`Server 1\.(\d+)\.`)

// FindTemporal gives the temporal command line: the one MAGAM_TEMPORAL_BIN
// names, a suitable one on PATH, or ours, built once into a cache folder that
// outlives the clone.
func FindTemporal(
	ctx context.Context, layout Layout, say func(format string, arguments ...any),
) (string, error) {
	if asked := os.Getenv("MAGAM_TEMPORAL_BIN"); asked != "" {
		if !suitableTemporal(ctx, asked) {
			return "", fmt.Errorf(
				"MAGAM_TEMPORAL_BIN names %s, which is no temporal with a server of 1.%d or later",
				asked,
				oldestTemporalMinor,
			)
		}
		return asked, nil
	}
	if found, err := exec.LookPath("temporal"); err == nil && suitableTemporal(ctx, found) {
		return found, nil
	}
	return builtTemporal(ctx, filepath.Join(layout.Project, "tools", "temporal"), say)
}

// suitableTemporal reads "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)".
func suitableTemporal(ctx context.Context, binary string) bool {
	output, err := exec.CommandContext(ctx, binary, "--version").Output()
	if err != nil {
		return false
	}
	version := temporalServer.FindSubmatch(output)
	if version == nil {
		return false
	}
	minor, err := strconv.Atoi(string(version[1]))
	return err == nil && minor >= oldestTemporalMinor
}

// builtTemporal builds the version that the tools module pins.
func builtTemporal(
	ctx context.Context, module string, say func(format string, arguments ...any),
) (string, error) {
	binary, err := builtTool(ctx, module, "github.com/temporalio/cli/cmd/temporal", func() {
		say("building Temporal's server and web UI, once for this machine: about 3 to 4 minutes on two cores")
	})
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("there is no temporal on PATH, and none can be built without %s: "+
			"install it from https://docs.temporal.io/cli or set MAGAM_TEMPORAL_BIN", module)
	}
	return binary, err
}
