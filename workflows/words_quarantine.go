package workflows

// What is said about rows set aside.
var (
	asideOpen      = text{"%d rows wait for a word", "%d행이 결정을 기다립니다"}
	asideWaiting   = text{"%d rows wait for a second person: accepted by %s", "%d행이 두 번째 승인을 기다립니다: %s 승인함"}
	asideAccepted  = text{"%d rows are signed off: billed to no customer", "%d행 인정 완료: 고객에게 청구하지 않음"}
	asideRejected  = text{"%d rows are rejected: the provider must deliver again", "%d행 반려: 공급자가 다시 보내야 합니다"}
	asideReplaced  = text{"%d rows were replaced by a newer delivery", "%d행은 새 자료로 대체되었습니다"}
	asideUnknown   = text{"+ %d unreadable", "+ 금액 불명 %d"}
	asideColumns   = text{"source|code|rows|billed" + space + "|state|said", "원천|코드|행|금액" + space + "|상태|의견"}
	asideStateText = map[string]text{
		"open": {"open", "미결"}, "accepted": {"signed off", "인정"}, "rejected": {"rejected", "반려"},
		"fixed": {"replaced", "대체됨"},
	}
	asideDigestWord = text{"digest", "다이제스트"}
	asideNext       = text{
		"`starter quarantine accept --digest %[1]s --by CODE --reason TEXT`, or `reject`; or here: More Actions, Send an Update. " +
			"The rows: `starter quarantine list --digest %[1]s`",
		"`starter quarantine accept --digest %[1]s --by CODE --reason TEXT` 또는 `reject`, 또는 이 화면의 More Actions, " +
			"Send an Update. 행 보기: `starter quarantine list --digest %[1]s`",
	}
	doLookAside = text{"look at the rows", "격리된 행 확인"}

	sayAside = text{
		"rows set aside wait for a word: nobody is numbered yet",
		"격리된 행이 결정을 기다려 번호를 매기지 않았습니다",
	}
	sayDecideAside = text{
		"`starter quarantine list --month %[1]s`; have them delivered again, or sign them off: " +
			"`starter quarantine accept Q-ID --by CODE --reason TEXT`, two people",
		"`starter quarantine list --month %[1]s` 확인 후 다시 받거나 두 사람이 인정: " +
			"`starter quarantine accept Q-ID --by CODE --reason TEXT`",
	}
)

// asideState is how a row set aside stands, in a language.
func asideState(state, language string) string {
	word, known := asideStateText[state]
	if !known {
		return state
	}
	return word.in(language)
}
