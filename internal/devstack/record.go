package devstack

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// The services of the stack, in the order they start.
const (
	ServicePostgres = "postgres"
	ServiceTemporal = "temporal"
	ServiceMail     = "mail"
	ServiceWorker   = "worker"
)

var serviceOrder = []string{ServicePostgres, ServiceTemporal, ServiceMail, ServiceWorker}

// Record is .magam/stack.json: what runs, where, and how to find it again.
type Record struct {
	PostgresFolder string             `json:"postgres_folder"`
	Services       map[string]Service `json:"services"`
}

// Service is one process of the stack.
type Service struct {
	PID int `json:"pid"`
	// Identity tells our process from a later one of the same number.
	Identity string         `json:"identity"`
	Build    string         `json:"build,omitempty"` // digest of its binary, where that is ours
	Ports    map[string]int `json:"ports"`
	Log      string         `json:"log"`
}

// Running says whether the process that the record speaks of still runs.
func (s Service) Running() bool {
	identity, err := identify(s.PID)
	return s.PID > 0 && err == nil && identity == s.Identity
}

// stop ends exactly that process: asked with a signal, and killed after a while.
func (s Service) stop(with syscall.Signal, atMost time.Duration) error {
	if !s.Running() {
		return nil
	}
	err := syscall.Kill(s.PID, with)
	if err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	if s.waitGone(atMost) {
		return nil
	}
	err = syscall.Kill(s.PID, syscall.SIGKILL)
	if err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	s.waitGone(atMost)
	return fmt.Errorf("process %d did not end within %s and was killed; see %s", s.PID, atMost, s.Log)
}

func (s Service) waitGone(atMost time.Duration) bool {
	for end := time.Now().Add(atMost); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !s.Running() {
			return true
		}
	}
	return !s.Running()
}

// readRecord reads the record; without one, nothing runs.
func readRecord(layout Layout) (Record, error) {
	record := Record{Services: map[string]Service{}}
	text, err := os.ReadFile(layout.recordFile())
	if errors.Is(err, os.ErrNotExist) {
		return record, nil
	}
	if err != nil {
		return record, err
	}
	err = json.Unmarshal(text, &record)
	if err != nil {
		return record, fmt.Errorf("read %s: %w", layout.recordFile(), err)
	}
	return record, nil
}

// write replaces the record whole, so that a reader never sees half of one.
func (r Record) write(layout Layout) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(layout.recordFile(), append(text, '\n'))
}

// replaceFile writes a file that only we may read beside its place, and moves
// it there.
func replaceFile(path string, text []byte) error {
	fresh := path + ".new"
	err := os.WriteFile(fresh, text, 0o600)
	if err != nil {
		return err
	}
	return os.Rename(fresh, path)
}

// locked runs one piece of work while no other process does the same.
func locked(path string, work func() error) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // which gives the lock back
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
	if err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	return work()
}
