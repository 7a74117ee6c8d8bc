package lean

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyPagesThatNobodyWroteAreGivenBack(t *testing.T) {
	t.Parallel()
	const smaps = `00400000-00500000 r-xp 00000000 08:01 77  /usr/bin/magam worker
Rss:                 900 kB
Anonymous:             0 kB
00500000-00600000 r--p 00100000 08:01 77  /usr/bin/magam
Anonymous:             4 kB
00600000-00700000 rw-p 00200000 08:01 77  /usr/bin/magam
Anonymous:             0 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Anonymous:             0 kB
7ffd0000-7ffd2000 r-xp 00000000 00:00 0  [vdso]
Anonymous:             0 kB
7fff0000-7fff1000 ---p 00000000 08:01 78  /lib/libc.so.6
Anonymous:             0 kB
`
	got := cleanMappings(bufio.NewScanner(strings.NewReader(smaps)))
	require.Equal(t, []mapping{{0x400000, 0x500000}}, got)
}

func TestTheProgramGoesOnWithoutItsPages(t *testing.T) { //nolint:paralleltest // measures the process
	before := fileKB(t)
	GiveBackProgram()
	require.Less(t, fileKB(t), before)
}

func fileKB(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, after, found := bytes.Cut(text, []byte("RssFile:"))
	require.True(t, found)
	var kB int
	_, err = fmt.Sscan(string(after), &kB)
	require.NoError(t, err)
	return kB
}
