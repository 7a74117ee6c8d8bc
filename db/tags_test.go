package db_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/charge"
	"magam/domain/fault"
	"magam/domain/period"
)

var november = october.Add(1)

// spent is one charge on a resource, as an export tells it.
type spent struct {
	resource, tags, billed string
}

// deliverTagged publishes a month's charges of account 1 through the loader, so
// that dictionaries and days are as in production.
func (b *books) deliverTagged(t *testing.T, month period.Month, digest string, all ...spent) {
	t.Helper()
	store := &db.Charges{Pool: b.app}
	lines := make([]charge.Line, len(all))
	for i, one := range all {
		lines[i] = line(one.billed)
		lines[i].BillingMonth, lines[i].SubAccountID = charge.MonthOf(month), []byte("1")
		lines[i].Start = time.Date(month.Year(), time.Month(month.Number()), 3+i%7, 5, 0, 0, 0, time.UTC)
		lines[i].End = lines[i].Start.Add(time.Hour)
		lines[i].ResourceID, lines[i].Tags = []byte(one.resource), []byte(one.tags)
	}
	one := found(digest, 1)
	one.Scope = month.String()
	one.AsOf = one.AsOf.Add(time.Duration(len(digest)) * time.Hour)
	sealOne(t, store, one, lines)
}

// costs are billed costs by the value of a tag.
func (b *books) costs(t *testing.T, month period.Month, key, whose string) map[string]string {
	t.Helper()
	require.NoError(t, b.FreshTags(t.Context(), month))
	costs, err := b.TagCosts(t.Context(), month, key, whose)
	require.NoError(t, err)
	billed := map[string]string{}
	for _, one := range costs {
		billed[one.Value] = decimal.RequireFromString(one.Billed).String()
	}
	return billed
}

func TestCustomTagsReachTheRules(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.assign(t, "1", "acme", "(,)")
	b.deliverTagged(t, october, "d1",
		spent{"i-1", `{"user:team":"web"}`, "10.25"},
		spent{"i-1", `{"user:team":"web"}`, "-0.25"},
		spent{"i-2", `{"user:team":"web"}`, "3"},
		spent{"", "", "0.000000000000000001"},
	)
	b.sheet(
		t,
		"tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"cost","value":"shop"}`,
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay","from":"2026-10"}`,
		`{"provider":"aws","service":"AmazonRDS","resource_id":"i-2","key":"cost","value":"no such product"}`,
		`{"provider":"azure","service":"AmazonEC2","resource_id":"i-2","key":"cost","value":"no such provider"}`,
	)

	plain, err := b.Groups(t.Context(), october, "acme", false)
	require.NoError(t, err)
	tagged, err := b.Groups(t.Context(), october, "acme", true)

	require.NoError(t, err)
	require.Len(t, plain, 1)
	require.Empty(t, plain[0].Tags)
	billed, rows := map[string]string{}, int64(0)
	for _, group := range tagged {
		billed[group.Tags], rows = group.Billed.String(), rows+group.Rows
	}
	require.Equal(t, map[string]string{
		`{"cost": "shop", "team": "pay"}`: "10",
		`{"team": "web"}`:                 "3",
		"":                                "0.000000000000000001",
	}, billed)
	requireSameSums(t, plain, tagged)
}

// Whatever carries custom tags, what is taken out of the days is what is laid back.
func TestTagsChangeNoSum(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.assign(t, "1", "acme", "(,)")
	all := make([]spent, 400)
	var sheet []string
	for i := range all {
		all[i] = spent{
			fmt.Sprintf("i-%d", i%37), fmt.Sprintf(`{"user:n":"%d","Name":"x"}`, i%11),
			fmt.Sprintf("%d.%09d", i%5-2, 1000003*i%1000000000),
		}
	}
	for i := range 20 {
		sheet = append(sheet, fmt.Sprintf(
			`{"provider":"aws","service":"AmazonEC2","resource_id":"i-%d","key":"n","value":"c%d"}`, i, i%3))
	}
	b.deliverTagged(t, october, "d1", all...)
	b.sheet(t, "tags", sheet...)

	plain, err := b.Groups(t.Context(), october, "acme", false)
	require.NoError(t, err)
	tagged, err := b.Groups(t.Context(), october, "acme", true)
	require.NoError(t, err)

	require.Greater(t, len(tagged), 11)
	requireSameSums(t, plain, tagged)
	total := decimal.Zero
	for _, billed := range b.costs(t, october, "n", db.TagsBoth) {
		total = total.Add(decimal.RequireFromString(billed))
	}
	require.Equal(t, plain[0].Billed.String(), total.String())
}

