package devstack

import "syscall"

// dieWithParent has the kernel send SIGQUIT, Postgres' immediate stop, when the
// thread that started the process is gone.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
