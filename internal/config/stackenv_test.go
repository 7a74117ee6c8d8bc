package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/internal/config"
)

func TestTheStacksSettingsAreFound(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		module, settings, from string
		want                   map[string]string
	}{
		"in the folder itself": {
			".", "MAGAM_ZONE='Asia/Seoul'\n", ".", map[string]string{"MAGAM_ZONE": "Asia/Seoul"},
		},
		"in a parent up to the module's": {
			".", "MAGAM_ZONE=Asia/Seoul\n", "a/b", map[string]string{"MAGAM_ZONE": "Asia/Seoul"},
		},
		"with comments left out and quotes undone": {
			".",
			"# a comment\n\nMAGAM_BLOB_URL='file:///it'\\''s'\n",
			".",
			map[string]string{"MAGAM_BLOB_URL": "file:///it's"},
		},
		"but not past the module": {
			"a",
			"MAGAM_ZONE='Asia/Seoul'\n",
			"a/b",
			map[string]string{},
		},
		"but not in a parent outside of any module": {
			"",
			"MAGAM_ZONE='Asia/Seoul'\n",
			"a",
			map[string]string{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := project(t, tt.module, tt.settings, 0o600)

			settings, err := config.LoadStackEnv(filepath.Join(root, tt.from))

			require.NoError(t, err)
			require.Equal(t, tt.want, settings)
		})
	}
}

func TestTheStacksSettingsAreRefused(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		settings string
		mode     os.FileMode
		want     string
	}{
		"when others may write them": {"MAGAM_ZONE='Asia/Seoul'\n", 0o622, "may be written by others"},
		"when a line is no setting":  {"MAGAM_ZONE='Asia/Seoul'\nwhatever\n", 0o600, "line 2"},
		"when a name is not our own": {"LD_PRELOAD='x'\n", 0o600, "line 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := config.LoadStackEnv(project(t, ".", tt.settings, tt.mode))

			require.ErrorIs(t, err, config.ErrConfig)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// project has settings at its root, go.mod in a folder of it, and folders a/b.
func project(t *testing.T, module, settings string, mode os.FileMode) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(root, "a", "b"), 0o755))
	require.NoError(t, os.Mkdir(filepath.Join(root, ".magam"), 0o755))
	file := filepath.Join(root, ".magam", "env")
	require.NoError(t, os.WriteFile(file, []byte(settings), 0o600))
	require.NoError(t, os.Chmod(file, mode))
	if module != "" {
		require.NoError(t,
			os.WriteFile(filepath.Join(root, module, "go.mod"), []byte("module example\n"), 0o600))
	}
	return root
}
