package s3test

import (
	"context"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Line is a way to the server that can be counted and cut.
type Line struct {
	Port  int
	to    string
	came  atomic.Int64 // bytes from the server
	cuts  atomic.Int64 // made
	mu    sync.Mutex
	plan  []int64 // each: cut once so many bytes have come since the last cut
	since int64
	cut   func() // called before a cut
}

// Line opens one, which ends with the test.
func (s *Server) Line(t *testing.T) *Line {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address, ok := listener.Addr().(*net.TCPAddr)
	require.True(t, ok)
	line := &Line{Port: address.Port, to: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))}
	ctx, stop := context.WithCancel(context.Background())
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			open.Go(func() { line.carry(ctx, conn) })
		}
	})
	t.Cleanup(func() {
		stop()
		require.NoError(t, listener.Close())
		open.Wait()
	})
	return line
}

// CutAfter plans cuts: the line breaks once that many more bytes have come, then
// after the next number, and so on. before is called at each, and may be nil.
func (l *Line) CutAfter(before func(), bytes ...int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plan, l.since, l.cut = bytes, 0, before
}

// Came is how many bytes have come from the server, headers among them.
func (l *Line) Came() int64 { return l.came.Load() }

// Cuts is how often the line has broken.
func (l *Line) Cuts() int64 { return l.cuts.Load() }

func (l *Line) carry(ctx context.Context, near net.Conn) {
	defer func() { _ = near.Close() }() // it may be broken already, as it should
	var dialer net.Dialer
	far, err := dialer.DialContext(ctx, "tcp", l.to)
	if err != nil {
		return // whoever dialled sees the line close
	}
	defer func() { _ = far.Close() }()
	hangUp := context.AfterFunc(ctx, func() {
		_ = near.Close()
		_ = far.Close()
	})
	defer hangUp()
	go func() {
		_, _ = io.Copy(far, near) // a broken line is what this is for
		_ = far.Close()
	}()
	buffer := make([]byte, 16<<10)
	for {
		n, err := far.Read(buffer)
		l.came.Add(int64(n))
		give, broken := l.passed(int64(n))
		_, failed := near.Write(buffer[:give])
		if broken || err != nil || failed != nil {
			return
		}
	}
}

// passed counts bytes against the plan and says how many of them still come
// through before the line breaks.
func (l *Line) passed(n int64) (give int64, broken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.plan) == 0 || l.since+n < l.plan[0] {
		l.since += n
		return n, false
	}
	give = l.plan[0] - l.since
	l.plan, l.since = l.plan[1:], 0
	l.cuts.Add(1)
	if l.cut != nil {
		l.cut()
	}
	return give, true
}
