package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/formats/azure"
)

// kindRowsMax is how many rows of a file are read to learn which kind of cost it
// holds. Loading reads them all and refuses a file that is of the other kind.
const kindRowsMax = 20_000

// azureRuns turns the newest run of each export and period into deliveries: one
// for each month of the source, of all its exports. So a source never holds two
// kinds of cost of one month, whichever export they come from.
func (s *search) azureRuns(ctx context.Context) error {
	var chosen []*azureRun
	for _, run := range s.newestRuns() {
		taken, err := s.takes(ctx, run)
		if err != nil {
			return err
		}
		if taken {
			chosen = append(chosen, run)
		}
	}
	doubled, err := s.doubled(ctx, chosen)
	if err != nil {
		return err
	}
	scopes := map[string][]*azureRun{}
	var order []string
	for _, run := range chosen {
		scope := "azure " + run.scope()
		if !run.month.IsZero() {
			scope = "azure " + run.month.String()
		}
		if scopes[scope] == nil {
			order = append(order, scope)
		}
		scopes[scope] = append(scopes[scope], run)
	}
	for _, scope := range order {
		runs := scopes[scope]
		if slices.ContainsFunc(runs, func(r *azureRun) bool { return r.missing || doubled[r] }) {
			continue // told; a month waits for all of its exports
		}
		if err := s.azureDelivery(ctx, scope, runs); err != nil {
			return err
		}
	}
	return nil
}

// newestRuns leaves out every run that a newer one of the same export and period
// replaced: they hold the same money.
func (s *search) newestRuns() []*azureRun {
	slices.SortStableFunc(s.azure, func(a, b *azureRun) int {
		return cmp.Or(strings.Compare(a.scope(), b.scope()), b.asOf.Compare(a.asOf),
			strings.Compare(b.run, a.run), strings.Compare(a.format, b.format))
	})
	var newest []*azureRun
	for _, run := range s.azure {
		if n := len(newest); n > 0 && newest[n-1].scope() == run.scope() {
			s.skip(run.name(), "is of an older run than "+newest[n-1].name())
			continue
		}
		newest = append(newest, run)
	}
	return newest
}

// takes decides the run's format and whether it was asked for. Where nothing
// tells actual from amortized costs, the run holds no commitment and both are
// the same figures.
func (s *search) takes(ctx context.Context, run *azureRun) (bool, error) {
	if !s.in.Month.IsZero() && !run.month.IsZero() && run.month != s.in.Month {
		s.skip(run.name(), "is for "+run.month.String())
		return false, nil
	}
	if run.format == "" && !run.missing {
		told, err := s.kindOf(ctx, run)
		if code, coded := fault.CodeOf(err); coded && code.Class() == fault.ClassRefuse {
			s.refuse(err)
			return false, nil
		}
		if err != nil {
			return false, err
		}
		run.format = told
	}
	asked := s.in.Format
	switch {
	case run.format == "" && (asked == delivery.FormatAzureActual || asked == delivery.FormatAzureAmortized):
		run.format = asked
	case run.format == "":
		run.format = delivery.FormatAzureActual
	}
	if asked != delivery.FormatAuto && asked != run.format {
		s.skip(run.name(), "is "+run.format+", not "+asked)
		return false, nil
	}
	return true, nil
}

// kindOf asks the rows which kind of cost they hold, then the export's name.
func (s *search) kindOf(ctx context.Context, run *azureRun) (string, error) {
	for _, file := range run.files {
		kind, err := s.kindOfFile(ctx, file.Key)
		if err != nil {
			return "", inFile(err, file.Key, "")
		}
		switch kind {
		case azure.KindActual:
			return delivery.FormatAzureActual, nil
		case azure.KindAmortized:
			return delivery.FormatAzureAmortized, nil
		}
	}
	switch named := strings.ToLower(run.name()); {
	case strings.Contains(named, "amortized") || strings.Contains(named, "amortised"):
		return delivery.FormatAzureAmortized, nil
	case strings.Contains(named, "actual"):
		return delivery.FormatAzureActual, nil
	default:
		return "", nil
	}
}

func (s *search) kindOfFile(ctx context.Context, key string) (azure.Kind, error) {
	rows, done, err := s.openRows(ctx, key, azure.Wants)
	if err != nil {
		return 0, err
	}
	defer done()
	activity.RecordHeartbeat(ctx, key)
	return azure.KindOf(rows, kindRowsMax)
}

