package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"magam/domain/charge"
)

// dictionaries are the six of a charge row. Id 0 is none, of resource, tags
// and commitment alone.
type dictionaries struct {
	bill, account, item, tagSet, commitment *dictionary
	resource                                later
}

func newDictionaries() dictionaries {
	return dictionaries{
		bill:       newDictionary(query("dictionary/bill"), texts(8)),
		account:    newDictionary(query("dictionary/account"), texts(3)),
		item:       newDictionary(query("dictionary/item"), itemColumns),
		resource:   newLater(newDictionary(query("dictionary/resource"), texts(1))),
		tagSet:     newDictionary(query("dictionary/tag_set"), texts(1)),
		commitment: newDictionary(query("dictionary/commitment"), texts(1)),
	}
}

// all is every dictionary, in the order of a row's ids.
func (d *dictionaries) all() [6]*dictionary {
	return [6]*dictionary{d.bill, d.account, d.item, d.resource.dictionary, d.tagSet, d.commitment}
}

// none marks a value that a row does not have.
const none = int32(-1)

// local gives a line's six local ids, that of the resource as none: there are
// too many of them to be found one by one (see later).
func (d *dictionaries) local(line *charge.Line) [6]int32 {
	d.bill.lookBill(line)
	d.account.lookAccount(line)
	d.item.lookItem(line)
	d.tagSet.lookValue(line.Tags)
	d.commitment.lookValue(line.CommitmentID)
	return [6]int32{
		d.bill.local(), d.account.local(), d.item.local(), none, d.tagSet.localValue(line.Tags),
		d.commitment.localValue(line.CommitmentID),
	}
}

func (d *dictionary) lookValue(value []byte) {
	if len(value) > 0 {
		d.begin()
		d.field(value)
		d.look()
	}
}

func (d *dictionary) localValue(value []byte) int32 {
	if len(value) == 0 {
		return none
	}
	return d.local()
}

func (d *dictionary) lookBill(line *charge.Line) {
	year, month := int(line.BillingMonth)/12, int(line.BillingMonth)%12+1
	text := [...]byte{
		byte('0' + year/1000%10), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10), '-',
		byte('0' + month/10), byte('0' + month%10),
	}
	d.begin()
	d.field(line.Provider)
	d.field(line.ProviderName)
	d.field(line.BillingAccountID)
	d.field(line.InvoiceID)
	d.field(line.InvoiceIssuer)
	d.field(line.BillingEntity)
	d.field(line.Currency)
	d.field(text[:])
	d.look()
}

func (d *dictionary) lookAccount(line *charge.Line) {
	d.begin()
	d.field(line.Provider)
	d.field(line.SubAccountID)
	d.field(line.SubAccountName)
	d.look()
}

func (d *dictionary) lookItem(line *charge.Line) {
	kind := [2]byte{byte(line.Category), byte(line.Class)}
	d.begin()
	d.field(kind[:])
	d.field(line.LineType)
	d.field(line.ServiceCode)
	d.field(line.ServiceName)
	d.field(line.UsageType)
	d.field(line.Operation)
	d.field(line.Region)
	d.field(line.SkuID)
	d.field(line.SkuPriceID)
	d.field(line.Unit)
	d.field(line.PricingCategory)
	d.field(line.TaxType)
	d.field(line.Description)
	d.look()
}

// texts gives the arguments of a dictionary whose columns are all text.
func texts(columns int) func([][]byte) []any {
	return func(tuples [][]byte) []any {
		arguments := make([]any, columns)
		for i, column := range fieldsOf(tuples, columns) {
			arguments[i] = column
		}
		return arguments
	}
}

// itemColumns splits the first field into category and class.
func itemColumns(tuples [][]byte) []any {
	fields := fieldsOf(tuples, 13)
	categories, classes := make([]int16, len(tuples)), make([]int16, len(tuples))
	for i, kind := range fields[0] {
		categories[i], classes[i] = int16(kind[0]), int16(kind[1])
	}
	arguments := []any{categories, classes}
	for _, column := range fields[1:] {
		arguments = append(arguments, column)
	}
	return arguments
}

// resolveTries is how often ids are asked for: an entry that another part adds
// at the same moment is seen the second time.
const resolveTries = 10

// resolve gives every fresh tuple its id in the database, adding those that no
// part has brought before. One question goes out for all dictionaries.
//
// Entries are committed without waiting for the disk: the rows that need them are
// committed later, and what is committed later reaches the disk later. Only who
// waits for the disk is told that it happened.
func (d *dictionaries) resolve(ctx context.Context, pool *pgxpool.Pool, new *[6]fresh) error {
	var open []*asking
	for i, one := range d.all() {
		if len(new[i].starts) > 0 {
			open = append(open, one.ask(new[i]))
		}
	}
	for try := 0; len(open) > 0; try++ {
		if try == resolveTries {
			return fmt.Errorf("resolve a dictionary: %d entries were not given an id", open[0].open)
		}
		if err := askAll(ctx, pool, open); err != nil {
			return fmt.Errorf("resolve dictionaries: %w", err)
		}
		open = slices.DeleteFunc(open, func(one *asking) bool { return one.open == 0 })
	}
	return nil
}

// askAll is one transaction. Entries are added in the same order by everybody,
// so that two parts wait for each other instead of both.
func askAll(ctx context.Context, pool *pgxpool.Pool, questions []*asking) error {
	batch := &pgx.Batch{}
	batch.Queue(query("dictionary/settings"))
	for _, one := range questions {
		batch.Queue(one.of.upsert, one.arguments...).Query(one.read)
	}
	return pool.SendBatch(ctx, batch).Close()
}

// full says whether one of them should forget before the next chunk.
func (d *dictionaries) full() bool {
	for _, one := range d.all() {
		if one.full() {
			return true
		}
	}
	return false
}

// forgetFull keeps memory flat between chunks, however many resources a part names.
func (d *dictionaries) forgetFull() {
	for _, one := range d.all() {
		if one.full() {
			one.forget()
		}
	}
}
