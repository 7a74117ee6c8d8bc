package main

import (
	"fmt"
	"io"
	"time"
)

// table prints contenders beside each other.
type table struct {
	rows  int
	floor time.Duration // psql's, which every wall time is compared with
}

func (t table) head(to io.Writer) {
	fmt.Fprintf(to, "| %-58s | %7s | %7s | %6s | %6s | %6s | %s\n", "what", "seconds", "slowest", "ratio",
		"client", "server", "|")
	fmt.Fprintln(to, "|---|---:|---:|---:|---:|---:|---|")
}

func (t table) contender(to io.Writer, one *contender) {
	if len(one.all) == 0 {
		if one.missing != "" {
			fmt.Fprintf(to, "| %-58s | | | | | | %s |\n", one.what, one.missing)
		}
		return
	}
	best, slowest := one.best(), time.Duration(0)
	for _, run := range one.all {
		slowest = max(slowest, run.wall)
	}
	note := best.note
	if best.peakKB > 0 {
		note += fmt.Sprintf("peak memory %.0f MiB", one.peakMiB())
	}
	t.line(to, one.what, best, fmt.Sprintf("%.2f", slowest.Seconds()), note)
}

func (t table) line(to io.Writer, what string, took sample, slowest, note string) {
	fmt.Fprintf(to, "| %-58s | %7.2f | %7s | %6.3f | %6s | %6s | %s |\n", what, took.wall.Seconds(), slowest,
		ratio(took.wall, t.floor), t.perMillion(took.worker), t.perMillion(took.server), note)
}

// perMillion is CPU seconds a million rows.
func (t table) perMillion(cpu time.Duration) string {
	return fmt.Sprintf("%.2f", cpu.Seconds()*1e6/float64(t.rows))
}

// target is a figure and what it should be.
type target struct {
	what        string
	got, wanted float64
	atLeast     bool // else at most
	missing     string
}

func printTargets(to io.Writer, targets []target) {
	fmt.Fprintf(to, "\n| %-62s | %8s | %14s | |\n|---|---:|---:|---|\n", "target", "figure", "wanted")
	for _, one := range targets {
		if one.missing != "" || one.got == 0 {
			fmt.Fprintf(to, "| %-62s | %8s | %14s | not measured %s |\n", one.what, "", wanted(one),
				one.missing)
			continue
		}
		verdict := "yes"
		if one.atLeast && one.got < one.wanted || !one.atLeast && one.got > one.wanted {
			verdict = "**no**"
		}
		fmt.Fprintf(to, "| %-62s | %8.3f | %14s | %s |\n", one.what, one.got, wanted(one), verdict)
	}
}

func wanted(one target) string {
	if one.atLeast {
		return fmt.Sprintf("at least %g", one.wanted)
	}
	return fmt.Sprintf("at most %g", one.wanted)
}

func ratio(a, b time.Duration) float64 {
	if b == 0 {
		return 0
	}
	return a.Seconds() / b.Seconds()
}
