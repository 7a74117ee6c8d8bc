package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHealthSaysWhatIsWrong(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		ready error
		code  int
		text  string
	}{
		"a ready worker is fine": {nil, http.StatusOK, "ok\n"},
		"a worker without books says so": {
			errors.New("the books are away"),
			http.StatusServiceUnavailable,
			"the books are away\n",
		},
		"a slow answer is an answer: it is late": {
			context.DeadlineExceeded,
			http.StatusServiceUnavailable,
			"context deadline exceeded\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, registry, err := newMetrics(slog.New(slog.DiscardHandler))
			require.NoError(t, err)
			answer := httptest.NewRecorder()

			healthHandler(registry, func(context.Context) error { return tt.ready }).
				ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))

			require.Equal(t, tt.code, answer.Code)
			require.Equal(t, tt.text, answer.Body.String())
		})
	}
}

func TestMetricsShowWhatTheSDKCounts(t *testing.T) {
	t.Parallel()
	handler, registry, err := newMetrics(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	handler.WithTags(map[string]string{"task_queue": "magam-closing"}).
		Counter("temporal_activity_execution_failed").
		Inc(3)
	handler.Timer("temporal_activity_execution_latency").Record(time.Second)
	answer := httptest.NewRecorder()

	healthHandler(
		registry,
		nil,
	).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))

	require.Equal(t, http.StatusOK, answer.Code)
	require.Contains(t, answer.Body.String(),
		`temporal_activity_execution_failed_total{task_queue="magam-closing"} 3`)
	require.Contains(t, answer.Body.String(), `temporal_activity_execution_latency_seconds_bucket{le="1"} 1`)
	require.Contains(t, answer.Body.String(), "go_goroutines")
}

func TestServingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	_, registry, err := newMetrics(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serveHealth(ctx, address, registry, func(context.Context) error { return nil }) }()
	require.Eventually(t, func() bool {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			"http://"+address+"/healthz", nil)
		if err != nil {
			return false
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return err == nil && string(text) == "ok\n"
	}, 5*time.Second, 10*time.Millisecond)

	stop()

	require.NoError(t, <-ended)
}
