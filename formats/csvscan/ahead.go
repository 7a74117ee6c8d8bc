package csvscan

import (
	"io"
	"sync"
)

const (
	aheadBlocks     = 4
	aheadBlockBytes = 256 << 10
)

// Ahead reads source in a goroutine of its own, a few blocks ahead of its
// reader, so that decompressing overlaps with parsing. Close stops it; it must
// be called, and source must not be used until it has returned.
func Ahead(source io.Reader) io.ReadCloser {
	a := &ahead{
		full:  make(chan block, aheadBlocks),
		empty: make(chan []byte, aheadBlocks),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	for range aheadBlocks {
		a.empty <- make([]byte, aheadBlockBytes)
	}
	go a.run(source)
	return a
}

type block struct {
	bytes []byte
	err   error
}

type ahead struct {
	full    chan block
	empty   chan []byte
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
	current block
	rest    []byte
}

func (a *ahead) run(source io.Reader) {
	defer close(a.done)
	for {
		var buffer []byte
		select {
		case buffer = <-a.empty:
		case <-a.stop:
			return
		}
		n, err := io.ReadFull(source, buffer)
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		select {
		case a.full <- block{buffer[:n], err}:
		case <-a.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read copies from the current block, and recycles it when it is used up.
func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.current.err != nil {
			return 0, a.current.err
		}
		if a.current.bytes != nil {
			a.empty <- a.current.bytes[:cap(a.current.bytes)]
		}
		a.current = <-a.full
		a.rest = a.current.bytes
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close stops reading ahead and waits until the source is left alone.
func (a *ahead) Close() error {
	a.once.Do(func() { close(a.stop) })
	<-a.done
	return nil
}
