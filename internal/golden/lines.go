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
)

// RequireLines holds the charge lines that an export becomes against a golden
// file: one field per line, those without a value left out, so that a
// difference names what changed of which row.
func RequireLines(t *testing.T, name string, rows charge.Reader) {
	t.Helper()
	var page bytes.Buffer
	for {
		line, aside, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if aside != nil {
			fmt.Fprintf(&page, "row %d set aside\n", aside.Row)
			aside.Raw, aside.Header, aside.Cells = nil, nil, nil // the row itself, which lies beside this file
			writeFields(&page, reflect.ValueOf(*aside))
			continue
		}
		fmt.Fprintf(&page, "row %d\n", line.Row)
		writeFields(&page, reflect.ValueOf(*line))
	}
	Require(t, name, page.Bytes())
}

func writeFields(page io.Writer, row reflect.Value) {
	for i := range row.NumField() {
		name, field := row.Type().Field(i).Name, row.Field(i)
		if name == "Row" || field.IsZero() || field.Kind() == reflect.Slice && field.Len() == 0 {
			continue
		}
		switch value := field.Interface().(type) {
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
