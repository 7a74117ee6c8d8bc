package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"magam/db"
	"magam/domain/closing"
	"magam/domain/delivery"
	"magam/domain/fault"
	"magam/domain/invoice"
)

// scoped gives a final document with a Root recipient, two of the same account,
// one of two accounts, and a contact that gets nothing.
func scoped(t *testing.T) (*books, string) {
	t.Helper()
	b := twoCustomers(t)
	ids := approved(t, b, "acme", "beta")
	in := b.finalizing(ids[0])
	in.Recipients = []closing.Recipient{
		{Email: "root@acme.example", Language: "ko", Documents: []string{"invoice", "detail"}},
		{Email: "one@acme.example", Language: "ko", Documents: []string{"detail"}, Accounts: []string{"1"}},
		{Email: "same@acme.example", Language: "en", Documents: []string{"detail"}, Accounts: []string{"1"}},
		{
			Email:     "two@acme.example",
			Language:  "ko",
			Documents: []string{"detail"},
			Accounts:  []string{"1", "2"},
		},
	}
	in.LeftOut = []closing.LeftOut{
		{Email: "new@acme.example", Role: "pending", Reason: "pending: no role is given yet"},
	}
	final, err := b.Finalize(t.Context(), in)
	require.NoError(t, err)
	return b, final.Number
}

func TestAScopeIsFrozenWithTheNumber(t *testing.T) {
	t.Parallel()
	b, number := scoped(t)

	scopes, err := db.NewDocuments(b.app).Scopes(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, []delivery.Scope{
		{Digest: invoice.ScopeOf([]string{"1"}), Accounts: []string{"1"}},
		{Digest: invoice.ScopeOf([]string{"1", "2"}), Accounts: []string{"1", "2"}},
	}, scopes, "each once, the whole document not among them")
	left, err := db.NewOutbox(b.app).LeftOut(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, []delivery.LeftOut{{
		Number: number, Customer: "acme", Provider: "aws", Recipient: "new@acme.example",
		Role: "pending", Reason: "pending: no role is given yet",
	}}, left)

	for statement, says := range map[string]string{
		`UPDATE outbox SET accounts = '{}', scope = '' WHERE ordinal = 2`:          "E_PERIOD_CLOSED: what mail",
		`UPDATE outbox SET documents = '{invoice}' WHERE ordinal = 1`:              "E_PERIOD_CLOSED: what mail",
		`UPDATE mail_left_out SET reason = 'none'`:                                 "mail_left_out is append-only",
		`DELETE FROM mail_left_out`:                                                "mail_left_out is append-only",
		outboxRow(`'{detail}', '{1,2}', '` + invoice.ScopeOf([]string{"1"}) + `'`): "scope_is_the_digest_of_its_accounts",
		outboxRow(`'{detail}', '{1}', ''`):                                         "scope_is_the_digest_of_its_accounts",
		outboxRow(`'{invoice}', '{1}', '` + invoice.ScopeOf([]string{"1"}) + `'`):  "invoice_is_for_whom_sees_the_whole",
	} {
		_, err := b.owner.Exec(t.Context(), statement)
		require.ErrorContains(t, err, says, "the owner itself is refused: %s", statement)
	}
}

func outboxRow(values string) string {
	return `INSERT INTO outbox (invoice_id, ordinal, recipient, language, message_id, documents, accounts, scope)
		SELECT invoice_id, 99, 'x@y.test', 'ko', '<x@y.test>', ` + values + ` FROM outbox WHERE ordinal = 1`
}

func TestARecipientFindsFilesOfItsOwnScopeAlone(t *testing.T) {
	t.Parallel()
	b, number := scoped(t)
	documents, outbox := db.NewDocuments(b.app), db.NewOutbox(b.app)
	one, two := []string{"1"}, []string{"1", "2"}
	for _, file := range []delivery.Document{
		{Kind: "invoice-pdf", SHA256: "page"},
		{Kind: "detail-xlsx", SHA256: "whole"},
		{Kind: "detail-xlsx", SHA256: "one", Scope: invoice.ScopeOf(one)},
		{Kind: "detail-xlsx", SHA256: "two", Scope: invoice.ScopeOf(two)},
		{Kind: "invoice-pdf", SHA256: "stray", Scope: invoice.ScopeOf(one)},
	} {
		file.Language, file.FileName, file.Key = "ko", file.SHA256, "k"
		for _, there := range []bool{false, true} {
			before, err := documents.SaveDocument(t.Context(), number, file)
			require.NoError(t, err)
			require.Equal(t, there, before)
		}
		file.SHA256 = "other"
		_, err := documents.SaveDocument(t.Context(), number, file)
		requireCode(t, fault.DigestChanged, err)
	}

	for ordinal, want := range map[int][]string{
		1: {"whole", "page"}, 2: {"one"}, 3: {"one"}, 4: {"two"},
	} {
		draft, err := outbox.Draft(t.Context(), number, ordinal)
		require.NoError(t, err)
		var found []string
		for _, file := range draft.Documents {
			require.Equal(t, draft.Scope, file.Scope)
			found = append(found, file.SHA256)
		}
		require.Equal(t, want, found, "recipient %d", ordinal)
	}
	files, err := documents.Of(t.Context(), number)
	require.NoError(t, err)
	require.Empty(t, files[0].Scope, "the whole document's files stand first")
	require.Equal(t, two, files[len(files)-1].Accounts)
	mails, err := outbox.List(t.Context(), october)
	require.NoError(t, err)
	require.Equal(t, two, mails[3].Accounts)
}
