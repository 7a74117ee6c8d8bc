package arch_test

// A room of the house: which imports its sources may have besides the standard
// library, and which parts of the standard library are closed to it. The same
// table stands in docs/ARCHITECTURE.md; change both in one commit.
type room struct {
	folders []string // exact, or a whole tree with /...
	may     []string // import paths, each with what lies below it
	never   []string // standard packages, each with what lies below it
	noFloat bool     // amounts pass here: no binary fraction may
	noClock bool     // time comes in as an argument
}

// anything marks a room that marries the others.
const anything = "*"

// What arithmetic must not see: files, networks, processes, chance.
var doors = []string{
	"context",
	"crypto/rand",
	"database/sql",
	"embed",
	"io",
	"log",
	"math/rand",
	"net",
	"os",
	"plugin",
	"runtime",
	"syscall",
	"unsafe",
}

// What lies under net and only reads text.
var plainText = []string{"net/mail", "net/netip", "net/textproto", "net/url"}

// The ground floor, lowest first. Each storey may use those below it, and the
// rooms of one storey do not call each other.
var storeys = [][]string{
	{"fault"},
	{"money", "period"},
	{"charge", "party"},
	{"tagging", "pricing", "credit", "tax", "commitment", "delivery", "receivable"},
	{"invoice", "spend"},
	{"closing"},
	{"margin"},
}

const (
	decimal = "github.com/shopspring/decimal"
	xtext   = "golang.org/x/text"
	pgx     = "github.com/jackc/pgx/v5"
	sdk     = "go.temporal.io/sdk"
	sync    = "golang.org/x/sync"
)

