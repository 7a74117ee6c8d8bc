package workflows

import (
	"fmt"
	"strings"

	"magam/domain/money"
)

// text is what our own staff read in the web UI, in both languages: neither can
// be forgotten.
type text struct{ english, korean string }

// in gives the text in a language: ko, or else English.
func (t text) in(language string, arguments ...any) string {
	format := t.english
	if language == "ko" {
		format = t.korean
	}
	return fmt.Sprintf(format, arguments...)
}

// What a month's close says.
var (
	sayTagging  = text{"tagging, and reconciling credits", "태그 적용과 크레딧 대사 중"}
	sayDrafting = text{"drafting every customer", "고객별 초안 작성 중"}
	sayWaiting  = text{"waiting for", "기다리는 중"}
	sayLook     = text{"looks again every half hour", "30분마다 다시 확인합니다"}
	sayStopped  = text{"stopped", "중단됨"}
	sayAgain    = text{
		"cure the reason, then start `%[1]s` again with the same id. What is done stays done.",
		"원인을 해결한 뒤 같은 ID로 `%[1]s` 을(를) 다시 시작하십시오. 끝난 일은 그대로 남습니다.",
	}
	sayUnassigned = text{"cost without a customer: nobody is numbered yet", "고객 없는 비용이 있어 번호를 매기지 않았습니다"}
	sayAccept     = text{
		"give it a shared_costs row or map the accounts and import the master data, " +
			"or `starter accept-unassigned --month %s --by CODE --reason TEXT`",
		"shared_costs 행을 두거나 계정을 고객에 연결해 기준 정보를 다시 올리거나 " +
			"`starter accept-unassigned --month %s --by CODE --reason TEXT`",
	}
	sayClosed = text{"closed", "마감 완료"}
	sayParked = text{"closed, some customers parked", "마감 완료, 제외된 고객 있음"}
	sayMore   = text{"and %d more: `starter status --month %s`", "외 %d건: `starter status --month %s`"}
	sayFrozen = text{
		"not redrawn any more: `starter status --month %s`",
		"더 갱신되지 않음: `starter status --month %s`",
	}
	sayNext    = text{"Next", "다음"}
	sayColumns = text{
		"customer|state|total" + space + "|number, or why not",
		"고객|상태|청구액" + space + "|번호 또는 사유",
	}
	sayProof = text{
		"proof|delivered|= sealed|+ quarantined|sealed = assigned|+ retained|+ unassigned",
		"검증|수신|= 확정|+ 격리|확정 = 고객 배정|+ 자체 보유|+ 미배정",
	}
)

// What is said of data that is not final.
var (
	sayNotFinal = text{
		"a second person may let it close: `starter accept-not-final --month %s --by CODE --reason TEXT`",
		"확정 전에 마감하려면 다른 승인자가: `starter accept-not-final --month %s --by CODE --reason TEXT`",
	}
	sayProvisional = text{"provisional, data may still change", "잠정 마감, 자료가 바뀔 수 있음"}
)

// What a look at the sources says.
var (
	watchQuiet    = text{"every source delivers as expected", "모든 수집원이 정상입니다"}
	watchStanding = text{"alarms: %d", "경보 %d건"}
	watchMails    = text{"mails sent %d, to be tried again %d, refused %d", "메일 발송 %d, 재시도 예정 %d, 거절 %d"}
	watchNobody   = text{
		"nobody is told: give somebody of the people sheet the role ops and an address",
		"알림을 받을 사람이 없습니다. people 시트에 ops 역할과 메일 주소를 지정하십시오",
	}
	watchColumns = text{"alarm|source|what was seen|since|what to do", "경보|수집원|내용|발생|할 일"}
	watchMore    = text{"and %d more: `starter alarms`", "외 %d건: `starter alarms`"}
)

// What a customer's close says.
var (
	deskDrafting = text{"drafting", "초안 작성 중"}
	deskWaiting  = text{"waiting for approval", "승인 대기"}
	deskLook     = text{"held for a look", "보류, 확인 필요"}
	deskHeld     = text{"held by a person", "담당자 보류"}
	deskApproved = text{"approved, waiting for the month's proof", "승인됨, 월 검증 대기"}
	deskRejected = text{"rejected", "반려됨"}
	deskParked   = text{"parked", "마감 제외"}
	deskFinal    = text{"final", "완료"}
	deskDeferred = text{"done", "완료"}
	deskDefers   = text{
		"This month is billed with the quarter's document: it gets no number and no mail of its own.",
		"이달은 분기 청구서에 합산됩니다. 번호와 메일은 따로 나가지 않습니다.",
	}
	deskColumns = text{"provider|total" + space + "|number", "공급자|청구액" + space + "|번호"}
	deskApprove = text{
		"`starter approve --month %[1]s --customer %[2]s --by CODE`, or here: More Actions, Send an Update, `approve`, " +
			"`{\"by\": \"CODE\"}`. A second person, not who started the close.",
		"`starter approve --month %[1]s --customer %[2]s --by CODE`, 또는 이 화면의 More Actions, Send an Update, `approve`, " +
			"`{\"by\": \"CODE\"}`. 마감을 시작하지 않은 다른 사람이 승인합니다.",
	}
	deskRelease = text{
		"`starter release --month %[1]s --customer %[2]s --by CODE`, or here: More Actions, Send an Update, `release`",
		"`starter release --month %[1]s --customer %[2]s --by CODE`, 또는 이 화면의 More Actions, Send an Update, `release`",
	}
	deskRetry = text{
		"cure the reason, then `starter retry-parked --month %[1]s --by CODE`",
		"원인을 해결한 뒤 `starter retry-parked --month %[1]s --by CODE`",
	}
)

