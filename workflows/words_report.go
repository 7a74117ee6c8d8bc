package workflows

// What the month's report to finance says in the web UI.
var (
	doReportMonth = text{"report %s to finance", "%s 재무 보고"}
	aboutReport   = text{
		"Adds the settled month up, prints the report and its workbook, and mails both to everybody with the role finance.",
		"마감된 달을 집계해 보고서와 엑셀을 만들고 finance 역할의 모든 사람에게 메일로 보냅니다.",
	}
	doReport      = text{"add the month up and print its report", "월 집계와 보고서 작성"}
	doTell        = text{"mail the report to %s", "%s에게 보고서 발송"}
	doAside       = text{"set the mail to %s aside", "%s 메일 보류"}
	reportEdition = text{"edition %d", "%d판"}
	reportMails   = text{"mails sent %d, to be tried again %d, refused %d", "메일 발송 %d, 재시도 예정 %d, 거절 %d"}
	reportOpen    = text{"the month has not settled: nobody is told yet", "아직 마감되지 않아 메일을 보내지 않습니다"}
	reportNobody  = text{
		"nobody is told: give somebody of the people sheet the role finance and an address",
		"받을 사람이 없습니다. people 시트에 finance 역할과 메일 주소를 지정하십시오",
	}
)
