package activities

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/formats/awsmanifest"
)

// listed is a manifest and where it was found.
type listed struct {
	awsmanifest.Manifest
	file StoredFile
	text []byte
}

// current says that the manifest stands beside the assemblies, where AWS writes
// the one in force; a copy lies in the assembly's own folder.
func (l listed) current() bool { return path.Base(path.Dir(l.file.Key)) != l.Assembly }

// manifests turns each report's newest manifest into a delivery and returns
// every file that some manifest accounts for.
func (s *search) manifests(ctx context.Context) (map[string]bool, error) {
	claimed := map[string]bool{}
	reports := map[string][]listed{}
	var order []string
	for _, file := range s.files.all {
		if !awsmanifest.IsName(file.Key) || hidden(file.Key) {
			continue
		}
		one, err := s.readManifest(ctx, file)
		claimed[file.Key] = true
		code, coded := fault.CodeOf(err)
		switch {
		case coded && code == fault.UnknownFormat:
			s.skip(file.Key, "is the manifest of another kind of export; its files are looked at one by one")
			continue
		case coded && code.Class() == fault.ClassRefuse:
			s.result.Refused = note(s.result.Refused, err.Error())
			s.spoiled = append(s.spoiled, path.Dir(file.Key))
			continue
		case err != nil:
			return nil, err
		}
		for _, key := range one.Keys {
			if located, found := awsmanifest.Locate(file.Key, key, s.exists); found {
				claimed[located] = true
			}
		}
		report := one.Account + " " + one.Report + " " + one.Month.String()
		if reports[report] == nil {
			order = append(order, report)
		}
		reports[report] = append(reports[report], one)
	}
	for _, report := range order {
		if err := s.report(ctx, report, reports[report]); err != nil {
			return nil, err
		}
	}
	return claimed, nil
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
	return listed{manifest, file, text}, err
}

// report takes the newest of a report's manifests; draft and final assemblies
// hold the same money.
func (s *search) report(ctx context.Context, name string, manifests []listed) error {
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
		if older.Assembly != newest.Assembly {
			s.skip(older.file.Key, "is an older assembly than "+newest.Assembly)
		}
	}
	switch {
	case !s.in.Month.IsZero() && newest.Month != s.in.Month:
		s.skip(newest.file.Key, "is for "+newest.Month.String())
		return nil
	case s.in.Format != delivery.FormatAuto && s.in.Format != delivery.FormatCUR:
		s.skip(newest.file.Key, "is cur, not "+s.in.Format)
		return nil
	case newest.Compression != "" && newest.Compression != "GZIP":
		s.result.Refused = note(s.result.Refused, (&fault.Error{
			Code: fault.UnknownFormat, Place: fault.Place{File: newest.file.Key},
			What: "the report is compressed as " + newest.Compression,
			Cure: "define the report with GZIP compression",
		}).Error())
		return nil
	}
	var files []StoredFile
	for _, key := range newest.Keys {
		located, found := awsmanifest.Locate(newest.file.Key, key, s.exists)
		if !found {
			s.result.Waiting = note(s.result.Waiting, newest.file.Key+" lists "+key+", which is not there")
			continue
		}
		files = append(files, s.files.byKey[located])
	}
	if len(files) < len(newest.Keys) {
		return nil
	}
	found := delivery.Found{
		Source: s.source.Name, Format: delivery.FormatCUR, Scope: "cur " + name, DigestKind: "manifest",
		Location: s.source.URL, AsOf: newest.file.ModTime, Month: newest.Month,
	}
	return s.complete(ctx, &found, files)
}
