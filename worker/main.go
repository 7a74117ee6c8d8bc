// Command worker is the only place where a hand is given its door: it connects
// the activities to Postgres, the blob store and SMTP, and serves the task
// queues it is told to.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	workbook "magam/formats/master"
	"magam/internal/config"
	"magam/internal/lean"
	"magam/internal/sandbox"
)

// gcPercent is what internal/bench measures with.
const gcPercent = 40

func main() {
	sandbox.Enter(
		map[string]sandbox.Task{workbook.TaskName: workbook.Task},
	) // as a child it reads one workbook
	// Dictionaries and daily sums live as long as a part is loaded, and little else is allocated meanwhile: letting
	// the heap double before each collection would only hold memory.
	debug.SetGCPercent(gcPercent)
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, log)
	if err != nil {
		log.ErrorContext(ctx, "worker stopped", slog.Any("error", err))
		os.Exit(1)
	}
}

func run(ctx context.Context, log *slog.Logger) error {
	cfg, err := config.ReadWorker()
	if err != nil {
		return err
	}
	house, err := open(ctx, cfg, log)
	if err != nil {
		return fmt.Errorf("open the house: %w", err)
	}
	defer house.close(ctx)
	lean.GiveBackProgram() // of what starting touched, working needs less than half
	return house.serve(ctx)
}
