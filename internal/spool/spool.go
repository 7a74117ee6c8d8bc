// Package spool is the door to a folder for files that are read at random while
// they are worked on, and that nobody needs afterwards.
//
// A file of it has no name from the moment it is made, so that its disk space
// comes back however its process ends, also after a kill.
package spool

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"magam/domain/fault"
)

// prefix is how files are called in the moment between making and unlinking
// them. Nothing else of the folder is ever touched.
const prefix = "magam-spool-"

// Folder is where the files lie.
type Folder struct {
	path string
}

// Open makes the folder, for the worker's user alone, and removes what a kill
// between making and unlinking has left in it. Several workers may share it.
func Open(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	if err := os.Chmod(path, 0o700); err != nil { // refused where it is somebody else's
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("open the spool: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), prefix) {
			continue
		}
		err := os.Remove(filepath.Join(path, entry.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("empty the spool: %w", err)
		}
	}
	return &Folder{path: path}, nil
}

// File is one file. It is not an os.File, which copies past Write and so past
// the name of a full disk's fault.
type File struct {
	file *os.File
}

// New makes an empty file.
func (f *Folder) New() (*File, error) {
	name := filepath.Join(f.path, prefix+rand.Text())
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", Full(err))
	}
	err = os.Remove(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // another worker that starts may have been first
		return nil, errors.Join(fmt.Errorf("spool: %w", err), file.Close())
	}
	return &File{file: file}, nil
}

// Write appends.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, Full(err)
}

// ReadAt reads at random.
func (f *File) ReadAt(p []byte, offset int64) (int, error) { return f.file.ReadAt(p, offset) }

// Close gives the file's space back.
func (f *File) Close() error { return f.file.Close() }

// Full names the fault of a disk without space; it comes back by itself once
// there is some, so the work is tried again.
func Full(err error) error {
	if !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT) {
		return err
	}
	return &fault.Error{
		Code: fault.DiskFull, What: "the disk is full", Err: err,
		Cure: "free space; the work goes on by itself",
	}
}
