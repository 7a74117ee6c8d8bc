package azure_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	"magam/formats/azure"
	"magam/formats/csvscan"
)

func rowsOf(t *testing.T, text string) *csvscan.File {
	t.Helper()
	rows, err := csvscan.NewFile(strings.NewReader(text), csvscan.Options{File: "f"})
	require.NoError(t, err)
	return rows
}

// Every agreement, generation and language writes the same columns.
func TestSpellingsOfTheHeader(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"current":     "SubscriptionId,Date,MeterCategory,CostInBillingCurrency,BillingCurrencyCode",
		"camel":       "subscriptionId,date,meterCategory,costInBillingCurrency,billingCurrency",
		"small":       "subscriptionid,usagedatetime,metercategory,costinbillingcurrency,billingcurrency",
		"classic":     "SubscriptionGuid,Date,MeterCategory,Cost,BillingCurrency",
		"with blanks": "Subscription ID,Date,Meter Category,Cost,Currency",
		"older still": "Subscription Guid,Usage Date,Meter Category,Extended Cost,Currency Code",
		"byte order":  "\ufeffSubscriptionGuid,UsageDateTime,MeterCategory,PreTaxCost,Currency",
		"German":      "Abonnement-GUID (SubscriptionGuid),Datum (Date),Kategorie der Verbrauchseinheit (MeterCategory),Kosten (Cost),Currency",
		"Spanish":     "Ubicación de los recursos (SubscriptionGuid),UsageDateTime (UsageDateTime),Categoría del medidor (MeterCategory),PreTaxCost (PreTaxCost),Moneda (Currency)",
		"Korean":      "구독 GUID (SubscriptionGuid),날짜 (Date),미터 범주 (MeterCategory),비용 (Cost),통화 (Currency)",
		"underscored": "subscription_id,date,meter_category,cost_in_billing_currency,billing_currency",
	}
	for name, header := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := header + "\nsub-9,2026-10-03,Storage,1.25,CAD\n"

			require.True(t, azure.Recognize(rowsOf(t, text).Header()))
			lines, aside := read(t, text, october, azure.KindActual)

			require.Empty(t, aside)
			require.Equal(t, "sub-9 Storage 1.25 CAD", strings.Join([]string{
				string(lines[0].SubAccountID), string(lines[0].ServiceName), string(lines[0].Billed),
				string(lines[0].Currency),
			}, " "))
		})
	}
}

// What translators did: two columns share a word, and only the English name counts.
func TestATranslationGivenTwice(t *testing.T) {
	t.Parallel()

	lines, aside := read(
		t,
		"Ubicación de los recursos (SubscriptionGuid),Ubicación de los recursos (ResourceLocation),"+
			"UsageDateTime,MeterCategory,PreTaxCost,Currency\nsub-9,eastus,2026-10-03,Storage,1,EUR\n",
		0,
		azure.KindActual,
	)

	require.Empty(t, aside)
	require.Equal(t, "sub-9 eastus", string(lines[0].SubAccountID)+" "+string(lines[0].Region))
}

func TestOtherExportsAreNotRecognized(t *testing.T) {
	t.Parallel()

	for name, header := range map[string]string{
		"FOCUS of Azure":          "BilledCost,ChargeCategory,BillingPeriodStart,SubAccountId,x_SkuMeterCategory,x_CostCategories",
		"a legacy AWS report":     "lineItem/LineItemType,lineItem/UnblendedCost,bill/PayerAccountId",
		"a price sheet":           "MeterID,MeterName,MeterCategory,UnitPrice,CurrencyCode",
		"reservation details":     "ReservationOrderId,ReservationId,SkuName,ReservedHours,UsageDate,UsedHours",
		"a cost report of Oracle": "lineItem/intervalUsageStart,cost/myCost,cost/currencyCode",
	} {
		require.False(t, azure.Recognize(rowsOf(t, header+"\n").Header()), name)
	}
}

// The public samples: each header is known, and each row is booked or set aside
// for what it really lacks.
func TestPublicHeaders(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		want string // service, account, day, month, cost, currency of the first row
		code fault.Code
	}{
		"headers/BOM.csv":             {code: fault.Number},
		"headers/Enterprise.csv":      {want: "Virtual Machines 2021-02-02 2021-05 0 CAD"},
		"headers/EnterpriseCamel.csv": {want: "Virtual Network 2021-02-02 2021-02 0.012 USD"},
		"headers/German.csv":          {want: "Load Balancer 2021-02-02 2021-02 0.075 USD"},
		"headers/PayAsYouGo.csv":      {want: "Load Balancer 2021-02-02 2021-02 0.075 USD"},
		"headers/YA.csv":              {want: "Load Balancer 2021-02-02 2021-02 0.075 USD"},
		"MissingBrackets.csv":         {code: fault.Schema},
		"VirtualMachine.csv":          {code: fault.Schema},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(sharedData(t), "azure", filepath.FromSlash(name)))
			require.NoError(t, err)
			require.True(t, azure.Recognize(rowsOf(t, string(text)).Header()))

			reader, err := open(strings.NewReader(string(text)), 0, azure.KindActual)
			if tt.code == fault.Schema {
				requireCode(t, fault.Schema, err)
				require.ErrorContains(t, err, "columns are missing: BillingCurrency",
					"no amount is booked without its currency")
				return
			}
			require.NoError(t, err)
			line, aside, err := reader.Next()
			require.NoError(t, err)
			if tt.code != "" {
				require.Equal(t, tt.code, aside.Code)
				return
			}
			require.Nil(t, aside)
			require.Equal(t, tt.want, strings.Join([]string{
				string(line.ServiceName),
				line.Start.Format("2006-01-02"),
				line.BillingMonth.Period().String(),
				string(line.Billed),
				string(line.Currency),
			}, " "))
			_, _, err = reader.Next()
			require.ErrorIs(t, err, io.EOF)
		})
	}
}

// sharedData is the folder of public billing data, or the test is skipped.
func sharedData(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("MAGAM_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared")
	}
	folder = filepath.Join(folder, "data")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the public billing data is not at %s", folder)
	}
	return folder
}
