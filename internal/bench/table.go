package main

import (
	"fmt"
	"io"
	"time"
)

// measured is one row of the table.
type measured struct {
	what string
	wall time.Duration
	cpu  time.Duration // of client and server; zero where nobody asks
	note string
}

// table is what a run measured, by name.
type table struct {
	rows  int
	all   []measured
	floor time.Duration // psql's, which every wall time is compared with
}

func (t *table) add(one measured) { t.all = append(t.all, one) }

func (t *table) print(to io.Writer) {
	fmt.Fprintf(to, "| %-58s | %8s | %6s | %12s | %s\n", "what", "seconds", "ratio", "CPU s per 1M", "|")
	fmt.Fprintln(to, "|---|---:|---:|---:|---|")
	for _, one := range t.all {
		cpu := ""
		if one.cpu > 0 {
			cpu = fmt.Sprintf("%.2f", one.cpu.Seconds()*1e6/float64(t.rows))
		}
		fmt.Fprintf(to, "| %-58s | %8.2f | %6.3f | %12s | %s |\n", one.what, one.wall.Seconds(),
			ratio(one.wall, t.floor), cpu, one.note)
	}
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
		if one.missing != "" {
			fmt.Fprintf(to, "| %-62s | %8s | %14s | %s |\n", one.what, "", wanted(one), one.missing)
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
