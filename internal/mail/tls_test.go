package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"magam/internal/mail"
)

func TestSendNeedsTLSUnlessPlainIsPermitted(t *testing.T) {
	t.Parallel()
	sink, door := open(t, mail.Config{})

	verdict, _, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"}, []byte(letter),
		dot)

	require.NoError(t, err)
	require.Equal(t, mail.TLSRequired, verdict)
	require.Empty(t, mails(t, sink))
}

func TestSendOverTLS(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, password string
		trusted        bool
		want           mail.Verdict
		reply          string
	}{
		"a trusted relay and the right password": {"127.0.0.1", "open sesame", true, mail.Sent, "250"},
		"the wrong password keeps the mail":      {"127.0.0.1", "wrong", true, mail.TryAgain, "535"},
		"an unknown authority is not spoken to": {
			"127.0.0.1",
			"open sesame",
			false,
			mail.TryAgain,
			"authority",
		},
		"a certificate for another name likewise": {
			"192.0.2.1",
			"open sesame",
			true,
			mail.TryAgain,
			"192.0.2.1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, authority := startRelay(t, tt.name)
			cfg := mail.Config{
				Address:  address,
				User:     "magam",
				Password: tt.password,
				RootCAs:  x509.NewCertPool(),
			}
			if tt.trusted {
				cfg.RootCAs.AddCert(authority)
			}
			door, err := mail.New(cfg)
			require.NoError(t, err)
			defer func() { require.NoError(t, door.Close()) }()

			verdict, reply, err := door.Send(t.Context(), "a@example.test", []string{"b@example.test"},
				[]byte(letter), dot)

			require.NoError(t, err)
			require.Equal(t, tt.want, verdict, reply)
			require.Contains(t, reply, tt.reply)
		})
	}
}

// startRelay serves STARTTLS with a certificate for the given address.
func startRelay(t *testing.T, certified string) (string, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.ParseIP(certified)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)

	server := smtp.NewServer(
		smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &signedIn{}, nil }),
	)
	server.TLSConfig = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return listener.Addr().String(), certificate
}

// signedIn takes mail only from a client that signed in.
type signedIn struct{ user string }

func (s *signedIn) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *signedIn) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "open sesame" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *signedIn) Mail(string, *smtp.MailOptions) error {
	if s.user == "" {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *signedIn) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *signedIn) Data(body io.Reader) error {
	_, err := io.Copy(io.Discard, body)
	return errors.Join(err)
}
func (s *signedIn) Reset()        {}
func (s *signedIn) Logout() error { return nil }
