package workflows

import (
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"magam/activities"
	"magam/domain/delivery"
)

// DecideDeliveryInput is one person's word about one delivery: accept, for one
// that is held because it shrank, or withdraw. Its id is DecideDeliveryID.
type DecideDeliveryInput struct {
	DeliveryID int64  `json:"deliveryId"`
	Verdict    string `json:"verdict"`
	By         string `json:"by"` // a code of the people sheet
	Reason     string `json:"reason"`
}

// DecideDeliveryResult is how the delivery stands then.
type DecideDeliveryResult struct {
	DeliveryID int64  `json:"deliveryId"`
	State      string `json:"state"`
	Missing    string `json:"missing,omitempty"` // who must speak yet
	Rows       int64  `json:"rows,omitempty"`
	Superseded int64  `json:"superseded,omitempty"`
}

// DecideDelivery writes down what a person says about a delivery, and does it
// once enough have said so: a held delivery that two people accept is sealed, one
// that is withdrawn leaves the books. Saying the same again changes nothing.
func DecideDelivery(ctx workflow.Context, in DecideDeliveryInput) (DecideDeliveryResult, error) {
	result := DecideDeliveryResult{DeliveryID: in.DeliveryID}
	if strings.TrimSpace(in.By) == "" || strings.Contains(in.By, "@") {
		return result, inWords(errors.New("by must be your code of the people sheet, never an address"))
	}
	var deciding *activities.Deciding
	var decided activities.DecideDeliveryResult
	saying := withRecordKeeping(ctx, fmt.Sprintf("%s: %s delivery %d", in.By, in.Verdict, in.DeliveryID))
	err := workflow.ExecuteActivity(saying, deciding.DecideDelivery, activities.DecideDeliveryInput(in)).
		Get(ctx, &decided)
	if err != nil {
		workflow.SetCurrentDetails(ctx, activities.ReasonOf(err))
		return result, inWords(err)
	}
	result.State, result.Missing = decided.State, decided.Missing
	if in.Verdict == activities.AcceptDelivery && decided.State == delivery.StateLoading {
		var ingest *activities.Ingest
		var sealed activities.SealResult
		sealing := withSealing(ctx, fmt.Sprintf("prove and publish delivery %d", in.DeliveryID))
		err = workflow.ExecuteActivity(sealing, ingest.Seal,
			activities.SealInput{DeliveryID: in.DeliveryID}).Get(ctx, &sealed)
		if err != nil {
			return result, inWords(err)
		}
		result.State, result.Rows, result.Superseded = sealed.State, sealed.Rows, sealed.Superseded
	}
	details := fmt.Sprintf("**delivery %d** · %s", in.DeliveryID, result.State)
	if result.Missing != "" {
		details += " · waits for " + result.Missing
	}
	workflow.SetCurrentDetails(ctx, details)
	return result, nil
}
