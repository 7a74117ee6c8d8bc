package devstack

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"magam/db"
)

// settings are the MAGAM_* variables by which starter and worker find the
// stack. internal/config says what each means.
type settings map[string]string

func (s *Stack) settings(server *Postgres, passwords db.Passwords, record Record) settings {
	temporal, mail := record.Services[ServiceTemporal], record.Services[ServiceMail]
	return settings{
		"MAGAM_EMBEDDED":         "true",
		"MAGAM_DATABASE_URL":     server.URL(db.RoleApp, passwords.App, booksDatabase),
		"MAGAM_OWNER_URL":        server.URL(db.RoleOwner, passwords.Owner, booksDatabase),
		"MAGAM_AUDIT_URL":        server.URL(db.RoleAudit, passwords.Audit, booksDatabase),
		"MAGAM_BLOB_URL":         (&url.URL{Scheme: "file", Path: s.layout.BlobFolder()}).String(),
		"MAGAM_TEMPORAL_ADDRESS": loopback(temporal.Ports["grpc"]),
		"MAGAM_TEMPORAL_UI_URL":  page(temporal.Ports["web"]),
		"MAGAM_SMTP_ADDRESS":     loopback(mail.Ports["smtp"]),
		"MAGAM_SMTP_PLAIN":       "true",
		"MAGAM_MAIL_URL":         page(mail.Ports["web"]),
	}
}

// text is one NAME=value a line, sorted: a shell can read it too.
func (s settings) text() string {
	var lines strings.Builder
	lines.WriteString("# Written by starter stack up. It holds passwords: keep it to yourself.\n")
	for _, name := range s.names() {
		lines.WriteString(name + "='" + strings.ReplaceAll(s[name], "'", `'\''`) + "'\n")
	}
	return lines.String()
}

// over lays the settings over an environment.
func (s settings) over(environment []string) []string {
	laid := slices.DeleteFunc(slices.Clone(environment), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, ours := s[name]
		return ours
	})
	for _, name := range s.names() {
		laid = append(laid, name+"="+s[name])
	}
	return laid
}

func (s settings) names() []string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// rolePasswords are random, made once per installation and kept in files that
// only we may read.
func (l Layout) rolePasswords() (db.Passwords, error) {
	folder := filepath.Join(l.State, "secrets")
	err := os.MkdirAll(folder, 0o700)
	if err != nil {
		return db.Passwords{}, err
	}
	var passwords db.Passwords
	for role, password := range map[string]*string{
		db.RoleOwner: &passwords.Owner, db.RoleApp: &passwords.App, db.RoleAudit: &passwords.Audit,
	} {
		*password, err = ownSecret(filepath.Join(folder, role), nil)
		if err != nil {
			return db.Passwords{}, err
		}
	}
	return passwords, nil
}

func page(port int) string { return "http://127.0.0.1:" + strconv.Itoa(port) }
