package activities

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/period"
	"magam/formats/awsmanifest"
	"magam/formats/azure"
)

// azureRun is what one run of an Azure export left behind. Every run holds its
// whole period: the newest replaces the others.
type azureRun struct {
	azurePlace
	format   string // empty where nothing tells yet
	month    period.Month
	asOf     time.Time
	files    []StoredFile
	manifest string // its key, empty where the run has none
	promises map[string]delivery.Promise
	promised delivery.Promise
	missing  bool // something that the manifest lists is not there
}

// add puts a file into the run.
func (r *azureRun) add(file StoredFile) {
	r.files = append(r.files, file)
	if file.ModTime.After(r.asOf) {
		r.asOf = file.ModTime
	}
}

// name is how people know the run.
func (r *azureRun) name() string {
	if r.manifest != "" {
		return r.manifest
	}
	return r.files[0].Key
}

// azureFormats are the layouts of the types of exports that hold costs.
var azureFormats = map[string]string{
	"actualcost": delivery.FormatAzureActual, "usage": delivery.FormatAzureActual,
	"amortizedcost": delivery.FormatAzureAmortized, "focuscost": delivery.FormatFOCUS,
}

// azureManifests turns each manifest of Azure into a run, and claims every file
// that one accounts for, also of exports that hold no costs.
func (s *search) azureManifests(ctx context.Context, claimed map[string]bool) error {
	for _, file := range s.files.all {
		folder := strings.TrimSuffix(file.Key, path.Base(file.Key)) // the name itself may begin with a _
		if !azure.IsManifest(file.Key) || claimed[file.Key] || hidden(folder) {
			continue
		}
		manifest, err := s.readAzureManifest(ctx, file)
		switch code, coded := fault.CodeOf(err); {
		case coded && code == fault.UnknownFormat:
			continue
		case coded && code.Class() == fault.ClassRefuse:
			claimed[file.Key] = true
			s.refuse(err)
			s.spoiled = append(s.spoiled, path.Dir(file.Key))
			continue
		case err != nil:
			return err
		}
		claimed[file.Key] = true
		s.azureManifest(file, manifest, claimed)
	}
	return nil
}

func (s *search) readAzureManifest(ctx context.Context, file StoredFile) (azure.Manifest, error) {
	body, err := s.files.store.Open(ctx, file.Key)
	if err != nil {
		return azure.Manifest{}, err
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, manifestBytes+1))
	if err != nil {
		return azure.Manifest{}, fmt.Errorf("read %s: %w", file.Key, err)
	}
	return azure.ParseManifest(file.Key, text)
}

// azureManifest makes a run of what one manifest lists.
func (s *search) azureManifest(file StoredFile, manifest azure.Manifest, claimed map[string]bool) {
	place := placeOf(file.Key)
	if place.run == "" {
		place.run = manifest.Run
	}
	run := &azureRun{
		azurePlace: place, format: azureFormats[strings.ToLower(manifest.Type)], month: place.month(),
		manifest: file.Key, promises: map[string]delivery.Promise{},
		promised: delivery.Promise{Rows: manifest.Rows},
	}
	for _, blob := range manifest.Blobs {
		located, found := awsmanifest.Locate(file.Key, blob.Key, s.exists)
		claimed[located] = claimed[located] || found
		switch {
		case run.format == "":
		case !found:
			s.result.Waiting = note(s.result.Waiting, file.Key+" lists "+blob.Key+", which is not there")
		case blob.Bytes != s.files.byKey[located].Bytes:
			s.result.Waiting = note(s.result.Waiting, fmt.Sprintf("%s has %d bytes, its manifest says %d",
				located, s.files.byKey[located].Bytes, blob.Bytes))
		default:
			run.add(s.files.byKey[located])
			run.promises[located] = delivery.Promise{Rows: blob.Rows, Bytes: blob.Bytes}
		}
	}
	run.missing = len(run.files) < len(manifest.Blobs)
	if run.asOf = manifest.Submitted; run.asOf.IsZero() {
		run.asOf = file.ModTime
	}
	switch {
	case run.format == "":
		s.skip(file.Key, "is of "+manifest.Type+", which is no cost export")
	case len(manifest.Blobs) == 0:
		s.skip(file.Key, "lists no files")
	default:
		s.azure = append(s.azure, run)
	}
}

