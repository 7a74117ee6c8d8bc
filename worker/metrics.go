package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
)

// secondsView buckets latencies, which the SDK gives in seconds, from a poll's
// milliseconds to a big part's hour. The library's own buckets are for
// milliseconds: nearly everything would be in the first.
var secondsView = metric.NewView(
	metric.Instrument{Name: "temporal_*", Unit: "s"},
	metric.Stream{Aggregation: metric.AggregationExplicitBucketHistogram{
		Boundaries: []float64{0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600},
	}},
)

// newMetrics gives the handler by which the Temporal SDK counts what it does
// (tasks, failures, latencies, free slots) and the registry that /metrics shows,
// with Go's own and the process's figures beside them.
func newMetrics(log *slog.Logger) (client.MetricsHandler, *prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry),
		otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, nil, fmt.Errorf("make the metrics: %w", err)
	}
	provider := metric.NewMeterProvider(metric.WithReader(exporter), metric.WithView(secondsView))
	handler := opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter:                provider.Meter("temporal-sdk-go"),
		UseMonotonicCounters: true, // else Prometheus takes them for gauges
		// By default an instrument that cannot be made panics: no figure is worth a close.
		OnError: func(err error) {
			log.LogAttrs(context.Background(), slog.LevelWarn, "a metric is not counted",
				slog.Any("error", err))
		},
	})
	return handler, registry, nil
}
