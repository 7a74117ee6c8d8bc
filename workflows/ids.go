// Package workflows holds the judgement of the house over time: what happens in
// which order, what is waited for, who decides.
//
// A workflow decides, an activity does, the domain knows. Inputs are small JSON
// that a person can type; `{}` is always legal. Ids are sentences.
package workflows

import (
	"fmt"
	"strconv"

	"magam/domain/period"
)

// CloseMonthID is the sentence that names a month's close.
func CloseMonthID(month period.Month) string { return "close/" + month.String() }

// CloseBatchID names one batch of customers of a close.
func CloseBatchID(month period.Month, round, batch int) string {
	return fmt.Sprintf("close/%s/batch-%d-%d", month, round, batch)
}

// CloseCustomerID names one customer's close.
func CloseCustomerID(month period.Month, customer string) string {
	return "close/" + month.String() + "/" + customer
}

// IngestExportID names the ingest of a source and, where one is asked for, a month.
func IngestExportID(source string, month period.Month) string {
	if month.IsZero() {
		return "ingest/" + source
	}
	return "ingest/" + source + "/" + month.String()
}

// CheckSourcesID names the check of a source or place; empty is all of them, after
// the one that a page ended with.
func CheckSourcesID(source, after string) string {
	switch {
	case source != "":
		return "check/" + source
	case after != "":
		return "check/after/" + after
	default:
		return "check"
	}
}

// ApplyTagsID names the tagging of a month.
func ApplyTagsID(month period.Month) string { return "tags/" + month.String() }

// ReconcileCreditsID names the reconciling of a month's credits.
func ReconcileCreditsID(month period.Month) string { return "credits/" + month.String() }

// ShareCostsID names the sharing of a month's costs.
func ShareCostsID(month period.Month) string { return "shares/" + month.String() }

// ReportMonthID names the report of a month to finance.
func ReportMonthID(month period.Month) string { return "report/" + month.String() }

// RenderDocumentsID names the rendering of a finalized document.
func RenderDocumentsID(number string) string { return "render/" + number }

// DeliverInvoiceID names one mail by the document's number and the recipient's
// ordinal: never by an address.
func DeliverInvoiceID(number string, ordinal int) string {
	return "deliver/" + number + "/" + strconv.Itoa(ordinal)
}

// ImportMasterID names an import by the digest of what is imported.
func ImportMasterID(digest string) string { return "master/" + digest[:min(12, len(digest))] }

// CheckCommitmentsID names the check of a day.
func CheckCommitmentsID(day string) string { return "commitments/" + day }

// DecideDeliveryID names one person's word about a delivery.
func DecideDeliveryID(delivery int64, verdict, by string) string {
	return fmt.Sprintf("delivery/%d/%s/%s", delivery, verdict, by)
}

// WatchSourcesID names a look at the sources that somebody asked for.
const WatchSourcesID = "watch/now"

// ArchiveMonthID names the archiving of a closed month's rows.
func ArchiveMonthID(month period.Month) string { return "archive/" + month.String() }

// ExplainLineID names the reading back of one line's rows.
func ExplainLineID(document string, line int) string {
	return "explain/" + document + "/" + strconv.Itoa(line)
}
