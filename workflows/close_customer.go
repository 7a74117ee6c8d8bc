package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/period"
)

// CloseCustomerInput names one customer's month. StartedBy is who started the
// close, as a code of the people sheet: an approver must be somebody else.
type CloseCustomerInput struct {
	Month     period.Month `json:"month"`
	Customer  string       `json:"customer"`
	StartedBy string       `json:"startedBy,omitempty"`
	Language  string       `json:"language,omitempty"` // of what our own staff read: ko, or else English
}

// CloseCustomerResult is how the customer's month ended: final, deferred or parked.
type CloseCustomerResult struct {
	State   string   `json:"state"`
	Numbers []string `json:"numbers,omitempty"`
	Reason  string   `json:"reason,omitempty"`
}

// The ends of a customer's month.
const (
	stateFinal    = "final"
	stateDeferred = "deferred" // its quarter's document will bill it
	stateParked   = "parked"
)

// CloseCustomer drafts a customer's invoices, waits for a second person's
// approval and for the month's proof, numbers them, renders them and sets their
// mails going. A month that is billed with a later one of its quarter is frozen
// without a number, and nothing goes out. Whatever cannot be drafted or is
// rejected is parked with its reason, so that the other customers close.
//
// Done steps are no-ops: starting it again with the same id picks up where the
// books stand.
func CloseCustomer(ctx workflow.Context, in CloseCustomerInput) (CloseCustomerResult, error) {
	var closing *activities.Closing
	var documents *activities.Documents
	customer := activities.CustomerInput{Month: in.Month, Customer: in.Customer}
	desk, err := openDesk(ctx, in)
	if err != nil {
		return CloseCustomerResult{}, err
	}

	var draft activities.DraftResult
	drafting := withDrafting(ctx, doDraft.in(in.Language, in.Customer))
	err = workflow.ExecuteActivity(drafting, closing.Draft, customer).Get(ctx, &draft)
	if err != nil {
		return park(ctx, in, err)
	}

	preview := activities.PreviewInput{Month: in.Month, Customer: in.Customer, InvoiceIDs: draft.Pending()}
	previewing := withRendering(ctx, doPreview.in(in.Language))
	err = workflow.ExecuteActivity(previewing, documents.Preview, preview).Get(ctx, nil)
	if err != nil {
		return park(ctx, in, err)
	}

	// Every customer is drafted before any is final: the month's proof comes between.
	err = reportDrafted(ctx, in)
	if err != nil {
		return CloseCustomerResult{}, err
	}
	rejected, err := desk.awaitApproval(ctx, draft)
	if err != nil {
		return CloseCustomerResult{}, err
	}
	if rejected != nil {
		return park(ctx, in, rejected)
	}
	err = awaitProof(ctx, in.Month)
	if err != nil {
		return CloseCustomerResult{}, err
	}
	rejected, err = desk.clear(ctx)
	if err != nil {
		return CloseCustomerResult{}, err
	}
	if rejected != nil {
		return park(ctx, in, rejected)
	}

	result, ending := CloseCustomerResult{State: stateFinal}, deskFinal
	for i, document := range draft.Documents {
		final, err := finalizeAndSend(ctx, in, document)
		if err != nil {
			return CloseCustomerResult{}, err
		}
		desk.draft.Documents[i].Number, desk.draft.Documents[i].Deferred = final.Number, final.Deferred
		if final.Deferred {
			result.State, ending = stateDeferred, deskDeferred
			continue
		}
		result.Numbers = append(result.Numbers, final.Number)
	}
	desk.show(ctx, "**"+ending.in(in.Language)+"**")
	return result, setState(ctx, result.State)
}

// finalizeAndSend numbers one document, renders it, and starts one delivery per
// recipient. A mail may be on its way for days, so the close does not wait for it.
// A deferred month has no number, and so nothing to render or to send.
func finalizeAndSend(
	ctx workflow.Context, in CloseCustomerInput, document activities.DraftedDocument,
) (activities.FinalizeResult, error) {
	var closing *activities.Closing
	var final activities.FinalizeResult
	finalize := activities.FinalizeInput{InvoiceID: document.InvoiceID}
	numbering := withRecordKeeping(ctx, doNumber.in(in.Language, document.Provider))
	err := workflow.ExecuteActivity(numbering, closing.Finalize, finalize).Get(ctx, &final)
	if err != nil {
		return final, fmt.Errorf("finalize document %d: %w", document.InvoiceID, err)
	}
	if final.Deferred {
		return final, nil
	}

	render := RenderDocumentsInput{Number: final.Number}
	rendering := asChild(ctx, card{
		RenderDocumentsID(final.Number), doRender.in(in.Language, final.Number), aboutRender.in(in.Language),
	}, ofDocument(in, final.Number)...)
	err = workflow.ExecuteChildWorkflow(rendering, RenderDocuments, render).Get(ctx, nil)
	if err != nil {
		return final, fmt.Errorf("render %s: %w", final.Number, err)
	}

	for ordinal := 1; ordinal <= final.Recipients; ordinal++ {
		mail := card{
			DeliverInvoiceID(final.Number, ordinal),
			doMail.in(in.Language, final.Number, ordinal),
			aboutMail.in(in.Language),
		}
		deliver := DeliverInvoiceInput{Number: final.Number, Ordinal: ordinal}
		err = startOutliving(ctx, mail, DeliverInvoice, deliver, ofDocument(in, final.Number)...)
		if err != nil {
			return final, err
		}
	}
	return final, nil
}

// park sets the customer aside with the reason, for people to cure and retry.
func park(ctx workflow.Context, in CloseCustomerInput, cause error) (CloseCustomerResult, error) {
	var closing *activities.Closing
	code, reason := activities.CodeOf(cause), activities.ReasonOf(cause)
	parked := activities.ParkInput{Month: in.Month, Customer: in.Customer, Code: string(code), Reason: reason}
	parking := withRecordKeeping(ctx, doPark.in(in.Language, in.Customer))
	err := workflow.ExecuteActivity(parking, closing.Park, parked).Get(ctx, nil)
	if err != nil {
		return CloseCustomerResult{}, fmt.Errorf("park %s: %w", in.Customer, err)
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("**%s** · %s\n\n%s: %s%s", deskParked.in(in.Language), reason,
		sayNext.in(in.Language), deskRetry.in(in.Language, in.Month), pageEnd))
	err = reportDrafted(ctx, in)
	if err != nil {
		return CloseCustomerResult{}, err
	}
	return CloseCustomerResult{State: stateParked, Reason: reason}, setState(ctx, stateParked)
}
