package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	readyMax    = 3 * time.Second  // one look at the books and at Temporal
	shutdownMax = 5 * time.Second  // for answers under way
	headerMax   = 10 * time.Second // a client that says nothing is cut off
)

// serveHealth answers /healthz and /metrics until ctx ends. An empty address
// serves neither. /healthz is 200 while ready finds nothing wrong and 503 with
// the reason otherwise: a probe restarts or removes the worker by it.
func serveHealth(
	ctx context.Context, listen string, registry *prometheus.Registry, ready func(context.Context) error,
) error {
	if listen == "" {
		<-ctx.Done()
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("serve health: %w", err)
	}
	server := &http.Server{Handler: healthHandler(registry, ready), ReadHeaderTimeout: headerMax}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownMax)
		defer cancel()
		stopped <- server.Shutdown(ending)
	}()
	err = server.Serve(listener)
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health: %w", err)
	}
	return <-stopped
}

func healthHandler(registry *prometheus.Registry, ready func(context.Context) error) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyMax)
		defer cancel()
		err := ready(ctx)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n")) // a client that left needs no answer
	})
	routes.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return routes
}
