package pricing

import (
	"encoding/json"

	"magam/domain/charge"
	"magam/domain/period"
)

// Index finds a customer's price rules by what they name, so that a group looks
// at the few that may match it and not at all of a price list.
type Index struct {
	rules []Rule
	named map[named][]int // places of rules by the first column of theirs that narrows
	plain []int           // of rules that name none of these columns
	kinds map[Kind]bool   // that there are any of
}

// named is a column with what rules fill it with.
type named struct {
	column int
	value  string
}

// The columns that narrow, the most telling first: a SKU belongs to few groups,
// an account to many.
const (
	bySKU = iota
	byUsageType
	byService
	byAccount
)

// NewIndex indexes the rules that hold for a customer: its own and everyone's.
// The rules must not change afterwards.
func NewIndex(rules []Rule, customer string) *Index {
	x := &Index{rules: rules, named: map[named][]int{}, kinds: make(map[Kind]bool)}
	for i := range rules {
		r := &rules[i]
		if r.Customer != customer && r.Customer != Everyone {
			continue
		}
		x.kinds[r.Kind] = true
		place, narrows := named{}, true
		switch {
		case r.SKU != "":
			place = named{bySKU, r.SKU}
		case r.UsageType != "":
			place = named{byUsageType, r.UsageType}
		case r.Service != "":
			place = named{byService, r.Service}
		case r.SubAccount != "":
			place = named{byAccount, r.SubAccount}
		default:
			narrows = false
		}
		if narrows {
			x.named[place] = append(x.named[place], i)
		} else {
			x.plain = append(x.plain, i)
		}
	}
	return x
}

// candidates calls see with every rule that may match a group, and perhaps others.
func (x *Index) candidates(g charge.Group, see func(*Rule)) {
	places := [...]named{
		{bySKU, g.SkuID},
		{byUsageType, g.UsageType},
		{byService, g.ServiceCode},
		{byService, g.ServiceName},
		{byAccount, g.SubAccount},
	}
	for i, place := range places {
		if place.value == "" || i == 3 && g.ServiceName == g.ServiceCode {
			continue
		}
		for _, at := range x.named[place] {
			see(&x.rules[at])
		}
	}
	for _, at := range x.plain {
		see(&x.rules[at])
	}
}

// Select finds the one rule that prices a group, or nil where none does; see the
// function of that name.
func (x *Index) Select(g charge.Group, billed period.Month) (*Rule, error) {
	return x.choose(g, billed, func(kind Kind) bool { return kind != KindMinimum && kind != KindCap })
}

// SelectBound finds the one minimum, or the one cap, that bounds a group's price.
func (x *Index) SelectBound(kind Kind, g charge.Group, billed period.Month) (*Rule, error) {
	return x.choose(g, billed, func(other Kind) bool { return other == kind })
}

// Bounds says whether there is any minimum, or any cap.
func (x *Index) Bounds(kind Kind) bool { return x.kinds[kind] }

// choose lets the candidates compete.
func (x *Index) choose(g charge.Group, billed period.Month, rivals func(Kind) bool) (*Rule, error) {
	var winner, tied *Rule
	tags := heldTags{text: g.Tags}
	x.candidates(g, func(rule *Rule) {
		if !rivals(rule.Kind) || !rule.matches(g, billed, &tags) || winner.isTableOf(rule) {
			return
		}
		switch order := rival(winner, rule); {
		case order > 0:
			winner, tied = rule, nil
		case order == 0:
			tied = rule
		}
	})
	if tied != nil {
		return nil, tie(*winner, *tied, g)
	}
	return winner, nil
}

// heldTags are a group's tags, read from their text when a rule first asks.
type heldTags struct {
	text string
	read bool
	held map[string]string
}

// of is a tag's value, and whether the group has it.
func (t *heldTags) of(key string) (value string, present bool) {
	if !t.read {
		t.read = true
		if json.Unmarshal([]byte(t.text), &t.held) != nil {
			t.held = nil
		}
	}
	value, present = t.held[key]
	return value, present
}
