package credit

import (
	"sort"

	"github.com/shopspring/decimal"

	"magam/domain/money"
	"magam/domain/period"
)

// State is how a credit stands in a month.
type State string

// The states of a credit.
const (
	StateDue     State = "due"
	StateNotYet  State = "not yet valid"
	StateExpired State = "expired"
	StateUsedUp  State = "used up"
)

// Standing says how a credit stands in a month. An expired balance is lost by
// contract, but never silently: it is listed with its remainder.
func (c Credit) Standing(month period.Month) State {
	switch {
	case !c.Balance.IsPositive():
		return StateUsedUp
	case c.Valid.Covers(month):
		return StateDue
	case !c.Valid.To.IsZero() && month.After(c.Valid.To):
		return StateExpired
	default:
		return StateNotYet
	}
}

// Ledger sorts the credits that may be used on a provider's document of a month
// into the order of use: priority, then earliest expiry (never is last), then
// fewest eligible services (all is most), then oldest. The id decides what is
// still equal, so that the order of the sheet never does.
func Ledger(credits []Credit, provider string, month period.Month) []Credit {
	var ledger []Credit
	for _, credit := range credits {
		ours := credit.Provider == "" || credit.Provider == provider
		if ours && credit.Standing(month) == StateDue {
			ledger = append(ledger, credit)
		}
	}
	sort.SliceStable(ledger, func(i, j int) bool { return ledger[i].before(ledger[j]) })
	return ledger
}

func (c Credit) before(other Credit) bool {
	if c.Priority != other.Priority {
		return c.Priority < other.Priority
	}
	if order := compareOpenLast(c.Valid.To, other.Valid.To); order != 0 {
		return order < 0
	}
	if mine, theirs := c.breadth(), other.breadth(); mine != theirs {
		return mine < theirs
	}
	if c.Valid.From != other.Valid.From {
		return c.Valid.From.Before(other.Valid.From) // the zero month is before every other
	}
	return c.ID < other.ID
}

// breadth counts eligible services; a credit for all of them is the broadest.
func (c Credit) breadth() int {
	if len(c.Services) == 0 {
		return int(^uint(0) >> 1)
	}
	return len(c.Services)
}

func compareOpenLast(a, b period.Month) int {
	switch {
	case a == b:
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	default:
		return a.Sub(b)
	}
}

// Covers says whether a credit may be used on a charge.
func (c Credit) Covers(charge Charge) bool {
	service := len(c.Services) == 0 ||
		contains(c.Services, charge.Service) || contains(c.Services, charge.ServiceName)
	return service && (len(c.SubAccounts) == 0 || contains(c.SubAccounts, charge.Account))
}

func contains(list []string, value string) bool {
	for _, one := range list {
		if one == value {
			return true
		}
	}
	return false
}

// Use is what one credit took off which charges.
type Use struct {
	Credit    Credit
	Used      decimal.Decimal   // positive
	Remaining decimal.Decimal   // of the balance
	Parts     []decimal.Decimal // per charge, none negative
}

// Apply uses credits in the order given, each on its largest eligible charge
// first, earlier charges first where two are equal. A use is the least of the
// balance, the eligible charges that are left, and room: what keeps the
// document at or above zero. The rest stays in the balance.
func Apply(ledger []Credit, charges []Charge, room decimal.Decimal) []Use {
	return apply(ledger, charges, room, func(exact decimal.Decimal) decimal.Decimal { return exact })
}

// ApplyWhole is Apply in a currency in which sums are owed: each use is cut to
// its smallest unit, so that no balance is ever left with a fraction of a won.
// What the cut leaves of the charges is rounded with the document.
func ApplyWhole(ledger []Credit, charges []Charge, room decimal.Decimal, owed money.Currency) []Use {
	return apply(ledger, charges, room, func(exact decimal.Decimal) decimal.Decimal {
		return exact.Truncate(owed.Places())
	})
}

func apply(
	ledger []Credit, charges []Charge, room decimal.Decimal, cut func(decimal.Decimal) decimal.Decimal,
) []Use {
	left := make([]decimal.Decimal, len(charges))
	for i, charge := range charges {
		left[i] = charge.Amount
	}
	var uses []Use
	for _, credit := range ledger {
		use := credit.useOn(charges, left, room, cut)
		if use.Used.IsPositive() {
			room = room.Sub(use.Used)
			uses = append(uses, use)
		}
	}
	return uses
}

func (c Credit) useOn(
	charges []Charge, left []decimal.Decimal, room decimal.Decimal, cut func(decimal.Decimal) decimal.Decimal,
) Use {
	use := Use{Credit: c, Remaining: c.Balance, Parts: make([]decimal.Decimal, len(charges))}
	var eligible []int
	open := decimal.Zero
	for i, charge := range charges {
		if c.Covers(charge) && left[i].IsPositive() {
			eligible = append(eligible, i)
			open = open.Add(left[i])
		}
	}
	sort.SliceStable(eligible, func(a, b int) bool {
		return left[eligible[a]].Cmp(left[eligible[b]]) > 0
	})
	offered := cut(decimal.Min(c.Balance, open, room))
	for _, i := range eligible {
		part := decimal.Min(offered, left[i])
		if !part.IsPositive() {
			break
		}
		left[i] = left[i].Sub(part)
		offered = offered.Sub(part)
		use.Parts[i] = part
		use.Remaining = use.Remaining.Sub(part)
	}
	use.Used = money.Sum(use.Parts...)
	return use
}
