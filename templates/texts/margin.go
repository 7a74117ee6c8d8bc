package texts

import "magam/domain/invoice"

// MarginWords are the captions of the month's report to finance. Our own staff
// read Korean or English; customers never see one of these words.
type MarginWords struct {
	Language string
	*Words   // how dates and months are written

	Title, FinanceOnly, Edition, Made            string
	State, Documents, FinalCount, DraftCount     string
	Totals, Source, Bought, Converted, Sold      string
	Margin, Percent, Customer, Provider, Payer   string
	ByCustomer, ByService, ByAccount, Leakage    string
	Negative, Summary, Name, Service, Account    string
	Number, Currency, Amount, Reason, Kind       string
	FirstSeen, Rules, None, More                 string
	Parked, Unbilled, Unmapped, UnderBilled      string
	Retained, RetainedNote, Proof, Delivered     string
	Quarantined, Assigned, Unassigned            string
	Reconciled, OnDocuments, ParkedCost          string
	Difference, Steps, Step, Delta, After        string
	Decisions, Verdict, By, Accepted             string
	Alarms, Since, Cure, Chart, Best, Worst      string
	RoundedNote, DraftNote, Balanced, Unbalanced string
	Lead, SoldLine, Attached, Subject, Origin    string

	states, kinds, verdicts map[string]string
	steps                   map[invoice.StepName]string
}

// MarginFor gives the words in ko, or else in English.
func MarginFor(language string) (*MarginWords, error) {
	made, spoken := marginLanguages[language]
	if !spoken {
		language = "en"
		made = marginLanguages[language]
	}
	words, err := For(language)
	if err != nil {
		return nil, err
	}
	made.Language, made.Words = language, words
	return &made, nil
}

// StateText is a month's or a document's state.
func (w *MarginWords) StateText(state string) string { return orItself(w.states, state) }

// KindText is a kind of leak or loss.
func (w *MarginWords) KindText(kind string) string { return orItself(w.kinds, kind) }

// VerdictText is what somebody decided.
func (w *MarginWords) VerdictText(verdict string) string { return orItself(w.verdicts, verdict) }

// StepText is a step of the chain.
func (w *MarginWords) StepText(step invoice.StepName) string {
	if text, known := w.steps[step]; known {
		return text
	}
	return string(step)
}

func orItself(texts map[string]string, key string) string {
	if text, known := texts[key]; known {
		return text
	}
	return key
}

var marginLanguages = map[string]MarginWords{"ko": marginKorean, "en": marginEnglish}

