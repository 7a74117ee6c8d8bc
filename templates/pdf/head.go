package pdf

import (
	"strings"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"

	"magam/domain/invoice"
	"magam/templates/fonts"
	"magam/templates/texts"
)

const (
	titleHeight = 12.0
	rowHeight   = 5.2
	bandHeight  = 20.0
	bandInset   = 4.0
	half        = grid / 2
	gutter      = 8.0 // between the two halves of the page
)

// title is the document's name over the accent rule, and its particulars.
func (d *document) title() []strip {
	name := d.words.Title(d.s.Kind)
	baseline := titleHeight - 3.4
	issuer := wrap(d.s.Issuer.Name, style{size: sizeFigure, bold: true}, half*column-gutter, 1)
	strips := []strip{
		line(
			titleHeight,
			nil,
			col.New(half).
				Add(d.piece(strings.Join(issuer, ""), style{size: sizeFigure, bold: true}, 0, 0, baseline)),
			col.New(half).
				Add(d.piece(name, style{size: sizeTitle, bold: true, right: true}, 0, 0, baseline)),
		),
		filled(0.9, d.accent),
		gap(3),
	}
	if d.draft() {
		strips = append(strips, line(6, nil,
			col.New(grid).Add(d.piece(d.words.DraftNotice, strong, 0, 0, middle(6, sizeText)))), gap(1))
	}
	return append(strips, d.particulars()...)
}

// particulars name the recipient at the left, and at the right number and dates.
func (d *document) particulars() []strip {
	type pair struct{ label, value string }
	pairs := []pair{
		{d.words.Number, d.number()},
		{d.words.IssuedOn, d.words.DateText(d.s.IssuedOn)},
		{d.words.BillingPeriod, d.words.SpanText(d.s)},
		{d.words.DueOn, d.words.DateText(d.s.DueOn)},
	}
	if d.s.Corrects != "" {
		pairs = append(pairs, pair{d.words.Corrects, d.s.Corrects})
	}
	head := style{size: sizeFigure, bold: true}
	addressed := strings.TrimSpace(d.s.Customer.Name + " " + d.words.Honorific)
	left := wrap(addressed, head, 7*column-gutter, 2)
	var strips []strip
	for i, p := range pairs {
		baseline := middle(rowHeight, sizeText)
		first := col.New(7)
		switch {
		case i < len(left):
			first.Add(d.piece(left[i], head, 0, 0, baseline))
		case i == len(left):
			first.Add(
				d.piece(texts.ProviderText(d.s.Provider)+" · "+d.words.MonthsText(d.s), quiet, 0, 0,
					baseline),
			)
		}
		strips = append(strips, line(rowHeight, nil, first, col.New(5).Add(
			d.piece(p.label, quiet, 0, 0, baseline),
			d.piece(p.value, plain.toRight(), 0, 0, baseline))))
	}
	return append(strips, gap(4))
}

// parties sets supplier and recipient side by side, each row on one line.
func (d *document) parties() []strip {
	const labelWidth = 25.0
	valueWidth := half*column - labelWidth - gutter
	strips := []strip{line(6, ruled(ruleBlack, 0.2),
		col.New(half).Add(d.piece(d.words.Supplier, strong, 0, 0, middle(6, sizeText))),
		col.New(half).Add(d.piece(d.words.Recipient, strong, 0, 0, middle(6, sizeText)))), gap(1)}
	rows := []struct {
		label string
		value func(invoice.Party) string
	}{
		{d.words.BusinessNumber, texts.BusinessNumber},
		{d.words.TNumber, d.qualifiedNumber},
		{d.words.PartyName, func(p invoice.Party) string { return p.Name }},
		{d.words.Representative, func(p invoice.Party) string { return p.Representative }},
		{
			d.words.Business,
			func(p invoice.Party) string { return joined(" / ", p.BusinessType, p.BusinessItem) },
		},
		{d.words.Address, func(p invoice.Party) string { return p.Address }},
	}
	for _, r := range rows {
		left := wrap(r.value(d.s.Issuer), plain, valueWidth, 2)
		right := wrap(r.value(d.s.Customer), plain, valueWidth, 2)
		if len(left) == 0 && len(right) == 0 {
			continue
		}
		side := func(lines []string) core.Col {
			made := col.New(half)
			if len(lines) > 0 {
				made.Add(d.piece(r.label, quiet, 0, 0, middle(rowHeight, sizeText)))
			}
			for i, text := range lines {
				made.Add(d.piece(text, plain, labelWidth, 0, middle(rowHeight, sizeText)+float64(i)*leading))
			}
			return made
		}
		more := float64(max(len(left), len(right), 1)-1) * leading
		strips = append(strips, line(rowHeight+more, nil, side(left), side(right)))
	}
	return append(strips, gap(4))
}

