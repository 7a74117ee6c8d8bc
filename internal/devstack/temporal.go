package devstack

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

const (
	temporalStartMax  = 60 * time.Second
	temporalStopMax   = 20 * time.Second
	temporalNamespace = "default"
)

// SearchAttributes by which runs are found in the web UI, all keywords.
var SearchAttributes = []string{"BillingPeriod", "Customer", "CloseState", "InvoiceNumber"}

// TemporalOptions says how a private Temporal server runs.
type TemporalOptions struct {
	// Binary is the temporal command line; FindTemporal gives one.
	Binary string
	// File keeps the histories; empty forgets them with the process.
	File string
	// Log is the file of its errors.
	Log string
	// Detached lets the server outlive this process; otherwise it dies with us.
	Detached bool
	// Headless leaves out the web UI.
	Headless bool
	// Port and UIPort are used if they are free, else others are picked.
	Port, UIPort int
}

// Temporal is a running private server on loopback.
type Temporal struct {
	Port, UIPort int

	child *child
}

// StartTemporal starts a server and waits until it answers and knows our
// search attributes: its web page answers earlier, when no call works yet.
func StartTemporal(ctx context.Context, options TemporalOptions) (*Temporal, error) {
	server := &Temporal{}
	err := onFreePorts(ctx, []int{options.Port, options.UIPort}, func(ports []int) error {
		server.Port, server.UIPort = ports[0], ports[1]
		return server.start(ctx, options)
	})
	if err != nil {
		return nil, fmt.Errorf("start Temporal: %w", err)
	}
	return server, nil
}

// Address is host:port of the frontend.
func (s *Temporal) Address() string { return loopback(s.Port) }

// Stop ends the server.
func (s *Temporal) Stop() error { return s.child.stop(os.Interrupt, temporalStopMax) }

func (s *Temporal) start(ctx context.Context, options TemporalOptions) error {
	var err error
	// A folder of our own for its home: a person's temporal.yaml is for clients,
	// and in a shared one the file may be somebody else's.
	home := filepath.Dir(options.Log)
	s.child, err = startChild(childOptions{
		path:        options.Binary,
		arguments:   s.arguments(options),
		folder:      home,
		log:         options.Log,
		environment: append(serverEnvironment(), "HOME="+home),
		detached:    options.Detached,
	})
	if err != nil {
		return err
	}
	err = s.child.await(ctx, temporalStartMax, s.ping)
	if err != nil {
		_ = s.child.stop(os.Kill, temporalStopMax) // it never answered: nothing of ours is in it
		return explainLog(err, options.Log)
	}
	return nil
}

func (s *Temporal) arguments(options TemporalOptions) []string {
	arguments := []string{
		"server", "start-dev", "--ip", "127.0.0.1", "--port", strconv.Itoa(s.Port), "--log-level", "error",
	}
	if options.Headless {
		arguments = append(arguments, "--headless")
	} else {
		arguments = append(arguments, "--ui-port", strconv.Itoa(s.UIPort))
	}
	if options.File != "" {
		arguments = append(arguments, "--db-filename", options.File)
	}
	for _, attribute := range SearchAttributes {
		arguments = append(arguments, "--search-attribute", attribute+"=Keyword")
	}
	return arguments
}

// ping asks what a worker and a close will ask of it.
func (s *Temporal) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort: s.Address(), Namespace: temporalNamespace,
		Logger: temporallog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return err
	}
	defer temporal.Close()
	_, err = temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	if err != nil {
		return err
	}
	known, err := temporal.OperatorService().ListSearchAttributes(ctx,
		&operatorservice.ListSearchAttributesRequest{Namespace: temporalNamespace})
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(slices.Clone(SearchAttributes), func(name string) bool {
		_, found := known.GetCustomAttributes()[name]
		return found
	})
	if len(missing) > 0 {
		return fmt.Errorf("search attributes %v are not registered", missing)
	}
	return nil
}
