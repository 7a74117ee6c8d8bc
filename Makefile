# Two commands need nothing else first: make demo and make test. Both install or
# build what they need and say what they are doing.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What is built once lives outside the clone, under a name that changes with its pins.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/magam/bin
LINT  := $(CACHE)/$(shell sha256sum tools/lint/go.sum | cut -c1-12)

TEST_TIMEOUT  ?= 20m
FUZZTIME      ?= 30s
# Cases of each property: in make test, and in make fuzz.
CHECKS        ?= 1000
FUZZ_CHECKS   ?= 10000
BENCH_ROWS    ?= 2000000
CHAOS_TIMEOUT ?= 2h

# Packages whose tests import a package, and those whose tests do not.
importing     = $$(go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./... | grep -F $(1) | cut -d' ' -f1)
not_importing = $$(go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./... | grep -vF $(1) | cut -d' ' -f1)

# Packages with properties of pure functions; what each case writes to Postgres keeps rapid's 100 cases.
tests      = go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' ./...
properties = $$($(tests) | awk '/pgregory.net\/rapid/ && !/magam\/internal\/devstack/ { print $$1 }')
the_others = $$($(tests) | awk '!/pgregory.net\/rapid/ || /magam\/internal\/devstack/ { print $$1 }')

.PHONY: help demo up down status build prepare test unit race linters lint fmt tidy workflowcheck replay histories golden fuzz chaos \
	bench check

help: ## Print this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | \
		while IFS=$$'\t' read -r target text; do printf '  %-14s %s\n' "$$target" "$$text"; done

demo: build ## Close a sample month from export to mailed invoice, on this machine
	@bin/starter stack up
	@bin/starter demo

up: build ## Start the stack in the background: Postgres, Temporal, mail sink, worker
	@bin/starter stack up

down: build ## Stop the stack; what it kept stays in .magam/
	@bin/starter stack down

status: build ## Say how the stack's services stand
	@bin/starter stack status

build: ## Build bin/starter and bin/worker
	@echo "building bin/starter and bin/worker (with an empty build cache some minutes)"
	@go build -buildvcs=false -o bin/ ./starter ./worker

prepare: build ## Find, install or build Postgres, Temporal and the tests' S3 server
	@bin/starter stack prepare

test: build ## Vet, then every test on the embedded stack; fails, never skips, without a database
	@echo "vetting"
	@go vet ./...
	@echo "testing on the embedded stack"
	@temporal=$$(bin/starter stack prepare); export MAGAM_TEMPORAL_BIN="$$temporal"; \
	go test -shuffle=on -timeout $(TEST_TIMEOUT) $(the_others); \
	go test -shuffle=on -timeout $(TEST_TIMEOUT) $(properties) -rapid.checks=$(CHECKS)

unit: ## The tests that need neither Postgres nor Temporal
	@go test -shuffle=on $(call not_importing,magam/internal/devstack)

race: build ## Every test under the race detector
	@temporal=$$(bin/starter stack prepare); \
	MAGAM_TEMPORAL_BIN="$$temporal" go test -race -shuffle=on -timeout $(CHAOS_TIMEOUT) ./...

$(LINT)/golangci-lint:
	@echo "building golangci-lint, once for this machine: about 2 minutes on two cores"
	@mkdir -p $(LINT)
	@GOFLAGS=-mod=readonly go build -C tools/lint -o $@.new github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@mv $@.new $@

$(LINT)/workflowcheck:
	@echo "building workflowcheck, once for this machine"
	@mkdir -p $(LINT)
	@GOFLAGS=-mod=readonly go build -C tools/lint -o $@.new go.temporal.io/sdk/contrib/tools/workflowcheck
	@mv $@.new $@

linters: $(LINT)/golangci-lint $(LINT)/workflowcheck ## Build the linters

lint: $(LINT)/golangci-lint ## Run the linters of .golangci.yml
	@$(LINT)/golangci-lint run

fmt: $(LINT)/golangci-lint ## Format the sources; where CI is set, only say what would change
	@$(LINT)/golangci-lint fmt $(if $(CI),--diff)

tidy: ## Refuse a go.mod that go mod tidy would change
	@go mod tidy -diff
	@go mod verify

workflowcheck: $(LINT)/workflowcheck ## Look for workflow code that a replay would find different
	@$(LINT)/workflowcheck -config .workflowcheck.yml ./...
	@echo "workflowcheck: no finding"

replay: ## Replay the golden histories of every workflow
	@go test -count=1 -run Replay ./workflows/...

histories: ## Record the golden histories of a whole month: only for stories that are new
	@go test -count=1 -run 'TestAMonthIsClosedByItsPeople|TestDeliveriesAreDecidedByPeople|TestARowSetAside' ./worker -record

golden: ## Rewrite the golden files, then show what changed
	@go test -count=1 $(call importing,magam/internal/golden) -update
	@git diff --stat

fuzz: ## Fuzz each target for FUZZTIME (30s), and 10,000 cases of each property
	@for room in $(properties); do \
		names=$$(awk '/^func Test/ { name = substr($$2, 1, index($$2, "(") - 1) } /rapid\.Check\(/ { print name }' \
			"$${room#magam/}"/*_test.go | sort -u | paste -sd '|'); \
		echo "$(FUZZ_CHECKS) cases of each property in $$room"; \
		go test -count=1 -timeout $(CHAOS_TIMEOUT) -run "^($$names)\$$" "$$room" -rapid.checks=$(FUZZ_CHECKS); \
	done
	@grep -rnoE --include='*_test.go' '^func Fuzz\w+' . | while IFS=: read -r file _ name; do \
		name=$${name#func }; echo "fuzzing $$name for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$(dirname "$$file")"; \
	done

chaos: build ## The fault tests at full length
	@temporal=$$(bin/starter stack prepare); \
	MAGAM_CHAOS=full MAGAM_TEMPORAL_BIN="$$temporal" go test -count=1 -timeout $(CHAOS_TIMEOUT) -run Chaos ./...

bench: build ## The ingest against its floors, then the benchmarks; docs/PERFORMANCE.md says how to read them
	@bin/starter stack prepare > /dev/null
	@go run ./internal/bench -rows $(BENCH_ROWS)
	@go test -run '^$$' -bench . -benchmem -timeout $(CHAOS_TIMEOUT) \
		$$(grep -rlE --include='*_test.go' '^func Benchmark' . | xargs -r -n1 dirname | sort -u)

check: fmt lint tidy workflowcheck test ## All that must pass before a merge
