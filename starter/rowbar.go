package main

import (
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// rowBar shows how many rows are done, at which rate, and how long the rest will
// take. Away from a terminal it says nothing: a log is no place for a bar.
type rowBar struct {
	session *session
	writer  progress.Writer
	tracker *progress.Tracker
	title   string
	units   progress.Units
}

func newRowBar(s *session, title string) *rowBar { return newBar(s, title, progress.UnitsDefault) }

// newByteBar counts the bytes of files: how many rows they hold is known only
// once they are read.
func newByteBar(s *session, title string) *rowBar { return newBar(s, title, progress.UnitsBytes) }

func newBar(s *session, title string, units progress.Units) *rowBar {
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
	s.bar = &rowBar{session: s, writer: writer, title: title, units: units}
	return s.bar
}

// moves says whether anybody sees the bar.
func (b *rowBar) moves() bool { return b.writer != nil }

// set moves the bar.
func (b *rowBar) set(done, total int) {
	if b.writer == nil {
		return
	}
	if b.tracker == nil {
		b.tracker = &progress.Tracker{Message: b.title, Total: int64(total), Units: b.units}
		b.writer.AppendTracker(b.tracker)
	}
	b.tracker.UpdateTotal(int64(total))
	b.tracker.SetValue(int64(done))
}

// say changes what stands beside the bar.
func (b *rowBar) say(title string) {
	b.title = title
	if b.tracker != nil {
		b.tracker.UpdateMessage(title)
	}
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
	b.session.bar = nil
}
