// Package charge holds the FOCUS-shaped row that every provider's format becomes.
//
// It owns the meaning of the columns, the categories and classes, and what a
// row must satisfy to be booked. It does not own how a format is read (see
// formats/…) nor how rows are stored (see db).
package charge

import "time"

// Line is one row of cost and usage data on its way from a file to the store.
//
// The hot path carries text: every field that is a []byte is a view into the
// reader's buffer and is valid only until the reader's next row. Amounts are
// text in the grammar of money.Check, already checked; empty means the
// provider gave none.
type Line struct {
	// Row of the part, from 1, the header not counted. Lines made of one row share
	// it, and differ in what they are: Google bills a cost and its credits in one.
	Row int64

	// The bill: who invoices, in which currency, for which billing period.
	Provider         []byte // aws, azure, gcp, oci, or the FOCUS ProviderName in lower case
	ProviderName     []byte // as the export spells it
	BillingAccountID []byte // AWS payer, Azure or GCP billing account
	InvoiceID        []byte // blank until the provider's bill is final
	InvoiceIssuer    []byte // the invoicing entity, e.g. Amazon Web Services Korea LLC
	BillingEntity    []byte // AWS or AWS Marketplace; FOCUS PublisherName
	Currency         []byte // ISO 4217 of all the row's costs
	BillingMonth     Month  // the billing period the provider bills the row in

	// The account that spends.
	SubAccountID   []byte
	SubAccountName []byte

	// The item: what was bought, at what kind of price.
	Category        Category
	Class           Class
	LineType        []byte // the provider's own word, e.g. SavingsPlanCoveredUsage
	ServiceCode     []byte // e.g. AmazonEC2; the name, where the provider has no codes
	ServiceName     []byte // e.g. Amazon Elastic Compute Cloud
	UsageType       []byte // AWS usage type, Azure meter, GCP SKU name
	Operation       []byte
	Region          []byte
	SkuID           []byte
	SkuPriceID      []byte
	Unit            []byte // of Quantity
	PricingCategory []byte // Standard, Committed, Dynamic, Other
	TaxType         []byte
	Description     []byte

	// Dictionaries of their own, since they vary independently.
	ResourceID   []byte
	Tags         []byte // canonical JSON object of strings, keys sorted; empty for none
	CommitmentID []byte // ARN or id of the RI, Savings Plan or CUD

	// When the charge is effective: start included, end excluded, UTC.
	Start, End time.Time

	// Amounts as validated text, in Currency; Quantity in Unit.
	Quantity   []byte
	Billed     []byte
	Effective  []byte
	List       []byte
	Contracted []byte
}

// Month is a billing period packed for the hot path: year*12 + month-1.
type Month int32
