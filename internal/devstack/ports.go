package devstack

import (
	"context"
	"errors"
	"net"
	"strconv"
	"syscall"
)

const bindAttempts = 5

// errPortTaken says that somebody else got a port between our asking for it
// and the server's binding.
var errPortTaken = errors.New("the port is taken")

// onFreePorts starts a server on the wanted ports, or on others where those
// are taken; where somebody is quicker than the server, on others again. The
// ports are claimed until the server answers: a stack that starts at the same
// moment would else take our server's answer for its own's.
func onFreePorts(ctx context.Context, wanted []int, start func(ports []int) error) error {
	var err error
	for range bindAttempts {
		var (
			ports  []int
			claims []net.Listener
		)
		ports, claims, err = freePorts(ctx, wanted)
		if err == nil {
			err = start(ports)
		}
		for _, claim := range claims {
			_ = claim.Close()
		}
		if !errors.Is(err, errPortTaken) {
			return err
		}
		wanted = make([]int, len(wanted)) // zeros: whatever the kernel has
	}
	return err
}

// freePorts gives each wanted port if nobody listens there or is about to, else
// one that the kernel picks. All are held until the last is found, so they differ.
func freePorts(ctx context.Context, wanted []int) (ports []int, claims []net.Listener, err error) {
	for _, port := range wanted {
		listener, claim, err := hold(ctx, port)
		if err != nil && port != 0 {
			listener, claim, err = hold(ctx, 0)
		}
		if claim != nil {
			claims = append(claims, claim)
		}
		if err != nil {
			return nil, claims, err
		}
		defer listener.Close()
		ports = append(ports, portOf(listener))
	}
	return ports, claims, nil
}

// claimAddress is where a stack claims a port before a server of it listens: on
// another address of the loopback. Where the machine has none, nothing is claimed.
const claimAddress = "127.0.0.2"

// hold listens on a port, zero being any, and claims it.
func hold(ctx context.Context, port int) (listener, claim net.Listener, err error) {
	var config net.ListenConfig
	listener, err = config.Listen(ctx, "tcp", loopback(port))
	if err != nil {
		return nil, nil, err
	}
	claim, err = config.Listen(ctx, "tcp", net.JoinHostPort(claimAddress, strconv.Itoa(portOf(listener))))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, nil, errors.Join(err, listener.Close())
	}
	if err != nil {
		return listener, nil, nil //nolint:nilerr // no such address here: nothing is claimed
	}
	return listener, claim, nil
}

func portOf(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// answers says whether somebody listens on a port.
func answers(ctx context.Context, port int) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", loopback(port))
	if err != nil {
		return err
	}
	return conn.Close()
}
