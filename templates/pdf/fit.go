package pdf

import (
	"magam/domain/invoice"
	"magam/domain/pricing"
	"magam/templates/fonts"
)

// fit replaces every text of a snapshot that reaches the page by its printable
// form, in a copy; the first that cannot be printed is refused with E_GLYPH.
func fit(s invoice.Snapshot) (invoice.Snapshot, error) {
	s.Lines = append([]invoice.Line(nil), s.Lines...)
	s.Credits = append([]invoice.CreditUse(nil), s.Credits...)
	s.Adjustments = append([]invoice.AdjustmentUse(nil), s.Adjustments...)
	s.Sources = append([]invoice.SourceTotal(nil), s.Sources...)
	s.Fees = append([]invoice.FeeUse(nil), s.Fees...)
	s.Months = append([]invoice.Snapshot(nil), s.Months...)
	for i, month := range s.Months {
		fitted, err := fit(month)
		if err != nil {
			return invoice.Snapshot{}, err
		}
		s.Months[i] = fitted
	}

	texts := []*string{
		&s.Number, &s.Corrects, &s.Bank, &s.Provider, &s.Salesman.Name, &s.Salesman.Email,
	}
	for _, p := range []*invoice.Party{&s.Issuer, &s.Customer} {
		texts = append(texts, &p.Code, &p.Name, &p.BusinessNumber, &p.BranchID, &p.TNumber,
			&p.Representative, &p.BusinessType, &p.BusinessItem, &p.Address, &p.Email)
	}
	for i := range s.Lines {
		texts = append(texts, &s.Lines[i].Service, &s.Lines[i].ServiceName)
	}
	for i := range s.Credits {
		texts = append(texts, &s.Credits[i].ID, &s.Credits[i].Reason)
	}
	for i := range s.Adjustments {
		texts = append(texts, &s.Adjustments[i].ReasonCode, &s.Adjustments[i].Reason)
	}
	for i := range s.Fees {
		s.Fees[i].Savings = append([]pricing.Saving(nil), s.Fees[i].Savings...)
		for j := range s.Fees[i].Savings {
			texts = append(texts, &s.Fees[i].Savings[j].Name)
		}
	}
	for i := range s.Sources {
		texts = append(texts, &s.Sources[i].RateType, &s.Sources[i].RateRule)
	}
	done := map[string]string{}
	for _, text := range texts {
		fitted, known := done[*text]
		if !known {
			var err error
			fitted, err = fonts.Fit(*text)
			if err != nil {
				return invoice.Snapshot{}, err
			}
			done[*text] = fitted
		}
		*text = fitted
	}
	return s, nil
}
