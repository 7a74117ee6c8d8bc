package azure_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/charge"
	"magam/domain/fault"
	"magam/formats/azure"
	"magam/formats/csvscan"
)

// columns are of the current schema of a Microsoft Customer Agreement, as far
// as they matter, in one of its spellings.
var columns = []string{
	"invoiceId", "billingAccountId", "billingProfileId", "customerTenantId", "customerName",
	"billingPeriodEndDate", "billingPeriodStartDate", "date", "SubscriptionId", "subscriptionName",
	"publisherType", "meterCategory", "meterSubCategory", "meterId", "meterName", "consumedService",
	"ProductName", "ProductId", "resourceLocation", "ResourceId", "chargeType", "pricingModel", "quantity",
	"unitOfMeasure", "costInBillingCurrency", "paygCostInBillingCurrency", "PayGPrice", "effectivePrice",
	"billingCurrency", "pricingCurrency", "reservationId", "benefitId", "tags",
}

// row writes one row of October; what is not given is like every other's.
func row(given map[string]string) string {
	values := map[string]string{
		"billingAccountId": "8611537", "billingPeriodEndDate": "10/31/2026",
		"billingPeriodStartDate": "10/01/2026", "date": "10/03/2026", "SubscriptionId": "sub-1",
		"subscriptionName": "onnuri", "publisherType": "Azure", "meterCategory": "Virtual Machines",
		"meterName": "D4s v5", "ProductName": "Virtual Machines Dsv5 Series", "chargeType": "Usage",
		"pricingModel": "OnDemand", "quantity": "10", "unitOfMeasure": "1 Hour",
		"costInBillingCurrency": "100.00", "billingCurrency": "USD", "pricingCurrency": "USD",
	}
	for column, value := range given {
		values[column] = value
	}
	cells := make([]string, len(columns))
	for i, column := range columns {
		cells[i] = `"` + strings.ReplaceAll(values[column], `"`, `""`) + `"`
	}
	return strings.Join(cells, ",") + "\n"
}

func header() string { return strings.Join(columns, ",") + "\n" }

// open reads a CSV file as the product does.
func open(source io.Reader, month charge.Month, kind azure.Kind) (*azure.Reader, error) {
	rows, err := csvscan.NewFile(source, csvscan.Options{File: "f"})
	if err != nil {
		return nil, err
	}
	return azure.New(rows, month, kind)
}

func read(
	t *testing.T, text string, month charge.Month, kind azure.Kind,
) ([]charge.Line, []*charge.Quarantined) {
	t.Helper()
	lines, aside, err := tryRead(text, month, kind)
	require.NoError(t, err)
	return lines, aside
}

// tryRead copies every line, since one is valid only until the next.
func tryRead(
	text string, month charge.Month, kind azure.Kind,
) (lines []charge.Line, aside []*charge.Quarantined, err error) {
	reader, err := open(strings.NewReader(text), month, kind)
	if err != nil {
		return nil, nil, err
	}
	for {
		line, set, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return lines, aside, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if set != nil {
			aside = append(aside, set)
			continue
		}
		copied := *line
		for _, view := range []*[]byte{
			&copied.BillingAccountID, &copied.InvoiceID, &copied.BillingEntity, &copied.Currency,
			&copied.SubAccountID, &copied.SubAccountName, &copied.LineType, &copied.ServiceCode, &copied.ServiceName,
			&copied.UsageType, &copied.Operation, &copied.Region, &copied.SkuID, &copied.SkuPriceID,
			&copied.Unit, &copied.PricingCategory, &copied.Description, &copied.ResourceID, &copied.Tags,
			&copied.CommitmentID, &copied.Quantity, &copied.Billed, &copied.Effective, &copied.List,
			&copied.Contracted,
		} {
			*view = slices.Clone(*view)
		}
		lines = append(lines, copied)
	}
}

func requireCode(t *testing.T, want fault.Code, err error) {
	t.Helper()
	code, _ := fault.CodeOf(err)
	require.Equal(t, want, code, "%v", err)
}

const october = charge.Month(2026*12 + 9)
