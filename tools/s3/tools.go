//go:build tools

// Package tools pins the S3-compatible server that tests start, apart from the
// product's own dependencies.
package tools

import _ "github.com/versity/versitygw/cmd/versitygw"
