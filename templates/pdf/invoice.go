// Package pdf prints the invoice by product from a frozen snapshot alone.
//
// It owns the page: what stands where, in which size, what is carried over a
// page break. The same snapshot gives the same bytes years later: nothing here
// asks for the time, and fonts are cut to fixed tiers. It does not own amounts
// (see domain/invoice), words (see texts) or which characters exist (see fonts).
package pdf

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/consts/linestyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/phpdave11/gofpdf"

	"magam/domain/invoice"
	"magam/templates/fonts"
	"magam/templates/texts"
)

const (
	borderTop = border.Top
	solid     = linestyle.Solid

	digestShown = 12 // first characters of the digest, at the foot of each page
)

// document is one invoice on its way to paper.
type document struct {
	paper
	s        invoice.Snapshot
	words    *texts.Words
	digest   string
	products []product
}

// Invoice prints a snapshot. A snapshot without a number is a draft and is
// marked so. What cannot be printed exactly is refused: E_GLYPH for a character,
// E_TEMPLATE for a colour or a language, E_CONSERVATION where the printed
// figures, read back from the finished bytes, are not the snapshot's.
func Invoice(s invoice.Snapshot, digest string) ([]byte, error) {
	printed, err := lay(s, digest)
	if err != nil {
		return nil, fmt.Errorf("print %s: %w", name(s), err)
	}
	generated, err := printed.Generate()
	if err != nil {
		return nil, fmt.Errorf("print %s: %w", name(s), err)
	}
	err = Verify(generated.GetBytes(), s)
	if err != nil {
		return nil, fmt.Errorf("print %s: %w", name(s), err)
	}
	return generated.GetBytes(), nil
}

// name says which document an error is about.
func name(s invoice.Snapshot) string {
	return joined(" ", s.Number, s.Customer.Code, s.Month.String())
}

// lay sets the pages; nothing is drawn yet.
func lay(s invoice.Snapshot, digest string) (core.Maroto, error) {
	words, err := texts.For(s.Language)
	if err != nil {
		return nil, err
	}
	accent, err := parseAccent(s.Color)
	if err != nil {
		return nil, err
	}
	s, err = fit(s)
	if err != nil {
		return nil, err
	}
	d := &document{
		paper: paper{used: map[rune]struct{}{}, accent: accent},
		s:     s, words: words, digest: digest[:min(digestShown, len(digest))],
	}
	d.products, err = byProduct(s, words)
	if err != nil {
		return nil, err
	}
	filled, err := d.fill()
	if err != nil {
		return nil, err
	}

	var pages []core.Page
	for i, strips := range filled.pages {
		made := page.New()
		for _, s := range strips {
			made.Add(s.row)
		}
		made.Add(gap(capacity - height(strips...)).row)
		made.Add(d.foot(i+1, len(filled.pages)).row)
		pages = append(pages, made)
	}
	printer := d.printer()
	printer.AddPages(pages...)
	return printer, nil
}

// fill puts everything on pages, in the order in which it is read.
func (d *document) fill() (*flow, error) {
	f := newFlow(d.runningHead)
	f.put(d.title()...)
	f.put(d.parties()...)
	f.put(d.band()...)
	totals, err := d.totals()
	if err != nil {
		return nil, err
	}
	f.put(totals...)
	f.place(d.lines())
	for _, section := range []func() (table, error){d.credits, d.adjustments, d.savings} {
		made, err := section()
		if err != nil {
			return nil, err
		}
		if len(made.rows) > 0 {
			f.place(made)
		}
	}
	notes := d.notes()
	if height(notes...) > f.room() {
		f.turn()
	}
	f.put(notes...)
	return f, nil
}

// engine guards the PDF engine's defaults, which are the process's own: each
// document takes its modification date from them when it is begun.
var engine sync.Mutex

// printer is the document's. Its dates are the snapshot's, its title and keywords
// say whose it is: the mail's sender checks them before it sends.
func (d *document) printer() core.Maroto {
	issued := d.s.IssuedOn.Time
	if issued.IsZero() {
		issued = d.s.Month.LastDay()
	}
	return d.paper.printer(properties{
		issued: time.Date(issued.Year(), issued.Month(), issued.Day(), 0, 0, 0, 0, time.UTC),
		author: d.s.Issuer.Name, title: joined(" ", d.words.Title(d.s.Kind), d.s.Number, d.s.Customer.Name),
		subject: joined(" ", d.s.Customer.Name, d.s.Month.String()), keywords: texts.Marks(d.s),
	})
}

// properties are what a file says of itself.
type properties struct {
	issued                           time.Time
	author, title, subject, keywords string
}

// printer is a maroto document with the smallest fonts that print what is on the
// paper.
func (p *paper) printer(of properties) core.Maroto {
	cut := tierFor(p.used)
	settings := config.NewBuilder().
		WithLeftMargin(margin).WithTopMargin(margin).WithRightMargin(margin).WithBottomMargin(margin).
		WithCustomFonts([]*entity.CustomFont{
			{Family: fonts.Family, Style: fontstyle.Normal, Bytes: cut.regular()},
			{Family: fonts.Family, Style: fontstyle.Bold, Bytes: cut.bold()},
		}).
		WithDefaultFont(&props.Font{Family: fonts.Family, Size: sizeText, Color: &black}).
		WithCompression(true).
		WithCreationDate(of.issued).
		WithAuthor(of.author, true).
		WithCreator("magam", true).
		WithTitle(of.title, true).
		WithSubject(of.subject, true).
		WithKeywords(of.keywords, true).
		Build()

	engine.Lock()
	defer engine.Unlock()
	gofpdf.SetDefaultCatalogSort(true)
	gofpdf.SetDefaultModificationDate(of.issued)
	return maroto.New(settings)
}

func (d *document) draft() bool { return d.s.Number == "" }

// number is the invoice's, or the word for a draft.
func (d *document) number() string {
	if d.draft() {
		return d.words.Draft
	}
	return d.s.Number
}

func pageText(form string, page, pages int) string {
	return strings.TrimSpace(fmt.Sprintf(form, page, pages))
}
