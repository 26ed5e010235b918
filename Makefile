# Havenlight's commands. `make` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PORT := 8000
# What draws the letters of a PDF, and letters to draw.
PRINTING := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-open-sans fonts-dejavu-core
TRANSLATIONS := $(patsubst %.po,%.mo,$(shell find havenlight -name '*.po'))
LOCKED := pyproject.toml requirements/uv.lock tools/install

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1#\2/p' Makefile | column -t -s '#'

run: .venv/run.stamp $(TRANSLATIONS) ## Havenlight with demo data, on SQLite alone; PORT=8001: at another port
	@tools/debian-packages $(PRINTING) || echo "Without these no report becomes a PDF; all else works."
	@$(BIN)/havenlight demo --port $(PORT)

check: develop ## everything that can be checked without running it; changes nothing
	@tools/check

fix: develop ## put format, imports and templates in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --reformat --quiet havenlight

test: ## all of it, as CI runs it; installs what is missing
	@tools/test

test-js: develop ## the scripts' own tests
	@$(BIN)/node --test --test-reporter=dot 'tests/**/*.test.mjs'

test-browser: develop ## what a person can do, in Chromium and Firefox
	@tools/debian-packages chromium firefox-esr
	@$(BIN)/python -m pytest tests/browser

traces: develop ## what a visit leaves in browsers; writes docs/traces.md
	@tools/debian-packages chromium firefox-esr
	@WRITE_TRACES=1 $(BIN)/python -m pytest tests/browser/test_traces.py

test-long: develop ## many examples and simulations; nightly
	@$(BIN)/python -m pytest -m long

bench: develop ## figures beside their peers, in one run; writes bench/results.json
	@tools/debian-packages chromium postgresql redis-server
	@$(BIN)/python -m bench

docs: develop ## write the generated pages anew
	@$(BIN)/python -m tools.settings_page
	@$(BIN)/python -m tools.codebook_page
	@$(BIN)/python -m tools.permissions_page
	@$(BIN)/python -m tools.published_page

messages: develop ## gather what is to be translated into the language files
	@$(BIN)/python -m tools.translations gather

lock: .venv/dev.stamp ## pin what pyproject.toml asks for; UPGRADE=1: the newest of it
	@tools/lock $(if $(UPGRADE),--upgrade)

hooks: .venv/dev.stamp ## run the quick checks before each commit
	@$(BIN)/pre-commit install

develop: .venv/dev.stamp $(TRANSLATIONS)

.venv/run.stamp: requirements/run.lock $(LOCKED)
	@tools/install run

.venv/dev.stamp: requirements/dev.lock package-lock.json $(LOCKED)
	@tools/install dev

%.mo: %.po | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: help run check fix test test-js test-browser traces test-long bench docs messages lock hooks develop
