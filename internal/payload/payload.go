// Package payload bounds what goes into Temporal's history.
//
// History carries names, not rows: ids, counts, totals and digests. A payload
// that has grown past the bound is a row in disguise, and would be replayed,
// kept and shown for as long as the run is. It does not own what a payload may
// say, which the messages of workflows and activities decide by their types.
package payload

import (
	"fmt"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"magam/domain/fault"
)

// BytesMax is the most that one argument or result may weigh.
const BytesMax = 16 << 10

// Converter is the default one with the bound. Worker and starter both use it,
// so that neither can write what the other would refuse.
func Converter() converter.DataConverter {
	return converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), bound{})
}

// bound is a codec that changes nothing and refuses what is too large.
type bound struct{}

// Encode refuses on the way in. Trying again cannot make a payload smaller, so
// the error is final wherever it arises.
func (bound) Encode(payloads []*common.Payload) ([]*common.Payload, error) {
	for _, one := range payloads {
		if size := len(one.GetData()); size > BytesMax {
			refused := fault.New(fault.Bug,
				fmt.Sprintf("a payload of %d bytes was to go into history, which takes %d", size, BytesMax),
				"pass the id of what it holds; this is for magam's developers to change")
			return nil, temporal.NewNonRetryableApplicationError(refused.Error(), string(fault.Bug), nil)
		}
	}
	return payloads, nil
}

// Decode reads whatever history has: a run that began before the bound goes on.
func (bound) Decode(payloads []*common.Payload) ([]*common.Payload, error) { return payloads, nil }
