package main

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// beatsPerTimeout is how often a hand tells that it is alive before Temporal
// gives it up: once may come late.
const beatsPerTimeout = 4

// pulse lets every activity that has a heartbeat timeout tell that its worker
// lives. Temporal then notices a worker that died within that timeout, and not
// only when the longest permitted work would have ended: an hour for a seal.
type pulse struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity puts a heart into each activity.
func (*pulse) InterceptActivity(
	_ context.Context, next interceptor.ActivityInboundInterceptor,
) interceptor.ActivityInboundInterceptor {
	beating := &heart{}
	beating.Next = next
	return beating
}

type heart struct {
	interceptor.ActivityInboundInterceptorBase
	said *progress
}

// Init listens to what the activity itself says of its progress.
func (h *heart) Init(outbound interceptor.ActivityOutboundInterceptor) error {
	h.said = &progress{}
	h.said.Next = outbound
	return h.Next.Init(h.said)
}

// ExecuteActivity beats for as long as the activity works.
func (h *heart) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	timeout := activity.GetInfo(ctx).HeartbeatTimeout
	if timeout <= 0 {
		return h.Next.ExecuteActivity(ctx, in)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		beat := time.NewTicker(timeout / beatsPerTimeout)
		defer beat.Stop()
		for {
			select {
			case <-stop:
				return
			case <-beat.C:
				h.said.repeat(ctx)
			}
		}
	}()
	defer func() {
		close(stop)
		<-stopped
	}()
	return h.Next.ExecuteActivity(ctx, in)
}

// progress remembers what the activity said last, so that a beat repeats it and
// the web UI goes on showing it.
type progress struct {
	interceptor.ActivityOutboundInterceptorBase
	mutex sync.Mutex
	last  []any
}

// RecordHeartbeat passes on what the activity says.
func (p *progress) RecordHeartbeat(ctx context.Context, details ...any) {
	p.mutex.Lock()
	p.last = details
	p.mutex.Unlock()
	p.Next.RecordHeartbeat(ctx, details...)
}

func (p *progress) repeat(ctx context.Context) {
	p.mutex.Lock()
	last := p.last
	p.mutex.Unlock()
	p.Next.RecordHeartbeat(ctx, last...)
}