// takeAzure puts a file that no manifest lists into its run, if it is of Azure:
// cost details wherever they lie, and FOCUS where Azure's folders show it.
func (s *search) takeAzure(file StoredFile, seen glimpse) bool {
	place := placeOf(file.Key)
	switch seen.format {
	case delivery.FormatAzureActual:
	case delivery.FormatFOCUS:
		if place.span == "" || place.to.Day() == 1 { // AWS names its folders to the first
			return false
		}
	default:
		return false
	}
	month := place.month()
	if place.span == "" {
		month = seen.month
	}
	at := slices.IndexFunc(s.azure, func(r *azureRun) bool {
		return r.manifest == "" && r.azurePlace == place && r.month == month
	})
	if at < 0 {
		run := &azureRun{azurePlace: place, month: month}
		if seen.format == delivery.FormatFOCUS {
			run.format = delivery.FormatFOCUS
		}
		at = len(s.azure)
		s.azure = append(s.azure, run)
	}
	s.azure[at].add(file)
	return true
}

// azurePlace is where a run lies: Azure writes
// <…>/<export>/<yyyymmdd-yyyymmdd>/<run>/<part> or, older, …/<export>_<run>.csv.
type azurePlace struct {
	export   string // its folder, and what of its name its run's files share
	span     string // the folder of the period; empty outside of Azure's folders
	run      string
	from, to time.Time // of the span, both included
}

// month is the month that the span covers or begins to cover; zero where it
// covers none or several.
func (p azurePlace) month() period.Month {
	if p.span == "" || period.MonthOf(p.from) != period.MonthOf(p.to) {
		return period.Month{}
	}
	return period.MonthOf(p.from)
}

// scope is what all runs of one export and period have in common: a span from
// the first of the month is that month, however far it goes.
func (r *azureRun) scope() string {
	if r.span != "" && (r.month.IsZero() || r.from.Day() != 1) {
		return r.export + " " + r.span
	}
	return r.export + " " + r.month.String()
}

// placeOf reads a path. Outside of Azure's folders, files whose names differ in
// numbers alone are parts of one run.
func placeOf(key string) azurePlace {
	elements := strings.Split(key, "/")
	base, _, _ := strings.Cut(elements[len(elements)-1], ".")
	stem, run := runOf(base)
	for i := len(elements) - 2; i >= 0; i-- {
		from, to, is := spanOf(elements[i])
		if !is {
			continue
		}
		place := azurePlace{
			export: strings.Join(elements[:i], "/"), span: elements[i], run: run, from: from, to: to,
		}
		if inner := elements[i+1 : len(elements)-1]; len(inner) > 0 {
			place.run = strings.Join(inner, "/")
		} else if run == "" && !azure.IsManifest(key) {
			place.run = stem
		}
		return place
	}
	return azurePlace{export: path.Dir(key) + " " + stem, run: run}
}

// spanOf reads 20261001-20261031.
func spanOf(element string) (from, to time.Time, is bool) {
	first, last, two := strings.Cut(element, "-")
	from, err := time.Parse("20060102", first)
	if !two || err != nil {
		return from, to, false
	}
	to, err = time.Parse("20060102", last)
	return from, to, err == nil && !to.Before(from)
}

// runOf splits a name into what all runs share and the run's own id; without an
// id it takes the numbers out.
func runOf(base string) (stem, run string) {
	const guid = len("00000000-0000-0000-0000-000000000000")
	for at := 0; at+guid <= len(base); at++ {
		if isGUID(base[at : at+guid]) {
			return strings.TrimRight(base[:at], "_- "), base[at : at+guid]
		}
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, base), ""
}

func isGUID(text string) bool {
	for i, c := range []byte(text) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}
