package master

import "magam/domain/period"

// billedQuarterly is the billing_cycle of contracts that are billed by quarter.
const billedQuarterly = "quarterly"

// Defers says whether a customer's month is billed with a later one of its
// quarter (ruling R-20): its contract bills by quarter, and does so in the
// quarter's next month too, from the same issuer and in the same currency.
func (b *Book) Defers(customer string, month period.Month) bool {
	now, isCustomer := b.Customer(customer, month)
	next, staysOne := b.Customer(customer, month.Add(1))
	if month == month.QuarterEnd() || !isCustomer || !staysOne {
		return false
	}
	issuer, _ := b.Issuer(now.Issuer)
	nextIssuer, _ := b.Issuer(next.Issuer)
	return now.Contract.BillingCycle == billedQuarterly && next.Contract.BillingCycle == billedQuarterly &&
		issuer.Code == nextIssuer.Code && now.Currency == next.Currency
}

// DeferredTo lists the earlier months of a quarter that are billed with a
// customer's month, oldest first.
func (b *Book) DeferredTo(customer string, month period.Month) []period.Month {
	var months []period.Month
	for earlier := month.QuarterStart(); earlier.Before(month); earlier = earlier.Add(1) {
		if b.Defers(customer, earlier) {
			months = append(months, earlier)
		}
	}
	return months
}