func requireSameSums(t *testing.T, want, got []charge.Group) {
	t.Helper()
	sums := func(groups []charge.Group) (all [6]string) {
		var rows int64
		var quantity, billed, effective, list, contracted decimal.Decimal
		for _, g := range groups {
			rows, quantity, billed = rows+g.Rows, quantity.Add(g.Quantity), billed.Add(g.Billed)
			effective, list, contracted = effective.Add(g.Effective), list.Add(g.List), contracted.Add(
				g.Contracted,
			)
		}
		return [6]string{
			fmt.Sprint(rows),
			quantity.String(),
			billed.String(),
			effective.String(),
			list.String(),
			contracted.String(),
		}
	}
	require.Equal(t, sums(want), sums(got))
}

func TestTagsAnswerAsOfTheMonth(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.deliverTagged(t, october, "d1", spent{"i-1", `{"team":"web"}`, "10"}, spent{"i-2", "", "1"})
	b.deliverTagged(t, november, "d2", spent{"i-1", `{"team":"web"}`, "20"}, spent{"i-2", "", "2"})
	december := november.Add(1)
	b.deliverTagged(t, december, "d3", spent{"i-1", `{"team":"web"}`, "40"}, spent{"i-2", "", "4"})
	b.sheet(
		t,
		"tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay","from":"2026-11"}`,
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"","from":"2026-12"}`,
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-2","key":"team","value":"ops"}`,
	)

	require.Equal(t, map[string]string{"web": "10", "ops": "1"}, b.costs(t, october, "team", db.TagsBoth))
	require.Equal(t, map[string]string{"pay": "20", "ops": "2"}, b.costs(t, november, "team", db.TagsBoth))
	require.Equal(t, map[string]string{"web": "40", "ops": "4"}, b.costs(t, december, "team", db.TagsBoth),
		"an empty value takes the custom tag away, not the provider's")
	require.Equal(t, map[string]string{"web": "20", "": "2"}, b.costs(t, november, "team", db.TagsOfProvider))
	require.Equal(t, map[string]string{"": "40", "ops": "4"}, b.costs(t, december, "team", db.TagsCustom))

	// A month is closed with the sheet it was closed with; an open one follows the newest.
	b.exec(t, `INSERT INTO billing_period (month, state, closed_at, master)
		SELECT '2026-11', 'closed', now(), jsonb_object_agg(sheet, import_id) FROM master_current`)
	b.sheet(t, "tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"new"}`)

	require.Equal(t, map[string]string{"pay": "20", "ops": "2"}, b.costs(t, november, "team", db.TagsBoth))
	_, _, err := b.ApplyTags(t.Context(), november)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"pay": "20", "ops": "2"}, b.costs(t, november, "team", db.TagsBoth))
	require.Equal(t, map[string]string{"new": "10", "": "1"}, b.costs(t, october, "team", db.TagsBoth))
}

func TestOwnersAndAliasesAnswerAsOfTheMonth(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.deliverTagged(t, october, "d1", spent{"i-1", "", "10"})
	b.deliverTagged(t, november, "d2", spent{"i-1", "", "20"})
	b.assign(t, "1", "acme", "[2026-01-01,2026-11-01)")
	b.exec(t, `INSERT INTO account_assignment VALUES ('aws', '1', 'beta', '', 'moved', '[2026-11-01,)')`)

	for _, one := range []struct {
		month                       period.Month
		owner, other, alias, billed string
	}{{october, "acme", "beta", "alias of 1", "10"}, {november, "beta", "acme", "moved", "20"}} {
		groups, err := b.Groups(t.Context(), one.month, one.owner, false)
		require.NoError(t, err)
		require.Len(t, groups, 1)
		require.Equal(t, one.billed, groups[0].Billed.String())
		aliases, err := b.Aliases(t.Context(), one.month, one.owner)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"1": one.alias}, aliases)
		groups, err = b.Groups(t.Context(), one.month, one.other, false)
		require.NoError(t, err)
		require.Empty(t, groups)
	}
}

