// Package delivery holds the words of what sources deliver: one whole export,
// its parts, and the states they pass through.
//
// It owns the shape of what is known about a delivery. It does not own how one
// is found (see activities) or kept (see db).
package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"magam/domain/charge"
	"magam/domain/period"
)

// The states of a delivery.
const (
	StateLoading    = "loading"    // known, not yet visible
	StateSealed     = "sealed"     // proved and published whole
	StateSuperseded = "superseded" // replaced by a newer one; its totals are kept
	StateRefused    = "refused"    // nothing of it is visible
	StateStopped    = "held"       // loaded, not visible: two people must let it through
	StateWithdrawn  = "withdrawn"  // taken out by a person; its totals and original files are kept
)

// The formats that are read, by the name that master data and flags use.
const (
	FormatAuto           = "auto"
	FormatCUR            = "cur"
	FormatCUR2           = "cur2"
	FormatFOCUS          = "focus"
	FormatAzureActual    = "azure-actual"
	FormatAzureAmortized = "azure-amortized"
	FormatGCP            = "gcp"
	FormatOCI            = "oci"
)

// Source is where exports come from, as the sources sheet has it.
type Source struct {
	Name           string
	Provider       string
	Format         string
	URL            string
	BillingAccount string
	Currency       string
	ClosePolicy    string
}

// Found is a whole export as it was found, before it is known to the books.
type Found struct {
	Source     string
	Format     string
	Scope      string // what a newer delivery of the source replaces
	Digest     string // over the contents: the same bytes are the same delivery
	DigestKind string // manifest or files
	Location   string // URL of the store its parts are in
	AsOf       time.Time
	Month      period.Month // of its manifest; zero where the rows tell
	Parts      []PartFile
	Promised   Promise // of the whole, by its manifest
	Again      bool    // also where a person took these very bytes out before
}

// PartFile is one file of an export.
type PartFile struct {
	Key      string
	Bytes    int64
	Digest   string  // sha256
	Promised Promise // of this file, by its manifest
}

// Promise is what a manifest says of an export or of one file, as far as it
// says anything: an export that does not keep it is never published.
type Promise struct {
	Rows   int64  // data rows; 0: it does not say
	Bytes  int64  // as stored; 0: it does not say
	SHA256 string // hex; empty: it does not say
}

// SeenFile is what is remembered of a file, to leave it unread while it stays.
type SeenFile struct {
	Key    string
	Mark   string // all that its store says of its version
	Digest string // sha256
}

// Is says whether a file that bears this mark is still the one remembered. One
// without a mark never is.
func (f SeenFile) Is(mark string) bool { return mark != "" && f.Mark == mark }

// DigestOf is a delivery's digest by those of its files. Names and order do not
// count: the same bytes anywhere are the same delivery.
func DigestOf(files []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(files)), "\n")))
	return hex.EncodeToString(sum[:])
}

// LastSealed is when a source's newest delivery was published.
type LastSealed struct {
	Source   string
	SealedAt time.Time
	AsOf     time.Time // when its data was made
}

// Registered is a delivery as the books know it.
type Registered struct {
	ID    int64
	State string
	Why   string // where it is held or was withdrawn
	Parts []RegisteredPart
}

// RegisteredPart is a part and whether its rows are in.
type RegisteredPart struct {
	ID     int64
	Key    string
	Bytes  int64
	Loaded bool
}

// PartWork is what loading a part needs to know.
type PartWork struct {
	DeliveryID int64
	State      string // of the delivery
	Source     string
	Format     string
	Month      period.Month
	Location   string
	Key        string
	Bytes      int64
	Digest     string
	Loaded     bool
	Result     PartResult // where it is loaded
}

// PartEnd is what is known of a part's bytes once all were read.
type PartEnd struct {
	Digest     string
	ArchiveKey string
}

// PartResult is what one part held.
type PartResult struct {
	Rows        int64
	Quarantined int64
}

// Sealed is how sealing ended.
type Sealed struct {
	ID         int64
	State      string
	Months     []string
	Totals     []charge.ControlTotal
	Superseded int64  // the older delivery that this one replaced, or 0
	Why        string // where it was held back
}
