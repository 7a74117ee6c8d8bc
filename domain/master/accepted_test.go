package master_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/master"
)

func TestWhatLooksWrongButIsRight(t *testing.T) {
	t.Parallel()

	tests := map[string]edit{
		"a contract that follows another": func(tables map[string]*master.Table) {
			set("customers", 1, "to", "2026-06")(tables)
			again("customers", 1, "from", "2026-07", "to", "")(tables)
		},
		"an account that moves the day after": func(tables map[string]*master.Table) {
			set("accounts", 0, "to", "2026-05-31")(tables)
			again("accounts", 0, "customer", "beta", "organization", "", "group", "", "from", "2026-06-01",
				"to", "")(tables)
			set("groups", 1, "parent", "")(tables)
			set("accounts", 0, "group", "")(tables)
			set("accounts", 2, "group", "")(tables)
			set("contacts", 1, "scope", "111122223333")(tables)
		},
		"a price row told apart by a column": again("prices", 1, "id", "p-2", "region", "ap-northeast-2"),
		"a price row that ends before": func(m map[string]*master.Table) {
			set("prices", 1, "to", "2026-04")(m)
			again("prices", 1, "id", "p-2", "from", "2026-05", "to", "")(m)
		},
		"a minimum beside a discount":      again("prices", 1, "id", "p-2", "kind", "minimum"),
		"a percentage of another category": again("prices", 1, "id", "p-2", "category", "Tax"),
		"a tier table": func(m map[string]*master.Table) {
			base := []string{
				"id",
				"t",
				"customer",
				"beta",
				"service",
				"AmazonS3",
				"kind",
				"tier",
				"tier_kind",
				"graduated",
				"pool",
				"customer",
			}
			add("prices", append([]string{"value", "0.1", "tier_to", "1000"}, base...)...)(m)
			add(
				"prices",
				append([]string{"value", "0.08", "tier_from", "1000", "tier_to", "50000"}, base...)...)(m)
			add("prices", append([]string{"value", "0.06", "tier_from", "50000"}, base...)...)(m)
		},
		"ten tags":          tags(9),
		"ten organizations": organizations(9),
		"a tag taken off": func(m map[string]*master.Table) {
			tags(9)(m)
			again("tags", 0, "value", "", "from", "2026-11")(m)
			again("tags", 0, "key", "late", "from", "2026-11")(m)
		},
		"a tag that changes":   again("tags", 0, "value", "정산", "from", "2026-11"),
		"a rate for everybody": set("thresholds", 1, "customer", "*"),
		"instalments":          set("adjustments", 0, "repeat", "instalments:12"),
		"a monthly adjustment with its end": func(m map[string]*master.Table) {
			set("adjustments", 0, "repeat", "monthly")(m)
			set("adjustments", 0, "to", "2026-12")(m)
		},
		"a percentage off": func(m map[string]*master.Table) {
			set("adjustments", 0, "kind", "percent")(m)
			set("adjustments", 0, "value", "-100")(m)
			set("adjustments", 0, "currency", "")(m)
			set("adjustments", 0, "repeat", "once")(m)
		},
		"a business number without hyphens": set("customers", 0, "business_number", "1208147521"),
		"a T-number":                        set("customers", 0, "t_number", "T7010705000725"),
		"the 31st of the month":             set("customers", 0, "fx_rule", "day:31"),
		"a subscription's path": again("accounts", 1, "provider", "azure", "sub_account",
			"/subscriptions/ab-12"),
		"an account id of 11 digits": set("accounts", 1, "sub_account", "12345678901"),
		"a plus address":             set("contacts", 0, "email", "a.b+magam@sub.alpha-1.example"),
		"no thresholds":              clear("thresholds"),
		"partner keeps a share": func(m map[string]*master.Table) {
			set("customers", 0, "benefit_policy", "partner-keeps")(m)
			set("customers", 0, "benefit_share", "30")(m)
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			require.Empty(t, spelled(master.Validate(edited(change), nil)))
		})
	}
}

func TestNothingThatCouldBreakOutOfALineIsAccepted(t *testing.T) {
	t.Parallel()

	for _, hidden := range []string{
		"\r\nBcc: thief@example.com", "\n", "\r", "\x00", "\x1b[31m", "\t", "\x7f", "\u0085", "\u2028",
		"\u2029", "\u202e", "\u2066", "\u200f", "\xff", "\ufffd",
	} {
		for _, place := range [][2]string{
			{"customers", "name"},
			{"customers", "address"},
			{"issuer", "mail_from"},
			{"contacts", "email"},
			{"contacts", "name"},
			{"contacts", "cc"},
			{"issuer", "number_series"},
			{"adjustments", "reason"},
			{"accounts", "alias"},
			{"tags", "value"},
		} {
			text := "a" + hidden
			problems := master.Validate(edited(set(place[0], 0, place[1], text)), nil)
			require.NotEmpty(t, problems, "%s.%s %q", place[0], place[1], text)
		}
	}
}
