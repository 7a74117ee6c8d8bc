package parquetscan

import (
	"errors"
	"fmt"
	"io"

	"magam/domain/fault"
)

// problem is what is wrong with the file, before it has a place.
type problem struct {
	code  fault.Code
	what  string
	value string
}

func (p *problem) Error() string { return p.what }

// damaged says that the file is not what parquet allows.
func damaged(what string, args ...any) error {
	return &problem{code: fault.Parquet, what: fmt.Sprintf(what, args...)}
}

// source reads within the file and remembers how reading failed, so that a
// broken connection is never taken for a broken file.
type source struct {
	at     io.ReaderAt
	size   int64
	failed error
}

// ReadAt reads within the file.
func (s *source) ReadAt(p []byte, offset int64) (int, error) {
	n, err := s.at.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}

// read fills p from an offset that was checked against the size.
func (s *source) read(p []byte, offset int64) error {
	n, err := s.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return damaged("the file is cut off at byte %d", offset+int64(n))
	}
	return err
}
