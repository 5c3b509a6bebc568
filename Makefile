# Amends: one command for each thing. `make` alone lists them.
#
# Everything is put into .venv, from lock files with hashes. A stamp file in it says what is there:
# .core (demo), .service (the record), .dev (tests and checks), .bench (the peers), .spark (pyspark).

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCKED := $(INSTALL) --require-hashes --no-build-isolation --use-pep517
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
unexport PYTHONPATH PYTHONHOME
.PHONY: help demo site figures record assets test test-postgres test-long test-spark check fix pages expected bench bench-answers bench-disclosure bench-intake bench-ledger bench-web drill mutants coverage lock clean

help: ## list what there is to do
	@echo 'Amends: what there is to do'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: .venv/.service .venv/.site ## set up, fill a record with an invented force, and start the service
	@$(BIN)/amends serve --demo $(ARGS)

site: .venv/.dev ## make the public site of an invented force, in the folder amends-site
	@$(BIN)/amends publish --to amends-site $(ARGS)

figures: .venv/.core ## set up, invent a history, audit it, compare two policies
	@$(BIN)/amends demo $(ARGS)

record: .venv/.service ## fill a record with an invented force and its cases, and verify it
	@$(BIN)/amends populate --if-empty $(ARGS)
	@$(BIN)/amends ledger verify --key $${AMENDS_FOLDER:-amends-data}/invented-ledger.key

PYTEST := $(BIN)/python -m pytest -q -n 2 --dist worksteal
RECORD := $(wildcard tests/accounts tests/cases tests/config tests/ledger tests/notices tests/register tests/restorative tests/web tests/demo/test_force.py)

test: .venv/.dev browser ## run every test that this machine can run, those of the record on PostgreSQL too
	@$(PYTEST) $(ARGS)
	@if [ -z '$(ARGS)' ]; then $(MAKE) --no-print-directory test-postgres; fi

test-postgres: .venv/.dev ## run the tests of the record on a PostgreSQL of their own
	@$(BIN)/python tools/on_postgres.py -- $(PYTEST) $(RECORD) $(ARGS)

test-long: .venv/.dev ## the same with many more generated cases
	@AMENDS_LONG=1 $(PYTEST) $(ARGS)
	@AMENDS_LONG=1 $(MAKE) --no-print-directory test-postgres

test-spark: .venv/.dev .venv/.spark ## install Spark (450 MB; needs Java) and run its tests
	@$(BIN)/python -m pytest -q -k spark $(ARGS)

check: .venv/.dev ## format, lint, types, imports and promises
	@bad=; \
	step() { echo "-- $$1"; shift; "$$@"; }; \
	step format $(BIN)/ruff format --check . || bad="$$bad format"; \
	step lint $(BIN)/ruff check . || bad="$$bad lint"; \
	step types $(BIN)/mypy || bad="$$bad types"; \
	step imports $(BIN)/lint-imports --no-logo || bad="$$bad imports"; \
	step promises $(BIN)/python -m pytest -q -n 2 tests/promises || bad="$$bad promises"; \
	if [ -n "$$bad" ]; then echo "Not kept:$$bad (make fix mends some)" >&2; exit 1; fi

fix: .venv/.dev ## mend what the formatter and the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

pages: .venv/.dev ## write the reference pages that are made from the code
	@$(BIN)/python tools/pages.py

expected: .venv/.dev ## write what every saved question answers on the invented force, to be read
	@$(BIN)/python tools/expected.py

bench: .venv/.core .venv/.bench ## measure ours against the peers, in one run
	@$(BIN)/python bench/run.py $(ARGS)
	@if [ -z '$(ARGS)' ]; then $(MAKE) --no-print-directory bench-ledger bench-web; fi

bench-ledger: .venv/.dev ## measure the ledger, on SQLite and on a PostgreSQL of its own
	@$(BIN)/python bench/ledger.py $(ARGS)
	@$(BIN)/python tools/on_postgres.py -- $(BIN)/python bench/ledger.py $(ARGS)

bench-disclosure: .venv/.dev ## measure what protecting tables costs and withholds
	@$(BIN)/python bench/disclosure.py $(ARGS)

bench-intake: .venv/.core ## measure taking files in, beside DuckDB's own reading
	@$(BIN)/python bench/intake.py $(ARGS)

bench-answers: .venv/.dev ## measure answering the twelve questions over half a million cases
	@$(BIN)/python bench/answers.py $(ARGS)

bench-web: .venv/.service ## measure what the pages cost at 20,000 cases
	@$(BIN)/python bench/web.py $(ARGS)

drill: .venv/.dev ## go through deploying, backing up and restoring on this machine (nginx, if it is there)
	@$(BIN)/python tools/drill.py

mutants: .venv/.dev ## change the code of the law and of disclosure a little, many times: the tests must notice
	@$(BIN)/python tools/mutants.py $(ARGS)

coverage: .venv/.dev ## which lines no test runs
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

assets: node_modules/.package-lock.json .venv/.core ## copy the styles of the screens anew from npm
	@$(BIN)/python tools/assets.py

lock: .venv/.core ## write the lock files anew from the .in files
	@echo 'Fetching uv $(UV_VERSION), which only this step needs ...'
	@$(INSTALL) uv==$(UV_VERSION)
	@for set in '' -service -stats -linking -site -dev -bench -spark; do \
	    echo "Locking requirements$$set.txt ..."; \
	    $(BIN)/uv pip compile --quiet --no-config --python $(BIN)/python --python-version 3.11 --universal \
	        --generate-hashes --no-header --no-annotate -o requirements$$set.txt requirements$$set.in || exit 1; \
	done

clean: ## remove everything that make made
	@rm -rf .venv node_modules build dist src/*.egg-info .pytest_cache .mypy_cache .ruff_cache \
	    .import_linter_cache .hypothesis .coverage .coverage.* htmlcov spark-warehouse out amends-data
	@find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# axe-core, with which the browser tests look at every page; without npm they are skipped, and say so.
.PHONY: browser
browser: ## fetch what the browser tests need, where npm is
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.package-lock.json; fi

node_modules/.package-lock.json: package-lock.json package.json
	@echo 'Fetching what the screens are made and checked with (once) ...'
	@npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# ---- setting up -----------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Amends needs Python 3.11 or later. Name one: make PYTHON=python3.11' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'This Python has no venv. On Debian: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Making .venv (once) ...'
	@rm -rf .venv && $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.core: requirements.txt pyproject.toml | .venv/bin/python
	@echo 'Installing what Amends needs (once; about half a minute) ...'
	@$(LOCKED) -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.service: requirements-service.txt .venv/.core
	@echo 'Installing what the service needs (once; about half a minute) ...'
	@$(LOCKED) -r requirements-service.txt
	@touch $@

.venv/.site: requirements-site.txt .venv/.core
	@echo 'Installing what the charts of the public site need (once) ...'
	@$(LOCKED) -r requirements-site.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.core
	@echo 'Installing what the tests need (once; about half a minute) ...'
	@$(LOCKED) -r requirements-dev.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.core
	@echo 'Installing the peers to measure against (once; about a minute) ...'
	@$(LOCKED) -r requirements-bench.txt
	@touch $@

.venv/.spark: requirements-spark.txt .venv/.core
	@echo 'Installing Spark (once; about 450 MB, some minutes) ...'
	@$(LOCKED) -r requirements-spark.txt
	@touch $@
