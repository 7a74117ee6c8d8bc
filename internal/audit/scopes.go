package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// checkScopes holds what each mail may show against what was decided with the
// number: the audit log's digest, the names of the accounts, the document's own
// lines, and the files that lie ready.
func checkScopes(ctx context.Context, in *inspection) (int, error) {
	charged := map[string]map[string]bool{}
	for _, d := range in.documents {
		s, readable := d.frozen()
		if d.state != "final" || !readable {
			continue
		}
		charged[d.number] = map[string]bool{}
		for _, month := range s.months() {
			for _, line := range month.Lines {
				charged[d.number][line.Account] = true
			}
		}
	}
	var number, scope, kinds, logged, strayFiles string
	var accounts []string
	var ordinal, looked int
	lines, decided := map[string]string{}, map[string]string{}
	err := in.query(ctx, "scopes", []any{
		&number, &ordinal, &scope, &accounts, &kinds, &logged, &strayFiles,
	}, func() error {
		looked++
		subject := fmt.Sprintf("%s mail %d", number, ordinal)
		lines[number] += fmt.Sprintf("%d %s %s\n", ordinal, scope, kinds)
		decided[number] = logged
		if named := nameOf(accounts); named != scope {
			in.find(subject+" scope", named, scope)
		}
		for _, account := range accounts {
			if !charged[number][account] {
				in.find(subject+" accounts", "accounts that the document charges", account)
			}
		}
		if scope != "" && strings.Contains(","+kinds+",", ",invoice,") {
			in.find(subject+" documents", "no invoice beside a scope", kinds)
		}
		if ordinal == 1 && strayFiles != "" {
			in.find(number+" files", "files of its recipients' scopes", strayFiles)
		}
		return nil
	}, in.month)
	for number, text := range lines {
		sum := sha256.Sum256([]byte(text))
		if found := hex.EncodeToString(sum[:]); found != decided[number] {
			in.find(number+" what its mails may show", decided[number], found)
		}
	}
	return looked, err
}

// nameOf is the digest that a set of accounts goes by.
func nameOf(accounts []string) string {
	if len(accounts) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(accounts, "\n")))
	return hex.EncodeToString(sum[:])
}