// doubled finds runs that hold one cost twice, and says so: actual beside
// amortized or FOCUS costs of one month, and two exports with the same account
// on the same day. Which of them is meant, only the source's owner knows.
func (s *search) doubled(ctx context.Context, runs []*azureRun) (map[*azureRun]bool, error) {
	found := map[*azureRun]bool{}
	holders := map[string]*azureRun{}
	for i, run := range runs {
		rivals := slices.Clone(runs[:i])
		rivals = append(rivals, runs[i+1:]...)
		rivals = slices.DeleteFunc(rivals, func(r *azureRun) bool {
			return r.month != run.month && !r.month.IsZero() && !run.month.IsZero()
		})
		if len(rivals) == 0 {
			continue
		}
		if at := slices.IndexFunc(rivals, func(r *azureRun) bool { return r.format != run.format }); at >= 0 {
			if !found[run] {
				s.refuseDouble(run, rivals[at],
					"hold one month's costs as "+run.format+" and as "+rivals[at].format,
					"give the source the format to take, "+run.format+" or "+rivals[at].format)
			}
			found[run], found[rivals[at]] = true, true
			continue
		}
		if run.missing {
			continue
		}
		judged, err := s.judged(ctx, append(rivals, run))
		if err != nil {
			return nil, err
		}
		if judged {
			continue
		}
		other, account, err := s.claimDays(ctx, run, holders)
		if err != nil {
			return nil, err
		}
		if other != nil {
			s.refuseDouble(run, other, "both hold the costs of "+account,
				"keep one of them in this source; move the other to a folder of its own")
			found[run], found[other] = true, true
		}
	}
	return found, nil
}

// judged says that these runs became a delivery before, and so held no cost twice:
// none of their files has changed since, which their marks tell without reading.
func (s *search) judged(ctx context.Context, runs []*azureRun) (bool, error) {
	var files []StoredFile
	for _, run := range runs {
		files = append(files, run.files...)
	}
	known, err := s.recall(ctx, files)
	if err != nil {
		return false, err
	}
	digests := make([]string, len(files))
	for i, file := range files {
		seen := known[file.Key]
		if !seen.Is(file.mark()) {
			return false, nil
		}
		digests[i] = seen.Digest
	}
	return s.books.Knows(ctx, delivery.DigestOf(digests))
}

func (s *search) refuseDouble(a, b *azureRun, what, cure string) {
	s.refuse(&fault.Error{Code: fault.Input, What: a.name() + " and " + b.name() + " " + what, Cure: cure})
}

// claimDays reads a run for the accounts and days it has costs of, and returns
// the first other run that has one of them too.
func (s *search) claimDays(
	ctx context.Context, run *azureRun, holders map[string]*azureRun,
) (*azureRun, string, error) {
	for _, file := range run.files {
		other, account, err := s.claimDaysOf(ctx, run, file.Key, holders)
		if code, coded := fault.CodeOf(err); coded && code.Class() == fault.ClassRefuse {
			continue // loading refuses it, with its place
		}
		if err != nil || other != nil {
			return other, account, err
		}
	}
	return nil, "", nil
}

func (s *search) claimDaysOf(ctx context.Context, run *azureRun, key string,
	holders map[string]*azureRun,
) (*azureRun, string, error) {
	shape, err := layoutOf(run.format)
	if err != nil {
		return nil, "", err
	}
	rows, done, err := s.openRows(ctx, key, shape.wants)
	if err != nil {
		return nil, "", err
	}
	defer done()
	lines, err := shape.open(rows, 0)
	if err != nil {
		return nil, "", err
	}
	beat := time.Now()
	for {
		line, _, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil, "", nil
		}
		if err != nil {
			return nil, "", err
		}
		if time.Since(beat) > time.Second {
			beat = time.Now()
			activity.RecordHeartbeat(ctx, key)
		}
		if line == nil || len(line.SubAccountID) == 0 { // what no account bought is no account's twice
			continue
		}
		day := line.Start.Format(time.DateOnly)
		account := fmt.Sprintf("%s %s %s", line.BillingAccountID, line.SubAccountID, day)
		switch holders[account] {
		case run:
		case nil:
			holders[account] = run
		default:
			return holders[account], string(line.SubAccountID) + " on " + day, nil
		}
	}
}

// azureDelivery makes one delivery of the runs of a scope, held to what their
// manifests promise.
func (s *search) azureDelivery(ctx context.Context, scope string, runs []*azureRun) error {
	found := delivery.Found{
		Source: s.source.Name, Format: runs[0].format, Scope: scope, DigestKind: "manifest",
		Location: s.source.URL,
	}
	var files []StoredFile
	promises := map[string]delivery.Promise{}
	for _, run := range runs {
		if run.span != "" {
			found.Month = run.month
		}
		if run.manifest == "" {
			found.DigestKind = "files"
		}
		for key, promise := range run.promises {
			promises[key] = promise
		}
		if run.asOf.After(found.AsOf) {
			found.AsOf = run.asOf
		}
		found.Promised.Rows += run.promised.Rows
		files = append(files, run.files...)
	}
	if found.DigestKind != "manifest" {
		found.Promised = delivery.Promise{} // not every part has one
	}
	asOf := found.AsOf
	if err := s.complete(ctx, &found, files, promises); err != nil {
		return err
	}
	s.found[len(s.found)-1].AsOf = asOf
	return nil
}
