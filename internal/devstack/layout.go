package devstack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Layout is where the embedded stack of one project folder keeps its things.
type Layout struct {
	// Project is the folder of go.mod, or the working directory without one.
	Project string
	// State is Project/.magam: the record, the settings, the logs, the blobs.
	State string
}

// FindLayout starts at the working directory and walks up to go.mod.
func FindLayout() (Layout, error) {
	working, err := os.Getwd()
	if err != nil {
		return Layout{}, fmt.Errorf("find the project folder: %w", err)
	}
	project := working
	for folder := working; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			project = folder
			break
		}
	}
	return LayoutOf(project), nil
}

// LayoutOf is the layout of a project folder.
func LayoutOf(project string) Layout {
	return Layout{Project: project, State: filepath.Join(project, ".magam")}
}

// EnvFile holds the settings by which starter and worker find the stack.
func (l Layout) EnvFile() string { return filepath.Join(l.State, "env") }

// BlobFolder holds archives, documents and composed mails.
func (l Layout) BlobFolder() string { return filepath.Join(l.State, "blobs") }

// MailFolder holds what the mail sink received.
func (l Layout) MailFolder() string { return filepath.Join(l.State, "mail") }

func (l Layout) recordFile() string { return filepath.Join(l.State, "stack.json") }

func (l Layout) lockFile() string { return filepath.Join(l.State, "lock") }

func (l Layout) temporalFile() string { return filepath.Join(l.State, "temporal", "histories.db") }

func (l Layout) log(service string) string { return filepath.Join(l.State, "logs", service+".log") }

// make makes the folders of the state. Postgres' account must pass through
// .magam; what lies in it is for us alone, since mails and documents name people.
func (l Layout) make() error {
	err := os.MkdirAll(l.State, 0o755)
	if err != nil {
		return err
	}
	for _, folder := range []string{
		l.BlobFolder(), l.MailFolder(), filepath.Dir(l.log("")), filepath.Dir(l.temporalFile()),
	} {
		err = os.MkdirAll(folder, 0o700)
		if err != nil {
			return err
		}
	}
	return nil
}

// postgresFolder is .magam/postgres where the server's account can get there
// and a socket's path fits; otherwise, as for root below a private home, a
// folder in /var/tmp that is named after the project.
func (l Layout) postgresFolder(runsAs *account) string {
	inside := filepath.Join(l.State, "postgres")
	if socketFits(inside) && (runsAs == nil || openToAll(l.Project)) {
		return inside
	}
	digest := sha256.Sum256([]byte(l.Project))
	return fmt.Sprintf("/var/tmp/magam-%d-%s", os.Getuid(), hex.EncodeToString(digest[:4]))
}

// openToAll says whether anybody may pass through a folder and its parents.
func openToAll(folder string) bool {
	for ; ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if folder == filepath.Dir(folder) {
			return true
		}
	}
}

// cacheFolder keeps what is built once, outside any clone.
func cacheFolder() (string, error) {
	base := os.Getenv("XDG_CACHE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New(
				"neither XDG_CACHE_HOME nor HOME is set: there is nowhere to keep what is built once",
			)
		}
		base = filepath.Join(home, ".cache")
	}
	return filepath.Join(base, "magam", "bin"), nil
}
