package master_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"magam/domain/fault"
	domain "magam/domain/master"
	"magam/formats/master"
)

// ratesRow is a rates sheet with one row: the date and the value as given.
func ratesRow(date, value string) string {
	return sheetXML(
		`<row r="1"><c r="A1" t="inlineStr"><is><t>date</t></is></c><c r="B1" t="inlineStr"><is><t>value</t></is></c>` +
			`<c r="C1" t="inlineStr"><is><t>source</t></is></c></row><row r="2">` + date + value + `</row>`,
	)
}

func TestACellIsReadAsItsWriterSeesIt(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ date, value, wantDate, wantValue string }{
		"R-21: fifteen digits of a stored fraction": {
			"",
			`<c r="B2"><v>1388.0999999999999</v></c>`,
			"",
			"1388.1",
		},
		"an exponent":    {"", `<c r="B2"><v>1.3881E+3</v></c>`, "", "1388.1"},
		"a small number": {"", `<c r="B2"><v>1.0000000000000001E-5</v></c>`, "", "0.00001"},
		"a negative one": {"", `<c r="B2"><v>-0.29999999999999999</v></c>`, "", "-0.3"},
		"sixteen digits before the point": {
			"",
			`<c r="B2"><v>1234567890123456.7</v></c>`,
			"",
			"1234567890123460",
		},
		"a text of digits stays exact": {
			"",
			`<c r="B2" t="str"><v>0.12345678901234567890</v></c>`,
			"",
			"0.1234567890123456789",
		},
		"a number format changes nothing": {"", `<c r="B2" s="4"><v>1388.1</v></c>`, "", "1388.1"},
		"a formula's value":               {"", `<c r="B2"><f>A1*2</f><v>2776.2</v></c>`, "", "2776.2"},
		"a date's serial number":          {`<c r="A2" s="1"><v>46325</v></c>`, "", "2026-10-30", ""},
		"a date with a time":              {`<c r="A2" s="1"><v>46325.75</v></c>`, "", "2026-10-30", ""},
		"a date of a format of its own":   {`<c r="A2" s="3"><v>46325</v></c>`, "", "2026-10-30", ""},
		"a date as text": {
			`<c r="A2" t="str"><v> 2026-10-30 </v></c>`,
			"",
			"2026-10-30",
			"",
		},
		"a date at midnight": {
			`<c r="A2" t="d"><v>2026-10-30T00:00:00</v></c>`,
			"",
			"2026-10-30",
			"",
		},
		"what is no number is left alone": {"", `<c r="B2" t="str"><v>1,388.1</v></c>`, "", "1,388.1"},
		"per cent where none belongs":     {"", `<c r="B2" s="2"><v>0.05</v></c>`, "", "5%"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			got := rows(t, named(t, "rates", ratesRow(tt.date, tt.value)))

			require.Len(t, got, 1)
			require.Equal(t, tt.wantDate, got[0]["date"])
			require.Equal(t, tt.wantValue, got[0]["value"])
		})
	}
}

func TestAPercentageIsReadAsShown(t *testing.T) {
	t.Parallel()
	sheet := func(kind, value string) string {
		return sheetXML(
			`<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>kind</v></c><c r="C1" t="str"><v>value</v></c>` +
				`<c r="D1" t="str"><v>from</v></c></row><row r="2"><c r="A2" t="str"><v>p</v></c><c r="B2" t="str"><v>` + kind +
				`</v></c>` + value + `<c r="D2" s="3"><v>46296</v></c></row>`,
		)
	}
	shown, plain := `<c r="C2" s="2"><v>0.055</v></c>`, `<c r="C2"><v>5.5</v></c>`

	require.Equal(t, "5.5", rows(t, named(t, "prices", sheet("discount", shown)))[0]["value"],
		"5.5 % is stored as 0.055")
	require.Equal(t, "5.5", rows(t, named(t, "prices", sheet("markup", plain)))[0]["value"])
	require.Equal(t, "5.5",
		rows(t, named(t, "prices", sheet("discount", `<c r="C2" t="str"><v>5.5 %</v></c>`)))[0]["value"])
	require.Equal(t, "5.5%", rows(t, named(t, "prices", sheet("unit-price", shown)))[0]["value"],
		"for Validate to refuse")
	require.Equal(t, "2026-10", rows(t, named(t, "prices", sheet("discount", plain)))[0]["from"],
		"a typed month became its first day")
}

func TestWhatASpreadsheetSpoiledIsNamedAtItsCell(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ cell, want string }{
		"an error":                          {`<c r="A2" t="e"><v>#REF!</v></c>`, "formula's error"},
		"a formula that was never computed": {`<c r="A2"><f>B1</f></c>`, "never computed"},
		"a text that is not there":          {`<c r="A2" t="s"><v>7</v></c>`, "does not have"},
		"an id of which digits are lost": {
			`<c r="A2"><v>1.2345678901234568E+17</v></c>`,
			"more than 15 digits",
		},
		"a code that became a date": {`<c r="A2" s="1"><v>46325</v></c>`, "turned into a date"},
		"a cell below no name": {
			`<c r="A2" t="str"><v>lee</v></c><c r="C2" t="str"><v>stray</v></c>`,
			"without a name",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := workbook(t,
				sheetXML(`<row r="1"><c r="A1" t="str"><v>code</v></c></row><row r="2">`+tt.cell+`</row>`))

			result, err := master.Read(file)

			require.NoError(t, err)
			require.Len(t, result.Problems, 1)
			require.Contains(t, result.Problems[0].What, tt.want)
			require.Equal(t, 2, result.Problems[0].Row)
			require.NotEmpty(t, result.Problems[0].Cure)
		})
	}
}

func TestCaptionsExamplesAndGuidesAreForPeople(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"the template's captions":        "code,name,email,roles\n코드,이름,메일,역할\nlee,이재무,,finance\n",
		"captions of one's own":          "code,name,email,roles\n직원 코드,직원 이름,전자우편,맡은 일\nlee,이재무,,finance\n",
		"no captions at all":             "code,name,email,roles\nlee,이재무,,finance\n",
		"an example":                     "code,name,email,roles\n# kim,김예시,,ops\nlee,이재무,,finance\n",
		"blank rows and blanks around":   "code,name,email,roles\n,,,\n lee , 이재무 ,,finance\n",
		"a byte order mark":              "\ufeffcode,name,email,roles\nlee,이재무,,finance\n",
		"Windows line ends":              "code,name,email,roles\r\nlee,이재무,,finance\r\n",
		"names in capitals, other order": "Roles,NAME,code\nfinance,이재무,lee\n",
		"roles separated by a comma":     "code,name,email,roles\nlee,이재무,,\"finance,\"\n",
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			result, err := master.ReadFolder(fstest.MapFS{
				"people.csv": {
					Data: []byte(content),
				},
				"README.txt": {Data: []byte("x")},
				"#notes.csv": {Data: []byte("x")},
			})

			require.NoError(t, err)
			require.Empty(t, result.Problems)
			require.Len(t, result.Tables, 1)
			require.Len(t, result.Tables[0].Rows, 1)
			require.Equal(t, map[string]string{"code": "lee", "name": "이재무", "roles": "finance"},
				result.Tables[0].Rows[0].Cells)
		})
	}
}

func TestADataRowIsNotTakenForCaptions(t *testing.T) {
	t.Parallel()

	result, err := master.ReadFolder(fstest.MapFS{
		"people.csv": {Data: []byte("code,name,email,roles\nlee,이름,not-an-address,boss\n")},
	})

	require.NoError(t, err)
	require.Len(t, result.Tables[0].Rows, 1)
	require.Equal(t, 2, result.Tables[0].Rows[0].Number)
	require.Len(t, domain.Validate(result.Tables, nil), 2)
}

func TestAFolderAndItsZipReadAlikeInTheOrderOfTheSchema(t *testing.T) {
	t.Parallel()
	people, holidays := "code,name\nlee,이재무\n", "date,name\n2026-10-09,한글날\n"

	folder, err := master.ReadFolder(
		fstest.MapFS{"holidays.csv": {Data: []byte(holidays)}, "people.csv": {Data: []byte(people)}},
	)
	require.NoError(t, err)
	packed, err := master.Read(zipped(t, part{"people.csv", people}, part{"holidays.csv", holidays}))
	require.NoError(t, err)

	require.Equal(t, folder, packed)
	require.Equal(t, "people", folder.Tables[0].Sheet)
	require.Equal(t, "holidays", folder.Tables[1].Sheet)
}

func TestRichTextIsJoinedWithoutItsReadings(t *testing.T) {
	t.Parallel()
	file := workbook(t, sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`+
		`<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>`),
		part{"xl/sharedStrings.xml", `<sst><si><t>code</t></si><si><t>name</t></si><si><t>sato</t></si>` +
			`<si><r><t>佐</t></r><r><t>藤</t></r><rPh sb="0" eb="2"><t>サトウ</t></rPh></si></sst>`})

	require.Equal(t, []map[string]string{{"code": "sato", "name": "佐藤"}}, rows(t, file))
}

func TestAChildSaysWhatReadWouldHaveSaid(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	require.NoError(t, master.Task(bytes.NewReader(fuzzSeed()), &said))
	want, err := master.Read(fuzzSeed())
	require.NoError(t, err)

	got, err := master.Decode(said.Bytes())
	require.NoError(t, err)
	require.Equal(t, want, got)

	said.Reset()
	require.NoError(t, master.Task(strings.NewReader("no workbook"), &said))
	_, err = master.Decode(said.Bytes())
	code, _ := fault.CodeOf(err)
	require.Equal(t, fault.UnknownFormat, code, "a refusal crosses with its code")
}
