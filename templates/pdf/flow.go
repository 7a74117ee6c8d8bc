package pdf

// capacity is the height that a page has for its strips, the foot aside. Maroto
// fills what is left of a page, rounded down to nine decimals: the odd hair
// keeps that filling clear of the page's end, where a sum of binary heights
// that is too large by the last bit would turn a page of its own.
const (
	footHeight = 11.0
	capacity   = 297 - 2*margin - footHeight - 0.0500000005
	together   = 2 // rows that stay together at either side of a page break
)

// flow fills pages with strips from top to bottom.
type flow struct {
	pages   [][]strip
	used    float64
	running func() []strip // the head of every page but the first
}

func newFlow(running func() []strip) *flow { return &flow{pages: [][]strip{nil}, running: running} }

func (f *flow) put(strips ...strip) {
	last := len(f.pages) - 1
	for _, s := range strips {
		f.pages[last] = append(f.pages[last], s)
		f.used += s.height
	}
}

func (f *flow) room() float64 { return capacity - f.used }

func (f *flow) turn() {
	f.pages = append(f.pages, nil)
	f.used = 0
	f.put(f.running()...)
}

func height(strips ...strip) float64 {
	sum := 0.0
	for _, s := range strips {
		sum += s.height
	}
	return sum
}

// table is rows under a head that repeats on each page.
type table struct {
	before  []strip                // stands above the first head, never alone
	head    func() []strip         // made anew for each page
	rows    []strip                // at least one
	heads   []bool                 // which rows head those after them: never the last on a page; may be nil
	foot    []strip                // the total: never at the top of a page without rows
	carried func(rows int) []strip // after so many rows, at the foot of a page; may be nil
	brought func(rows int) []strip // the same sums at the head of the next
}

// place sets a table, breaking it between rows where it must. At least two rows
// stand on either side of a break, and the total keeps two rows above it.
func (f *flow) place(t table) {
	if t.carried == nil {
		t.carried = func(int) []strip { return nil }
		t.brought = t.carried
	}
	first := t.rows[:min(together, len(t.rows))]
	need := height(t.before...) + height(t.head()...) + height(first...)
	if len(first) == len(t.rows) {
		need += height(t.foot...)
	} else {
		need += height(t.carried(0)...)
	}
	if need > f.room() {
		f.turn()
	}
	f.put(t.before...)
	done := 0
	for {
		f.put(t.head()...)
		if done > 0 {
			f.put(t.brought(done)...)
		}
		rest := t.rows[done:]
		if height(rest...)+height(t.foot...) <= f.room() {
			f.put(rest...)
			f.put(t.foot...)
			return
		}
		fits := f.fits(rest, height(t.carried(done)...))
		fits = max(1, min(fits, len(rest)-together))
		for fits > 1 && t.heads != nil && t.heads[done+fits-1] {
			fits--
		}
		f.put(rest[:fits]...)
		done += fits
		f.put(t.carried(done)...)
		f.turn()
	}
}

// fits counts the leading rows that the page has room for beside a reserve.
func (f *flow) fits(rows []strip, reserve float64) int {
	room := f.room() - reserve
	for i, s := range rows {
		room -= s.height
		if room < 0 {
			return i
		}
	}
	return len(rows)
}
