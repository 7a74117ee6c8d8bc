package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ListedDelivery is a delivery as people ask for it, whatever became of it.
type ListedDelivery struct {
	ID           int64
	Source       string
	Format       string
	Scope        string
	State        string
	SupersededBy int64
	Digest       string
	Location     string
	Why          string // where it was refused, is held or was withdrawn
	LetThrough   string
	AsOf         *time.Time // when the provider made it, as far as that is known
	DiscoveredAt time.Time
	SealedAt     *time.Time
	Parts        int64
	Bytes        int64
	PromisedRows int64
	Totals       []DeliveryTotal `db:"-"`
}

// DeliveryTotal is what a delivery holds, or held, of a month and currency.
type DeliveryTotal struct {
	Delivery int64  `json:"-"`
	Month    string `json:"month"`
	Currency string `json:"currency"`
	State    string `json:"state"` // sealed or quarantined
	Rows     int64  `json:"rows"`
	Billed   string `json:"billed_cost"`
}

// DeliveryFile is one file of a delivery.
type DeliveryFile struct {
	Ordinal      int    `json:"ordinal"`
	Key          string `json:"key"`
	Bytes        int64  `json:"bytes"`
	Digest       string `json:"sha256"`
	ArchiveKey   string `json:"archive_key"`
	PromisedRows int64  `json:"promised_rows,omitempty"`
	Loaded       bool   `json:"loaded"`
	Rows         int64  `json:"rows"`
}

// Deliveries lists deliveries of a month, a source or with an id, or all, the
// newest first; the superseded and withdrawn too, with what they held.
func (t *Totals) Deliveries(
	ctx context.Context, month, source string, id int64, limit int,
) ([]ListedDelivery, error) {
	list, err := collected(ctx, t.Pool, pgx.RowToStructByPos[ListedDelivery], query("delivery/list"), month,
		source, limit, id)
	if err != nil {
		return nil, fmt.Errorf("list the deliveries: %w", err)
	}
	ids, at := make([]int64, len(list)), map[int64]int{}
	for i, one := range list {
		ids[i], at[one.ID] = one.ID, i
	}
	totals, err := collected(ctx, t.Pool, pgx.RowToStructByPos[DeliveryTotal], query("delivery/totals"), ids)
	if err != nil {
		return nil, fmt.Errorf("add up the deliveries: %w", err)
	}
	for _, total := range totals {
		i := at[total.Delivery]
		list[i].Totals = append(list[i].Totals, total)
	}
	return list, nil
}

// Files lists a delivery's files.
func (t *Totals) Files(ctx context.Context, id int64) ([]DeliveryFile, error) {
	files, err := collected(ctx, t.Pool, pgx.RowToStructByPos[DeliveryFile], query("delivery/files"), id)
	if err != nil {
		return nil, fmt.Errorf("list the files of delivery %d: %w", id, err)
	}
	return files, nil
}
