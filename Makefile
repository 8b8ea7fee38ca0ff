# 科桥 Keqiao. `make help` lists what there is.

SHELL := /bin/bash
DATA := data/demo
LISTEN := 127.0.0.1:8080
PART :=

.PHONY: help demo test bench fmt lint deny clean-demo

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: ## build in release, fill data/demo once, serve on http://127.0.0.1:8080
	cargo build --release --locked --bin keqiao
	target/release/keqiao demo --data $(DATA) --listen $(LISTEN)

test: ## everything CI runs; installs PostgreSQL, Chromium and CJK fonts on Debian if they are missing
	scripts/install-test-deps
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked --workspace
	@if command -v cargo-deny >/dev/null; then cargo deny --locked check licenses bans sources; fi

bench: ## speed and memory as ratios to a baseline of the same run; PART=search (serve, commands, articles, engagements, fair, million) for one
	cargo build --release --locked --bin keqiao --bin keqiao-bench
	target/release/keqiao-bench $(PART)

fmt: ## format the sources
	cargo fmt --all

lint: ## formatting, clippy and the house rules, without the rest of the tests
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked --package keqiao-tests --test house

deny: ## licences, bans and sources of all crates (needs cargo-deny)
	cargo deny --locked check licenses bans sources

clean-demo: ## throw the demo data folder away
	rm -rf -- $(DATA)
