package sample

import "sort"

// books counts what is written while it is written: the lines at the end of a
// month (discounts, tax) are reckoned from it, and Summary is made of it.
type books struct {
	tallies  map[tallyKey]*tally
	promises map[promiseKey]*amount
}

type tallyKey struct {
	account          *account
	lineType, entity string
}

// tally is the rows of one account, type and invoicing entity.
type tally struct {
	rows      int64
	cost      total
	effective total
	sum       amount // the cost again, for the tax on it
}

type promiseKey struct {
	promise *promise
	account *account
	service *service
}

func newBooks() *books {
	return &books{tallies: map[tallyKey]*tally{}, promises: map[promiseKey]*amount{}}
}

func (b *books) tally(a *account, lineType, entity string) *tally {
	key := tallyKey{a, lineType, entity}
	if b.tallies[key] == nil {
		b.tallies[key] = &tally{}
	}
	return b.tallies[key]
}

func (t *tally) add(cost, effective amount) {
	t.rows++
	t.cost.add(cost)
	t.effective.add(effective)
	t.sum += cost
}

// promised is where a meter's discounts add up; without a promise they are
// nought and go nowhere.
func (b *books) promised(m *meter) *amount {
	if m.promise == nil {
		return new(amount)
	}
	key := promiseKey{m.promise, m.account, m.item.service}
	if b.promises[key] == nil {
		b.promises[key] = new(amount)
	}
	return b.promises[key]
}

// spent is what an account owes an invoicing entity so far.
func (b *books) spent(a *account, entity string) amount {
	var sum amount
	for key, t := range b.tallies {
		if key.account == a && key.entity == entity {
			sum += t.sum
		}
	}
	return sum
}

// used is what an account's rows of one type sum to so far.
func (b *books) used(a *account, lineType string) amount {
	var sum amount
	for key, t := range b.tallies {
		if key.account == a && key.lineType == lineType {
			sum += t.sum
		}
	}
	return sum
}

// figures sums the tallies by a name that each is given.
func (b *books) figures(of func(tallyKey) string) []Figure {
	type sums struct {
		rows            int64
		cost, effective total
	}
	byName := map[string]*sums{}
	for key, t := range b.tallies {
		if t.rows == 0 {
			continue
		}
		name := of(key)
		if byName[name] == nil {
			byName[name] = &sums{}
		}
		s := byName[name]
		s.rows += t.rows
		s.cost.merge(&t.cost)
		s.effective.merge(&t.effective)
	}
	list := make([]Figure, 0, len(byName))
	for name, s := range byName {
		list = append(list, Figure{
			Name: name, Rows: s.rows, Billed: s.cost.decimal().String(),
			Effective: s.effective.decimal().String(),
		})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}
