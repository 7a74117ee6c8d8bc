package main

import (
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// rowBar shows how many rows are done, at which rate, and how long the rest will
// take. Away from a terminal it says nothing: a log is no place for a bar.
type rowBar struct {
	writer  progress.Writer
	tracker *progress.Tracker
	title   string
}

func newRowBar(s *session, title string) *rowBar {
	if !isTerminal(s.progress) {
		return &rowBar{}
	}
	writer := progress.NewWriter()
	writer.SetOutputWriter(s.progress)
	writer.SetUpdateFrequency(100 * time.Millisecond)
	writer.SetTrackerLength(30)
	writer.SetStyle(progress.StyleBlocks)
	writer.Style().Visibility.ETA = true
	writer.Style().Visibility.Speed = true
	go writer.Render()
	return &rowBar{writer: writer, title: title}
}

// set moves the bar.
func (b *rowBar) set(done, total int) {
	if b.writer == nil {
		return
	}
	if b.tracker == nil {
		b.tracker = &progress.Tracker{Message: b.title, Total: int64(total)}
		b.writer.AppendTracker(b.tracker)
	}
	b.tracker.SetValue(int64(done))
}

// end leaves the bar full, or marked as failed, and lets it be drawn once more.
func (b *rowBar) end(whole bool) {
	if b.writer == nil {
		return
	}
	if b.tracker != nil && whole {
		b.tracker.SetValue(b.tracker.Total)
		b.tracker.MarkAsDone()
	} else if b.tracker != nil {
		b.tracker.MarkAsErrored()
	}
	for range 20 {
		if b.writer.LengthActive() == 0 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.writer.Stop()
}

func isTerminal(w io.Writer) bool {
	file, isFile := w.(*os.File)
	if !isFile {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
