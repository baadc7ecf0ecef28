# Everything is set up by the targets themselves: Python 3.11 or newer and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run demo test lint bench digests pictures soak soak-fleet lock clean

run: $(VENV)/installed
	@$(BIN)/homefront run

demo: $(VENV)/installed
	@$(BIN)/homefront run --demo

test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -n 2

lint: $(VENV)/installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(VENV)/installed-bench
	@$(BIN)/python -m tests.benchmarks

digests: $(VENV)/installed-dev
	@HOMEFRONT_TEST_DIGESTS=10000 $(BIN)/python -m pytest -q tests/test_digest_limits.py

pictures: $(VENV)/installed-dev
	@$(BIN)/python -m tests.pictures

soak: $(VENV)/installed-dev
	@$(BIN)/python -m tests.soak

soak-fleet: $(VENV)/installed-dev
	@$(BIN)/python -m tests.soak_fleet

lock: $(VENV)/installed-dev
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --constraints requirements.lock --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --constraints requirements-dev.lock --extra bench pyproject.toml -o requirements-bench.lock

clean:
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info

$(VENV)/python:
	@echo "Setting up Python in $(VENV) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "homefront needs Python 3.11 or newer; name one with make PYTHON=...")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/python requirements.lock pyproject.toml
	@echo "Installing what homefront needs (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "Installing what the tests need (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-dev requirements-bench.lock
	@echo "Installing what the benchmarks compare with (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements-bench.lock
	@touch $@
