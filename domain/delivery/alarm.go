package delivery

import (
	"fmt"
	"strings"
	"time"
)

// AlarmKind is what an alarm is about.
type AlarmKind string

// The kinds of alarm.
const (
	AlarmSilent     AlarmKind = "silent"     // a source has sent nothing new for a day
	AlarmStopped    AlarmKind = "held"       // a delivery waits for two people
	AlarmRefused    AlarmKind = "refused"    // a delivery was refused and nothing has replaced it
	AlarmUnread     AlarmKind = "unread"     // what lies at a source was refused before it became a delivery
	AlarmRows       AlarmKind = "rows"       // fewer rows than there were
	AlarmJump       AlarmKind = "jump"       // a total far from what was to be expected
	AlarmQuarantine AlarmKind = "quarantine" // rows are set aside and the month could close
)

// Alarm is something that ops should look at. The same kind, source, month and
// subject is the same alarm, however often it is seen.
type Alarm struct {
	Kind    AlarmKind
	Source  string
	Month   string
	Subject string   // a currency, or a scope; empty where the source is enough
	Figures []string // what its sentence quotes, in order
}

// Raised is an alarm as the books keep it.
type Raised struct {
	Alarm
	ID                       int64
	Since, LastSeen, Cleared time.Time // Cleared is zero while it stands
}

// The occasions on which somebody is told of an alarm.
const (
	AlarmRaised  = "raised"
	AlarmCleared = "cleared"
)

// AlarmMail is one mail to be sent: one alarm, one occasion, one person by code.
type AlarmMail struct {
	Alarm    int64
	Occasion string
	Person   string
}

// alarmSentences are what people read of each kind, with %s for its figures.
var alarmSentences = map[string]map[AlarmKind]string{
	"en": {
		AlarmSilent:     "nothing new since %s",
		AlarmStopped:    "delivery %s is held: %s",
		AlarmRefused:    "delivery %s was refused: %s",
		AlarmUnread:     "%s refused at the last look: %s",
		AlarmRows:       "delivery %s has %s rows; delivery %s had %s",
		AlarmJump:       "delivery %s adds up to %s %s; about %s was to be expected",
		AlarmQuarantine: "%s rows are set aside and undecided",
	},
	"ko": {
		AlarmSilent:     "%s 이후 새 자료가 없습니다",
		AlarmStopped:    "자료 %s 보류: %s",
		AlarmRefused:    "자료 %s 거부: %s",
		AlarmUnread:     "마지막 확인에서 %s건 거부: %s",
		AlarmRows:       "자료 %s 행 수 %s, 이전 자료 %s은(는) %s",
		AlarmJump:       "자료 %s 합계 %s %s, 예상은 약 %s",
		AlarmQuarantine: "격리된 %s행이 아직 결정되지 않았습니다",
	},
}

var alarmTitles = map[string]map[AlarmKind]string{
	"en": {
		AlarmSilent:     "source is silent",
		AlarmStopped:    "delivery is held",
		AlarmRefused:    "delivery was refused",
		AlarmUnread:     "files were refused",
		AlarmRows:       "fewer rows",
		AlarmJump:       "total jumps",
		AlarmQuarantine: "rows set aside",
	},
	"ko": {
		AlarmSilent: "수신 없음", AlarmStopped: "자료 보류", AlarmRefused: "자료 거부", AlarmUnread: "파일 거부",
		AlarmRows: "행 수 감소", AlarmJump: "합계 급변", AlarmQuarantine: "격리된 행",
	},
}

// alarmCures are what to do next.
var alarmCures = map[string]map[AlarmKind]string{
	"en": {
		AlarmSilent:     "look whether the provider still delivers: starter sources check",
		AlarmStopped:    "starter deliveries show %[1]s, then accept (two people) or withdraw it",
		AlarmRefused:    "cure the reason and have it delivered again",
		AlarmUnread:     "starter ingest --source names each: cure it, or take the file away",
		AlarmRows:       "compare both: starter deliveries show %[1]s",
		AlarmJump:       "starter totals --delivery %[1]s --by service",
		AlarmQuarantine: "starter quarantine list",
	},
	"ko": {
		AlarmSilent:     "공급자가 계속 내보내는지 확인: starter sources check",
		AlarmStopped:    "starter deliveries show %[1]s 확인 후 accept(두 사람) 또는 withdraw",
		AlarmRefused:    "원인을 해결하고 다시 받으십시오",
		AlarmUnread:     "starter ingest --source 로 목록 확인 후 해결하거나 파일을 치우십시오",
		AlarmRows:       "두 자료를 비교: starter deliveries show %[1]s",
		AlarmJump:       "starter totals --delivery %[1]s --by service",
		AlarmQuarantine: "starter quarantine list",
	},
}

// Title names the alarm's kind in a language: ko, or else English.
func (a Alarm) Title(language string) string { return worded(alarmTitles, language)[a.Kind] }

// Sentence says what was seen.
func (a Alarm) Sentence(language string) string {
	return a.fill(worded(alarmSentences, language)[a.Kind])
}

// Cure says what to do next.
func (a Alarm) Cure(language string) string { return a.fill(worded(alarmCures, language)[a.Kind]) }

// fill quotes the figures. Figures that a text does not ask for are left out.
func (a Alarm) fill(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	arguments := make([]any, len(a.Figures))
	for i, figure := range a.Figures {
		arguments[i] = figure
	}
	if strings.Contains(text, "%[1]s") {
		return fmt.Sprintf(text, arguments[:min(1, len(arguments))]...)
	}
	return fmt.Sprintf(text, arguments...)
}

func worded(words map[string]map[AlarmKind]string, language string) map[AlarmKind]string {
	if spoken, known := words[language]; known {
		return spoken
	}
	return words["en"]
}
