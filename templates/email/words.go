package email

// words are the texts of one language. A %s stands where a value goes.
type words struct {
	Language                               string
	MonthForm, DayForm, ShortDay           string
	Title, NoteTitle, Subject              string
	Greeting, Lead                         string
	Amount, TaxIncluded, Due, Bank         string
	Number, Period, Provider, IssuedOn     string
	Supply, Tax, AfterTax, Corrects        string
	NothingOwed                            string
	More, Less, MorePlain, LessPlain, Same string
	Provisional                            string
	Files, Ask, Salesman, Desk, Foot       string

	// Of the mail to somebody who sees some accounts.
	DetailTitle, DetailLead, DetailNote string
	OneAccount, ManyAccounts, MoreNames string
	ShownSum, BeforeTax                 string
}

var languages = map[string]words{
	"ko": {
		Language: "ko", MonthForm: "2006년 1월", DayForm: "2006-01-02", ShortDay: "1/2",
		Title: "클라우드 청구서", NoteTitle: "클라우드 정정 청구서", Subject: "%s %s",
		Greeting: "%s님, 안녕하세요.", Lead: "%s의 %s %s %s를 보내 드립니다.",
		Amount: "청구금액", TaxIncluded: "세액 포함", Due: "납부기한", Bank: "입금계좌",
		Number: "청구번호", Period: "청구기간", Provider: "서비스", IssuedOn: "작성일자",
		Supply: "공급가액", Tax: "세액", AfterTax: "세후 조정", Corrects: "원 청구번호",
		NothingOwed: "납부하실 금액이 없습니다.",
		More:        "지난달보다 %s (%s%%) 늘었습니다.", Less: "지난달보다 %s (%s%%) 줄었습니다.",
		MorePlain: "지난달보다 %s 늘었습니다.", LessPlain: "지난달보다 %s 줄었습니다.", Same: "지난달과 금액이 같습니다.",
		Provisional: "%s까지 집계된 잠정 금액이며, 확정 자료에 따라 정정될 수 있습니다.",
		Files:       "첨부", Ask: "문의", Salesman: "담당영업", Desk: "청구 담당",
		Foot: "이 메일에 회신하시면 담당자에게 전달됩니다.",

		DetailTitle: "클라우드 상세내역", DetailLead: "%s의 %s %s %s을 보내 드립니다. 아래 계정의 내역만 담겨 있습니다.",
		DetailNote: "청구서가 아니므로 납부하실 금액은 없습니다. 세액과 전체 청구금액은 포함되지 않습니다.",
		OneAccount: "계정 1개", ManyAccounts: "계정 %d개", MoreNames: "외 %d개",
		ShownSum: "표시 계정 합계", BeforeTax: "세전",
	},
	"en": {
		Language:    "en",
		MonthForm:   "January 2006",
		DayForm:     "2 January 2006",
		ShortDay:    "Jan 2",
		Title:       "cloud invoice",
		NoteTitle:   "cloud correction note",
		Subject:     "%s %s",
		Greeting:    "Dear %s,",
		Lead:        "for %s, here is the %s %s %s.",
		Amount:      "Amount due",
		TaxIncluded: "tax included",
		Due:         "Due",
		Bank:        "Pay into",
		Number:      "Invoice number",
		Period:      "Billing period",
		Provider:    "Service",
		IssuedOn:    "Date",
		Supply:      "Supply value",
		Tax:         "Tax",
		AfterTax:    "Adjustments after tax",
		Corrects:    "Corrects invoice",
		NothingOwed: "There is nothing to pay.",
		More:        "That is %s (%s%%) more than last month.",
		Less:        "That is %s (%s%%) less than last month.",
		MorePlain:   "That is %s more than last month.",
		LessPlain:   "That is %s less than last month.",
		Same:        "That is the same as last month.",
		Provisional: "Provisional: data up to %s is in, and final data may bring a correction.",
		Files:       "Attached",
		Ask:         "Questions",
		Salesman:    "Your contact",
		Desk:        "Billing desk",
		Foot:        "A reply to this mail reaches your contact.",

		DetailTitle:  "cloud usage detail",
		DetailLead:   "for %s, here is the %s %s %s. It holds the accounts below and no others.",
		DetailNote:   "This is no invoice and nothing is due: tax and the total billed are not in it.",
		OneAccount:   "1 account",
		ManyAccounts: "%d accounts",
		MoreNames:    "and %d more",
		ShownSum:     "Sum of the accounts shown",
		BeforeTax:    "before tax",
	},
	"ja": {
		Language: "ja", MonthForm: "2006年1月", DayForm: "2006年1月2日", ShortDay: "1/2",
		Title: "クラウドご請求書", NoteTitle: "クラウド訂正請求書", Subject: "%s %s",
		Greeting: "%s 様", Lead: "いつもお世話になっております。%s様の%s分 %s %sをお送りいたします。",
		Amount: "ご請求金額", TaxIncluded: "税込", Due: "お支払期限", Bank: "お振込先",
		Number: "請求番号", Period: "請求期間", Provider: "サービス", IssuedOn: "発行日",
		Supply: "税抜金額", Tax: "消費税", AfterTax: "税後調整", Corrects: "元の請求番号",
		NothingOwed: "お支払いいただく金額はございません。",
		More:        "前月より%s（%s%%）増えております。", Less: "前月より%s（%s%%）減っております。",
		MorePlain: "前月より%s増えております。", LessPlain: "前月より%s減っております。", Same: "前月と同額です。",
		Provisional: "%sまでの集計による暫定金額です。確定後に訂正する場合がございます。",
		Files:       "添付", Ask: "お問い合わせ", Salesman: "営業担当", Desk: "請求窓口",
		Foot: "このメールにご返信いただくと担当者に届きます。",

		DetailTitle: "クラウドご利用明細",
		DetailLead:  "いつもお世話になっております。%s様の%s分 %s %sをお送りいたします。下記アカウントの明細のみが含まれます。",
		DetailNote:  "請求書ではございませんので、お支払いは不要です。消費税と請求総額は含まれておりません。",
		OneAccount:  "アカウント1件", ManyAccounts: "アカウント%d件", MoreNames: "他%d件",
		ShownSum: "表示アカウント合計", BeforeTax: "税抜",
	},
}

// wordsOf takes the first language that we speak, and Korean otherwise.
func wordsOf(wanted ...string) words {
	for _, language := range wanted {
		if found, spoken := languages[language]; spoken {
			return found
		}
	}
	return languages["ko"]
}
