package master

// Sheets are all sheets, in the order of the workbook: who, what they pay, and
// what the month needs to know.
var Sheets = []Sheet{
	issuerSheet, peopleSheet, customersSheet, organizationsSheet, groupsSheet, accountsSheet, contactsSheet,
	sourcesSheet,
	pricesSheet, sharedCostsSheet, plansSheet, feesSheet, adjustmentsSheet, creditsSheet, tagsSheet,
	ratesSheet, taxesSheet, taxRulesSheet,
	budgetsSheet, commitmentsSheet, paymentsSheet, thresholdsSheet, holidaysSheet,
}

var providers = []string{"aws", "azure", "gcp", "oci", "other"}

var languages = []string{"ko", "en", "ja"}

var roundingModes = []string{"truncate", "half-up", "ceil"}

// Documents are the kinds of documents that a contact may receive.
var documents = []string{
	"invoice",
	"by-account",
	"detail",
	"account-detail",
	"statement",
	"e-tax",
	"focus",
	"commitments",
	"spend",
}

func providerColumn() Column {
	return column("provider", TypeChoice, "클라우드", "Provider").of(providers...)
}

func customerColumn() Column {
	return column("customer", TypeCode, "고객", "Customer").to("customers").
		say("customers 시트의 코드", "A code of the customers sheet")
}

func currencyColumn() Column {
	return column("currency", TypeCurrency, "통화", "Currency").suggest("USD", "KRW", "JPY")
}
