package devstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
)

// FindS3 gives the S3-compatible server that tests start: the one MAGAM_S3_BIN
// names, or the one that its tools module pins, built once for the machine.
func FindS3(ctx context.Context, layout Layout, say func(format string, arguments ...any)) (string, error) {
	if asked := os.Getenv("MAGAM_S3_BIN"); asked != "" {
		_, err := os.Stat(asked)
		if err != nil {
			return "", fmt.Errorf("MAGAM_S3_BIN names no versitygw: %w", err)
		}
		return asked, nil
	}
	module := filepath.Join(layout.Project, "tools", "s3")
	return builtTool(ctx, module, "github.com/versity/versitygw/cmd/versitygw", func() {
		say("building the tests' S3 server, once for this machine: about 90 seconds on two cores")
	})
}

// builtTool builds a program that a tools module pins into a cache folder that
// outlives the clone, under a name that changes with the pins. Whoever comes
// second waits for the first. A module that is not there is os.ErrNotExist.
func builtTool(ctx context.Context, module, name string, announce func()) (string, error) {
	pins, err := os.ReadFile(filepath.Join(module, "go.sum"))
	if err != nil {
		return "", err
	}
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(pins)
	folder := filepath.Join(cache, hex.EncodeToString(digest[:6]))
	err = os.MkdirAll(folder, 0o755)
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, path.Base(name))
	return binary, locked(binary+".lock", func() error {
		if _, err := os.Stat(binary); err == nil {
			return nil
		}
		announce()
		return buildTool(ctx, module, name, binary)
	})
}

func buildTool(ctx context.Context, module, name, binary string) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", binary+".new", name)
	build.Dir = module
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	output, err := build.CombinedOutput()
	if err != nil {
		return fmt.Errorf("build %s: %w: %s", name, err, output)
	}
	return os.Rename(binary+".new", binary)
}
