package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

// document is one row of the books beside its bytes.
type document struct {
	id                                int64
	number, customer, provider, state string
	bytes                             []byte
	digest                            string
	supply, tax, afterTax, total      string
	currency                          string
	mails, messages, numberedMails    int
	numberedDigest, oddDocuments      string
	assigned                          []string
	draft                             []byte
	draftDigest, numberedDraft        string
	issuer, kind, sources             string
	revision                          int
}

func (d document) name() string {
	if d.number != "" {
		return d.number
	}
	return d.customer + " " + d.provider + " (" + d.state + ")"
}

// snapshot is as much of a frozen document as its sums need, read apart from
// the program's own types.
type snapshot struct {
	Deferred                     bool
	Months                       []snapshot // of a quarter's document
	Number                       string
	Currency                     string
	Supply, Tax, AfterTax, Total json.Number
	Issuer, Customer             struct{ Code string }
	Provider, Month, Kind        string
	TaxName, TaxRounding         string
	Revision                     int
	Rounding                     struct {
		Point, Mode string
		Unit        json.Number
	}
	Sources []struct {
		Currency               string
		Billed, Net, Converted json.Number
		Rate                   json.Number
		Per                    int
		RateOn                 string
		RateType, RateRule     string
	}
	Credits []struct {
		ID, Currency    string
		Used, Remaining json.Number
	}
	Adjustments []struct {
		ID, Stage, Currency string
		Amount              json.Number
	}
	Fees []struct {
		ID, Account, Currency string
		Base, Rate, Amount    json.Number
		CarriedIn, CarriedOut json.Number
	}
	Lines []struct {
		Position    int
		Account     string
		Service     string
		UsageType   string
		Unit        string
		Quantity    json.Number
		Source      string
		TaxCategory string
		Billed      json.Number
		Net, Amount json.Number
		Steps       []struct {
			Name, Rule, Currency string
			Delta, After         json.Number
		}
	}
	Taxes []struct {
		Category  string
		Rate      json.Number
		Base, Tax json.Number
	}
}

// decided says whether a document is an invoice that never changes any more, so
// that it can be worked out anew.
func (d document) decided() bool { return d.settled() && d.kind == "invoice" }

// settled says that it never changes any more: it has a number, or its quarter's
// document bills it.
func (d document) settled() bool { return d.state == "final" || d.state == "deferred" }

// frozen is the document that the bytes hold; false where there is none, or where
// they cannot be read, which is a finding of documents.
func (d document) frozen() (snapshot, bool) {
	var s snapshot
	readable := len(d.bytes) > 0 && json.Unmarshal(d.bytes, &s) == nil
	return s, readable
}

func (in *inspection) readDocuments(ctx context.Context) error {
	var d document
	return in.query(ctx, "documents", []any{
		&d.id,
		&d.number,
		&d.customer,
		&d.provider,
		&d.state,
		&d.bytes,
		&d.digest,
		&d.supply,
		&d.tax,
		&d.afterTax,
		&d.total,
		&d.currency,
		&d.mails,
		&d.messages,
		&d.numberedMails,
		&d.numberedDigest,
		&d.oddDocuments,
		&d.assigned,
		&d.draft,
		&d.draftDigest,
		&d.numberedDraft,
		&d.issuer,
		&d.kind,
		&d.revision,
		&d.sources,
	}, func() error {
		kept := d
		kept.bytes, kept.draft = append([]byte{}, d.bytes...), append([]byte{}, d.draft...)
		kept.assigned = append([]string{}, d.assigned...)
		in.documents = append(in.documents, kept)
		return nil
	}, in.month)
}

func checkDocuments(_ context.Context, in *inspection) (int, error) {
	looked := 0
	for _, d := range in.documents {
		if len(d.bytes) == 0 { // parked before it was drafted
			in.checkEmpty(d)
			continue
		}
		looked++
		if found := digestOf(d.bytes); found != d.digest {
			in.find(d.name()+" digest", d.digest, found)
		}
		if d.settled() && d.numberedDigest != d.digest {
			in.find(d.name()+" digest in the audit log", d.digest, d.numberedDigest)
		}
		if found := digestOf(d.draft); len(d.draft) > 0 && found != d.draftDigest {
			in.find(d.name()+" digest of the draft", d.draftDigest, found)
		}
		if d.state == "final" && d.numberedDraft != d.draftDigest {
			in.find(d.name()+" digest of the draft in the audit log", d.numberedDraft, d.draftDigest)
		}
		if d.oddDocuments != "" {
			in.find(d.name()+" rendered files", "sha256 of each", d.oddDocuments)
		}
		var s snapshot
		err := json.Unmarshal(d.bytes, &s)
		if err != nil {
			in.find(d.name()+" snapshot", "JSON", err.Error())
			continue
		}
		in.checkHead(d, s)
		if len(s.Months) > 0 {
			in.checkQuarter(d, s)
			continue
		}
		in.checkLines(d, s)
		in.checkTaxes(d, s)
		in.checkRounding(d, s)
	}
	return looked, nil
}