// qualifiedNumber is a party's T-number where it means something: on a document
// to Japan or under its tax.
func (d *document) qualifiedNumber(p invoice.Party) string {
	if d.s.TaxName != "jp-ct" && d.s.Customer.Country != "JP" {
		return ""
	}
	return p.TNumber
}

// band is what is owed, large, with the day and the account beside it.
func (d *document) band() []strip {
	ground := tint(d.accent)
	figure := style{size: sizeFigure, bold: true}
	terms := col.New(half)
	if d.s.Total.IsPositive() {
		// The label column is as wide as its longer caption, so that values align.
		value := bandInset + 4 + max(fonts.Width(d.words.DueOn, false, sizeText),
			fonts.Width(d.words.Bank, false, sizeText))
		terms.Add(
			d.piece(d.words.DueOn, quiet, bandInset, 0, 7.6),
			d.piece(d.words.DateText(d.s.DueOn), figure, value, 0, 7.6))
		if d.s.Bank != "" {
			bank := wrap(d.s.Bank, plain, half*column-value, 2)
			terms.Add(d.piece(d.words.Bank, quiet, bandInset, 0, 13.2))
			for i, text := range bank {
				terms.Add(d.piece(text, plain, value, 0, 13.2+float64(i)*leading))
			}
		}
	} else {
		terms.Add(d.piece(d.words.NothingOwed, figure, bandInset, 0, 7.6))
	}
	owed := col.New(half).Add(
		d.piece(d.words.AmountDue+" ("+d.words.TaxIncluded+")", quiet.toRight(), 0, bandInset, 7.0),
		d.piece(withSymbol(d.s.Total, d.s.Currency), style{size: sizeTitle, bold: true, right: true}, 0,
			bandInset, 15.8),
	)
	return []strip{
		filled(0.5, d.accent),
		line(bandHeight, &props.Cell{BackgroundColor: &ground}, terms, owed),
		gap(4.5),
	}
}

// runningHead stands over every page but the first.
func (d *document) runningHead() []strip {
	name := wrap(d.s.Customer.Name, plain, 8*column-gutter, 1)
	return []strip{
		line(
			7,
			ruled(ruleGrey, 0.2),
			col.New(8).
				Add(d.piece(joined(" · ", d.words.Title(d.s.Kind), strings.Join(name, "")), quiet, 0, 0, 4)),
			col.New(4).Add(d.piece(d.words.MonthsText(d.s), quiet.toRight(), 0, 0, 4)),
		),
		gap(3),
	}
}

// foot says whom to ask, and which page of which document this is.
func (d *document) foot(page, pages int) strip {
	ask := joined(" · ", joined(" ", d.words.Contact, d.s.Issuer.Email),
		joined(" ", d.words.Salesman, d.s.Salesman.Name, d.s.Salesman.Email))
	if d.s.Issuer.Email == "" {
		ask = joined(" ", d.words.Salesman, d.s.Salesman.Name, d.s.Salesman.Email)
	}
	mark := joined(" · ", d.number(), d.digest)
	lines := wrap(ask, quiet, 8*column-2, 2)
	left := col.New(8)
	for i, text := range lines {
		left.Add(d.piece(text, quiet, 0, 0, 5.6+float64(i)*leading))
	}
	return line(footHeight, &props.Cell{
		BorderType: borderTop, BorderColor: &ruleGrey, BorderThickness: 0.2,
	}, left, col.New(4).Add(
		d.piece(pageText(d.words.Page, page, pages), quiet.toRight(), 0, 0, 5.6),
		d.piece(mark, quiet.toRight(), 0, 0, 5.6+leading)))
}

// joined puts a separator between what is not empty.
func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}
