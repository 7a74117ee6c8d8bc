package parquetscan

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// canUnpack says which compressions are read. The old LZ4 is not: its writers never
// agreed on what stands before its blocks, for which LZ4_RAW replaced it.
func canUnpack(codec format.CompressionCodec) bool {
	switch codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd, format.Brotli, format.Lz4Raw:
		return true
	case format.LZO, format.Lz4:
		return false
	default:
		return false
	}
}

// unpack fills page, which is as long as its header says, and refuses a page
// that is any longer or shorter.
func unpack(page, packed []byte, codec format.CompressionCodec) error {
	var err error
	switch codec {
	case format.Snappy:
		err = unpackSnappy(page, packed)
	case format.Gzip:
		err = unpackGzip(page, packed)
	case format.Zstd:
		err = unpackZstd(page, packed)
	case format.Brotli:
		err = fill(page, brotli.NewReader(bytes.NewReader(packed)))
	case format.Lz4Raw:
		err = unpackLZ4(page, packed)
	case format.Uncompressed, format.LZO, format.Lz4:
		err = io.ErrUnexpectedEOF
	default:
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return damaged("a page cannot be decompressed: %v", err)
	}
	return nil
}

func unpackSnappy(page, packed []byte) error {
	length, err := snappy.DecodedLen(packed)
	if err != nil {
		return err
	}
	if length != len(page) {
		return io.ErrUnexpectedEOF
	}
	_, err = snappy.Decode(page, packed)
	return err
}

func unpackGzip(page, packed []byte) error {
	inflater, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	return fill(page, inflater)
}

// fill reads a page that ends where it is full.
func fill(page []byte, inflater io.Reader) error {
	if _, err := io.ReadFull(inflater, page); err != nil {
		return err
	}
	if _, err := io.ReadFull(inflater, make([]byte, 1)); !errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func unpackLZ4(page, packed []byte) error {
	n, err := lz4.UncompressBlock(packed, page)
	if err == nil && n != len(page) {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// inflateZstd is one decoder for the process: it holds no state between pages.
var inflateZstd = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(pageBytesMax),
		zstd.WithDecoderMaxWindow(pageBytesMax))
})

func unpackZstd(page, packed []byte) error {
	inflater, err := inflateZstd()
	if err != nil {
		return err
	}
	unpacked, err := inflater.DecodeAll(packed, page[:0])
	if err != nil {
		return err
	}
	if len(unpacked) != len(page) {
		return io.ErrUnexpectedEOF
	}
	return nil // it fits, so it lies in page
}
