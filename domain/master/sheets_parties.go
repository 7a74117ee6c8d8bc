package master

import "slices"

// identityColumns are what a tax document prints of a company.
func identityColumns() []Column {
	return columns(
		column("business_number", TypeBusinessNumber, "사업자등록번호", "Business number").
			say("숫자 10자리, 하이픈 가능. 검증번호를 확인합니다",
				"Korean registration number, 10 digits; its check digit is verified"),
		column("branch_id", TypeText, "종사업장번호",
			"Branch id").say("있을 때만 4자리", "Four digits, where there is one"),
		column("t_number", TypeTNumber, "일본 등록번호", "T-number").
			say("일본 적격청구서 등록번호: T와 숫자 13자리", "Japanese qualified-invoice number: T and 13 digits"),
		column("representative", TypeText, "대표자", "Representative"),
		column("business_type", TypeText, "업태", "Business type"),
		column("business_item", TypeText, "종목", "Business item"),
	)
}

var issuerSheet = Sheet{
	Name: "issuer",
	Ko:   Words{"발행사", "청구서를 발행하는 우리 회사"},
	En:   Words{"Issuer", "Our company, which issues the invoices"},
	Key:  []string{"code"},
	Columns: slices.Concat(columns(
		column("code", TypeCode, "코드", "Code").need().say("영문 약칭", "A short code of your own"),
		column("name", TypeText, "상호", "Name").need(),
		column("name_en", TypeText, "영문 상호", "Name in English"),
		column("name_ja", TypeText, "일문 상호", "Name in Japanese"),
	), identityColumns(), columns(
		column("address", TypeText, "주소", "Address"),
		column("address_en", TypeText, "영문 주소", "Address in English"),
		column("address_ja", TypeText, "일문 주소", "Address in Japanese"),
		column("bank_account", TypeText, "입금 계좌", "Bank account").
			say("청구서에 그대로 인쇄됩니다", "Printed on the invoice as it stands here"),
		column("mail_from", TypeEmail, "발신 메일", "Mail from").
			say("청구 메일의 보내는 주소", "The address that invoices are mailed from"),
		column("number_series", TypeCode, "문서번호 계열", "Number series").or("INV").
			say("INV이면 INV-2026-000123으로 번호를 매깁니다", "INV numbers documents as INV-2026-000123"),
		column("logo", TypeID, "로고", "Logo").say("보관소의 파일 경로(PNG)", "Path of a PNG in the blob store"),
		column("color", TypeColor, "강조색", "Accent colour").or("#1F4E79").
			say("#RRGGBB. 청구서의 제목선과 금액 띠", "#RRGGBB: the title rule and amount band of a page"),
	)),
	Examples: []map[string]string{
		{
			"code":            "magam",
			"name":            "마감클라우드 주식회사",
			"name_en":         "Magam Cloud Inc.",
			"business_number": "124-81-00998",
			"representative":  "김마감",
			"business_type":   "정보통신업",
			"business_item":   "클라우드 서비스",
			"address":         "서울특별시 중구 세종대로 1",
			"bank_account":    "가나은행 123-456-789012 마감클라우드(주)",
			"mail_from":       "billing@magam.example",
			"number_series":   "INV",
			"color":           "#1F4E79",
		},
	},
}

var peopleSheet = Sheet{
	Name: "people",
	Ko:   Words{"담당자", "우리 직원. 작성자와 승인자는 주소가 아니라 이 코드로 남습니다"},
	En: Words{
		"People",
		"Our own staff: authors, approvers and every decision name a code, never an address",
	},
	Key: []string{"code"},
	Columns: columns(
		column("code", TypeCode, "코드", "Code").need(),
		column("name", TypeText, "이름", "Name").need(),
		column("email", TypeEmail, "메일", "E-mail"),
		column("roles", TypeChoices, "역할", "Roles").of("finance", "approver", "ops").
			say("띄어쓰기로 여러 개: finance 재무, approver 승인자, ops 운영", "Separated by spaces"),
	),
	Examples: []map[string]string{
		{"code": "lee", "name": "이재무", "email": "lee@magam.example", "roles": "finance"},
		{"code": "park", "name": "박승인", "email": "park@magam.example", "roles": "approver finance"},
	},
}

var organizationsSheet = Sheet{
	Name: "organizations",
	Ko:   Words{"조직", "고객사 안의 조직, 고객마다 최대 10개"},
	En:   Words{"Organizations", "The parts of a customer's company, at most ten each"},
	Key:  []string{"customer", "code"},
	Columns: columns(customerColumn().need(), column("code", TypeCode, "조직 코드", "Code").need(),
		column("name", TypeText, "조직 이름", "Name").need()),
	Examples: []map[string]string{{"customer": "alpha", "code": "hq", "name": "본사"}},
}

