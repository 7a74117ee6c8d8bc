package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
)

// FolderName names a source that nobody configured, the same for the same
// place: folder-exports-1a2b3c4d. Location is a URL; a folder's is file:///….
func FolderName(location string) string {
	where := strings.TrimPrefix(location, "file://")
	base := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(path.Base(where)))
	sum := sha256.Sum256([]byte(where))
	return "folder-" + strings.Trim(base, "-") + "-" + hex.EncodeToString(sum[:4])
}
