# Everything runs in .venv, which these targets make themselves: python3 (3.11 or later), pip
# and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test test-all lint schemas bench lock clean

demo: $(VENV)/core ## install the core and run the main job on the examples
	head -n 1 examples/articles.jsonl | $(BIN)/extractor extract -
	$(BIN)/extractor batch examples/articles.jsonl -o demo.jsonl

test: $(VENV)/dev lint ## lint, types, layers, tests, drift checks
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-all: $(VENV)/dev lint ## the same, with what takes longer
	$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/make_schemas.py --check

schemas: $(VENV)/dev ## write schemas/ from the classes
	$(BIN)/python scripts/make_schemas.py

bench: $(VENV)/dev ## speed and memory, on the examples
	$(BIN)/python benchmarks/rules.py

lock: $(VENV)/dev ## pin every dependency anew
	$(BIN)/python -m pip -q install uv
	$(BIN)/uv pip compile -q --universal --no-emit-index-url --no-annotate --no-header \
		--all-extras --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade pip

$(VENV)/core: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install -c requirements.lock -e .
	@touch $@

$(VENV)/dev: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install -c requirements.lock -e '.[eval,export]' --group dev
	@touch $@
