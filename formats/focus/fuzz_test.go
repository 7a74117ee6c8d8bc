package focus_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/money"
)

// Whatever a row holds, it is booked with amounts that are amounts and tags
// that are JSON, or set aside with a code, or the file is refused: never both,
// and never a crash.
func FuzzRow(f *testing.F) {
	f.Add(row(nil))
	f.Add(row(map[string]string{"Tags": `{"b":"2","a":"\\u00e9"}`}))
	f.Add(row(map[string]string{"Tags": `{"a":{"b":1}}`, "ChargeClass": "Correction"}))
	f.Add(row(map[string]string{"BilledCost": "-1.50E-7", "ListCost": "NULL"}))
	f.Add(row(map[string]string{"ChargePeriodEnd": "2024-09-18T22:00:00.5Z"}))
	f.Fuzz(func(t *testing.T, rows string) {
		reader, err := open(strings.NewReader(header()+rows), 0)
		require.NoError(t, err)
		for {
			line, aside, err := reader.Next()
			if err != nil {
				return
			}
			require.NotEqual(t, line == nil, aside == nil)
			if aside != nil {
				require.NotEmpty(t, aside.Code)
				continue
			}
			require.NotEmpty(t, line.Billed)
			for _, amount := range [][]byte{line.Billed, line.Effective, line.List, line.Contracted} {
				require.True(t, len(amount) == 0 || money.Check(amount) == nil, "%s", amount)
			}
			require.False(t, line.End.Before(line.Start))
			require.True(t, len(line.Tags) == 0 || json.Valid(line.Tags), "%s", line.Tags)
		}
	})
}
