//go:build tools

// Package tools pins the static checks: the linters and Temporal's
// workflowcheck, apart from magam's own dependencies.
package tools

import (
	_ "github.com/golangci/golangci-lint/v2/cmd/golangci-lint"
	_ "go.temporal.io/sdk/contrib/tools/workflowcheck"
)
