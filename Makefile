# make run    set up and start (without tokens: open the playground)
# make test   set up and test, on SQLite and on a real PostgreSQL
# make lint | types | bench | soak | lock | clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Bytecode is written once, at install time; without it every start would compile everything again.
PIP := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip --disable-pip-version-check -q
RUN_STAMP := $(VENV)/.run-$(shell cksum < requirements.lock | tr -d ' ')
DEV_STAMP := $(VENV)/.dev-$(shell cksum < requirements-dev.lock | tr -d ' ')

.PHONY: run test lint types bench soak lock clean
.DEFAULT_GOAL := run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kasuhara needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): | $(BIN)/python
	@echo "Installing the locked dependencies (about half a minute) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): | $(BIN)/python
	@echo "Installing the locked dependencies for tests (about half a minute) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

run: $(if $(wildcard $(DEV_STAMP)),$(DEV_STAMP),$(RUN_STAMP))
	@$(BIN)/kasuhara run

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n 3 -m "not soak"

soak: $(DEV_STAMP)
	$(BIN)/python -m pytest -m soak -s

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(DEV_STAMP)
	$(BIN)/mypy

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks

# Pins everything anew, with hashes and without any address.
COMPILE := $(BIN)/uv pip compile -q --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11
lock: | $(BIN)/python
	@$(PIP) install uv
	$(COMPILE) requirements-run.in -o requirements.lock
	$(COMPILE) requirements-dev.in -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache *.egg-info build
