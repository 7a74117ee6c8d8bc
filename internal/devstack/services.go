package devstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

const (
	mailStartMax   = 20 * time.Second
	workerStartMax = 60 * time.Second // it migrates and connects before it is ready
)

func (s *Stack) ensurePostgres(
	ctx context.Context, record Record, account *account, started chan<- named,
) (*Postgres, error) {
	kept := record.Services[ServicePostgres]
	if kept.Running() {
		return reopenPostgres(record.PostgresFolder, kept.Ports["sql"], account)
	}
	err := InstallPostgres(ctx, s.say)
	if err != nil {
		return nil, err
	}
	s.say("starting Postgres in %s", record.PostgresFolder)
	server, err := StartPostgres(ctx, PostgresOptions{
		Folder: record.PostgresFolder, Durable: true, Detached: s.detached, Port: kept.Ports["sql"],
	})
	if err != nil {
		return nil, err
	}
	service, err := server.child.service(server.log(), map[string]int{"sql": server.Port})
	started <- named{ServicePostgres, service}
	return server, err
}

func (s *Stack) ensureTemporal(ctx context.Context, record Record, started chan<- named) error {
	kept := record.Services[ServiceTemporal]
	if kept.Running() {
		return nil
	}
	binary, err := s.temporal, error(nil)
	if binary == "" {
		binary, err = FindTemporal(ctx, s.layout, s.say)
	}
	if err != nil {
		return err
	}
	s.say("starting Temporal and its web UI")
	log, ports := s.layout.log(ServiceTemporal), s.wanted(ServiceTemporal, kept)
	server, err := StartTemporal(ctx, TemporalOptions{
		Binary: binary, File: s.layout.temporalFile(), Log: log, Detached: s.detached, Headless: s.headless,
		Port: ports["grpc"], UIPort: ports["web"],
	})
	if err != nil {
		return err
	}
	s.sayPort(ServiceTemporal, ports["grpc"], server.Port)
	s.sayPort("Temporal's web UI", ports["web"], server.UIPort)
	service, err := server.child.service(log, map[string]int{"grpc": server.Port, "web": server.UIPort})
	started <- named{ServiceTemporal, service}
	return err
}

func (s *Stack) ensureMail(ctx context.Context, record Record, started chan<- named) error {
	kept := record.Services[ServiceMail]
	if kept.Running() || len(s.mailSink) == 0 {
		return nil
	}
	s.say("starting the mail sink")
	log, ports := s.layout.log(ServiceMail), s.wanted(ServiceMail, kept)
	return onFreePorts(ctx, []int{ports["smtp"], ports["web"]}, func(free []int) error {
		sink, err := startChild(childOptions{
			path: s.mailSink[0], arguments: append(s.mailSink[1:len(s.mailSink):len(s.mailSink)],
				"--smtp", loopback(free[0]), "--web", loopback(free[1]), "--dir", s.layout.MailFolder()),
			folder: s.layout.Project, environment: serverEnvironment(), log: log, detached: s.detached,
		})
		if err != nil {
			return err
		}
		err = sink.await(ctx, mailStartMax, func(ctx context.Context) error {
			err := answers(ctx, free[0])
			if err != nil {
				return err
			}
			return answers(ctx, free[1])
		})
		if err != nil {
			_ = sink.stop(os.Kill, mailStartMax)
			return fmt.Errorf("start the mail sink: %w", explainLog(err, log))
		}
		s.sayPort(ServiceMail, ports["smtp"], free[0])
		s.sayPort("the mail sink's page", ports["web"], free[1])
		service, err := sink.service(log, map[string]int{"smtp": free[0], "web": free[1]})
		started <- named{ServiceMail, service}
		return err
	})
}

// ensureWorker starts the worker, or starts it anew when its binary or what it
// was told has changed: an old one would go on with yesterday's code.
func (s *Stack) ensureWorker(ctx context.Context, record *Record, told settings) error {
	if s.worker == "" {
		return nil
	}
	build, err := buildOf(s.worker, told)
	if err != nil {
		return fmt.Errorf("start the worker (make build makes it): %w", err)
	}
	kept := record.Services[ServiceWorker]
	if kept.Running() && kept.Build == build {
		told["MAGAM_WORKER_LISTEN"] = loopback(kept.Ports["web"])
		return nil
	}
	err = kept.stop(stopSignal[ServiceWorker], stopMax[ServiceWorker])
	if err != nil {
		return fmt.Errorf("stop the old worker: %w", err)
	}
	s.say("starting the worker")
	ports := s.wanted(ServiceWorker, kept)
	err = onFreePorts(ctx, []int{ports["web"]}, func(free []int) error {
		told["MAGAM_WORKER_LISTEN"] = loopback(free[0])
		service, err := s.startWorker(ctx, free[0], told)
		if err != nil {
			return err
		}
		s.sayPort(ServiceWorker, ports["web"], free[0])
		service.Build = build
		record.Services[ServiceWorker] = service
		return nil
	})
	if err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	return record.write(s.layout)
}

func (s *Stack) startWorker(ctx context.Context, port int, told settings) (Service, error) {
	log := s.layout.log(ServiceWorker)
	worker, err := startChild(childOptions{
		path:        s.worker,
		folder:      s.layout.Project,
		environment: told.over(os.Environ()),
		log:         log,
		detached:    s.detached,
	})
	if err != nil {
		return Service{}, err
	}
	err = worker.await(ctx, workerStartMax, func(ctx context.Context) error { return healthy(ctx, port) })
	if err != nil {
		_ = worker.stop(os.Kill, workerStartMax)
		return Service{}, explainLog(err, log)
	}
	return worker.service(log, map[string]int{"web": port})
}

// healthy asks a worker whether it is ready.
func healthy(ctx context.Context, port int) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page(port)+"/healthz", http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		const excerpt = 500
		text, _ := io.ReadAll(io.LimitReader(response.Body, excerpt)) // the status says enough
		return fmt.Errorf("/healthz answers %s: %s", response.Status, text)
	}
	return nil
}

// buildOf is a digest of a binary and of what it is told.
func buildOf(binary string, told settings) (string, error) {
	file, err := os.Open(binary)
	if err != nil {
		return "", err
	}
	defer file.Close()
	digest := sha256.New()
	_, err = io.Copy(digest, file)
	if err != nil {
		return "", err
	}
	digest.Write([]byte(told.text()))
	return hex.EncodeToString(digest.Sum(nil)[:8]), nil
}

// wanted are the ports a service had last, else its default ones.
func (s *Stack) wanted(name string, kept Service) map[string]int {
	if len(kept.Ports) > 0 {
		return kept.Ports
	}
	return s.ports[name]
}

func (s *Stack) sayPort(name string, wished, got int) {
	if wished != 0 && wished != got {
		s.say("port %d is taken: %s is at %d", wished, name, got)
	}
}
