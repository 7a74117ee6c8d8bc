package golden

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/money"
)

// RequireLines holds the charge lines that an export becomes against a golden
// file: one field per line, those without a value left out, so that a
// difference names what changed of which row.
func RequireLines(t *testing.T, name string, rows charge.Reader) {
	t.Helper()
	Require(t, name, pageOf(t, rows, nil))
}

// RequireSameLines holds an export in one container against the same rows in
// another: every field is the same, and every amount the same number, however
// many noughts end it. Where a row stood in its file, and how its columns are
// spelt there, is the container's own.
func RequireSameLines(t *testing.T, want, got charge.Reader) {
	t.Helper()
	first, second := string(pageOf(t, want, common)), string(pageOf(t, got, common))
	require.NotEmpty(t, first)
	require.Equal(t, first, second)
}

// common is what two containers have in common of a field.
func common(field string, value any) any {
	text, _ := value.([]byte)
	if plain, is := value.(string); is {
		text = []byte(plain)
	}
	switch field {
	case "Quantity", "Billed", "Effective", "List", "Contracted":
		if number, err := money.Parse(string(text)); err == nil {
			return money.Text(number)
		}
	case "Line", "Offset", "Column", "Value": // of a row that is set aside
		return nil
	}
	return value
}

// pageOf writes what an export becomes, each field as it is or as shown shows it,
// and not at all where shown gives nil.
func pageOf(t *testing.T, rows charge.Reader, shown func(field string, value any) any) []byte {
	t.Helper()
	var page bytes.Buffer
	for {
		line, aside, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return page.Bytes()
		}
		require.NoError(t, err)
		if aside != nil {
			fmt.Fprintf(&page, "row %d set aside\n", aside.Row)
			aside.Raw, aside.Header, aside.Cells = nil, nil, nil // the row itself, which lies beside this file
			writeFields(&page, reflect.ValueOf(*aside), shown)
			continue
		}
		fmt.Fprintf(&page, "row %d\n", line.Row)
		writeFields(&page, reflect.ValueOf(*line), shown)
	}
}

func writeFields(page io.Writer, row reflect.Value, shown func(field string, value any) any) {
	for i := range row.NumField() {
		name, field := row.Type().Field(i).Name, row.Field(i)
		if name == "Row" || field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		value := field.Interface()
		if shown != nil {
			value = shown(name, value)
		}
		if value == nil {
			continue
		}
		switch value := value.(type) {
		case []byte:
			fmt.Fprintf(page, "  %-16s %s\n", name, value)
		case time.Time:
			fmt.Fprintf(page, "  %-16s %s\n", name, value.Format(time.RFC3339Nano))
		case charge.Month:
			fmt.Fprintf(page, "  %-16s %s\n", name, value.Period())
		default:
			fmt.Fprintf(page, "  %-16s %v\n", name, value)
		}
	}
}
