# Everything starts here: `make help` lists it. Needs Python 3.11 or newer and nothing else;
# `make test` also needs a Chromium. PORT, HOST and QUIZAPP_* reach the server, whether set in
# the environment or given to make: `make run PORT=9000`.

PYTHON ?= python3
WORKERS ?= 2

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
PINNED := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test test-unit check bench format pins clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r target about; do printf '%-18s %s\n' "$$target" "$$about"; done

run: .venv/run.stamp  ## start the app (PORT=8000 HOST=127.0.0.1)
	@exec $(BIN)/quizapp run

test: .venv/test.stamp  ## every test: unit, both databases, browser
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

test-unit: .venv/test.stamp  ## the fast tests only: no PostgreSQL, no browser, nothing slow
	@$(BIN)/python -m pytest -m 'not postgresql and not browser and not slow' $(ARGS)

check: .venv/dev.stamp  ## formatter, linters, types, import contracts, templates, questions
	@$(BIN)/ruff format --check --quiet . || { echo 'mend: make format'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/basedpyright
	@$(BIN)/djlint --quiet --lint quizapp/templates
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/quizapp questions check questions

bench: .venv/test.stamp  ## the figures of the design, as ratios (ARGS=--json)
	@$(BIN)/python -m benchmarks $(ARGS)

format: .venv/dev.stamp  ## lay out the code and mend what can be mended by rule
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

pins:  ## renew constraints.txt: the newest versions that pyproject.toml allows
	@rm -rf .venv/pins && $(PYTHON) -m venv .venv/pins
	@.venv/pins/bin/python -m pip --disable-pip-version-check install --quiet --editable '.[dev]'
	@.venv/pins/bin/python -m pip freeze --exclude-editable > constraints.txt
	@rm -rf .venv/pins

clean:  ## remove what make made; the instance folder, where the answers are, stays
	@rm -rf .venv build dist test-results .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, and in it one stamp a set of dependencies: pip runs again only when
# these change. A larger set contains the smaller ones.

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'quizapp needs Python 3.11 or newer; $(PYTHON) is older or not there.'; \
		echo 'mend: make $(MAKECMDGOALS) PYTHON=python3.11 (or wherever yours is)'; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run.stamp: $(PINNED) | .venv/bin/pip
	@echo 'Installing what the app needs into .venv (once) ...'
	@$(PIP) --editable '.[postgres]' && touch $@

.venv/test.stamp: $(PINNED) | .venv/bin/pip
	@echo 'Installing what the tests need into .venv (once) ...'
	@$(PIP) --editable '.[postgres,test]' && touch .venv/run.stamp $@

.venv/dev.stamp: $(PINNED) | .venv/bin/pip
	@echo 'Installing what the checks need into .venv (once) ...'
	@$(PIP) --editable '.[dev]' && touch .venv/run.stamp .venv/test.stamp $@
