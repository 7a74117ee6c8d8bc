package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// loaderPy is the loader that comparable open tools have; duckdbJS asks DuckDB.
var (
	//go:embed loader.py
	loaderPy string
	//go:embed duckdb.mjs
	duckdbJS string
)

// errAbsent says that a peer is not on this machine.
var errAbsent = errors.New("is not on this machine")

// pythonLoad takes the report in with Python's csv module and COPY.
func pythonLoad(ctx context.Context, folder, report, url string) (sample, error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return sample{}, fmt.Errorf("python3 %w", errAbsent)
	}
	psql, err := psqlPath(ctx)
	if err != nil {
		return sample{}, err
	}
	if err := makeCut(ctx, url, "python_cut"); err != nil {
		return sample{}, err
	}
	script := filepath.Join(folder, "loader.py")
	if err := os.WriteFile(script, []byte(loaderPy), 0o600); err != nil {
		return sample{}, err
	}
	var names []string
	for _, column := range cutColumns {
		if column.from != "" {
			names = append(names, column.from)
		}
	}
	columns, err := json.Marshal(names)
	if err != nil {
		return sample{}, err
	}
	child := exec.CommandContext(ctx, python, script, report, psql, url, "python_cut", string(columns))
	child.Stderr = os.Stderr
	wall, err := timed(child.Run)
	if err != nil {
		return sample{}, err
	}
	return sample{wall: wall, worker: usedBy(child)}, execute(ctx, url, "DROP TABLE python_cut; CHECKPOINT")
}

// duckdbTable has DuckDB build a table of the columns, and notes its version.
// modules is a folder with @duckdb/node-api installed.
func duckdbTable(ctx context.Context, folder, modules, report string) (sample, error) {
	node, err := exec.LookPath("node")
	if err != nil || modules == "" {
		return sample{}, fmt.Errorf(
			"DuckDB %w: npm install @duckdb/node-api somewhere and name it by -duckdb",
			errAbsent,
		)
	}
	script := filepath.Join(folder, "duckdb.mjs")
	if err := os.WriteFile(script, []byte(duckdbJS), 0o600); err != nil {
		return sample{}, err
	}
	var names []string
	for _, column := range cutColumns {
		if column.from != "" {
			names = append(names, column.from)
		}
	}
	columns, err := json.Marshal(
		append(names, "resourceTags/user:Name", "resourceTags/user:env", "resourceTags/user:team"),
	)
	if err != nil {
		return sample{}, err
	}
	child := exec.CommandContext(ctx, node, script, modules, report, filepath.Join(folder, "duck.db"),
		string(columns))
	child.Stderr = os.Stderr
	out, err := child.Output()
	if err != nil {
		return sample{}, err
	}
	took := sample{worker: usedBy(child)}
	for line := range strings.Lines(string(out)) {
		switch fields := strings.Fields(line); fields[0] {
		case "took":
			nanos, _ := strconv.ParseInt(fields[1], 10, 64)
			took.wall = time.Duration(nanos)
		case "version":
			took.note = fields[1] + ", " + fields[2] + " rows"
		}
	}
	return took, os.Remove(filepath.Join(folder, "duck.db"))
}
