package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"magam/domain/fault"
)

// partial marks a file that is still being written; lists leave it out.
const partial = ".partial-"

// folder is a backend on the file system. os.Root holds it in: no "..", no
// absolute path and no symbolic link leads out, even one made meanwhile.
type folder struct {
	root *os.Root
}

func openFolder(name string, create bool) (*folder, error) {
	if create {
		err := os.MkdirAll(name, 0o700)
		if err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		if info, statErr := os.Stat(name); statErr == nil && !info.IsDir() {
			err = &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR} // a root says so in words alone
		}
		return nil, err
	}
	return &folder{root: root}, nil
}

func (f *folder) list(ctx context.Context, prefix string) ([]Object, error) {
	start := path.Dir(prefix + "x") // the deepest folder that can hold a match
	var objects []Object
	err := fs.WalkDir(f.root.FS(), start, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || !strings.HasPrefix(name, prefix) || strings.HasPrefix(entry.Name(), partial) {
			return ctx.Err()
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			return refuseLink(name)
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken away since the folder was read
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		if len(objects) == listMax {
			return fmt.Errorf("%w: more than %d objects", ErrTooBig, listMax)
		}
		objects = append(objects, objectOf(name, info))
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) && len(objects) == 0 {
		return nil, nil // nothing has that prefix
	}
	if err != nil {
		return nil, f.refusal(err)
	}
	slices.SortFunc(objects, func(a, b Object) int { return strings.Compare(a.Key, b.Key) })
	return objects, nil
}

func objectOf(name string, info fs.FileInfo) Object {
	identity, changed := fileIdentity(info)
	return Object{Key: name, Size: info.Size(), ModTime: info.ModTime(), Changed: changed, Identity: identity}
}

// refuseLink refuses a symbolic link, even one that stays inside: what it shows
// can change without a trace in the folder, and nobody delivers exports as links.
func refuseLink(name string) error {
	return &fault.Error{
		Code: fault.Path, Place: fault.Place{File: name}, What: "is a symbolic link, and an inbox holds none",
		Cure: "put the file itself there, or name its own folder; if nobody of you made it, ask who did",
	}
}

func (f *folder) open(_ context.Context, key string) (io.ReadCloser, Object, error) {
	file, err := f.root.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Object{}, ErrNotFound
	}
	if err != nil {
		return nil, Object{}, f.refusal(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, Object{}, errors.Join(err, file.Close())
	}
	if !info.Mode().IsRegular() {
		return nil, Object{}, errors.Join(ErrNotFound, file.Close()) // a folder is no object
	}
	return file, objectOf(key, info), nil
}

// refusal names what a folder's owner must grant.
func (f *folder) refusal(err error) error {
	var at *fs.PathError
	if !errors.Is(err, fs.ErrPermission) || !errors.As(err, &at) {
		return err
	}
	return &fault.Error{
		Code: fault.Access, Place: fault.Place{File: path.Join(f.root.Name(), at.Path)},
		What: "the worker may not read it", Cure: "let the worker's account read it: chmod or chown",
	}
}

func (f *folder) openRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	content, _, err := f.open(ctx, key)
	if err != nil {
		return nil, err
	}
	file := content.(*os.File) //nolint:forcetypeassert // open gives nothing else
	return section{io.NewSectionReader(file, offset, length), file}, nil
}

// section is a piece of a file; closing it closes the file.
type section struct {
	io.Reader
	io.Closer
}

// put writes beside the place, syncs, moves and syncs the move: after a power
// cut there is the old content or the new, never half.
func (f *folder) put(ctx context.Context, key, _ string, content io.Reader) error {
	at := path.Dir(key)
	err := f.root.MkdirAll(at, 0o700)
	if err != nil {
		return err
	}
	fresh := path.Join(at, partial+rand.Text())
	err = f.write(ctx, fresh, content)
	if err != nil {
		return errors.Join(err, f.root.Remove(fresh))
	}
	err = f.root.Rename(fresh, key)
	if err != nil {
		return errors.Join(err, f.root.Remove(fresh))
	}
	return f.sync(at)
}

func (f *folder) write(ctx context.Context, name string, content io.Reader) error {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, &cancellable{ctx: ctx, from: content})
	if err != nil {
		return errors.Join(err, file.Close())
	}
	err = file.Sync()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

func (f *folder) sync(name string) error {
	at, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(at.Sync(), at.Close())
}

func (f *folder) exists(_ context.Context, key string) (bool, error) {
	info, err := f.root.Stat(key)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && info.Mode().IsRegular(), err
}

func (f *folder) close() error { return f.root.Close() }

// cancellable ends a copy when its work is cancelled.
type cancellable struct {
	ctx  context.Context
	from io.Reader
}

func (c *cancellable) Read(into []byte) (int, error) {
	err := c.ctx.Err()
	if err != nil {
		return 0, err
	}
	return c.from.Read(into)
}
