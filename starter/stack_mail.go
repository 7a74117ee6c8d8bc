package main

import (
	"context"

	"magam/internal/devstack/mailsink"
)

// stackMailSinkCmd is the process that up starts to catch the demo's mails.
type stackMailSinkCmd struct {
	Dir  string `help:"Folder that keeps the mails."         required:""`
	SMTP string `help:"Address that takes mails."                        default:"127.0.0.1:1025" name:"smtp"`
	Web  string `help:"Address of the page that shows them."             default:"127.0.0.1:8025"`
}

// Help gives an example.
func (stackMailSinkCmd) Help() string { return "Example:\n\n  starter stack mail-sink --dir ./mails" }

// Run serves until it is asked to stop.
func (c stackMailSinkCmd) Run(ctx context.Context, _ *session) error {
	sink, err := mailsink.Start(ctx, c.Dir, c.SMTP, c.Web)
	if err != nil {
		return err
	}
	sink.Wait()
	return sink.Close()
}
