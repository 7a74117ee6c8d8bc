package devstack

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ServiceStatus is how one service of the stack stands.
type ServiceStatus struct {
	Name   string
	State  string // healthy, sick or stopped
	Detail string // what is wrong with a sick one
	URL    string
	PID    int
	Log    string
}

// The states of a service.
const (
	StateHealthy = "healthy"
	StateSick    = "sick"
	StateStopped = "stopped"
)

// Status asks each service whether it works.
func (s *Stack) Status(ctx context.Context) ([]ServiceStatus, error) {
	record, err := readRecord(s.layout)
	if err != nil {
		return nil, err
	}
	statuses := make([]ServiceStatus, 0, len(serviceOrder))
	for _, name := range serviceOrder {
		service := record.Services[name]
		status := ServiceStatus{Name: name, State: StateStopped, URL: service.URL(name), Log: service.Log}
		if service.Running() {
			status.PID, status.State = service.PID, StateHealthy
			err = s.check(ctx, name, record)
			if err != nil {
				status.State, status.Detail = StateSick, err.Error()
			}
		}
		statuses = append(statuses, status)
	}
	return statuses, nil
}

// URL is where a person, or for Postgres a program, finds the service.
func (s Service) URL(name string) string {
	if len(s.Ports) == 0 {
		return ""
	}
	switch name {
	case ServicePostgres:
		return loopback(s.Ports["sql"])
	case ServiceWorker:
		return page(s.Ports["web"]) + "/healthz"
	default:
		return page(s.Ports["web"])
	}
}

func (s *Stack) check(ctx context.Context, name string, record Record) error {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ports := record.Services[name].Ports
	switch name {
	case ServicePostgres:
		account, err := unprivileged()
		if err != nil {
			return err
		}
		server, err := reopenPostgres(record.PostgresFolder, ports["sql"], account)
		if err != nil {
			return err
		}
		conn, err := pgx.Connect(ctx, server.AdminURL(booksDatabase))
		if err != nil {
			return err
		}
		return conn.Close(ctx)
	case ServiceTemporal:
		return (&Temporal{Port: ports["grpc"]}).ping(ctx)
	case ServiceMail:
		return answers(ctx, ports["smtp"])
	case ServiceWorker:
		return healthy(ctx, ports["web"])
	default:
		return fmt.Errorf("no service is called %s", name)
	}
}
