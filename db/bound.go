package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"magam/domain/fault"
)

// asBound tells the books' own bound on amounts from a failure that passes: each
// row keeps within it, and yet their sum may not. No retry cures that.
func asBound(err error) error {
	var broken *pgconn.PgError
	if !errors.As(err, &broken) || broken.ConstraintName != "amount_is_bounded" {
		return err
	}
	return &fault.Error{
		Code: fault.Schema, Err: err,
		What: "its costs add up to 1,000,000,000,000,000 or more, which no bill does",
		Cure: "look at its largest amounts, and have the export delivered again",
	}
}
