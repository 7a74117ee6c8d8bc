package pdf

import (
	"fmt"
	"time"

	"magam/domain/invoice"
	"magam/domain/money"
	"magam/domain/period"
)

// SelfTest prints an empty document in each language, with the fonts and words
// that are in the program and nothing of the machine's. A worker that fails it
// must not start: it would park every customer.
func SelfTest() error {
	month := period.NewMonth(2000, time.January)
	for language, name := range map[string]string{"ko": "㈜가나다 뷁", "en": "Name & Co.", "ja": "株式会社さくら髙﨑"} {
		party := invoice.Party{Code: "self-test", Name: name}
		s := invoice.Snapshot{
			Schema: invoice.SchemaCurrent, Kind: invoice.KindInvoice, Issuer: party, Customer: party,
			Language: language, Month: month, IssuedOn: invoice.NewDate(month.LastDay()), Currency: money.KRW,
		}
		_, err := Invoice(s, "")
		if err != nil {
			return fmt.Errorf("self-test of documents in %s: %w", language, err)
		}
	}
	return nil
}
