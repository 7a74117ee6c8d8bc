package main

import (
	"context"
	"fmt"

	"magam/db"
	"magam/domain/money"
	"magam/domain/period"
	"magam/domain/pricing"
)

// sharesCmd shows what one customer's document depends on of another's cost.
type sharesCmd struct {
	Month period.Month `help:"Billing period; the month before this one unless given." placeholder:"MONTH"`
}

// Help shows what people ask most.
func (sharesCmd) Help() string {
	return `Examples:

  starter shares --month 2026-10
  starter shares --month 2026-10 --json

Lists each commitment with the account that owns it, the accounts that use it, and what the owner's policy moved;
each shared cost with what was taken from whom and given to whom; and what nobody owns and nothing shares yet. It is for
our own staff: it names all customers.`
}

// sharesAnswer is the whole answer for programs.
type sharesAnswer struct {
	Month       string             `json:"month"`
	Commitments []commitmentAnswer `json:"commitments"`
	Shared      []sharedAnswer     `json:"shared_costs"`
	Unowned     []unownedAnswer    `json:"unowned"`
}

type commitmentAnswer struct {
	ID             string          `json:"id"`
	Provider       string          `json:"provider"`
	BillingAccount string          `json:"billing_account"`
	Currency       string          `json:"currency"`
	Policy         string          `json:"policy"`
	OwnerAccount   string          `json:"owner_account"`
	OwnerCustomer  string          `json:"owner_customer"`
	Kept           string          `json:"kept"` // by us
	Accounts       []accountAnswer `json:"accounts"`
}

type accountAnswer struct {
	Account  string `json:"account"`
	Customer string `json:"customer"` // empty: nobody
	OnDemand string `json:"on_demand"`
	Billed   string `json:"billed"`
	Moved    string `json:"moved"`
	Bears    string `json:"bears"`
}

type sharedAnswer struct {
	Rule           string `json:"rule"`
	Provider       string `json:"provider"`
	BillingAccount string `json:"billing_account"`
	Currency       string `json:"currency"`
	Taken          bool   `json:"taken"` // from its holder; else given
	Side           string `json:"side"`  // customer, unassigned; retained: we keep it
	Customer       string `json:"customer"`
	Account        string `json:"account"`
	Service        string `json:"service"`
	Category       string `json:"category"`
	Billed         string `json:"billed"`
}

type unownedAnswer struct {
	Provider       string `json:"provider"`
	BillingAccount string `json:"billing_account"`
	Currency       string `json:"currency"`
	Account        string `json:"account"`
	Service        string `json:"service"`
	Category       string `json:"category"`
	Billed         string `json:"billed"`
}

// unownedMax bounds how many kinds of unowned cost are listed.
const unownedMax = 50

// Run reads the books and prints.
func (c *sharesCmd) Run(ctx context.Context, s *session) error {
	books, err := s.openBooks(ctx)
	if err != nil {
		return err
	}
	month, ledger := s.month(c.Month), db.NewLedger(books)
	book, _, err := db.NewMaster(books).LoadBook(ctx, month)
	if err != nil {
		return err
	}
	uses, err := usesOf(ctx, ledger, book, month)
	if err != nil {
		return err
	}
	list, err := ledger.Transfers(ctx, month)
	if err != nil {
		return err
	}
	unowned, err := ledger.Unowned(ctx, month, unownedMax)
	if err != nil {
		return err
	}
	answer := sharesAnswer{
		Month: month.String(), Commitments: commitmentAnswers(uses), Shared: sharedAnswers(list),
		Unowned: []unownedAnswer{},
	}
	for _, one := range unowned {
		answer.Unowned = append(answer.Unowned, unownedAnswer{
			one.Provider,
			one.BillingAccount,
			string(one.Currency),
			one.SubAccount,
			one.Service,
			one.Category.String(),
			money.Text(one.Billed),
		})
	}
	if s.json {
		return s.printJSON(answer)
	}
	printShares(s, answer)
	return nil
}

func commitmentAnswers(uses []pricing.CommitmentUse) []commitmentAnswer {
	answers := make([]commitmentAnswer, len(uses))
	for i, use := range uses {
		answers[i] = commitmentAnswer{
			ID:             use.ID,
			Provider:       use.Provider,
			BillingAccount: use.BillingAccount,
			Currency:       string(use.Currency),
			Policy:         use.Policy,
			OwnerAccount:   use.Owner,
			OwnerCustomer:  use.Customer,
			Kept:           money.Text(use.Kept),
			Accounts:       []accountAnswer{},
		}
		for _, one := range use.Accounts {
			answers[i].Accounts = append(answers[i].Accounts, accountAnswer{
				one.Account,
				one.Customer,
				money.Text(one.OnDemand),
				money.Text(one.Billed),
				money.Text(one.Moved),
				money.Text(one.Bears()),
			})
		}
	}
	return answers
}

func sharedAnswers(list []pricing.Transfer) []sharedAnswer {
	answers := []sharedAnswer{}
	for _, t := range list {
		if t.Kind == pricing.TransferShared {
			answers = append(answers, sharedAnswer{
				t.Rule,
				t.Provider,
				t.BillingAccount,
				string(t.Currency),
				t.Taken,
				string(t.Side),
				t.Customer,
				t.SubAccount,
				t.ServiceName,
				t.Category.String(),
				money.Text(t.Billed),
			})
		}
	}
	return answers
}

func printShares(s *session, answer sharesAnswer) {
	for _, one := range answer.Commitments {
		fmt.Fprintf(s.out, "%s: owned by account %s (%s), policy %s, %s of payer %s", one.ID,
			orNone(one.OwnerAccount), orNone(one.OwnerCustomer), one.Policy, one.Currency,
			one.BillingAccount)
		if one.Kept != "0" {
			fmt.Fprintf(s.out, "; we keep %s", grouped(one.Kept))
		}
		fmt.Fprintln(s.out)
		accounts := newTable(s, plain("account"), cut("customer"), figure("on demand"), figure("billed"),
			figure("moved"), figure("bears"))
		for _, a := range one.Accounts {
			accounts.row(a.Account, orNone(a.Customer), grouped(a.OnDemand), grouped(a.Billed),
				grouped(a.Moved), grouped(a.Bears))
		}
		accounts.print()
	}
	if len(answer.Shared) > 0 {
		shared := newTable(s, plain("shared cost"), plain("way"), cut("customer"), plain("account"),
			cut("service"), plain("category"), plain("currency"), figure("amount"))
		for _, one := range answer.Shared {
			way := "to"
			switch {
			case one.Taken:
				way = "from"
			case one.Side == string(pricing.SideRetained):
				way = "kept"
			}
			shared.row(one.Rule, way, orNone(one.Customer), one.Account, one.Service, one.Category,
				one.Currency, grouped(one.Billed))
		}
		shared.print()
	}
	if len(answer.Commitments)+len(answer.Shared) == 0 {
		fmt.Fprintf(s.out, "no commitment is at work in %s and nothing is shared\n", answer.Month)
	}
	for _, one := range answer.Unowned {
		fmt.Fprintf(s.out, "nobody owns %s (%s) of account %s: %s %s\n", one.Service, one.Category,
			one.Account, one.Currency, grouped(one.Billed))
	}
	if len(answer.Unowned) > 0 {
		fmt.Fprintln(s.out, "give it a shared_costs row, map the account, or starter accept-unassigned")
	}
}

// orNone prints what is empty as nobody.
func orNone(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}