var marginKorean = MarginWords{
	Title: "월마감 보고", FinanceOnly: "재무 전용 · 고객에게 보내지 않습니다", Edition: "판", Made: "작성일",
	State: "마감 상태", Documents: "청구서", FinalCount: "확정 %d건", DraftCount: "초안 %d건",
	Totals: "매입과 매출", Source: "원통화", Bought: "매입", Converted: "매입(환산)", Sold: "매출(공급가액)",
	Margin: "마진", Percent: "마진율", Customer: "고객", Provider: "공급사", Payer: "결제계정",
	ByCustomer: "고객별", ByService: "서비스별", ByAccount: "계정별", Leakage: "누수", Negative: "역마진",
	Summary: "요약", Name: "이름", Service: "서비스", Account: "계정", Number: "번호", Currency: "통화",
	Amount: "금액", Reason: "사유", Kind: "구분", FirstSeen: "최초 발생일", Rules: "원인(규칙)",
	None: "없음", More: "외 %d건은 엑셀에 있습니다.",
	Parked: "마감에서 제외된 고객", Unbilled: "청구되지 않은 원가", Unmapped: "고객이 없는 계정",
	UnderBilled: "매입보다 낮게 청구", Retained: "우리가 보유한 금액",
	RetainedNote: "보유: 계약에 따라 청구하지 않는 매입. 매입세액은 세무서에서 돌려받을 세금으로 마진이 아닙니다. " +
		"파트너 할인과 약정 혜택 몫은 우리의 이익(음수)이며 위 마진에 넣지 않았습니다.",
	Proof: "검증: 공급사 청구 = 배정 + 보유 + 미배정", Delivered: "수집", Quarantined: "격리", Assigned: "배정",
	Unassigned: "미배정", Reconciled: "배정 = 청구서 + 제외된 고객", OnDocuments: "청구서", ParkedCost: "제외된 고객",
	Difference: "차이", Steps: "단계별 합계", Step: "단계", Delta: "증감", After: "누계",
	Decisions: "승인과 보류", Verdict: "결정", By: "결정자", Accepted: "미배정 승인 사유",
	Alarms: "경보", Since: "발생", Cure: "할 일", Chart: "고객별 마진", Best: "상위", Worst: "하위",
	RoundedNote: "환산 매입은 각 청구서에 고정된 환율로 계산하여 통화 단위로 표시합니다. 모든 자릿수: starter margin --json",
	DraftNote:   "확정되지 않은 초안이 포함되어 있어 금액이 바뀔 수 있습니다.",
	Balanced:    "일치합니다.", Unbalanced: "일치하지 않습니다. 담당 엔지니어에게 알려 주십시오.",
	Lead:     "%s 마감 결과입니다. 확정 %d건, 제외된 고객 문서 %d건.",
	SoldLine: "%s 매출 %s, 매입 %s, 마진 %s%s",
	Attached: "상세 내용은 첨부한 PDF와 엑셀에 있습니다.",
	Subject:  "[%s] %s 월마감 보고%s", Origin: "수집원",
	states: map[string]string{
		"open": "열림", "closing": "마감 중", "closed": "마감됨", "closed_with_parked": "마감됨(제외된 고객 있음)",
		"draft": "초안", "approved": "승인됨", "final": "확정", "deferred": "분기 합산 청구", "parked": "제외됨",
	},
	kinds: map[string]string{
		"unassigned": "미배정", "parked": "제외된 고객", "quarantined": "격리된 행", "unmapped": "고객 없는 계정",
		"input-tax": "매입세액", "partner-discount": "파트너 할인", "benefit": "약정 혜택 몫",
		"under-billed": "매입보다 낮게 청구", "customer": "고객", "service": "서비스", "account": "계정",
	},
	verdicts: map[string]string{
		"approve": "승인", "reject": "반려", "hold": "보류", "release": "보류 해제", "auto-approve": "자동 승인",
	},
	steps: map[invoice.StepName]string{
		invoice.StepBilled:           "공급사 청구",
		invoice.StepRetained:         "보유",
		"benefit":                    "약정 혜택 배분",
		invoice.StepPooled:           "공급사 크레딧 배분",
		invoice.StepBasis:            "가격 기준",
		invoice.StepAdjustmentBefore: "조정(할인 전)",
		invoice.StepPrice:            "가격 규칙",
		invoice.StepShared:           "공통비 배분",
		invoice.StepFee:              "수수료",
		invoice.StepAdjustmentAfter:  "조정(할인 후)",
		invoice.StepCredit:           "크레딧",
		invoice.StepCurrency:         "환산",
		invoice.StepInvoiceAdjust:    "조정(청구 통화)",
		invoice.StepInvoiceCredit:    "크레딧(청구 통화)",
		invoice.StepRounding:         "단수 처리",
	},
}

