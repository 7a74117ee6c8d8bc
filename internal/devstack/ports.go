package devstack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

const bindAttempts = 5

// errPortTaken says that somebody else got a port between our asking for it
// and the server's binding.
var errPortTaken = errors.New("the port is taken")

// onFreePorts starts a server on the wanted ports, or on others where those
// are taken; where somebody is quicker than the server, on others again.
func onFreePorts(ctx context.Context, wanted []int, start func(ports []int) error) error {
	var err error
	for range bindAttempts {
		var ports []int
		ports, err = freePorts(ctx, wanted)
		if err != nil {
			return err
		}
		err = start(ports)
		if !errors.Is(err, errPortTaken) {
			return err
		}
		wanted = make([]int, len(wanted)) // zeros: whatever the kernel has
	}
	return err
}

// freePorts gives each wanted port if nobody listens there, else one that the
// kernel picks. All are held until the last is found, so they differ.
func freePorts(ctx context.Context, wanted []int) ([]int, error) {
	ports := make([]int, len(wanted))
	var config net.ListenConfig
	for i, port := range wanted {
		listener, err := config.Listen(ctx, "tcp", loopback(port))
		if err != nil && port != 0 {
			listener, err = config.Listen(ctx, "tcp", loopback(0))
		}
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		address, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			return nil, fmt.Errorf("%s is no TCP address", listener.Addr())
		}
		ports[i] = address.Port
	}
	return ports, nil
}

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
