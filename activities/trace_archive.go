package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"time"

	"go.temporal.io/sdk/activity"

	"magam/domain/charge"
	"magam/domain/closing"
	"magam/domain/fault"
	"magam/domain/period"
)

// bookedTo is how finely the books know an instant.
const bookedTo = time.Microsecond

// PlanArchiveInput asks which deliveries of a month may leave the books.
type PlanArchiveInput struct {
	Month period.Month
	By    string // a code of the people sheet
}

// PlanArchiveResult names them.
type PlanArchiveResult struct {
	Deliveries []int64        // whose rows are in the books and may go
	Done       int            // gone before
	Kept       []KeptDelivery // that hold months which are not closed
}

// KeptDelivery is one that stays, and for which months.
type KeptDelivery struct {
	Delivery int64
	Open     string
}

// archivingMax bounds the deliveries of one run; another takes the rest.
const archivingMax = 500

// PlanArchive lists what may leave the books. It refuses a month that is not
// closed, and somebody whom the people sheet does not know. It only reads.
func (t *Tracing) PlanArchive(ctx context.Context, in PlanArchiveInput) (PlanArchiveResult, error) {
	book, _, err := t.Master.LoadBook(ctx, in.Month)
	if err != nil {
		return PlanArchiveResult{}, atEdge(err)
	}
	if _, known := book.Person(in.By); in.By == "" || !known && len(book.People()) > 0 {
		return PlanArchiveResult{}, atEdge(fault.New(fault.Approval,
			fmt.Sprintf("%q is not in the people sheet", in.By), "name a code of the people sheet"))
	}
	deliveries, err := t.Books.Archivable(ctx, in.Month)
	if err != nil {
		return PlanArchiveResult{}, atEdge(err)
	}
	var plan PlanArchiveResult
	for _, one := range deliveries {
		switch {
		case one.Done:
			plan.Done++
		case one.Open != "":
			if len(plan.Kept) < archivingMax {
				plan.Kept = append(plan.Kept, KeptDelivery{Delivery: one.Delivery, Open: cut(one.Open)})
			}
		case len(plan.Deliveries) < archivingMax:
			plan.Deliveries = append(plan.Deliveries, one.Delivery)
		}
	}
	return plan, nil
}

// ArchiveDeliveryInput names a delivery that shall leave the books.
type ArchiveDeliveryInput struct {
	Month    period.Month
	Delivery int64
	By       string
}

// ArchiveDelivery reads every original file of a delivery back from the archive,
// whole, and takes the rows out of the books only if each has its digest.
// Running it again finds nothing left to take.
func (t *Tracing) ArchiveDelivery(ctx context.Context, in ArchiveDeliveryInput) (closing.Archived, error) {
	parts, err := t.Books.PartsToArchive(ctx, in.Delivery)
	if err != nil {
		return closing.Archived{}, atEdge(err)
	}
	for i := range parts {
		activity.RecordHeartbeat(ctx, parts[i].Key)
		if err := t.prove(ctx, parts[i]); err != nil {
			return closing.Archived{}, atEdge(err)
		}
	}
	archived, err := t.Books.ArchiveDelivery(ctx, in.Month, in.Delivery, in.By, parts)
	return archived, atEdge(err)
}

// prove reads an archived file whole and compares its digest.
func (t *Tracing) prove(ctx context.Context, part closing.TracePart) error {
	if part.ArchiveKey == "" || part.Digest == "" {
		return &fault.Error{
			Code: fault.Hash, Place: fault.Place{File: part.Key}, What: "has no original in the archive",
			Cure: "keep its rows; deliver the file again if they must leave",
		}
	}
	file, err := t.Archive.Open(ctx, part.ArchiveKey)
	if err != nil {
		return fmt.Errorf("open the archived %s: %w", part.Key, err)
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return fmt.Errorf("read the archived %s: %w", part.Key, err)
	}
	if found := hex.EncodeToString(digest.Sum(nil)); found != part.Digest {
		return &fault.Error{
			Code:  fault.Hash,
			Place: fault.Place{File: part.ArchiveKey},
			What: fmt.Sprintf("the archived file is %.8s and was %.8s when it was read in", found,
				part.Digest),
			Cure: "restore the archive from a backup; nothing can be explained by this file",
		}
	}
	return nil
}

// readBack gives the lines of an archived file once its digest is proved.
func (t *Tracing) readBack(
	ctx context.Context, part closing.TracePart, use func(charge.Reader) error,
) error {
	if err := t.prove(ctx, part); err != nil {
		return err
	}
	shape, err := layoutOf(part.Format)
	if err != nil {
		return err
	}
	raw, err := t.Archive.Open(ctx, part.ArchiveKey)
	if err != nil {
		return fmt.Errorf("open the archived %s: %w", part.Key, err)
	}
	defer raw.Close()
	file, err := sniff(path.Base(part.Key), raw)
	if err != nil {
		return err
	}
	if file.random() {
		kept, err := (&Ingest{Spool: t.Spool}).spool(&file, part.Bytes)
		if err != nil {
			return err
		}
		defer func() { _ = kept.Close() }() // nothing of it is needed
	}
	rows, done, err := file.open(shape.wants)
	if err != nil {
		return err
	}
	defer done()
	if err := shape.choose(rows); err != nil {
		return err
	}
	lines, err := shape.open(rows, charge.MonthOf(part.Month))
	if err != nil {
		return err
	}
	return use(lines)
}
