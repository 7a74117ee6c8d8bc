package awsmanifest

import (
	"path"
	"strings"
	"time"

	"magam/domain/fault"
)

// Locate finds a part among the files that were delivered. Buckets are copied
// with more or less of their path, so the longest end of the key that is there
// counts: from the root, then from the manifest's own folder and those above it.
// Months and executions of a data export name their files alike: an end without
// the folder of its month counts only beside the manifest itself.
func Locate(manifestKey, partKey string, exists func(key string) bool) (string, bool) {
	folder := path.Dir(manifestKey)
	for suffix := partKey; ; {
		whole := strings.Contains(suffix, partitionName) || !strings.Contains(partKey, partitionName)
		if whole && exists(suffix) {
			return suffix, true
		}
		for above := folder; ; above = path.Dir(above) {
			if beside := path.Join(above, suffix); exists(beside) {
				return beside, true
			}
			if !strings.Contains(suffix, partitionName) || above == "." || above == "/" {
				break
			}
		}
		_, shorter, more := strings.Cut(suffix, "/")
		if !more {
			return "", false
		}
		suffix = shorter
	}
}

// keyOf is the path of a file that a manifest lists. Data Exports list addresses;
// their bucket is left away.
func keyOf(file, listed string, export bool) (string, error) {
	key := listed
	if address, is := strings.CutPrefix(listed, "s3://"); is && export {
		bucket, rest, _ := strings.Cut(address, "/")
		if key = rest; bucket == "" {
			key = ""
		}
	}
	return key, checkKey(file, key, listed)
}

// artifacts are the files that integrations of other tools write beside the parts.
func artifacts(file string, doc document) ([]string, error) {
	var keys []string
	for _, one := range append(doc.AdditionalArtifactKeys, doc.AdditionalOutputFiles...) {
		key, err := keyOf(file, string(one), len(doc.DataFiles) > 0)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// checkKey refuses every path that could lead out of the delivery's folder.
func checkKey(file, key, listed string) error {
	folded := strings.ToLower(key)
	bad := key == "" || len(key) > 1024 || path.IsAbs(key) || path.Clean(key) != key ||
		strings.ContainsAny(key, "\\\x00") || strings.Contains(folded, "%2e") ||
		strings.Contains(folded, "%2f") || strings.Contains(folded, "%5c") || strings.HasPrefix(key, "~")
	for element := range strings.SplitSeq(key, "/") {
		bad = bad || element == ".." || element == "." || reservedName(element) ||
			strings.Contains(element, ":") && !startsWithDay(element)
	}
	for _, r := range key {
		bad = bad || r < 0x20 || r == 0x7f || r == 0xfffd
	}
	if !bad {
		return nil
	}
	return &fault.Error{
		Code: fault.Path, Place: fault.Place{File: file}, Value: listed,
		What: "is not a path inside the delivery",
		Cure: "have the export delivered again; if it was edited, ask by whom",
	}
}

// startsWithDay tells the folder of an execution, 2026-10-02T03:04:05.678Z-…, the
// only name with a colon that AWS writes: elsewhere a colon marks a drive or a URL.
func startsWithDay(element string) bool {
	_, err := time.Parse(time.DateOnly, element[:min(len(element), len(time.DateOnly))])
	return err == nil
}

// reservedName tells the device names that Windows reads wherever they stand.
func reservedName(element string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(element), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) &&
		base[3] >= '1' && base[3] <= '9'
}
