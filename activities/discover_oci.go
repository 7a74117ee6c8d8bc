package activities

import (
	"context"
	"slices"
	"strings"

	"magam/domain/delivery"
	"magam/domain/fault"
)

// takeOCI puts a cost report of Oracle aside, its own or FOCUS's, which names
// columns of Oracle's.
func (s *search) takeOCI(file StoredFile, seen glimpse) bool {
	ours := seen.format == delivery.FormatOCI ||
		seen.format == delivery.FormatFOCUS && slices.ContainsFunc(seen.header, func(column string) bool {
			return strings.HasPrefix(column, "oci_")
		})
	if ours {
		s.oci = append(s.oci, glanced{file, seen})
	}
	return ours
}

// ociReports makes a delivery of every cost report of Oracle. Nothing lists
// them: a report comes every six hours and is never a part of another, so a
// month grows by a delivery a report, and a report that is delivered again with
// other contents replaces only itself.
//
// A report written in the first hours of a month holds late rows of the month
// before, and rows stand in no order: the reports of both neighbours are read too.
func (s *search) ociReports(ctx context.Context) error {
	var reports []glanced
	for _, one := range s.oci {
		if asked := s.in.Month; !asked.IsZero() && !one.seen.month.IsZero() {
			if away := one.seen.month.Sub(asked); away < -1 || away > 1 {
				s.skip(one.file.Key, "is for "+one.seen.month.String())
				continue
			}
		}
		if s.in.Format != delivery.FormatAuto && s.in.Format != one.seen.format {
			s.skip(one.file.Key, "is "+one.seen.format+", not "+s.in.Format)
			continue
		}
		reports = append(reports, one)
	}
	if s.bothWays(reports) {
		return nil
	}
	for _, one := range reports {
		found := delivery.Found{
			Source: s.source.Name, Format: one.seen.format, Scope: "oci " + one.file.Key, DigestKind: "files",
			Location: s.source.URL,
		}
		if err := s.complete(ctx, &found, []StoredFile{one.file}, nil); err != nil {
			return err
		}
	}
	return nil
}

// bothWays refuses the reports of a source that holds a month in Oracle's own
// format and in FOCUS: Oracle writes both, side by side, and they are one cost.
func (s *search) bothWays(reports []glanced) bool {
	first := map[string]glanced{}
	for _, one := range reports {
		month := one.seen.month.String()
		other, there := first[month]
		if !there {
			first[month] = one
			continue
		}
		if other.seen.format != one.seen.format {
			s.refuse(&fault.Error{
				Code: fault.Input,
				What: other.file.Key + " and " + one.file.Key + " hold " + month + " as " + other.seen.format +
					" and as " + one.seen.format,
				Cure: "give the source the format to take, " + delivery.FormatOCI + " or " + delivery.FormatFOCUS,
			})
			return true
		}
	}
	return false
}
