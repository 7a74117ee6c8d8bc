// Package lean keeps a process small.
package lean