// What a batch says.
var (
	batchDrafting = text{"%d of %d drafted", "%[2]d곳 중 %[1]d곳 초안 완료"}
	batchProof    = text{"%d drafted, waiting for the month's proof", "%d곳 초안 완료, 월 검증 대기"}
	batchSettled  = text{"**%d of %d settled**", "**%[2]d곳 중 %[1]d곳 마감**"}
)

// What runs, timers and activities are called in the list of events.
var (
	doTags    = text{"tags of %s", "%s 태그"}
	doCredits = text{"credits of %s", "%s 크레딧"}
	doShare   = text{"shared costs of %s", "%s 공유 비용"}
	doBatch   = text{"customers %s to %s", "고객 %s ~ %s"}
	doClose   = text{"close %[2]s for %[1]s", "%[1]s %[2]s 마감"}
	doRender  = text{"print %s and write its workbook", "%s 문서 만들기"}
	doMail    = text{"mail %s to recipient %d", "%s 메일, 수신자 %d"}

	doLook     = text{"look whether every source is in", "자료가 모두 왔는지 확인"}
	doPause    = text{"look again later", "나중에 다시 확인"}
	doPlan     = text{"list the customers", "고객 목록"}
	doProve    = text{"prove that every line is on exactly one side", "모든 비용이 한 곳에만 있는지 검증"}
	doSettle   = text{"settle the month", "월 마감 확정"}
	doRedraw   = text{"redraw the board", "현황판 갱신"}
	doDraft    = text{"draft %s", "%s 초안"}
	doPreview  = text{"preview the pages", "문서 미리 만들기"}
	doContract = text{"approve by contract", "계약에 따른 자동 승인"}
	doDecide   = text{"%[1]s by %[2]s", "%[2]s: %[1]s"}
	doNumber   = text{"number and freeze %s", "%s 번호 부여, 확정"}
	doPark     = text{"park %s", "%s 마감 제외"}
)

// What a run is for, in the details beside its summary.
var (
	aboutTags = text{
		"Normalizes the provider's tags of the month and lays the custom tags over them.",
		"공급자 태그를 정리하고 사용자 태그를 덧입힙니다.",
	}
	aboutCredits = text{
		"Lists which credits and adjustments are due in the month: what was granted, used before, expired.",
		"이 달에 쓸 크레딧과 조정을 정리합니다: 부여, 기사용, 만료.",
	}
	aboutShare = text{
		"Lists what benefit policies of commitments and shared costs move between customers.",
		"약정 혜택 정책과 공유 비용 배분으로 고객 사이에 옮길 금액을 정리합니다.",
	}
	aboutBatch = text{
		"Closes %d customers side by side. Open one to approve, hold or reject it.",
		"고객 %d곳을 나란히 마감합니다. 승인, 보류, 반려는 고객별 실행에서 합니다.",
	}
	aboutClose = text{
		"Drafts the invoices, waits for a second person's approval and the month's proof, numbers, prints and mails them. " +
			"Updates: approve, reject, hold, release.",
		"청구서 초안을 만들고, 다른 사람의 승인과 월 검증을 기다린 뒤 번호를 매기고 인쇄해 보냅니다. " +
			"업데이트: approve, reject, hold, release.",
	}
	aboutRender = text{
		"Makes the files from the frozen snapshot. Started again, it proves that they are the same bytes.",
		"확정된 내용으로 파일을 만듭니다. 다시 시작하면 같은 파일인지 확인합니다.",
	}
	aboutMail = text{
		"One mail to one recipient, tried for up to four days. Started again after it was sent, it sends nothing.",
		"수신자 한 명에게 보내는 메일 한 통, 최대 나흘 동안 다시 시도합니다. 보낸 뒤에는 다시 시작해도 보내지 않습니다.",
	}
)

// cells makes a row of a markdown table; what would break the table is escaped.
func cells(values ...string) string {
	safe := strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ")
	row := "|"
	for _, value := range values {
		row += " " + safe.Replace(value) + " |"
	}
	return row + "\n"
}

// columns makes a table's head from names between bars, aligned as the pattern
// says: l or r for each.
func columns(names, alignment string) string {
	head := "| " + strings.ReplaceAll(names, "|", " | ") + " |\n|"
	for _, side := range alignment {
		if side == 'r' {
			head += "--:|"
		} else {
			head += ":--|"
		}
	}
	return head + "\n"
}

// amount prints a total as people write it: ₩2,078,728. What cannot be read as
// an amount is shown as it is.
func amount(currency, total string) string {
	value, err := money.Parse(total)
	if err != nil {
		return currency + " " + total
	}
	code := money.Currency(currency)
	sign := ""
	if value.IsNegative() {
		sign = "-"
	}
	return sign + code.Symbol() + money.Grouped(value.Abs(), code.Places())
}

// grouped prints an amount of the proof with every digit it has.
func grouped(exact string) string {
	value, err := money.Parse(exact)
	if err != nil {
		return exact
	}
	return money.Grouped(value, 0)
}

// space is a blank that markdown keeps.
const space = "\u00a0"

// pageEnd is empty space: the web UI cuts the last lines of a page that ends in a table.
const pageEnd = "\n\n" + space + "\n\n" + space + "\n"
