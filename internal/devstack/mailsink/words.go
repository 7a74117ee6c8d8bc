package mailsink

import (
	"net/http"
	"strings"
)

// words are the page's own few words, in the reader's language.
type words struct {
	Language, Title, Search, Empty, NoMatch, From, To, Date, Received string
	Message, Text, Headers, Raw, Attachments, Back, Of, Note          string
}

var (
	korean = words{
		Language: "ko", Title: "메일함", Search: "받는 사람, 제목 검색",
		Empty: "아직 도착한 메일이 없습니다.", NoMatch: "찾는 메일이 없습니다.",
		From: "보낸 사람", To: "받는 사람", Date: "작성", Received: "도착",
		Message: "본문", Text: "텍스트", Headers: "헤더", Raw: "원문", Attachments: "첨부",
		Back: "목록", Of: "통", Note: "이 메일함의 메일은 밖으로 나가지 않습니다.",
	}
	english = words{
		Language: "en", Title: "Mailbox", Search: "Search recipient or subject",
		Empty: "No mail has arrived yet.", NoMatch: "No mail matches.",
		From: "From", To: "To", Date: "Written", Received: "Arrived",
		Message: "Message", Text: "Text", Headers: "Headers", Raw: "Source", Attachments: "Attachments",
		Back: "All mails", Of: "mails", Note: "Nothing in this mailbox leaves this machine.",
	}
)

func wordsFor(r *http.Request) words {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "ko") {
		return korean
	}
	return english
}