func rooms() []room {
	return append(
		groundFloor(),
		// First floor: reading.
		room{
			folders: []string{"formats/table", "formats/awsmanifest"}, noFloat: true, noClock: true,
			may: []string{"magam/domain"}, never: []string{"os", "net"},
		},
		room{
			folders: []string{"formats/csvscan", "formats/parquetscan", "formats/jsonscan"},
			noFloat: true, noClock: true, never: []string{"os", "net"},
			may: []string{
				"magam/domain", "magam/formats/table", "github.com/klauspost/compress",
				"github.com/parquet-go/parquet-go", "github.com/andybalholm/brotli", "github.com/pierrec/lz4",
			},
		},
		room{
			folders: []string{
				"formats/awscur",
				"formats/focus",
				"formats/azure",
				"formats/gcp",
				"formats/oci",
			},
			noFloat: true,
			noClock: true,
			never:   []string{"os", "net"},
			may:     []string{"magam/domain", "magam/formats/table"},
		},
		room{
			folders: []string{"formats/master"}, noFloat: true, noClock: true, never: []string{"os", "net"},
			may: []string{"magam/domain", "github.com/xuri/excelize/v2", decimal, xtext},
		},
		// First floor: writing.
		room{
			folders: []string{
				"templates/fonts",
				"templates/texts",
			},
			never:   []string{"os", "net"},
			noClock: true,
			may: []string{
				"magam/domain",
				decimal,
				xtext,
				"golang.org/x/image",
				"github.com/phpdave11/gofpdf",
			},
		},
		room{
			folders: []string{
				"templates/pdf", "templates/xlsx", "templates/email", "templates/etax", "templates/focusout",
				"templates/journal", "templates/master",
			},
			never: []string{"os", "net"}, noClock: true,
			may: []string{
				"magam/domain",
				"magam/templates/fonts",
				"magam/templates/texts",
				decimal,
				xtext,
				"github.com/johnfercher/maroto/v2",
				"github.com/johnfercher/go-tree",
				"github.com/phpdave11/gofpdf",
				"github.com/xuri/excelize/v2",
				"github.com/wneessen/go-mail",
				"gonum.org/v1/plot",
			},
		},
		// Doors.
		room{
			folders: []string{"db"}, noFloat: true,
			may: []string{
				"magam/domain",
				pgx,
				"github.com/jackc/tern/v2",
				"github.com/jackc/pgx-shopspring-decimal",
				decimal,
				"github.com/cespare/xxhash/v2",
				sync,
			},
		},
		room{
			folders: []string{"internal/blob"},
			may: []string{
				"magam/domain/fault",
				"gocloud.dev",
				// The providers' own types, only to tell versions of objects apart and to name refusals.
				"github.com/aws/aws-sdk-go-v2",
				"github.com/aws/smithy-go",
				"github.com/Azure/azure-sdk-for-go",
				"cloud.google.com/go/storage",
				"google.golang.org/api/googleapi",
			},
		},
		room{folders: []string{"internal/spool"}, may: []string{"magam/domain/fault"}},
		room{folders: []string{"internal/mail"}, may: []string{"github.com/wneessen/go-mail"}},
		// Second floor and attic.
		room{
			folders: []string{"activities"}, noFloat: true,
			may: []string{
				"magam/domain",
				"magam/formats",
				"magam/templates",
				sdk + "/activity",
				sdk + "/temporal",
				decimal,
				sync,
			},
		},
		room{
			folders: []string{"workflows"},
			noClock: true,
			may: []string{
				"magam/domain",
				"magam/activities",
				sdk + "/workflow",
				sdk + "/temporal",
				"go.temporal.io/api/enums",
			},
			never: []string{"context", "os", "net", "log", "math/rand", "crypto/rand"},
		},
		// Beside the house.
		room{folders: []string{"internal/config"}, may: []string{"github.com/caarlos0/env/v11"}},
		room{
			folders: []string{"internal/devstack/..."},
			may: []string{
				"magam/db",
				"magam/internal/devstack",
				pgx,
				sync,
				sdk,
				"go.temporal.io/api",
				"github.com/emersion",
				"go.uber.org/goleak",
				"github.com/stretchr/testify",
				"golang.org/x/text",
				"golang.org/x/net/html",
			},
		},
		// The independent check shares nothing with what it checks.
		room{folders: []string{"internal/audit"}, may: []string{pgx}},
		room{
			folders: []string{"internal/sample/..."}, noClock: true,
			may: []string{
				"magam/domain", "magam/templates/master", decimal, "github.com/klauspost/compress",
				"github.com/parquet-go/parquet-go",
			},
		},
		room{
			folders: []string{"internal/payload"},
			may: []string{
				"magam/domain/fault",
				sdk + "/converter",
				sdk + "/temporal",
				"go.temporal.io/api/common",
			},
		},
		room{folders: []string{"internal/sandbox"}, may: []string{"magam/domain/fault", "golang.org/x/sys"}},
		room{
			folders: []string{"internal/golden"},
			may:     []string{"magam/domain", decimal, "github.com/stretchr/testify"},
		},
		// Gives the program's own start-up pages back to the machine.
		room{folders: []string{"internal/lean"}, may: []string{"golang.org/x/sys"}},
		room{folders: []string{"internal/arch"}},
		room{
			folders: []string{"internal/hostile"},
			noClock: true,
			never:   []string{"os", "net"},
			may: []string{
				"magam/domain/fault",
				"github.com/klauspost/compress",
				"github.com/parquet-go/parquet-go",
			},
		},
		room{folders: []string{"internal/deps"}, may: []string{anything}},
		// Measures the whole way in, as a worker would go it.
		room{folders: []string{"internal/bench"}, may: []string{anything}},
		// Where all is married, and where people ask.
		room{folders: []string{"worker"}, may: []string{anything}},
		room{
			folders: []string{"starter"},
			may: []string{
				"magam/domain",
				"magam/db",
				"magam/internal",
				"magam/workflows",
				"magam/activities",
				"magam/templates/master",
				"magam/formats/master",
				pgx,
				sdk + "/client",
				sdk + "/converter",
				sdk + "/temporal",
				"go.temporal.io/api",
				"github.com/alecthomas/kong",
				"github.com/jedib0t/go-pretty/v6",
				"github.com/robfig/cron/v3",
				sync,
				decimal,
			},
		},
		room{folders: []string{"tools/..."}, may: []string{anything}},
	)
}

// groundFloor is one room per domain package. master describes the sheets of
// all of them, so it may use every one but the documents made from them.
func groundFloor() []room {
	var floor []room
	below := []string{decimal}
	masterMay := []string{decimal, xtext}
	for _, storey := range storeys {
		var level []string
		for _, name := range storey {
			floor = append(floor, room{
				folders: []string{"domain/" + name}, may: append([]string{xtext}, below...), never: doors,
				noFloat: true, noClock: true,
			})
			level = append(level, "magam/domain/"+name)
			if name != "invoice" && name != "spend" && name != "closing" && name != "margin" {
				masterMay = append(masterMay, "magam/domain/"+name)
			}
		}
		below = append(below[:len(below):len(below)], level...)
	}
	return append(floor, room{
		folders: []string{"domain/master"}, may: masterMay, never: doors, noFloat: true, noClock: true,
	})
}

// topLevel is all that may lie in the project's folder. The first row is the
// customer's and stays.
var topLevel = []string{
	"workflows", "activities", "worker", "starter", "templates", "db",
	"domain", "formats", "internal", "docs", "tools", ".ci",
	".git", ".magam", "bin", "demo",
}
