package activities

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"go.temporal.io/sdk/activity"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/formats/awsmanifest"
	"magam/formats/table"
)

// listed is a manifest and where it was found.
type listed struct {
	awsmanifest.Manifest
	file StoredFile
}

// current says that the manifest stands beside the makings of the report, where
// AWS writes the one in force; a copy lies in the making's own folder, which is
// named by the assembly, or ends in the execution.
func (l listed) current() bool {
	folder := path.Base(path.Dir(l.file.Key))
	if l.Export && l.Version != "" {
		return !strings.HasSuffix(folder, l.Version)
	}
	return folder != l.Version
}

// report names what all makings of one report and month have in common.
func (l listed) report() string { return l.Account + " " + l.Report + " " + l.Month.String() }

// scope is what a newer making of the report replaces.
func (l listed) scope() string {
	if l.Export {
		return "export " + l.report()
	}
	return "cur " + l.report()
}

// manifests turns each report's newest manifest into a delivery and returns
// every file that some manifest accounts for, or that waits for one.
func (s *search) manifests(ctx context.Context) (map[string]bool, error) {
	claims := claims{files: map[string]bool{}, folders: map[string]bool{}}
	reports := map[string][]listed{}
	var order []string
	for _, file := range s.files.all {
		if !awsmanifest.IsName(file.Key) || hidden(file.Key) {
			continue
		}
		one, err := s.readManifest(ctx, file)
		claims.files[file.Key] = true
		code, coded := fault.CodeOf(err)
		switch {
		case coded && code == fault.UnknownFormat && one.Keys == nil:
			s.skip(file.Key, "is the manifest of another kind of export; its files are looked at one by one")
			continue
		case coded && code.Class() == fault.ClassRefuse:
			s.refuse(err)
			s.spoiled = append(s.spoiled, path.Dir(file.Key))
			claims.refused(file.Key)
			continue
		case err != nil:
			return nil, err
		}
		claims.manifest(one, s.exists)
		if reports[one.report()] == nil {
			order = append(order, one.report())
		}
		reports[one.report()] = append(reports[one.report()], one)
	}
	for _, report := range order {
		if err := s.report(ctx, reports[report]); err != nil {
			return nil, err
		}
	}
	s.withoutManifest(claims)
	return claims.files, nil
}

func (s *search) exists(key string) bool {
	_, found := s.files.byKey[key]
	return found
}

func (s *search) readManifest(ctx context.Context, file StoredFile) (listed, error) {
	body, err := s.files.store.Open(ctx, file.Key)
	if err != nil {
		return listed{}, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, manifestBytes+1))
	if err != nil {
		return listed{}, fmt.Errorf("read %s: %w", file.Key, err)
	}
	manifest, err := awsmanifest.Parse(file.Key, text)
	return listed{manifest, file}, err
}

// report takes the newest of a report's manifests; draft and final makings hold
// the same money.
func (s *search) report(ctx context.Context, manifests []listed) error {
	slices.SortStableFunc(manifests, func(a, b listed) int {
		if a.current() != b.current() {
			if a.current() {
				return -1
			}
			return 1
		}
		if order := b.file.ModTime.Compare(a.file.ModTime); order != 0 {
			return order
		}
		return strings.Compare(b.file.Key, a.file.Key)
	})
	newest := manifests[0]
	for _, older := range manifests[1:] {
		if older.Version != newest.Version {
			s.skip(older.file.Key, "is an older "+making(newest)+" than "+newest.Version)
		}
	}
	if !s.in.Month.IsZero() && newest.Month != s.in.Month {
		s.skip(newest.file.Key, "is for "+newest.Month.String())
		return nil
	}
	format := formatOf(newest)
	if format != "" && s.in.Format != delivery.FormatAuto && s.in.Format != format {
		s.skip(newest.file.Key, "is "+format+", not "+s.in.Format)
		return nil
	}
	files := s.parts(newest)
	if len(files) < len(newest.Keys) {
		return nil
	}
	format, err := s.checkParts(ctx, newest, format, files)
	switch code, coded := fault.CodeOf(err); {
	case coded && code.Class() == fault.ClassRefuse:
		s.refuse(err)
		return nil
	case err != nil:
		return err
	case s.in.Format != delivery.FormatAuto && s.in.Format != format:
		s.skip(newest.file.Key, "is "+format+", not "+s.in.Format)
		return nil
	}
	found := delivery.Found{
		Source: s.source.Name, Format: format, Scope: newest.scope(), DigestKind: "manifest",
		Location: s.source.URL, AsOf: newest.file.ModTime, Month: newest.Month,
	}
	return s.complete(ctx, &found, files, nil)
}

func making(one listed) string {
	if one.Export {
		return "execution"
	}
	return "assembly"
}

// parts are the files that a manifest lists, as far as they are there. A file
// that two of its paths lead to is one of them and not the other.
func (s *search) parts(of listed) []StoredFile {
	files, taken := make([]StoredFile, 0, len(of.Keys)), map[string]bool{}
	for _, key := range of.Keys {
		located, found := awsmanifest.Locate(of.file.Key, key, s.exists)
		if !found || taken[located] {
			s.result.Waiting = note(s.result.Waiting, of.file.Key+" lists "+key+", which is not there")
			continue
		}
		taken[located] = true
		files = append(files, s.files.byKey[located])
	}
	return files
}

// formatOf is the format that a manifest's columns tell, and empty where it
// lists none: a data export holds what its author asked for.
func formatOf(one listed) string {
	if !one.Export {
		return delivery.FormatCUR
	}
	header := make(table.Header, len(one.Columns))
	for i, column := range one.Columns {
		header[i] = column.Name
	}
	return exportFormat(recognized(header))
}

// exportFormat calls what a data export holds by its own name: one of CUR 2.0
// with few columns looks like a legacy file.
func exportFormat(format string) string {
	if format == delivery.FormatCUR {
		return delivery.FormatCUR2
	}
	return format
}

func recognized(header table.Header) string {
	for _, one := range layouts {
		if one.recognize(header) {
			return one.name
		}
	}
	return ""
}

// checkParts looks at the header of every part: all must hold the columns that
// the manifest lists, in one format.
func (s *search) checkParts(
	ctx context.Context, of listed, format string, files []StoredFile,
) (string, error) {
	for _, file := range files {
		activity.RecordHeartbeat(ctx, file.Key)
		seen, err := s.glanceAt(ctx, file.Key)
		if err != nil {
			return "", inFile(err, file.Key, "")
		}
		if err := of.CheckHeader(file.Key, seen.header); err != nil {
			return "", err
		}
		if of.Export {
			seen.format = exportFormat(seen.format)
		} else if seen.format == delivery.FormatCUR2 {
			seen.format = delivery.FormatCUR
		}
		if format == "" {
			format = seen.format
		}
		if seen.format != format {
			return "", &fault.Error{
				Code: fault.Schema, Place: fault.Place{File: file.Key, Line: 1}, Value: seen.format,
				What: "is not the format of the delivery, " + format, Cure: "have the export delivered again",
			}
		}
	}
	return format, nil
}
