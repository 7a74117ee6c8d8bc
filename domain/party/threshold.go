package party

// The words of the thresholds sheet. What each means, and its value where the
// sheet says nothing, stands in master; what is done about it, in invoice.
const (
	ThresholdJump       = "jump"        // times the median of the last three months' totals
	ThresholdJumpFloor  = "jump-floor"  // no jump is asked up to this total
	ThresholdTotalAbove = "total-above" // in the document's currency
	ThresholdTotalBelow = "total-below" // in the document's currency
	ThresholdLines      = "lines"       // source rows: parks, since a document of so many cannot be read
)
