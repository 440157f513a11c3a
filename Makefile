# Everything a person does here. Each target installs what it needs by itself.

CARGO ?= cargo
DATA_DIR ?= ./data
LISTEN ?= 127.0.0.1:8080
SIM_LISTEN ?= 127.0.0.1:9090
DESK_LISTEN ?= 127.0.0.1:9091

.PHONY: help run build test lint bench fuzz crash generate clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: ## Build and serve on port 8080 with SQLite in ./data (LISTEN=ADDRESS:PORT, DATA_DIR=DIR; DEMO=1: with simulated channels, a bot and an agent)
	@echo "building (a first build takes some minutes) …"
	@$(CARGO) build --release -p crosspoint
ifdef DEMO
	@target/release/crosspoint demo --listen $(LISTEN) --sim-listen $(SIM_LISTEN) --desk-listen $(DESK_LISTEN)
else
	@target/release/crosspoint serve --data-dir $(DATA_DIR) --listen $(LISTEN)
endif

build: ## Build the release binary
	$(CARGO) build --release -p crosspoint

test: ## Run every test; installs the clients that judge us
	@./scripts/test.sh

lint: ## Formatting, clippy, documentation, house rules, dependencies
	@./scripts/lint.sh

bench: ## Print the table of ratios (QUICK=1 for a short run)
	@./scripts/bench.sh

fuzz: ## New cases for the property tests (FUZZ_CASES=5000), then each fuzz target (FUZZ_SECONDS=30)
	@./scripts/fuzz.sh

crash: ## Repeat the crash test with a seed: make crash SEED=7
	CROSSPOINT_TEST_SEED=$(SEED) $(CARGO) test --release -p crosspoint-tests crash -- --nocapture

generate: ## Write the generated documents again
	CROSSPOINT_GENERATE=1 $(CARGO) test --release -p crosspoint-tests generated -- --nocapture

clean: ## Remove what was built
	$(CARGO) clean
