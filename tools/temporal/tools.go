//go:build tools

// Package tools pins the Temporal command line (the embedded default's server
// and web UI) apart from magam's own dependencies, which it would lift.
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
