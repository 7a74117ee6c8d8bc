package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// environment is the process's own, or, where that names no database, the
// settings that the embedded stack of this project folder wrote, with the
// process's own laid over them.
func environment() (map[string]string, error) {
	own := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		own[name] = value
	}
	if own["MAGAM_DATABASE_URL"] != "" {
		return own, nil
	}
	working, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	settings, err := LoadStackEnv(working)
	if err != nil {
		return nil, err
	}
	for name, value := range own {
		settings[name] = value
	}
	return settings, nil
}

// LoadStackEnv reads .magam/env of a folder or of a parent up to the one with
// go.mod; without one there are no settings. A file that others may write is
// refused: it would choose the database.
func LoadStackEnv(folder string) (map[string]string, error) {
	const othersMay = 0o022
	settings := map[string]string{}
	for _, candidate := range upToModule(folder) {
		file := filepath.Join(candidate, ".magam", "env")
		info, err := os.Stat(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		if info.Mode().Perm()&othersMay != 0 {
			return nil, fmt.Errorf("%w: %s may be written by others; chmod 600 it", ErrConfig, file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		return settings, readSettings(file, string(text), settings)
	}
	return settings, nil
}

// upToModule is the folder and its parents up to the module's; outside of a
// module the folder alone.
func upToModule(folder string) []string {
	folders := []string{folder}
	for at := folder; ; at = filepath.Dir(at) {
		if at != folder {
			folders = append(folders, at)
		}
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return folders
		}
		if at == filepath.Dir(at) {
			return folders[:1]
		}
	}
}

// readSettings reads NAME='value' lines, as devstack writes them and a shell
// reads them.
func readSettings(file, text string, settings map[string]string) error {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if !found || !strings.HasPrefix(name, "MAGAM_") {
			return fmt.Errorf("%w: %s line %d is no MAGAM_NAME='value'", ErrConfig, file, i+1)
		}
		if len(value) >= 2 && strings.HasPrefix(value, "'") && strings.HasSuffix(value, "'") {
			value = strings.ReplaceAll(value[1:len(value)-1], `'\''`, "'")
		}
		settings[name] = value
	}
	return nil
}
