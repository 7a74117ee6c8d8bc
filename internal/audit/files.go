package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Files is where the house keeps bytes: documents, mails and original files.
type Files interface {
	Open(ctx context.Context, key string) (io.ReadCloser, int64, error)
}

// checkFiles opens every file again that the books have a digest of.
func checkFiles(ctx context.Context, in *inspection) (int, error) {
	if in.files == nil {
		return 0, nil
	}
	type kept struct {
		name, key, digest string
		bytes             int64
	}
	var all []kept
	var one kept
	err := in.query(ctx, "files", []any{&one.name, &one.key, &one.digest, &one.bytes}, func() error {
		all = append(all, one)
		return nil
	}, in.month)
	if err != nil {
		return 0, err
	}
	for _, file := range all {
		digest, bytes, err := in.reopen(ctx, file.key)
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err != nil:
			in.find(file.name, "a file at "+file.key, err.Error())
		case digest != file.digest:
			in.find(file.name, file.digest, digest)
		case file.bytes >= 0 && file.bytes != bytes:
			in.find(file.name, fmt.Sprint(file.bytes, " bytes"), fmt.Sprint(bytes, " bytes"))
		}
	}
	return len(all), nil
}

func (in *inspection) reopen(ctx context.Context, key string) (string, int64, error) {
	file, _, err := in.files.Open(ctx, key)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	digest := sha256.New()
	bytes, err := io.Copy(digest, file)
	return hex.EncodeToString(digest.Sum(nil)), bytes, err
}
