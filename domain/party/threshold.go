package party

// The words of the thresholds sheet. What each means, and its value where the
// sheet says nothing, stands in master; what is done about it, in invoice.
const (
	ThresholdJump          = "jump"                // times the median of the last three months' totals
	ThresholdJumpFloor     = "jump-floor"          // no jump is asked up to this total
	ThresholdTotalAbove    = "total-above"         // in the document's currency
	ThresholdTotalBelow    = "total-below"         // in the document's currency
	ThresholdDelivery      = "delivery-jump"       // percent that a delivered total may be off what was expected
	ThresholdDeliveryFloor = "delivery-jump-floor" // a smaller difference is none, in the source's currency
	ThresholdLines         = "lines"               // source rows: parks, since a document of so many cannot be read
)
