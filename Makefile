# `make run` and `make test` are all a newcomer needs; both install what is missing.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PACKAGES_BUILD := pkg-config libnghttp2-dev libpq-dev libsqlite3-dev libssl-dev zlib1g-dev
PACKAGES_TEST := pgbouncer postgresql python3 python3-jsonschema python3-yaml
PACKAGES_INTEROP := python3 python3-venv curl chromium prometheus haproxy nginx
PACKAGES_BENCH := nghttp2-client nghttp2-server python3

RUN_TESTS := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 swift test --skip-build --disable-xctest --quiet
# Journals block the threads of tasks there, and would starve tests with deadlines: a process of their own.
BLOCKING_TESTS := JournalConformance|PostgreSQL

help:             ## Lists the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: setup        ## Builds, and starts everything on loopback with a token and a curl to paste.
	@scripts/need curl openssl
	swift build --quiet --product runtime
	exec "$$(swift build --show-bin-path)/runtime" --dev

test: setup lint  ## Builds, and runs every test.
	@scripts/need $(PACKAGES_TEST)
	swift build --quiet --build-tests
	$(RUN_TESTS) --skip '$(BLOCKING_TESTS)'
	scripts/postgres with env $(RUN_TESTS) --filter '$(BLOCKING_TESTS)'

planted: setup    ## Hunts the bugs that were planted on purpose; every one must be found.
	swift build --quiet --product drill
	"$$(swift build --show-bin-path)/drill" planted

interop: setup    ## Runs clients and servers that are not ours against the real processes.
	@scripts/need $(PACKAGES_INTEROP)
	swift build --quiet
	Tests/Interop/run

crash-test: setup ## Kills the ledger and the payment service at random, KILLS=500 times, while clients pay.
	@scripts/need python3
	swift build --quiet --product runtime
	Tests/Crash/run "$$(swift build --show-bin-path)/runtime" $(or $(KILLS),500)

damage-test: setup ## Flips every STRIDE-th bit of a journal, cuts its log at each byte, cuts the power SEEDS times.
	DAMAGE_STRIDE=$(or $(STRIDE),97) POWER_SEEDS=$(or $(SEEDS),5000) swift test --disable-xctest --filter 'DamageTests|PowerLossTests'

deploy-test:      ## Checks the image's recipe, docker-compose.yml and deploy/, without an engine.
	@scripts/need python3 python3-venv prometheus
	Tests/Deploy/run

compose-test:     ## Brings docker-compose.yml up on the container engine of this machine, and breaks it under load.
	@scripts/need python3 python3-venv
	Tests/Interop/environment
	.build-interop/venv/bin/python Tests/Compose/run

netns-test: setup ## Runs each service in a network namespace of its own, and breaks the network; as root.
	@scripts/need python3 iproute2 nftables dnsmasq-base
	swift build --quiet --product runtime
	swift build --quiet --product drill
	bin=$$(swift build --show-bin-path); Tests/Netns/run "$$bin/runtime" "$$bin/drill"

failover-test: setup ## Fails a PostgreSQL cluster over in ten ways, ROUNDS=10 times each, while clients pay; as root.
	@scripts/need postgresql patroni python3-etcd python3-psycopg2 etcd-server openssl python3-yaml iproute2 nftables dnsmasq-base
	swift build --quiet --product runtime
	Tests/Failover/run "$$(swift build --show-bin-path)/runtime" $(or $(ROUNDS),10) $(SEED)

proxy-test: setup ## Restarts gateways and payment services behind five proxies while customers pay; as root.
	@scripts/need python3 python3-venv iproute2 haproxy nginx
	Tests/Proxies/environment
	swift build --quiet --product runtime
	Tests/Proxies/run "$$(swift build --show-bin-path)/runtime"

bench: setup      ## Measures what a call costs; Benchmarks/README.md says how to read it.
	@scripts/need $(PACKAGES_BENCH)
	Benchmarks/run

drill-bench: setup ## Times rehearsals, and proves that they repeat.
	@scripts/need python3
	Benchmarks/drill-bench

region-bench: setup ## Rehearses a region, 100 replicas and a million clients, from one SEED=1; wants 16 GiB.
	swift build --quiet -c release --product drill
	"$$(swift build -c release --show-bin-path)/drill" Benchmarks/region.yaml --seed $(or $(SEED),1)

ledger-bench: setup ## Measures durable transfers: through the ledger's gRPC method, and through the whole system.
	@scripts/need $(PACKAGES_BENCH) wrk
	Benchmarks/ledger-bench

snapshot-bench: setup ## Measures a ledger on PostgreSQL beside a snapshot that is held open for SECONDS=50.
	@scripts/need postgresql python3 wrk
	scripts/postgres with Benchmarks/snapshot $(or $(SECONDS),50)

recovery-bench: setup ## Fills a ledger with ENTRIES=10000000 entries, and times how it starts with them.
	@scripts/need python3
	Benchmarks/recovery $(or $(ENTRIES),10000000)

overload-bench: setup ## Offers the system three times what it can do, with and without load shedding.
	@scripts/need python3 wrk
	Benchmarks/overload

lint:             ## Checks the format of every source file.
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format:           ## Rewrites every source file in the house format.
	swift format --in-place --recursive --parallel Sources Tests Package.swift

generate:         ## Rewrites the Swift of Protos/; needs PROTOC_GEN_SWIFT.
	Protos/generate.sh

setup:            ## Installs the system packages that the build needs.
	@scripts/need $(PACKAGES_BUILD)

.PHONY: help run test planted interop crash-test damage-test deploy-test compose-test netns-test failover-test proxy-test bench drill-bench region-bench ledger-bench snapshot-bench recovery-bench overload-bench lint format generate setup
