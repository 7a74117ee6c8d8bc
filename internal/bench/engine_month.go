package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"magam/activities"
	"magam/db"
	"magam/domain/master"
	"magam/domain/period"
)

// atOnce is how many customers are drafted side by side, as a worker's slots would.
const atOnce = 4

// draft drafts every customer of the month with the worker's own hands.
func (c *crew) draft() error {
	month := period.NewMonth(2026, time.October)
	hands := &activities.Closing{
		Ledger: db.NewLedger(c.pool), Master: db.NewMaster(c.pool), Zone: time.UTC,
		Now: func() time.Time { return month.End().AddDate(0, 0, 3) },
	}
	var wanted activities.PlanResult
	codes := make(chan string)
	failed := make([]error, atOnce)
	var all sync.WaitGroup
	for i := range failed {
		all.Go(func() {
			for code := range codes {
				var done activities.DraftResult
				in := activities.CustomerInput{Month: month, Customer: code}
				if err := c.run(hands.Draft, in, &done); err != nil && failed[i] == nil {
					failed[i] = err
				}
			}
		})
	}
	for more := true; more; {
		after := ""
		if n := len(wanted.Customers); n > 0 {
			after = wanted.Customers[n-1]
		}
		in := activities.PlanInput{Month: month, After: after}
		if err := c.run(hands.PlanCustomers, in, &wanted); err != nil {
			return err
		}
		for _, code := range wanted.Customers {
			codes <- code
		}
		more = len(wanted.Customers) > 0
	}
	close(codes)
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// contracts is the master data of the month: customers with an account, a
// contact and price rules each.
func contracts(customers int) []master.Table {
	sheets := map[string][]map[string]string{
		"issuer": {{"code": "us", "name": "마감", "number_series": "INV"}},
		"people": {
			{"code": "lee", "name": "이", "roles": "finance"},
			{"code": "park", "name": "박", "roles": "approver"},
		},
		"taxes": {{"tax": "kr-vat", "rate": "10"}},
		"rates": {{
			"date": "2026-10-30", "base": "USD", "quote": "KRW", "per": "1", "value": "1388.1",
			"source": "bank", "approved_by": "park",
		}},
	}
	add := func(sheet string, cells map[string]string) { sheets[sheet] = append(sheets[sheet], cells) }
	for i := range customers {
		code := fmt.Sprintf("c%05d", i)
		account := fmt.Sprintf("%012d", 100000000000+i)
		add("customers", map[string]string{"code": code, "issuer": "us", "name": code})
		add("accounts", map[string]string{"provider": "aws", "sub_account": account, "customer": code})
		add("contacts", map[string]string{
			"customer": code, "email": code + "@customer.example", "role": "root", "delivery": "mail",
		})
		service := func(n int) string { return fmt.Sprintf("AmazonService%d", (i+n)%40) }
		for n, rule := range []map[string]string{
			{"kind": "discount", "value": "5"},
			{"kind": "discount", "value": "7", "service": service(0)},
			{"kind": "markup", "value": "3", "service": service(7), "region": "ap-northeast-2"},
			{"kind": "discount", "value": "11", "sub_account": account, "service": service(14)},
			{"customer": "*", "kind": "markup", "value": "2", "sku": fmt.Sprintf("SKU%012d", i), "sub_account": account},
		} {
			if rule["customer"] == "" {
				rule["customer"] = code
			}
			rule["id"] = fmt.Sprintf("%s-%d", code, n)
			add("prices", rule)
		}
	}
	var tables []master.Table
	for _, name := range slices.Sorted(maps.Keys(sheets)) {
		table := master.Table{Sheet: name}
		for i, cells := range sheets[name] {
			table.Rows = append(table.Rows, master.Row{Number: i + 2, Cells: cells})
		}
		tables = append(tables, table)
	}
	return tables
}
