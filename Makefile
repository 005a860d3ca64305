# Everything runs in .venv, which these targets make themselves: python3 (3.11 or later), pip
# and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: demo test test-all lint gate baseline schemas docs reference examples bench lock clean

demo: $(VENV)/core ## install the core and run the main job on the examples
	head -n 1 examples/articles.jsonl | $(BIN)/extractor extract -
	$(BIN)/extractor batch examples/articles.jsonl -o demo.jsonl --restart

test: $(VENV)/dev lint gate ## lint, types, layers, drift checks, the gate, tests
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-all: $(VENV)/dev lint gate ## the same, with what takes longer
	$(BIN)/python -m pytest -q -n auto

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell *.md docs evals/*.md prompts benchmarks/*.md
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/make_schemas.py --check

gate: $(VENV)/dev ## the built-in model against its baseline; only a regression fails
	$(BIN)/extractor gold validate evals/gold
	$(BIN)/extractor eval --gold evals/gold --model rules --split dev -o $(VENV)/run.json > $(VENV)/run.txt
	$(BIN)/extractor eval compare evals/baselines/rules.json $(VENV)/run.json --gold evals/gold --gate; \
		case $$? in 1|2|5) exit 1;; esac

baseline: $(VENV)/dev ## record the baseline anew, after a change of rules, gold or scorer
	$(BIN)/extractor eval --gold evals/gold --model rules --split dev -o evals/baselines/rules.json

schemas: $(VENV)/dev ## write schemas/ from the classes
	$(BIN)/python scripts/make_schemas.py

docs: $(VENV)/docs ## build the documentation into site/; a broken link or reference is an error
	$(BIN)/zensical build --strict --clean

reference: $(VENV)/dev ## write the generated pages of docs/reference
	$(BIN)/python scripts/make_reference.py

examples: $(VENV)/dev ## write anew what the commands in docs/ print
	$(BIN)/python -m tests.doc_pages

bench: $(VENV)/dev ## speed and memory, on the examples
	$(BIN)/python benchmarks/rules.py

lock: $(VENV)/dev ## pin every dependency anew
	$(BIN)/python -m pip -q install uv
	$(BIN)/uv pip compile -q --universal --no-emit-index-url --no-annotate --no-header \
		--all-extras --group dev --group docs pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/core: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install -c requirements.lock -e .
	@touch $@

$(VENV)/dev: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install -c requirements.lock -e '.[eval,export,llm,local,report,triage]' --group dev
	@touch $@

$(VENV)/docs: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install -c requirements.lock --group docs
	@touch $@
