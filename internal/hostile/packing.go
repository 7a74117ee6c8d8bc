package hostile

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/gzip"

	"magam/domain/fault"
)

// packed are compressed files that are cut, damaged, nested or bombs.
func packed() []Case {
	text := cur.file(repeat(cur.good(), 200)...)
	whole := gz(text)
	cases := []Case{
		taken("gzip: in order", "a.csv.gz", whole, 200),
		taken("gzip: with another name", "a.csv", gz(text[:len(text)-len(cur.good())]), 199),
		taken("gzip: in three members", "a.csv.gz", members(text, 3), 200),
		refused("gzip: only its magic number", "a.csv.gz", []byte("\x1f\x8b"), fault.GzipTruncated),
		refused("gzip: a damaged byte", "a.csv.gz", flipped(whole, len(whole)/2), fault.GzipTruncated),
		refused("gzip: a wrong check sum", "a.csv.gz", flipped(whole, len(whole)-6), fault.GzipTruncated),
		refused("gzip: a wrong length", "a.csv.gz", flipped(whole, len(whole)-2), fault.GzipTruncated),
		refused("gzip: a wrong method", "a.csv.gz", flipped(whole, 2), fault.GzipTruncated),
		refused("gzip: words after its end", "a.csv.gz", append(bytes.Clone(whole), "trailing"...),
			fault.GzipTruncated),
		refused("gzip: the last line not ended", "a.csv.gz", gz(text[:len(text)-1]), fault.GzipTruncated),
		refused("gzip: packed once more", "a.csv.gz", gz(whole), fault.Encoding),
		refused("gzip: a bomb of zeros", "a.csv.gz", gz(append(cur.file(), make([]byte, 40<<20)...)),
			fault.RowTooLarge),
		refused("gzip: a bomb of blank lines", "a.csv.gz",
			gz(append(cur.file(), bytes.Repeat([]byte("\n"), 40<<20)...)), fault.Bomb),
		refused("gzip: bytes of chance", "a.csv.gz", append([]byte("\x1f\x8b\x08"), noise(1000)...),
			fault.GzipTruncated),
		refused("gzip: nothing in it", "a.csv.gz", gz(nil), fault.Schema),
	}
	for _, share := range []int{5, 15, 25, 35, 45, 55, 65, 75, 85, 95} {
		cases = append(cases, refused(fmt.Sprintf("gzip: cut after %d %%", share), "a.csv.gz",
			whole[:len(whole)*share/100], fault.GzipTruncated))
	}
	for _, left := range []int{1, 4, 8} {
		cases = append(cases, refused(fmt.Sprintf("gzip: cut %d bytes before its end", left), "a.csv.gz",
			whole[:len(whole)-left], fault.GzipTruncated))
	}
	return cases
}

func repeat(row string, times int) []string {
	rows := make([]string, times)
	for i := range rows {
		rows[i] = row
	}
	return rows
}

func gz(text []byte) []byte {
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	_, _ = writer.Write(text) // a buffer takes everything
	_ = writer.Close()
	return out.Bytes()
}

// members packs text in so many pieces, one gzip after the other.
func members(text []byte, count int) []byte {
	var out []byte
	for i := range count {
		out = append(out, gz(text[len(text)*i/count:len(text)*(i+1)/count])...)
	}
	return out
}

func flipped(content []byte, at int) []byte {
	out := bytes.Clone(content)
	out[at] ^= 0x55
	return out
}
