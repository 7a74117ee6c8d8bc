package audit

import "fmt"

// onceOnly counts the documents of a customer that carry what is charged once: a
// flat sum, of an adjustment or a fee, that names no provider.
type onceOnly map[onceOf]int

type onceOf struct{ customer, what, id string }

func (o onceOnly) note(b *bill) {
	count := func(what, id string, carries bool) {
		key := onceOf{b.document.customer, what, id}
		o[key] += 0
		if carries {
			o[key]++
		}
	}
	for _, f := range b.sheet("fees") {
		flat := b.in.number(f, "flat")
		if f["customer"] == b.document.customer && f["provider"] == "" && f.covers(b.month) &&
			flat.Sign() != 0 {
			count("fee", f["id"], b.carriesFlat(f, flat))
		}
	}
	for _, r := range b.sheet("adjustments") {
		if r["customer"] != b.document.customer || r["provider"] != "" || r["kind"] == "percent" {
			continue
		}
		if value, falls := b.fallsDue(r); falls && value.Sign() != 0 {
			count("adjustment", r["id"], !b.elsewhere(r))
		}
	}
}

// compare looks at customers all of whose documents are final: of the others,
// one that is not yet may carry it.
func (o onceOnly) compare(in *inspection) {
	open := map[string]bool{}
	for _, d := range in.documents {
		open[d.customer] = open[d.customer] || !d.settled()
	}
	for key, carried := range o {
		if carried > 1 || carried == 0 && !open[key.customer] {
			in.find(key.customer+" "+key.what+" "+key.id, "on one document", fmt.Sprintf("on %d", carried))
		}
	}
}
