package main

import (
	"errors"
	"io"
)

// answers carries what a command answers to where it is read, and remembers the
// first failure: a full disk ends the command with an error, and no verb has to
// ask after every line.
type answers struct {
	to  io.Writer
	err error
}

// Write passes on what is written until something fails.
func (a *answers) Write(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.to.Write(p)
	a.err = err
	return n, err
}

// end is how a command ended whose answer may not have arrived.
func (a *answers) end(err error) error {
	if a.err == nil || errors.Is(err, a.err) {
		return err
	}
	return errors.Join(err, a.err)
}
