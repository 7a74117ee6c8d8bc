package activities

import (
	"strings"

	"magam/domain/delivery"
	"magam/domain/period"
	"magam/formats/awsmanifest"
)

// withoutManifest holds back the files of data exports that no manifest lists.
// AWS writes the manifest last: until then nobody knows whether they are all.
func (s *search) withoutManifest(claims claims) {
	waiting := map[string]bool{}
	for _, file := range s.files.all {
		folder, month, is := exportFolder(file.Key)
		if !is || claims.files[file.Key] || hidden(file.Key) || s.isSpoiled(file.Key) {
			continue
		}
		claims.files[file.Key] = true
		switch {
		case claims.folders[folder]:
			s.skip(file.Key, "is not in its export's manifest")
		case !s.in.Month.IsZero() && month != s.in.Month:
			s.skip(file.Key, "is for "+month.String())
		case s.in.Format == delivery.FormatCUR:
			s.skip(file.Key, "is of a data export, not "+s.in.Format)
		case !waiting[folder]:
			waiting[folder] = true
			s.result.Waiting = note(s.result.Waiting, folder+" has files, but their manifest is not there")
		}
	}
}

// claims are the files that manifests account for, and the month's folders of
// data exports that have one.
type claims struct {
	files   map[string]bool
	folders map[string]bool
}

func (c claims) manifest(one listed, exists func(string) bool) {
	for _, key := range one.Artifacts {
		if located, found := awsmanifest.Locate(one.file.Key, key, exists); found {
			c.files[located] = true
		}
	}
	for _, key := range one.Keys {
		located, found := awsmanifest.Locate(one.file.Key, key, exists)
		if !found {
			continue
		}
		c.files[located] = true
		if folder, _, is := exportFolder(located); is {
			c.folders[folder] = true
		}
	}
}

// refused takes the month of a data export for told, whose manifest cannot be
// read: its files wait for no other.
func (c claims) refused(manifest string) {
	if before, _, is := strings.Cut(manifest, "metadata/BILLING_PERIOD="); is {
		if month, found := awsmanifest.PartitionOf(manifest); found {
			c.folders[before+"data/BILLING_PERIOD="+month.String()] = true
		}
	}
}

// exportFolder is the folder of a data export's month that a file lies in.
func exportFolder(key string) (folder string, month period.Month, is bool) {
	const within = "data/BILLING_PERIOD="
	at := strings.Index("/"+key, "/"+within)
	month, found := awsmanifest.PartitionOf(key)
	if at < 0 || !found {
		return "", month, false
	}
	return key[:at] + within + month.String(), month, true
}
