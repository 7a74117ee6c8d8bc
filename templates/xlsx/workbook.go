// Package xlsx writes the detail workbook of a document from a frozen snapshot.
//
// It owns sheets, columns and how exact amounts become cells. It does not own
// amounts or how they are added up (see domain/invoice), nor words (see texts).
package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"magam/domain/invoice"
	"magam/templates/texts"
)

// book is a workbook on its way.
type book struct {
	file   *excelize.File
	s      invoice.Snapshot
	words  *texts.Words
	digest string
	look   look
	title  string
	marks  string            // for machines: whose it is and which
	names  map[string]string // account -> its name
	texts  bool              // some amount was written as text
	note   string            // the quiet line under each title, where it is not a document's own
}

// Workbook writes a snapshot's detail: the summary, the four views and the
// corrections. Before a byte goes to w the finished workbook is read back, and
// one whose figures are not the snapshot's is refused with E_CONSERVATION.
func Workbook(s invoice.Snapshot, digest string, w io.Writer) error {
	words, err := texts.For(s.Language)
	if err != nil {
		return err
	}
	b := &book{s: s, words: words, digest: digest, title: words.Title(s.Kind), marks: texts.Marks(s)}
	var made bytes.Buffer
	err = b.writeTo(&made, func() error {
		tables := append([]tableSheet{
			b.products(), b.accounts(), b.detail(), b.accountDetail(), b.corrections(),
		}, b.savings()...)
		return b.sheets(b.summary, tables...)
	})
	if err == nil {
		err = Verify(made.Bytes(), s)
	}
	if err != nil {
		return fmt.Errorf("write the workbook of %s %s %s: %w", s.Number, s.Customer.Code, s.Month, err)
	}
	_, err = w.Write(made.Bytes())
	return err
}

// writeTo makes a workbook of the sheets that fill writes.
func (b *book) writeTo(w io.Writer, fill func() error) (err error) {
	b.file, b.names = excelize.NewFile(), map[string]string{}
	defer func() {
		closed := b.file.Close()
		if err == nil {
			err = closed
		}
	}()
	for _, month := range b.s.Parts() {
		for _, line := range month.Lines {
			b.names[line.Account] = max(b.names[line.Account], line.AccountName)
		}
	}
	b.look, err = newLook(b.file, b.s.Language, b.s.Currency)
	if err != nil {
		return err
	}
	err = b.file.SetDefaultFont(fontFor(b.s.Language))
	if err != nil {
		return err
	}
	err = fill()
	if err != nil {
		return err
	}
	return b.finish(w)
}

// sheets makes all of a workbook: the tables first, since the summary, which
// stands before them, names their sums.
func (b *book) sheets(summary func() error, tables ...tableSheet) error {
	err := b.file.SetSheetName("Sheet1", b.words.SheetSummary)
	if err != nil {
		return err
	}
	for _, t := range tables {
		_, err = b.file.NewSheet(t.name)
		if err != nil {
			return err
		}
	}
	for _, t := range tables {
		err = b.write(t)
		if err != nil {
			return fmt.Errorf("sheet %s: %w", t.name, err)
		}
	}
	err = summary()
	if err != nil {
		return fmt.Errorf("sheet %s: %w", b.words.SheetSummary, err)
	}
	b.file.SetActiveSheet(0)
	return nil
}

// begin prepares a sheet for streaming: A4 landscape, as wide as one page, the
// given rows on every page, the document's marks at the foot.
func (b *book) begin(sheet, repeat string) (*excelize.StreamWriter, error) {
	fit, none, a4, one, landscape := true, false, 9, 1, "landscape"
	any := 0
	err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit})
	if err != nil {
		return nil, err
	}
	err = b.file.SetSheetView(sheet, 0, &excelize.ViewOptions{ShowGridLines: &none})
	if err != nil {
		return nil, err
	}
	err = b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{
		Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &any,
	})
	if err != nil {
		return nil, err
	}
	// In headers an ampersand begins a code; two of them are one.
	mark := strings.ReplaceAll(strings.Trim(b.number()+" · "+b.digest[:min(12, len(b.digest))], " ·"), "&",
		"&&")
	err = b.file.SetHeaderFooter(sheet,
		&excelize.HeaderFooterOptions{OddFooter: "&L&8" + " " + mark + "&R&8 &P / &N"})
	if err != nil {
		return nil, err
	}
	if repeat != "" {
		err = b.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", RefersTo: quoted(sheet) + "!" + repeat, Scope: sheet,
		})
		if err != nil {
			return nil, err
		}
	}
	return b.file.NewStreamWriter(sheet)
}

// finish sets dates and marks from the snapshot and writes the same bytes each time.
func (b *book) finish(w io.Writer) error {
	issued := b.s.IssuedOn.Time
	if issued.IsZero() {
		issued = b.s.Month.LastDay()
	}
	at := issued.UTC().Format(time.RFC3339)
	err := b.file.SetDocProps(&excelize.DocProperties{
		Title:          strings.Join([]string{b.title, b.number(), b.s.Customer.Name}, " "),
		Subject:        b.s.Customer.Name + " " + b.s.Month.String(),
		Keywords:       b.marks,
		Creator:        b.s.Issuer.Name,
		LastModifiedBy: b.s.Issuer.Name,
		Created:        at,
		Modified:       at,
		Language:       b.s.Language,
	})
	if err != nil {
		return err
	}
	defaults := b.file.ContentTypes.Defaults
	sort.Slice(defaults, func(i, j int) bool { return defaults[i].Extension < defaults[j].Extension })
	return b.file.SetZipWriter(newSpool).Write(w)
}

// about is the quiet line under each title.
func (b *book) about() string {
	if b.note != "" {
		return b.note
	}
	state := b.words.Final
	if b.s.Provisional {
		state = b.words.Provisional
	}
	return strings.Join([]string{
		b.number(), b.s.Issuer.Name, texts.ProviderText(b.s.Provider),
		b.words.DataAsOf + " " + b.words.DateText(b.s.DataAsOf) + " (" + state + ")",
	}, " · ")
}

func (b *book) number() string {
	if b.s.Number == "" {
		return b.words.Draft
	}
	return b.s.Number
}

func quoted(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// oneSource says whether a source column can be summed: it holds one currency.
func (b *book) oneSource() bool { return len(b.s.SourceCurrencies()) <= 1 }

func (b *book) amountCaption() string { return fmt.Sprintf("%s (%s)", b.words.Amount, b.s.Currency) }

func named(name, code string) string {
	if name == "" {
		return code
	}
	return name
}
