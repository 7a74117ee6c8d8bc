package csvscan_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/csvscan"
)

// member is a file of a zip.
type member struct{ name, text string }

func zipOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for _, one := range members {
		file, err := writer.Create(one.name)
		require.NoError(t, err)
		_, err = io.WriteString(file, one.text)
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

func readZip(packed []byte) ([][]string, error) {
	text, options, err := csvscan.OpenZip(bytes.NewReader(packed), int64(len(packed)),
		csvscan.Options{File: "f.zip"})
	if err != nil {
		return nil, err
	}
	return readAll(text, options)
}

func TestTheFilesOfAZipAreOne(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		members []member
		want    [][]string
	}{
		"one file": {[]member{{"r-1.csv", "a,b\n1,2\n"}}, [][]string{{"a", "b"}, {"1", "2"}}},
		"in the order of names, under one header": {
			[]member{{"r-2.csv", "a,b\n3,4\n"}, {"r-1.csv", "a,b\n1,2\n"}},
			[][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}},
		},
		"a last line without its end": {
			[]member{{"r-1.csv", "a,b\n1,2"}, {"r-2.csv", "a,b\r\n3,4"}},
			[][]string{{"a", "b"}, {"1", "2"}, {"3", "4"}},
		},
		"a header with a line end in quotes": {
			[]member{{"r-1.csv", "\"a\nb\",c\n1,2\n"}, {"r-2.csv", "\xef\xbb\xbf\"a\nb\",c\n3,4\n"}},
			[][]string{{"a\nb", "c"}, {"1", "2"}, {"3", "4"}},
		},
		"a file of nothing but its header": {
			[]member{{"r-1.csv", "a,b\n"}, {"r-2.csv", "a,b"}, {"r-3.csv", "a,b\n1,2\n"}},
			[][]string{{"a", "b"}, {"1", "2"}},
		},
		"folders and what a Mac leaves": {
			[]member{
				{"in/", ""},
				{"in/r.CSV", "a\n1\n"},
				{"__MACOSX/in/._r.csv", "\x00"},
				{"in/.DS_Store", "\x00"},
			},
			[][]string{{"a"}, {"1"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			rows, err := readZip(zipOf(t, tt.members...))

			require.NoError(t, err)
			require.Equal(t, tt.want, rows)
		})
	}
}

func TestAHostileZipIsRefused(t *testing.T) {
	t.Parallel()

	one := zipOf(t, member{"r.csv", "a,b\n1,2\n"})
	entry := bytes.Index(one, []byte("PK\x01\x02")) // of the directory
	patch := func(offset int, value []byte) []byte {
		patched := bytes.Clone(one)
		copy(patched[entry+offset:], value)
		return patched
	}
	tests := map[string]struct {
		packed []byte
		code   fault.Code
	}{
		"a path that climbs": {zipOf(t, member{"../r.csv", "a\n1\n"}), fault.Path},
		"an absolute path":   {zipOf(t, member{"/etc/r.csv", "a\n1\n"}), fault.Path},
		"a path of Windows":  {zipOf(t, member{`c:\r.csv`, "a\n1\n"}), fault.Path},
		"no CSV":             {zipOf(t, member{"r.txt", "a\n1\n"}), fault.UnknownFormat},
		"nothing":            {zipOf(t), fault.UnknownFormat},
		"other columns": {
			zipOf(t, member{"1.csv", "a\n1\n"}, member{"2.csv", "b\n1\n"}),
			fault.Schema,
		},
		"a password":             {patch(8, []byte{1, 0}), fault.UnknownFormat},
		"an unknown compression": {patch(10, []byte{97, 0}), fault.UnknownFormat},
		"a packed size that lies": {
			patch(20, binary.LittleEndian.AppendUint32(nil, 0x7fffffff)), fault.Bomb,
		},
		"a size that lies":  {patch(24, binary.LittleEndian.AppendUint32(nil, 9)), fault.GzipTruncated},
		"a size of 4 GB":    {patch(24, []byte{0xfe, 0xff, 0xff, 0xff}), fault.Bomb},
		"a Zip64 that lies": {zip64Lies(t), fault.Bomb},
		"a bomb":            {zipOf(t, member{"r.csv", "a\n" + strings.Repeat("\n", 20<<20)}), fault.Bomb},
		"two names for the same bytes": {
			sharedBytes(one, entry), fault.Bomb,
		},
		"a zip that is cut": {one[:len(one)-1], fault.GzipTruncated},
		"half of one":       {one[:len(one)/2], fault.GzipTruncated},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := readZip(tt.packed)

			code, _ := fault.CodeOf(err)
			require.Equal(t, tt.code, code, "%v", err)
			require.ErrorContains(t, err, "f.zip")
		})
	}
}

// zip64Lies claims 2^63 bytes in the field that Zip64 adds.
func zip64Lies(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	header := &zip.FileHeader{
		Name:               "r.csv",
		Method:             zip.Store,
		UncompressedSize64: 1 << 63,
		CompressedSize64:   4,
	}
	file, err := writer.CreateRaw(header)
	require.NoError(t, err)
	_, err = io.WriteString(file, "a\n1\n")
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

// sharedBytes lists the one file of a zip twice.
func sharedBytes(one []byte, entry int) []byte {
	end := bytes.Index(one, []byte("PK\x05\x06"))
	directory := one[entry:end]
	shared := append(bytes.Clone(one[:end]), directory...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], 2)
	binary.LittleEndian.PutUint16(tail[10:], 2)
	binary.LittleEndian.PutUint32(tail[12:], uint32(2*len(directory)))
	return append(shared, tail...)
}

// Whatever byte of a zip is another, there is a coded refusal or the same rows:
// its checksums tell.
func TestADamagedZipIsRefusedOrWhole(t *testing.T) {
	t.Parallel()
	packed := zipOf(t, member{"r-1.csv", "a,b\n1,2\n"},
		member{"r-2.csv", "a,b\n" + strings.Repeat("3,4\n", 100)})
	whole, err := readZip(packed)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		damaged := bytes.Clone(packed)
		damaged[random.IntN(len(damaged))] ^= byte(1 + random.IntN(255))

		rows, err := readZip(damaged)
		if err != nil {
			_, coded := fault.CodeOf(err)
			require.True(t, coded, "%v", err)
			continue
		}
		require.ElementsMatch(t, whole, rows)
	}
}

func TestABrokenConnectionIsNoBrokenZip(t *testing.T) {
	t.Parallel()
	packed, dead := zipOf(t, member{"r-1.csv", "a,b\n1,2\n"}), errors.New("the line went dead")

	_, _, err := csvscan.OpenZip(failing{dead}, int64(len(packed)), csvscan.Options{File: "f.zip"})

	require.ErrorIs(t, err, dead)
	_, coded := fault.CodeOf(err)
	require.False(t, coded)
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }
