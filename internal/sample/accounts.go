package sample

// payer is one of the reseller's billing accounts.
type payer struct {
	name, id, alias  string
	region, prefix   string // of the region where its customers run
	edge             string // CloudFront's prefix of the country
	regionName, zone string
	entity           string // who invoices
}

var (
	seoul = &payer{
		name: "aws-seoul", id: digitsOf("payer seoul", 12), alias: "magam-cloud-seoul",
		region: "ap-northeast-2", prefix: "APN2-", edge: "KR-", regionName: "Asia Pacific (Seoul)", zone: "a",
		entity: "Amazon Web Services Korea LLC",
	}
	tokyo = &payer{
		name: "aws-tokyo", id: digitsOf("payer tokyo", 12), alias: "magam-cloud-tokyo",
		region: "ap-northeast-1", prefix: "APN1-", edge: "JP-", regionName: "Asia Pacific (Tokyo)", zone: "c",
		entity: "Amazon Web Services Japan G.K.",
	}
)

// account is one cloud account of a customer.
type account struct {
	alias, id          string
	provider           string
	customer           string // a customer's code; empty is nobody's
	organization       string
	group              string
	payer              *payer // nil for a provider without an export here
	spend              amount // dollars of ordinary usage in the month
	profile            string
	environment, label string // tags
}

// accounts are listed in the order of the books. Some spend nothing: a new
// account, one being retired, and those of other clouds.
var accounts = []*account{
	aws("alpha-prod", "alpha", "hq", "mfg", seoul, "3650", "web", "prod", "생산관리"),
	aws("alpha-erp", "alpha", "hq", "mfg", seoul, "2480", "saas", "prod", "ERP"),
	aws("alpha-data", "alpha", "hq", "rnd", seoul, "1720", "data", "prod", "데이터"),
	aws("alpha-dev", "alpha", "hq", "rnd", seoul, "460", "small", "dev", "연구개발"),
	aws("alpha-japan", "alpha", "overseas", "", tokyo, "790", "web", "prod", "일본법인"),
	aws("haneul-live", "haneul", "games", "live", seoul, "6900", "game", "prod", "라이브"),
	aws("haneul-match", "haneul", "games", "live", seoul, "2750", "game", "prod", "매칭"),
	aws("haneul-patch", "haneul", "games", "live", seoul, "1980", "media", "prod", "패치배포"),
	aws("haneul-bi", "haneul", "games", "studio", seoul, "1240", "data", "prod", "지표"),
	aws("haneul-qa", "haneul", "games", "studio", seoul, "310", "small", "qa", "품질"),
	aws("haneul-tokyo", "haneul", "global", "", tokyo, "1450", "game", "prod", "일본서비스"),
	aws("bada-wms", "bada", "hq", "", seoul, "2900", "saas", "prod", "창고관리"),
	aws("bada-track", "bada", "hq", "", seoul, "1650", "web", "prod", "위치추적"),
	aws("bada-edi", "bada", "hq", "", seoul, "540", "saas", "prod", "EDI"),
	aws("bada-lab", "bada", "hq", "", seoul, "0", "small", "dev", "실험"),
	aws("sarang-emr", "sarang", "clinic", "", seoul, "1960", "saas", "prod", "전자의무기록"),
	aws("sarang-pacs", "sarang", "clinic", "", seoul, "880", "data", "prod", "영상"),
	aws("sarang-web", "sarang", "clinic", "", seoul, "140", "small", "prod", "홈페이지"),
	aws("mirae-lms", "mirae", "school", "", seoul, "620", "web", "prod", "학습관리"),
	aws("mirae-video", "mirae", "school", "", seoul, "410", "media", "prod", "강의영상"),
	aws("mirae-lms2", "mirae", "school", "", seoul, "170", "web", "prod", "학습관리"),
	aws("dure-shop", "dure", "main", "", seoul, "82", "small", "prod", "쇼핑몰"),
	aws("dure-backup", "dure", "main", "", seoul, "21", "small", "prod", "백업"),
	aws("narae-core", "narae", "bank", "core", seoul, "5200", "saas", "prod", "코어뱅킹"),
	aws("narae-risk", "narae", "bank", "core", seoul, "2300", "ml", "prod", "위험분석"),
	aws("narae-app", "narae", "bank", "channel", seoul, "1750", "web", "prod", "앱"),
	aws("narae-dr", "narae", "bank", "core", seoul, "690", "small", "dr", "재해복구"),
	aws("narae-sandbox", "narae", "bank", "channel", seoul, "0", "small", "dev", "실험"),
	aws("onnuri-mall", "onnuri", "commerce", "", seoul, "4100", "web", "prod", "온누리몰"),
	aws("onnuri-reco", "onnuri", "commerce", "", seoul, "1480", "ml", "prod", "추천"),
	aws("onnuri-cdn", "onnuri", "commerce", "", seoul, "960", "media", "prod", "이미지"),
	aws("onnuri-log", "onnuri", "commerce", "", seoul, "730", "data", "prod", "로그"),
	aws("kaze-prod", "kaze", "honsha", "", tokyo, "2450", "saas", "prod", "基幹"),
	aws("kaze-analytics", "kaze", "honsha", "", tokyo, "1130", "data", "prod", "分析"),
	aws("kaze-dev", "kaze", "honsha", "", tokyo, "190", "small", "dev", "開発"),
	aws("sakura-store", "sakura", "honsha", "", tokyo, "1360", "web", "prod", "店舗"),
	aws("sakura-media", "sakura", "honsha", "", tokyo, "420", "media", "prod", "画像"),
	aws("aurora-fleet", "aurora", "seoul", "", seoul, "1820", "saas", "prod", "fleet"),
	aws("aurora-vision", "aurora", "seoul", "", seoul, "960", "ml", "prod", "vision"),
	aws("meridian-apac", "meridian", "apac", "", tokyo, "3350", "saas", "prod", "apac"),
	aws("meridian-kr", "meridian", "apac", "", seoul, "1240", "web", "prod", "korea"),
	aws("meridian-lab", "meridian", "apac", "", tokyo, "0", "small", "dev", "lab"),
	{
		alias: "onnuri-office", id: "0f6a2f5e-7c1d-4c59-9a3e-5d2b8e417c60", provider: "azure",
		customer: "onnuri", organization: "commerce",
	},
	{alias: "haneul-ads", id: "haneul-ads-4417", provider: "gcp", customer: "haneul", organization: "global"},
}

// nobodys is the account that --with-unassigned adds: it spends, and no sheet
// says whose it is.
var nobodys = aws("unknown-poc", "", "", "", seoul, "212", "small", "poc", "미등록")

func aws(
	alias, customer, organization, group string, of *payer, spend, profile, environment, label string,
) *account {
	return &account{
		alias: alias, id: digitsOf("account "+alias, 12), provider: "aws", customer: customer,
		organization: organization, group: group, payer: of, spend: dollars(spend), profile: profile,
		environment: environment, label: label,
	}
}

func accountOf(alias string) *account {
	for _, a := range accounts {
		if a.alias == alias {
			return a
		}
	}
	panic("sample: no account " + alias)
}
