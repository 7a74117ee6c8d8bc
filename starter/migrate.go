package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"magam/db"
)

// migrateCmd makes the roles and brings the books to the newest schema. It is
// the one thing that starter does to the books itself: no workflow can run before.
type migrateCmd struct {
	AdminURL string `help:"A superuser's address of the database, to make the roles; left out, they are there already." env:"MAGAM_ADMIN_URL" name:"admin-url"`
}

// Help gives an example.
func (migrateCmd) Help() string {
	return `Example:

  MAGAM_ADMIN_URL=postgres://postgres:…@db/magam starter migrate

The roles' passwords are those in MAGAM_OWNER_URL, MAGAM_DATABASE_URL and MAGAM_AUDIT_URL. The embedded stack migrates by
itself. Running it again changes nothing.`
}

// Run migrates as the owner.
func (c migrateCmd) Run(ctx context.Context, s *session) error {
	if s.cfg.OwnerURL == "" {
		return errors.New("migrate the books: MAGAM_OWNER_URL is empty. Fix: set it to the owner's address")
	}
	if c.AdminURL != "" {
		var passwords db.Passwords
		for _, role := range []struct {
			address  string
			password *string
		}{
			{s.cfg.OwnerURL, &passwords.Owner}, {s.cfg.DatabaseURL, &passwords.App}, {s.cfg.AuditURL, &passwords.Audit},
		} {
			found, err := passwordOf(role.address)
			if err != nil {
				return err
			}
			*role.password = found
		}
		s.say("making the roles")
		err := db.EnsureRoles(ctx, c.AdminURL, passwords)
		if err != nil {
			return err
		}
	}
	s.say("migrating the books")
	err := db.Migrate(ctx, s.cfg.OwnerURL)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(map[string]string{"state": "migrated"})
	}
	_, err = fmt.Fprintln(s.out, "The books have the newest schema.")
	return err
}

// passwordOf never repeats an address in its error: it holds a secret.
func passwordOf(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read a role's address: %w", errors.Unwrap(err))
	}
	password, _ := parsed.User.Password()
	return password, nil
}
