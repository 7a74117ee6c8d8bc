package awsmanifest

import (
	"fmt"
	"strings"
	"time"

	"magam/domain/fault"
	"magam/domain/period"
)

// partitionName is how Data Exports call the folder of a month.
const partitionName = "BILLING_PERIOD="

// monthOf is the billing period that a manifest is of: what it says, else the
// folder it lies in, else those of its parts. They must not contradict each other.
func monthOf(file string, doc document, keys []string) (period.Month, error) {
	var month period.Month
	if start := doc.BillingPeriod.Start; start != "" || len(doc.DataFiles) == 0 {
		said, err := billingMonth(start)
		if err != nil {
			return month, refuse(fault.Schema, file, "the manifest's billing period is unreadable", err)
		}
		month = said
	}
	for _, one := range append([]string{file}, keys...) {
		of, found := PartitionOf(one)
		switch {
		case !found:
		case month.IsZero():
			month = of
		case of != month:
			return month, refuse(fault.Schema, file,
				fmt.Sprintf("the manifest is of %s, yet %s of %s", month, fault.Excerpt(one), of), nil)
		}
	}
	if month.IsZero() {
		return month, refuse(fault.Schema, file,
			"neither the manifest nor its folder names the billing period", nil)
	}
	return month, nil
}

// PartitionOf reads the month out of a path with a folder BILLING_PERIOD=2026-10.
func PartitionOf(key string) (period.Month, bool) {
	for element := range strings.SplitSeq(key, "/") {
		text, is := strings.CutPrefix(element, partitionName)
		if !is {
			continue
		}
		if month, err := period.ParseMonth(text); err == nil {
			return month, true
		}
	}
	return period.Month{}, false
}

// billingMonth reads 20240101T000000.000Z; some tools write the day alone.
func billingMonth(start string) (period.Month, error) {
	if len(start) < 8 {
		return period.Month{}, fmt.Errorf("%q: %w", start, period.ErrMonth)
	}
	day := strings.ReplaceAll(start, "-", "")
	t, err := time.Parse("20060102", day[:min(8, len(day))])
	if err != nil {
		return period.Month{}, fmt.Errorf("%q: %w", start, period.ErrMonth)
	}
	return period.MonthOf(t), nil
}