func TestADeliveryAfterTaggingIsTaggedBeforeItIsPriced(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.assign(t, "1", "acme", "(,)")
	b.sheet(t, "tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay"}`)
	b.deliverTagged(t, october, "d1", spent{"i-1", "", "10"})
	_, custom, err := b.ApplyTags(t.Context(), october)
	require.NoError(t, err)
	require.EqualValues(t, 1, custom)
	b.deliverTagged(t, october, "d1-newer", spent{"i-1", `{"a":"b"}`, "11"})

	_, err = b.TagCosts(t.Context(), october, "team", db.TagsBoth)
	requireCode(t, fault.NotFinal, err)
	groups, err := b.Groups(t.Context(), october, "acme", true)

	require.NoError(t, err)
	require.Len(t, groups, 1)
	require.JSONEq(t, `{"a":"b","team":"pay"}`, groups[0].Tags)
	require.Equal(t, "11", groups[0].Billed.String())
	require.Equal(t, 1, count(t, b.app, "tagged_daily"))
}

func TestApplyingTagsAgainChangesNothing(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.sheet(t, "tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay"}`)
	b.deliverTagged(t, october, "d1", spent{"i-1", `{"b":"2","a":" 1 "}`, "10"},
		spent{"i-3", `{"a":"1"}`, "1"})
	ended := make(chan error, 4)
	for range cap(ended) {
		go func() {
			_, _, err := b.ApplyTags(t.Context(), october)
			ended <- err
		}()
	}
	for range cap(ended) {
		require.NoError(t, <-ended, "side by side")
	}
	var first, again string
	b.scan(t, &first, `SELECT digest FROM tag_month`)
	sets, custom, err := b.ApplyTags(t.Context(), october)
	require.NoError(t, err)
	require.EqualValues(t, 2, sets)
	require.EqualValues(t, 1, custom)
	b.scan(t, &again, `SELECT digest FROM tag_month`)
	require.Equal(t, first, again)
	keys, err := b.TagKeys(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, []db.TagKey{
		{Key: "a", Whose: "provider", Values: 1, Sets: 2},
		{Key: "b", Whose: "provider", Values: 1, Sets: 1},
		{Key: "team", Whose: "custom", Values: 1, Resources: 1},
	}, keys)
}

// Distinct sets are normalized in batches, not one round trip each.
func TestManyTagSetsAreNormalizedOnce(t *testing.T) {
	t.Parallel()
	const sets = 60_000
	b := openBooks(t)
	b.exec(t, `INSERT INTO dim_tag_set (hash, value)
		SELECT sha256(n::text::bytea), format('{"user:n":"%s","Name":"host %s"}', n, n % 1000)
		FROM generate_series(1, $1::int) n`, sets)

	began := time.Now()
	require.NoError(t, b.FreshTags(t.Context(), october))
	t.Logf("%d distinct sets normalized in %s", sets, time.Since(began))
	began = time.Now()
	_, _, err := b.ApplyTags(t.Context(), october)
	require.NoError(t, err)
	t.Logf("again in %s", time.Since(began))

	var normal int
	b.scan(t, &normal, `SELECT count(*) FROM dim_tag_set WHERE tags = jsonb_build_object(
		'n', value::jsonb ->> 'user:n', 'Name', value::jsonb ->> 'Name')`)
	require.Equal(t, sets, normal)
}

// Once the rows are in the archive alone, nobody knows which resource a charge
// was on: what was laid stays, and what would change it is refused.
func TestTagsOfAnArchivedMonthStayAsTheyWereLaid(t *testing.T) {
	t.Parallel()
	b := openBooks(t)
	b.assign(t, "1", "acme", "(,)")
	b.sheet(t, "tags",
		`{"provider":"aws","service":"AmazonEC2","resource_id":"i-1","key":"team","value":"pay"}`)
	b.deliverTagged(t, october, "d1", spent{"i-1", "", "10"}, spent{"i-2", "", "3"})
	_, _, err := b.ApplyTags(t.Context(), october)
	require.NoError(t, err)
	b.exec(t, `INSERT INTO billing_period (month, state, closed_at, master)
		SELECT '2026-10', 'closed', now(), jsonb_object_agg(sheet, import_id) FROM master_current`)
	b.exec(t, `UPDATE part SET archive_key = 'archive/1', digest = 'read'`)
	parts, err := b.PartsToArchive(t.Context(), 1)
	require.NoError(t, err)
	archived, err := b.ArchiveDelivery(t.Context(), october, 1, "kim", parts)
	require.NoError(t, err)
	require.EqualValues(t, 2, archived.Rows)

	_, custom, err := b.ApplyTags(t.Context(), october)

	require.NoError(t, err, "the same again is nothing to do")
	require.EqualValues(t, 1, custom)
	laid := map[string]string{"pay": "10", "": "3"}
	require.Equal(t, laid, b.costs(t, october, "team", db.TagsBoth))

	b.exec(t, `UPDATE tag_month SET basis = 'another delivery'`)
	_, _, err = b.ApplyTags(t.Context(), october)
	requireCode(t, fault.PeriodClosed, err)
	require.ErrorContains(t, err, "the rows of delivery 1 of 2026-10 left the books")
	_, err = b.Groups(t.Context(), october, "acme", true)
	requireCode(t, fault.PeriodClosed, err)
	require.Equal(t, 1, count(t, b.app, "tagged_daily"), "nothing was taken away")
}