var marginEnglish = MarginWords{
	Title:       "Month-end report",
	FinanceOnly: "For finance only · never sent to a customer",
	Edition:     "Edition",
	Made:        "Made on",
	State:       "State",
	Documents:   "Documents",
	FinalCount:  "%d final",
	DraftCount:  "%d drafts",
	Totals:      "Bought and sold",
	Source:      "Source",
	Bought:      "Bought",
	Converted:   "Bought, converted",
	Sold:        "Sold (supply value)",
	Margin:      "Margin",
	Percent:     "Margin %",
	Customer:    "Customer",
	Provider:    "Provider",
	Payer:       "Payer",
	ByCustomer:  "By customer",
	ByService:   "By service",
	ByAccount:   "By account",
	Leakage:     "Leakage",
	Negative:    "Negative margins",
	Summary:     "Summary",
	Name:        "Name",
	Service:     "Service",
	Account:     "Account",
	Number:      "Number",
	Currency:    "Currency",
	Amount:      "Amount",
	Reason:      "Reason",
	Kind:        "Kind",
	FirstSeen:   "First seen",
	Rules:       "Because of",
	None:        "none",
	More:        "%d more are in the workbook.",
	Parked:      "Parked customers",
	Unbilled:    "Unbilled cost",
	Unmapped:    "Accounts without a customer",
	UnderBilled: "Sold for less than bought",
	Retained:    "Retained by us",
	RetainedNote: "Retained: what contracts do not pass on. Input tax comes back from the tax office and is no margin; " +
		"partner discounts and shares of benefits are a gain of ours (negative) and are not in the margin above.",
	Proof:       "Proof: the providers' bills = assigned + retained + unassigned",
	Delivered:   "Delivered",
	Quarantined: "Set aside",
	Assigned:    "Assigned",
	Unassigned:  "Unassigned",
	Reconciled:  "Assigned = on documents + parked",
	OnDocuments: "On documents",
	ParkedCost:  "Parked",
	Difference:  "Difference",
	Steps:       "Sum of each step",
	Step:        "Step",
	Delta:       "Delta",
	After:       "After",
	Decisions:   "Approvals and holds",
	Verdict:     "Decision",
	By:          "By",
	Accepted:    "Unassigned cost was accepted",
	Alarms:      "Alarms",
	Since:       "Since",
	Cure:        "To do",
	Chart:       "Margin by customer",
	Best:        "best",
	Worst:       "worst",
	RoundedNote: "Converted cost is at each document's frozen rate, shown in the currency's unit; " +
		"`starter margin --json` has every digit.",
	DraftNote:  "Drafts that are not final are included: figures may change.",
	Balanced:   "It balances.",
	Unbalanced: "It does not balance: call the engineer on duty.",
	Lead:       "%s is closed: %d documents final, %d parked.",
	SoldLine:   "%s sold %s, bought %s, margin %s%s",
	Attached:   "The attached PDF and workbook have the details.",
	Subject:    "[%s] %s month-end report%s",
	Origin:     "Source",
	states: map[string]string{
		"open": "open", "closing": "closing", "closed": "closed", "closed_with_parked": "closed, some parked",
		"deferred": "billed with the quarter",
	},
	kinds: map[string]string{
		"unassigned":   "Unassigned",
		"parked":       "Parked",
		"quarantined":  "Set aside",
		"unmapped":     "Unmapped account",
		"under-billed": "Under-billed",
		"input-tax":    "input tax", "partner-discount": "partner discount", "benefit": "share of a benefit",
		"customer": "Customer",
		"service":  "Service",
		"account":  "Account",
	},
	verdicts: map[string]string{
		"approve": "approved", "reject": "rejected", "hold": "held", "release": "released",
		"auto-approve": "approved by contract",
	},
	steps: map[invoice.StepName]string{
		invoice.StepBilled:           "Billed by the provider",
		invoice.StepRetained:         "Retained",
		"benefit":                    "Commitment benefit moved",
		invoice.StepPooled:           "Provider's credits pooled",
		invoice.StepBasis:            "Price basis",
		invoice.StepAdjustmentBefore: "Adjustment before discount",
		invoice.StepPrice:            "Price rule",
		invoice.StepShared:           "Shared cost",
		invoice.StepFee:              "Fee",
		invoice.StepAdjustmentAfter:  "Adjustment after discount",
		invoice.StepCredit:           "Credit",
		invoice.StepCurrency:         "Converted",
		invoice.StepInvoiceAdjust:    "Adjustment, invoice currency",
		invoice.StepInvoiceCredit:    "Credit, invoice currency",
		invoice.StepRounding:         "Rounding",
	},
}
