//go:build unix

package devstack

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom a server runs as. Postgres refuses root, so root drops to an
// unprivileged account; anybody else stays who they are (a nil account).
type account struct {
	uid, gid uint32
}

// unprivileged finds the account to drop to: nil when we are not root.
func unprivileged() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nobody to drop to is an answer, and every method takes nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &account{uid: uint32(uid), gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New(
		"root may not run Postgres, and there is neither a postgres nor a nobody account to drop to",
	)
}

// attributes for a process of this account.
func (a *account) attributes() *syscall.SysProcAttr {
	if a == nil {
		return &syscall.SysProcAttr{}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: a.uid, Gid: a.gid}}
}

// makeFolder makes a folder that the account alone can enter. Its parents are
// made open to pass through. A folder that somebody else made first is refused:
// in /var/tmp anybody may.
func (a *account) makeFolder(folder string) error {
	err := os.MkdirAll(filepath.Dir(folder), 0o755)
	if err != nil {
		return err
	}
	err = os.Mkdir(folder, 0o700)
	if errors.Is(err, os.ErrExist) {
		return a.checkFolder(folder)
	}
	if err != nil {
		return err
	}
	return a.own(folder)
}

func (a *account) checkFolder(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	wanted := uint32(os.Geteuid())
	if a != nil {
		wanted = a.uid
	}
	if !known || !info.IsDir() || owner.Uid != wanted {
		return fmt.Errorf("%s is not a folder of ours; move it away", folder)
	}
	return nil
}

// own hands a file to the account.
func (a *account) own(file string) error {
	if a == nil {
		return nil
	}
	return os.Chown(file, int(a.uid), int(a.gid))
}

// detach puts a process in a session of its own: closing our terminal does not
// reach it.
func detach(attributes *syscall.SysProcAttr) { attributes.Setsid = true }
