package texts_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/domain/invoice"
	"magam/domain/period"
	"magam/templates/fonts"
	"magam/templates/texts"
)

func TestEveryWordIsThereAndPrintable(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"ko", "en", "ja"} {
		words, err := texts.For(language)
		require.NoError(t, err)
		value := reflect.ValueOf(*words)
		for i := range value.NumField() {
			name, word := value.Type().Field(i).Name, value.Field(i).String()
			if language == "en" && name == "Honorific" {
				continue
			}
			require.NotEmpty(t, word, "%s: %s", language, name)
			fitted, err := fonts.Fit(word)
			require.NoError(t, err)
			require.Equal(t, word, fitted, "%s: %s", language, name)
		}
	}
}

func TestDatesReadAsTheLanguageWritesThem(t *testing.T) {
	t.Parallel()
	october := period.NewMonth(2026, time.October)
	tests := map[string]struct{ month, span string }{
		"ko": {"2026년 10월", "2026-10-01 ~ 2026-10-31"},
		"en": {"October 2026", "1 Oct 2026 ~ 31 Oct 2026"},
		"ja": {"2026年10月", "2026年10月1日 ~ 2026年10月31日"},
	}
	for language, tt := range tests {
		words, err := texts.For(language)
		require.NoError(t, err)
		require.Equal(t, tt.month, words.MonthText(october))
		require.Equal(t, tt.span, words.SpanText(invoice.Snapshot{Month: october}))
		require.Equal(t, "-", words.DateText(invoice.Date{}))
	}
}

func TestAKindOfRateIsNamedInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"ko": "매매기준율", "en": "base rate", "ja": "売買基準率"} {
		words, err := texts.For(language)
		require.NoError(t, err)
		require.Equal(t, want, words.RateText("매매기준율"))
		require.Equal(t, "TTS", words.RateText("TTS"), "banks use the word in every language")
	}
}

func TestAnUnknownLanguageIsRefused(t *testing.T) {
	t.Parallel()
	_, err := texts.For("fr")
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.Template, code)
}