var groupsSheet = Sheet{
	Name: "groups",
	Ko:   Words{"그룹", "조직 안의 그룹 트리. 상위가 비어 있으면 Root(0단계)입니다"},
	En:   Words{"Groups", "The tree inside an organization; without a parent a group is Root, level 0"},
	Key:  []string{"customer", "organization", "code"},
	Columns: columns(
		customerColumn().need(),
		column("organization", TypeCode, "조직", "Organization").need(),
		column("code", TypeCode, "그룹 코드", "Code").need(),
		column("name", TypeText, "그룹 이름", "Name").need(),
		column("parent", TypeCode, "상위 그룹", "Parent").
			say("같은 조직의 그룹 코드. 비우면 Root이며 계정을 직접 가질 수 없습니다",
				"A group of the same organization. Empty: Root, which sees all and has no accounts of its own"),
	),
	Examples: []map[string]string{
		{"customer": "alpha", "organization": "hq", "code": "root", "name": "전체"},
		{"customer": "alpha", "organization": "hq", "code": "dev", "name": "개발", "parent": "root"},
	},
}

var accountsSheet = Sheet{
	Name: "accounts",
	Ko:   Words{"클라우드 계정", "어느 계정이 언제 어느 고객의 것인지. 한 계정은 한 시점에 한 고객, 한 조직에만 속합니다"},
	En: Words{
		"Accounts",
		"Which customer a cloud account belongs to and when: one customer and organization at a time",
	},
	Key:      []string{"provider", "sub_account"},
	Validity: ValidDays,
	Columns: columns(
		providerColumn().need(),
		column("sub_account", TypeID, "계정 번호", "Sub account").need().
			say("AWS 계정, Azure 구독, GCP 프로젝트. 앞자리 0을 지키려면 텍스트 서식으로",
				"AWS account, Azure subscription, GCP project; format as text to keep leading zeros"),
		column("alias", TypeText, "별칭", "Alias").say("청구서에 쓸 이름", "The name to print"),
		customerColumn().need(),
		column("organization", TypeCode, "조직", "Organization"),
		column("group", TypeCode, "그룹", "Group").
			say("조직의 그룹 코드. Root는 쓸 수 없습니다", "A group of the organization, never a Root"),
		column("from", TypeDate, "시작일", "From").say("포함. 비우면 처음부터", "Included. Empty: from the beginning"),
		column("to", TypeDate, "종료일", "To").say("포함. 비우면 계속", "Included. Empty: open"),
	),
	Examples: []map[string]string{
		{
			"provider": "aws", "sub_account": "111122223333", "alias": "알파 운영", "customer": "alpha",
			"organization": "hq", "group": "dev", "from": "2026-01-01",
		},
		{"provider": "aws", "sub_account": "444455556666", "alias": "beta-prod", "customer": "beta"},
	},
}

var contactsSheet = Sheet{
	Name:     "contacts",
	Ko:       Words{"수신자", "청구 메일을 받는 사람과 볼 수 있는 범위"},
	En:       Words{"Contacts", "Who receives which documents, and what they may see"},
	Key:      []string{"customer", "email"},
	Validity: ValidMonths,
	Columns: slices.Concat(columns(
		customerColumn().need(),
		column("email", TypeEmail, "메일", "E-mail").need(),
		column("name", TypeText, "이름", "Name"),
		column("language", TypeChoice, "언어", "Language").of(languages...).
			say("비우면 고객의 언어", "Empty: the customer's language"),
		column("role", TypeChoice, "권한", "Role").of("root", "accounts", "group", "pending").or("pending").
			say("root 전체, accounts 지정 계정, group 그룹, pending 대기(아무것도 받지 않음)",
				"root sees all; accounts and group see their scope; pending receives nothing yet"),
		column("scope", TypeList, "범위", "Scope").
			say("계정 번호들 또는 그룹 코드 하나, 띄어쓰기로 구분", "Account ids or one group code, separated by spaces"),
		column("documents", TypeChoices, "문서", "Documents").of(documents...).
			say("띄어쓰기로 여러 개. invoice와 by-account는 root만. 비우면 root는 invoice detail, 나머지는 account-detail",
				"Separated by spaces; invoice and by-account go to root only. Empty: invoice detail for root, "+
					"account-detail for others"),
		column("delivery", TypeChoice, "전달", "Delivery").of("mail", "none").or("mail"),
		column("cc", TypeEmail, "참조", "Cc").say("같은 메일을 함께 받을 주소 하나", "One more address on the same mail"),
	), validMonths()),
	Examples: []map[string]string{
		{
			"customer":  "alpha",
			"email":     "accounting@alpha.example",
			"name":      "최회계",
			"language":  "ko",
			"role":      "root",
			"documents": "invoice detail",
			"delivery":  "mail",
		},
		{
			"customer": "alpha", "email": "dev@alpha.example", "name": "정개발", "role": "accounts",
			"scope": "111122223333", "documents": "account-detail",
		},
		{
			"customer": "beta",
			"email":    "ap@beta.example",
			"name":     "Sam Beta",
			"language": "en",
			"role":     "root",
		},
	},
}
