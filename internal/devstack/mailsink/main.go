package mailsink

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main runs a sink as a process of its own until it is asked to stop. It prints
// one line, "smtp=… web=…", once both addresses answer: whoever started it can
// read there which ports were free.
func Main(args []string) error {
	flags := flag.NewFlagSet("mail-sink", flag.ContinueOnError)
	dir := flags.String("dir", "", "folder that keeps the mails")
	smtpAddr := flags.String("smtp", "127.0.0.1:1025", "address to take mails on")
	webAddr := flags.String("web", "127.0.0.1:8025", "address of the mail page")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		return fmt.Errorf("mail-sink: -dir is missing")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	sink, err := Start(ctx, *dir, *smtpAddr, *webAddr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(os.Stdout, "smtp=%s web=%s\n", sink.SMTPAddr, sink.WebURL)
	if err != nil {
		return err
	}
	sink.Wait()
	return sink.Close()
}
