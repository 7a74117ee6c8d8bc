// Package hostile makes deliveries that no honest provider sends: broken,
// cut, packed to burst, mixed, lying. Each comes with what must become of it.
//
// It owns the corpus and nothing else: the test that feeds it to the product is
// in worker/, and knows no case by name. The same call gives the same bytes.
package hostile

import (
	"slices"

	"magam/domain/fault"
)

// Case is one delivery in a folder of its own.
type Case struct {
	Name  string
	Files map[string][]byte // by path below the folder
	// Format is what the ingest is told; empty leaves it to the files.
	Format string
	// Want is the code by which the delivery is refused or waits, nothing of it
	// visible; empty where it goes in.
	Want fault.Code
	// Rows and Aside are what goes in: rows booked, and rows set aside by code.
	Rows  int64
	Aside map[fault.Code]int64
}

// Corpus is every case, in an order that does not change.
func Corpus() []Case {
	var all []Case
	for _, one := range shapes {
		cases := slices.Concat(one.headers(), one.cells(), one.numbers())
		for i := range cases {
			cases[i].Format = one.format
		}
		all = append(all, cases...)
	}
	all = append(all, google()...)
	all = append(all, texts()...)
	all = append(all, packed()...)
	all = append(all, columns()...)
	all = append(all, manifests()...)
	all = append(all, exports()...)
	all = append(all, exportManifests()...)
	return all
}

// refused is a delivery of one file that must not get in.
func refused(name, file string, content []byte, want fault.Code) Case {
	return Case{Name: name, Files: map[string][]byte{file: content}, Want: want}
}

// taken is a delivery of one file that must get in.
func taken(name, file string, content []byte, rows int64) Case {
	return Case{Name: name, Files: map[string][]byte{file: content}, Rows: rows}
}
