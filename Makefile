# What a person does with this repository; `make` alone lists it.
#
#   PYTHON=python3.12 make test        with another Python (3.11 or newer): .venv is made anew with it, and stays so
#   TAIPAN_VENV=.venv-3.13 make test   with the virtual environment in another folder

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# A shell that was open before Rust was installed does not know its folder yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

# The folder of the virtual environment; unless it is the usual one, cargo has to be told (.cargo/config.toml).
VENV := $(abspath $(or $(TAIPAN_VENV),.venv))
ifdef TAIPAN_VENV
export TAIPAN_VENV := $(VENV)
export PYO3_PYTHON := $(VENV)/bin/python
endif

# Warnings are errors in CI alone, so that nobody has to tidy up before trying something.
DENY_WARNINGS := $(if $(filter true,$(CI)),-D warnings)

# Where `make deny` puts the tool when it is not installed.
TOOLS := $(CURDIR)/target/tools
export PATH := $(PATH):$(TOOLS)/bin

DATASET := examples/data/birdstrikes.csv.gz
PYTHON_SOURCES := python setup examples evaluation docs tests/discord/server/document/prune.py

.PHONY: help
help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A debug build, which the tests share: the analysis runs at the speed of Python, however Taipan itself is built.
.PHONY: demo
demo: venv ## analyse a real dataset with Taipan; output and files are left in demo-out/
	@rm -rf demo-out
	cargo run -- run --file $(DATASET) --out demo-out examples/birdstrikes.py
	@setup/show-demo-files.sh demo-out

.PHONY: test
test: venv mongod chromium ## run every test: Rust, its documentation's examples, Python
	if command -v cargo-nextest >/dev/null; then cargo nextest run --no-fail-fast; else cargo test --no-fail-fast --lib --bins --tests; fi
	cargo test --doc
	cd python && $(VENV)/bin/python -m pytest

.PHONY: lint
lint: venv ## check formatting and lints of Rust, Python and shell, and licences where cargo-deny is installed
	cargo fmt --check
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --all-targets -- $(DENY_WARNINGS)
	cargo clippy --no-default-features --lib -- $(DENY_WARNINGS)
	RUSTDOCFLAGS="$(DENY_WARNINGS)" cargo doc --no-deps --quiet
	$(VENV)/bin/ruff check $(PYTHON_SOURCES)
	$(VENV)/bin/ruff format --check $(PYTHON_SOURCES)
	@if command -v shellcheck >/dev/null; then set -x; shellcheck --external-sources --source-path=SCRIPTDIR .ci/run setup/*.sh; fi
	@if command -v cargo-deny >/dev/null; then set -x; cargo deny check licenses bans sources; fi

.PHONY: deny
deny: build-tools ## check the licences and sources of all dependencies, installing cargo-deny if need be
	@command -v cargo-deny >/dev/null || cargo install --quiet --locked --debug --root $(TOOLS) cargo-deny@0.20.2
	cargo deny check licenses bans sources

.PHONY: abuse
abuse: venv ## run hostile code in sandboxes a hundred times, as root also as an ordinary user; TIMES=1 is once
	setup/run-abuse.sh

.PHONY: chaos
chaos: venv mongod ## kill the program and its server, fill its disk, set its clock: twenty times each; TIMES=1 is once
	CHAOS_TIMES=$${TIMES:-20} CHAOS_OPERATIONS=500 cargo test --test all executions::chaos:: -- --test-threads=1

.PHONY: pictures
pictures: venv ## record anew what people see of the bot on Discord, and draw it into docs/discord
	TAIPAN_RECORD=1 cargo test --test all discord::pictures::
	@command -v chromium >/dev/null || setup/install-packages.sh "Chromium, which draws the pictures," chromium fonts-dejavu-core fonts-noto-color-emoji
	$(VENV)/bin/python docs/discord/render.py chromium

# A debug build, which the tests share: nearly all of the time is the model's.
.PHONY: eval
eval: venv ## have the language model that is set up do twenty small tasks, and check them; TASKS=plot for some
	cargo bench --profile dev --bench evaluation -- $(TASKS)

.PHONY: bench
bench: venv ## measure speed, and compare it with the budgets
	cargo bench --bench latency
	cargo bench --bench budgets
	cargo bench --bench http

.PHONY: growth
growth: venv mongod ## measure the catalog with up to a million records, on both engines
	cargo bench --bench growth

.PHONY: soak
soak: venv ## run 200,000 snippets, 10,000 more in sandboxes, and check that nothing is left behind
	cargo bench --bench soak

.PHONY: soak-short
soak-short: venv ## the same with 5,000 snippets and 250, for every day
	SOAK_RUNS=5000 cargo bench --profile dev --bench soak

# How long each target is fuzzed, in seconds, and those there are.
FUZZ_SECONDS := 300
FUZZ_TARGETS := frames collector formats
# Where cargo-fuzz builds: not where everything else is, since it builds with other flags.
FUZZ_BUILD := $(CURDIR)/target/fuzz

.PHONY: fuzz
fuzz: venv cargo-fuzz ## try what nobody would on what comes out of sandboxes, FUZZ_SECONDS (300) for each target
	cargo fuzz build --dev --sanitizer none --target-dir $(FUZZ_BUILD)
	@for target in $(FUZZ_TARGETS); do setup/fuzz.sh $$target $(FUZZ_SECONDS) $(FUZZ_BUILD); done

.PHONY: fuzz-short
fuzz-short: ## the same for 10 seconds each, for every day
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=10

# The C++ compiler is for libFuzzer itself.
.PHONY: cargo-fuzz
cargo-fuzz: build-tools
	@command -v c++ >/dev/null || setup/install-packages.sh "a C++ compiler, which builds libFuzzer," g++
	@command -v cargo-fuzz >/dev/null || cargo install --quiet --locked --debug --root $(TOOLS) cargo-fuzz@0.13.1

.PHONY: venv
venv: build-tools ## make or bring up to date the virtual environment with the base packages
	@setup/make-venv.sh

# A database server for tests on this machine, unless another one is named for them.
.PHONY: mongod
mongod: venv
	@[[ -n "$${TAIPAN_TEST_MONGODB_URI:-}" ]] || setup/install-mongod.sh

# A browser for the tests of the page.
.PHONY: chromium
chromium:
	@setup/install-chromium.sh

# How long a server is asked, in seconds.
OPENAPI_SECONDS := 60

.PHONY: openapi
openapi: venv ## have schemathesis check a running server against its OpenAPI document, OPENAPI_SECONDS (60)
	setup/check-openapi.sh $(OPENAPI_SECONDS)

.PHONY: lock
lock: venv ## lock the newest versions of the Python packages
	cd python/requirements && for list in base dev; do \
		$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --custom-compile-command 'make lock' $$list.in --output-file $$list.txt; \
	done

.PHONY: build-tools
build-tools:
	@setup/check-build-tools.sh
