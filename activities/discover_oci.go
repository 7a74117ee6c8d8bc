package activities

import (
	"context"

	"magam/domain/delivery"
)

// ociReports makes a delivery of every cost report of Oracle. Nothing lists
// them: a report comes every six hours and is never a part of another, so a
// month grows by a delivery a report, and a report that is delivered again with
// other contents replaces only itself.
//
// A report written in the first hours of a month holds late rows of the month
// before, and rows stand in no order: the reports of both neighbours are read too.
func (s *search) ociReports(ctx context.Context) error {
	for _, one := range s.oci {
		file, month := one.file, one.seen.month
		if asked := s.in.Month; !asked.IsZero() && !month.IsZero() {
			if away := month.Sub(asked); away < -1 || away > 1 {
				s.skip(file.Key, "is for "+month.String())
				continue
			}
		}
		if s.in.Format != delivery.FormatAuto && s.in.Format != delivery.FormatOCI {
			s.skip(file.Key, "is "+delivery.FormatOCI+", not "+s.in.Format)
			continue
		}
		found := delivery.Found{
			Source: s.source.Name, Format: delivery.FormatOCI, Scope: "oci " + file.Key, DigestKind: "files",
			Location: s.source.URL,
		}
		if err := s.complete(ctx, &found, []StoredFile{file}); err != nil {
			return err
		}
	}
	return nil
}
