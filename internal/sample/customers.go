package sample

// customer is whom the reseller invoices, and by which contract. What is empty
// is the default of the sheet.
type customer struct {
	code, name, nameEn, nameJa         string
	country, language, currency, tax   string
	businessNumber, tNumber            string
	representative, businessType, item string
	address                            string
	basis, fxRule, fxType              string
	roundingMode, roundingUnit         string
	taxRounding, partnerDiscount       string
	providerCredit                     string
	benefit, benefitShare              string
	terms, groupBy, salesman, approval string
	monthsAgo                          int // since when it is a customer
	domain                             string
	organizations                      []organization
	billing, technical                 person
	budget                             string // of the month, in dollars
	shows                              string // what it demonstrates, for docs/sample.md
}

type organization struct {
	code, name string
	groups     []group // below its Root
}

type group struct{ code, name string }

type person struct{ name, local string }

// fxBusinessDay stands for a day:N contract of which the month has a listed rate.
const fxBusinessDay = "day:*"

// customers are the twelve of the story, in the order of the books.
var customers = []customer{
	{
		code: "alpha", name: "알파전자 주식회사", nameEn: "Alpha Electronics Co., Ltd.", country: "KR",
		language: "ko",
		currency: "KRW", tax: "kr-vat", businessNumber: businessNumber("130813377"), representative: "박정호",
		businessType: "제조업", item: "전자부품", address: "경기도 성남시 분당구 판교로 255, 12층",
		fxRule: "month-end", roundingMode: "truncate", terms: "30", salesman: "han", approval: "yes",
		monthsAgo: 31,
		domain:    "alpha-electronics.example", organizations: []organization{
			{"hq", "본사", []group{{"mfg", "생산본부"}, {"rnd", "연구소"}}}, {"overseas", "해외법인", nil},
		},
		billing: person{"이수진", "billing"}, technical: person{"정민재", "cloud"}, budget: "12500",
		shows: "기본 계약: 청구액 기준, 월말 환율, 절사. 두 지급 계정에 걸친 계정, 이번 달에 산 RI",
	},
	{
		code:           "haneul",
		benefit:        "partner-keeps",
		benefitShare:   "20",
		name:           "하늘게임즈 주식회사",
		nameEn:         "Haneul Games Inc.",
		country:        "KR",
		language:       "ko",
		currency:       "KRW",
		tax:            "kr-vat",
		businessNumber: businessNumber("214870561"),
		representative: "윤하늘",
		businessType:   "정보통신업",
		item:           "게임 소프트웨어",
		address:        "경기도 성남시 분당구 대왕판교로 645번길 16",
		fxRule:         "month-end",
		roundingMode:   "truncate",
		terms:          "15",
		groupBy:        "alias",
		salesman:       "jung",
		approval:       "yes",
		monthsAgo:      26,
		domain:         "haneulgames.example",
		organizations: []organization{
			{"games", "게임사업", []group{{"live", "라이브"}, {"studio", "스튜디오"}}}, {"global", "글로벌", nil},
		},
		billing:   person{"오세은", "accounts"},
		technical: person{"강도윤", "infra"},
		budget:    "19000",
		shows:     "가장 큰 고객: EDP와 개별 할인, 곧 만료되는 Savings Plan, 서비스별 할인, 별칭으로 묶음",
	},
	{
		code: "bada", name: "바다물류 주식회사", nameEn: "Bada Logistics Co., Ltd.", country: "KR", language: "ko",
		currency: "KRW", tax: "kr-vat", businessNumber: businessNumber("602810493"), representative: "서해진",
		businessType: "운수업", item: "국제물류주선", address: "부산광역시 중구 충장대로 6, 8층", basis: "list",
		fxRule: "month-end", roundingMode: "truncate", roundingUnit: "10", terms: "30", salesman: "han",
		approval: "no", monthsAgo: 18, domain: "badalogis.example",
		organizations: []organization{{"hq", "본사", nil}}, billing: person{"문가영", "finance"},
		technical: person{"하준서", "it"}, budget: "5500",
		shows: "정가 기준에 8 % 할인, 10원 단위 절사, 환불과 RI 볼륨 할인. 사람의 승인을 거침",
	},
	{
		code:           "sarang",
		benefit:        "owner-only",
		name:           "의료법인 사랑병원",
		nameEn:         "Sarang Medical Foundation",
		country:        "KR",
		language:       "ko",
		currency:       "KRW",
		tax:            "kr-vat",
		businessNumber: businessNumber("305820714"),
		representative: "조은혜",
		businessType:   "보건업",
		item:           "종합병원",
		address:        "대전광역시 서구 둔산로 137",
		fxRule:         "month-average",
		roundingMode:   "half-up",
		taxRounding:    "half-up",
		terms:          "30",
		salesman:       "jung",
		approval:       "yes",
		monthsAgo:      14,
		domain:         "sarangmed.example",
		organizations:  []organization{{"clinic", "의료정보실", nil}},
		billing:        person{"남지원", "account"},
		technical:      person{"임태오", "mis"},
		budget:         "3500",
		shows:          "월평균 환율과 반올림, 선결제 일부인 RI, 사업자 크레딧",
	},
	{
		code: "mirae", name: "사단법인 미래교육원", nameEn: "Mirae Institute of Education", country: "KR",
		language: "ko",
		currency: "KRW", tax: "kr-vat", businessNumber: businessNumber("110820558"), representative: "권미래",
		businessType: "서비스업", item: "교육서비스", address: "서울특별시 마포구 양화로 45", fxRule: "month-end",
		roundingMode: "truncate", terms: "30", groupBy: "alias", salesman: "han", approval: "yes",
		monthsAgo: 9, domain: "mirae-edu.example", organizations: []organization{{"school", "교육사업부", nil}},
		billing: person{"배수아", "admin"}, technical: person{"신유찬", "dev"}, budget: "1400",
		shows: "크레딧 네 장: 우선순위, 만료, 서비스 제한, 원화. 같은 별칭의 두 계정은 한 줄",
	},
	{
		code: "dure", name: "두레식품", nameEn: "Dure Foods", country: "KR", language: "ko", currency: "KRW",
		tax:            "kr-vat",
		businessNumber: businessNumber("417022816"), representative: "안두레", businessType: "도소매업",
		item: "가공식품", address: "전라북도 전주시 완산구 홍산로 270", fxRule: fxBusinessDay, roundingMode: "truncate",
		terms: "15", salesman: "jung", approval: "yes", monthsAgo: 5, domain: "dure-foods.example",
		organizations: []organization{{"main", "본점", nil}}, billing: person{"안두레", "ceo"},
		technical: person{"안소망", "shop"}, budget: "150",
		shows: "가장 작은 고객: 지정일 환율, 세 단계의 조정(할인 전, 할인 후, 세후)",
	},
	{
		code: "narae", name: "나래핀테크 주식회사", nameEn: "Narae Fintech Corp.", country: "KR", language: "ko",
		currency: "KRW", tax: "kr-vat", businessNumber: businessNumber("107881926"), representative: "유나래",
		businessType: "금융업", item: "전자금융", address: "서울특별시 영등포구 여의대로 108, 23층", fxRule: "month-end",
		roundingMode: "truncate", roundingUnit: "1000", terms: "30", salesman: "han", approval: "yes",
		monthsAgo: 22,
		domain:    "naraefin.example", organizations: []organization{
			{"bank", "뱅킹사업", []group{{"core", "코어"}, {"channel", "채널"}}},
		},
		billing: person{"송예린", "ap"}, technical: person{"황시우", "platform"}, budget: "15000",
		shows: "총액 기준으로 보류되어 승인을 기다림. 천 원 단위 절사, 이번 달 전액 선결제한 Savings Plan",
	},
	{
		code: "onnuri", name: "온누리커머스 주식회사", nameEn: "Onnuri Commerce Inc.", country: "KR", language: "ko",
		currency: "KRW", tax: "kr-vat", businessNumber: businessNumber("261815302"), representative: "장온유",
		businessType: "도소매업", item: "전자상거래", address: "서울특별시 성동구 왕십리로 83-21", basis: "effective",
		fxRule: "month-end", roundingMode: "truncate", terms: "30", salesman: "jung", approval: "yes",
		monthsAgo: 16, domain: "onnurimall.example", organizations: []organization{{"commerce", "커머스", nil}},
		billing: person{"노은별", "settle"}, technical: person{"전하람", "sre"}, budget: "9000",
		shows: "상각(유효) 원가 기준, 절반도 쓰지 못한 Savings Plan, 정액 요금제와 묶음 할인, Azure 계정",
	},
	{
		code:           "kaze",
		benefit:        "pooled",
		name:           "株式会社カゼシステムズ",
		nameEn:         "Kaze Systems K.K.",
		nameJa:         "株式会社カゼシステムズ",
		country:        "JP",
		language:       "ja",
		currency:       "JPY",
		tax:            "jp-ct",
		tNumber:        corporateNumber("010401128674"),
		representative: "風間 健",
		businessType:   "情報通信業",
		item:           "システム開発",
		address:        "東京都港区芝浦三丁目4番1号",
		fxRule:         "month-end",
		roundingMode:   "truncate",
		terms:          "30",
		salesman:       "sato",
		approval:       "yes",
		monthsAgo:      12,
		domain:         "kaze-systems.example",
		organizations:  []organization{{"honsha", "本社", nil}},
		billing:        person{"高橋 直子", "keiri"},
		technical:      person{"山本 亮", "infra"},
		budget:         "4500",
		shows:          "円建ての適格請求書、3年Savings Plan、前月分の訂正行",
	},
	{
		code: "sakura", name: "さくら商事株式会社", nameEn: "Sakura Trading Co., Ltd.", nameJa: "さくら商事株式会社",
		country: "JP", language: "ja", currency: "JPY", tax: "jp-ct",
		tNumber:        corporateNumber("120001077123"),
		representative: "桜井 美咲", businessType: "卸売業", item: "雑貨", address: "大阪府大阪市北区梅田二丁目5番10号",
		fxRule: "month-average", roundingMode: "truncate", terms: "30", salesman: "sato", approval: "yes",
		monthsAgo: 7, domain: "sakura-trading.example", organizations: []organization{{"honsha", "本社", nil}},
		billing: person{"中村 彩", "seikyu"}, technical: person{"小林 拓也", "system"}, budget: "2000",
		shows: "円建て、月平均レート、事業者クレジット",
	},
	{
		code:           "aurora",
		name:           "오로라로보틱스코리아 유한회사",
		nameEn:         "Aurora Robotics Korea LLC",
		country:        "KR",
		language:       "en",
		currency:       "KRW",
		tax:            "kr-vat",
		businessNumber: businessNumber("120869047"),
		representative: "Grace Lim",
		businessType:   "제조업",
		item:           "로봇",
		address:        "서울특별시 강남구 테헤란로 521, 30층",
		fxRule:         "month-end",
		fxType:         "TTS",
		roundingMode:   "ceil",
		terms:          "30",
		salesman:       "han",
		approval:       "yes",
		monthsAgo:      10,
		domain:         "aurora-robotics.example",
		organizations:  []organization{{"seoul", "Seoul", nil}},
		billing: person{
			"Daniel Seo",
			"payables",
		},
		technical: person{"Mina Cho", "devops"},
		budget:    "3000",
		shows:     "English documents in won, at the telegraphic selling rate, rounded away from zero",
	},
	{
		code: "meridian", name: "Meridian Labs Pte. Ltd.", nameEn: "Meridian Labs Pte. Ltd.", country: "SG",
		language: "en", currency: "USD", tax: "none", representative: "Priya Nair", businessType: "Software",
		item: "Analytics", address: "71 Robinson Road, #14-01, Singapore 068895", fxRule: "month-end",
		roundingMode: "half-up", roundingUnit: "0.01", partnerDiscount: "pass", terms: "15", salesman: "sato",
		approval: "yes", monthsAgo: 8, domain: "meridianlabs.example",
		organizations: []organization{{"apac", "APAC", nil}}, billing: person{"Wei Tan", "ap"},
		technical: person{"Arjun Rao", "cloud"}, budget: "5000",
		shows: "English documents in dollars, without tax; the partner's discount is passed on; Marketplace",
	},
}
