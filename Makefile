.DEFAULT_GOAL := help
.PHONY: help run test check bench reset test-next
SHELL := /bin/sh
python := .venv/bin/python

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## the demo on http://127.0.0.1:8000 (PORT, HOST); sets up what it needs
	@bin/prepare run
	@exec bin/run

test: ## the whole test suite; sets up what it needs
	@bin/prepare test
	@bin/test

check: ## format, lint, types, templates, import directions, migrations, translations
	@bin/prepare check
	@bin/check

bench: ## the benchmarks, as ratios to a floor; writes var/bench.json
	@bin/prepare test
	@$(python) -m tests.bench

reset: ## throws var/ away
	rm -rf var

test-next: ## the suite against the next Wagtail, by hand
	@bin/prepare test
	.venv/bin/uv run --isolated --frozen --with 'wagtail>=8,<9' python -m pytest -n 2
