package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"magam/domain/fault"
)

// columnar is a row of FOCUS as parquet.
type columnar struct {
	Account    string `parquet:"BillingAccountId,dict"`
	Billed     int64  `parquet:"BilledCost,decimal(9:18)"`
	Contracted int64  `parquet:"ContractedCost,decimal(9:18)"`
	Effective  int64  `parquet:"EffectiveCost,decimal(9:18)"`
	List       int64  `parquet:"ListCost,decimal(9:18)"`
	Currency   string `parquet:"BillingCurrency,dict"`
	Period     string `parquet:"BillingPeriodStart,dict"`
	Category   string `parquet:"ChargeCategory,dict"`
	Start      string `parquet:"ChargePeriodStart,dict"`
	End        string `parquet:"ChargePeriodEnd,dict"`
	Service    string `parquet:"ServiceName,dict"`
	Provider   string `parquet:"ProviderName,dict"`
	Tags       string `parquet:"Tags"`
}

func columnars(service string, count int) []columnar {
	rows := make([]columnar, count)
	for i := range rows {
		rows[i] = columnar{
			Account: "1", Billed: 100_000_000_000 + int64(i), Currency: "USD",
			Category: "Usage", Provider: "Sky", Service: service, Tags: fmt.Sprintf(`{"n":"%d"}`, i),
			Period: "2026-10-01T00:00:00Z", Start: "2026-10-03T00:00:00Z", End: "2026-10-04T00:00:00Z",
		}
	}
	return rows
}

func columnsOf(rows []columnar, options ...parquet.WriterOption) []byte {
	var file bytes.Buffer
	writer := parquet.NewGenericWriter[columnar](&file, options...)
	_, _ = writer.Write(rows) // a buffer takes everything
	_ = writer.Close()
	return file.Bytes()
}

// codecs are the compressions that are read.
var codecs = []struct {
	name  string
	codec compress.Codec
}{
	{"none", &parquet.Uncompressed},
	{"snappy", &parquet.Snappy},
	{"gzip", &parquet.Gzip},
	{"zstd", &parquet.Zstd},
	{"brotli", &parquet.Brotli},
	{"lz4", &parquet.Lz4Raw},
}

// columns are parquet files that are cut, lie about themselves, or burst.
func columns() []Case {
	var cases []Case
	for _, one := range codecs {
		name := "parquet: " + one.name + ": "
		packing := parquet.Compression(one.codec)
		whole := columnsOf(columnars(one.name, 300), packing)
		cases = append(cases, taken(name+"in order", "a.parquet", whole, 300))
		for _, share := range []int{1, 50, 99} {
			cases = append(cases, refused(fmt.Sprintf("%scut after %d %%", name, share), "a.parquet",
				whole[:len(whole)*share/100], fault.Parquet))
		}
		if one.name != "none" { // where every byte may be another digit
			cases = append(cases, refused(name+"pages of noise", "a.parquet", noisy(whole), fault.Parquet))
		}
	}
	bomb := columnsOf(columnars(strings.Repeat("x", 10_000), 20_000), parquet.Compression(&parquet.Brotli))
	cases = append(cases, refused("parquet: a bomb of one long text", "a.parquet", bomb, fault.Bomb))
	return append(cases, footers()...)
}

// noisy has noise for the pages of its last column, which holds tags.
func noisy(whole []byte) []byte {
	out := bytes.Clone(whole)
	relabel(whole, func(meta *format.FileMetaData) {
		for _, chunk := range meta.RowGroups[0].Columns {
			copy(out[chunk.MetaData.DataPageOffset:], noise(int(chunk.MetaData.TotalCompressedSize)))
		}
	})
	return out
}

// footers are files whose tables of contents lie.
func footers() []Case {
	whole := columnsOf(columnars("a footer", 300), parquet.Compression(&parquet.Snappy))
	told := func(name string, tell func(meta *format.FileMetaData)) Case {
		return refused("parquet: "+name, "a.parquet", relabel(whole, tell), fault.Parquet)
	}
	lie := func(name string, tell func(chunk *format.ColumnMetaData)) Case {
		return told(name, func(meta *format.FileMetaData) {
			for i := range meta.RowGroups[0].Columns {
				tell(&meta.RowGroups[0].Columns[i].MetaData)
			}
		})
	}
	packed := func(as format.CompressionCodec) func(*format.ColumnMetaData) {
		return func(chunk *format.ColumnMetaData) { chunk.Codec = as }
	}
	same := relabel(whole, func(*format.FileMetaData) {})
	encrypted := append(bytes.Clone(whole[:len(whole)-4]), "PARE"...)
	return []Case{
		taken("parquet: a footer written anew", "a.parquet", same, 300),
		lie("snappy that is called brotli", packed(format.Brotli)),
		lie("snappy that is called LZ4", packed(format.Lz4Raw)),
		lie("the old LZ4", packed(format.Lz4)),
		lie("LZO", packed(format.LZO)),
		lie("a compression of nobody", packed(99)),
		lie("pages behind the end", func(c *format.ColumnMetaData) { c.DataPageOffset = 1 << 40 }),
		lie("pages before the beginning", func(c *format.ColumnMetaData) { c.DataPageOffset = -5 }),
		lie("pages without end", func(c *format.ColumnMetaData) { c.TotalCompressedSize = 1 << 60 }),
		lie("fewer values than rows", func(c *format.ColumnMetaData) { c.NumValues = 299 }),
		lie("a type that is not the schema's", func(c *format.ColumnMetaData) { c.Type = format.Int96 }),
		told("pages in another file", func(meta *format.FileMetaData) {
			meta.RowGroups[0].Columns[0].FilePath = "../../etc/passwd"
		}),
		told("more rows than there are", func(meta *format.FileMetaData) {
			meta.NumRows, meta.RowGroups[0].NumRows = 1<<40, 1<<40
		}),
		told("row groups that do not add up", func(meta *format.FileMetaData) { meta.NumRows = 299 }),
		refused("parquet: its magic number alone", "a.parquet", []byte("PAR1PAR1"), fault.Parquet),
		refused("parquet: encrypted", "a.parquet", encrypted, fault.Parquet),
	}
}

// relabel gives a file another footer than it has.
func relabel(whole []byte, change func(meta *format.FileMetaData)) []byte {
	end := len(whole) - 8
	start := end - int(binary.LittleEndian.Uint32(whole[end:]))
	meta := new(format.FileMetaData)
	_ = thrift.Unmarshal(new(thrift.CompactProtocol), whole[start:end], meta) // it was written just now
	change(meta)
	footer, _ := thrift.Marshal(new(thrift.CompactProtocol), meta)
	out := append(bytes.Clone(whole[:start]), footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, "PAR1"...)
}