func digestOf(bytes []byte) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

// checkEmpty looks at a document that nobody has drafted yet.
func (in *inspection) checkEmpty(d document) {
	for _, amount := range []string{d.supply, d.tax, d.afterTax, d.total} {
		in.differ(d.name()+" amounts before it is drafted", new(big.Rat), in.amount(d.name(), amount))
	}
	if d.state != "parked" || d.revision != 0 || d.sources != "" || d.digest != "" || d.draftDigest != "" {
		in.find(d.name(), "parked, revision 0 and nothing else",
			fmt.Sprintf("%s, revision %d %s %s", d.state, d.revision, d.sources, d.digest))
	}
}

// checkHead compares the row with the bytes, and the totals with their parts.
func (in *inspection) checkHead(d document, s snapshot) {
	name := d.name()
	if s.Number != d.number {
		in.find(name+" number in the snapshot", d.number, s.Number)
	}
	for _, pair := range [][3]string{
		{"currency", s.Currency, d.currency},
		{"issuer", s.Issuer.Code, d.issuer},
		{"customer", s.Customer.Code, d.customer},
		{"provider", s.Provider, d.provider},
		{"month", s.Month, in.month},
		{"kind", s.Kind, d.kind},
		{"revision", fmt.Sprint(s.Revision), fmt.Sprint(d.revision)},
		{"source totals", in.sourceTotals(name, s), d.sources},
	} {
		if pair[1] != pair[2] {
			in.find(name+" "+pair[0], pair[1], pair[2])
		}
	}
	for _, pair := range []struct{ what, row, frozen string }{
		{"supply", d.supply, s.Supply.String()},
		{"tax", d.tax, s.Tax.String()},
		{"after tax", d.afterTax, s.AfterTax.String()},
		{"total", d.total, s.Total.String()},
	} {
		in.differ(name+" "+pair.what+" of the row", in.amount(name, pair.frozen), in.amount(name, pair.row))
	}
	parts := plus(plus(in.amount(name, s.Supply.String()), in.amount(name, s.Tax.String())),
		in.amount(name, s.AfterTax.String()))
	in.differ(name+" total = supply + tax + after tax", parts, in.amount(name, s.Total.String()))
}

// sourceTotals spells what each source billed as the books' row does.
func (in *inspection) sourceTotals(name string, s snapshot) string {
	billed := sums[string]{}
	for _, month := range s.months() {
		for _, source := range month.Sources {
			billed.add(source.Currency, in.amount(name, source.Billed.String()))
		}
	}
	var totals []string
	for _, currency := range sorted(billed) {
		totals = append(totals, currency+" "+text(billed.at(currency)))
	}
	return strings.Join(totals, ", ")
}

// checkLines walks every line's chain from the provider's cost to the supply value.
func (in *inspection) checkLines(d document, s snapshot) {
	name := d.name()
	supply, first := new(big.Rat), sums[string]{}
	billed, net := sums[string]{}, sums[string]{}
	for _, line := range s.Lines {
		subject := fmt.Sprintf("%s line %d", name, line.Position)
		if len(line.Steps) == 0 || line.Steps[0].Name != "billed" {
			in.find(subject, "a chain that begins with billed", "none")
			continue
		}
		cost := in.amount(subject, line.Steps[0].Delta.String())
		in.differ(subject+" billed", cost, in.amount(subject, line.Billed.String()))
		running := new(big.Rat)
		for _, step := range line.Steps {
			if step.Name == "currency" {
				running = new(big.Rat)
			}
			running = plus(running, in.amount(subject, step.Delta.String()))
			if step.Name == "billed" || step.Name == "benefit" || step.Name == "shared" {
				first.add(line.Source, in.amount(subject, step.Delta.String()))
			}
			in.differ(subject+" after "+step.Name, running, in.amount(subject, step.After.String()))
		}
		amount := in.amount(subject, line.Amount.String())
		in.differ(subject+" amount", running, amount)
		supply = plus(supply, amount)
		billed.add(line.Source, cost)
		net.add(line.Source, in.amount(subject, line.Net.String()))
	}
	in.differ(name+" supply = its lines", supply, in.amount(name, s.Supply.String()))
	for _, source := range s.Sources {
		in.differ(name+" "+source.Currency+" billed = its lines", billed.at(source.Currency),
			in.amount(name, source.Billed.String()))
		in.differ(name+" "+source.Currency+" net = its lines", net.at(source.Currency),
			in.amount(name, source.Net.String()))
	}
	if d.state == "parked" || s.Month != in.month { // a parked customer's share is all that its accounts hold
		return
	}
	for _, share := range d.assigned {
		currency, amount, _ := strings.Cut(share, " ")
		first.add(currency, new(big.Rat).Neg(in.amount(name, amount)))
	}
	for _, currency := range sorted(first) {
		in.differ(name+" billed, benefit and shared steps = what it took of the bill in "+currency,
			new(big.Rat), first.at(currency))
	}
}
