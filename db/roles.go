package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// The roles of a magam database. None may do what the next one is for.
const (
	RoleOwner = "magam_owner" // owns every table; migrates, and nothing else
	RoleApp   = "magam_app"   // the workers and the starter: rows, never tables
	RoleAudit = "magam_audit" // reads, for the independent check and for auditors
)

// Passwords of the three roles. An empty one leaves the role's own as it is.
type Passwords struct {
	Owner, App, Audit string
}

// EnsureRoles makes the roles and hands the database that adminURL names to
// its owner. Running it again changes passwords and nothing else. The admin is
// needed here alone, and is a superuser.
func EnsureRoles(ctx context.Context, adminURL string, passwords Passwords) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return fmt.Errorf("make the roles: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))

	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// Roles belong to the whole server: two databases may be made at once.
		_, err := tx.Exec(ctx, query("roles/lock"))
		if err != nil {
			return err
		}
		for _, role := range []struct{ name, password string }{
			{RoleOwner, passwords.Owner}, {RoleApp, passwords.App}, {RoleAudit, passwords.Audit},
		} {
			err = execQuoted(ctx, tx, query("roles/ensure_role"), role.name, role.password)
			if err != nil {
				return err
			}
		}
		return execQuoted(ctx, tx, query("roles/own_database"), RoleOwner, RoleApp, RoleAudit)
	})
	if err != nil {
		return fmt.Errorf("make the roles: %w", err)
	}
	return nil
}

// execQuoted asks the server to write statements with its own quoting, since
// names and passwords cannot be parameters, then runs what it wrote.
func execQuoted(ctx context.Context, tx pgx.Tx, writer string, arguments ...any) error {
	rows, err := tx.Query(ctx, writer, arguments...)
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, statement := range statements {
		_, err = tx.Exec(ctx, statement)
		if err != nil {
			return err
		}
	}
	return nil
}
