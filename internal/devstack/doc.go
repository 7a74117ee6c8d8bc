// Package devstack is the embedded default: everything magam needs around it on
// a bare machine, without containers: a private Postgres, Temporal with its web
// UI, a mail sink and the worker.
//
// It owns finding binaries, starting, watching and stopping processes, and the
// settings by which worker and starter find them. It is for the demo, for tests
// and for development; a real installation is docker-compose.yml's matter.
package devstack
