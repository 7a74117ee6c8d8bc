package devstack

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

const (
	s3StartMax = 30 * time.Second
	s3StopMax  = 10 * time.Second
)

// S3Options says how to start an S3-compatible server for tests.
type S3Options struct {
	Binary string // see FindS3
	Folder string // its buckets are the folders below Folder/buckets
	Key    string // the only user it knows
	Secret string
}

// S3 is a running server. It dies with the process that started it.
type S3 struct {
	Port  int
	child *child
}

// StartS3 starts one on a free port of 127.0.0.1.
func StartS3(ctx context.Context, options S3Options) (*S3, error) {
	buckets, marks := filepath.Join(options.Folder, "buckets"), filepath.Join(options.Folder, "marks")
	err := errors.Join(os.MkdirAll(buckets, 0o700), os.MkdirAll(marks, 0o700))
	if err != nil {
		return nil, err
	}
	server := &S3{}
	err = onFreePorts(ctx, []int{0}, func(ports []int) error {
		server.Port = ports[0]
		log := filepath.Join(options.Folder, "log")
		var err error
		server.child, err = startChild(childOptions{
			path: options.Binary,
			arguments: []string{
				"--quiet", "--port", loopback(server.Port),
				// Its marks of objects lie beside them: not every file system has room in itself.
				"posix", "--sidecar", marks, buckets,
			},
			folder: options.Folder,
			log:    log,
			environment: append(serverEnvironment(), "HOME="+options.Folder,
				"ROOT_ACCESS_KEY="+options.Key, "ROOT_SECRET_KEY="+options.Secret),
		})
		if err != nil {
			return err
		}
		err = server.child.await(ctx, s3StartMax, func(ctx context.Context) error {
			return answers(ctx, server.Port)
		})
		if err != nil {
			_ = server.child.stop(os.Kill, s3StopMax)
			return explainLog(err, log)
		}
		return nil
	})
	return server, err
}

// Stop ends the server.
func (s *S3) Stop() error { return s.child.stop(os.Interrupt, s3StopMax) }
