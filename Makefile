# Everything anyone needs is `make run` and `make test`; both set up first and can be repeated.
# Each recipe has a sentence saying what it is for.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SAMPLES ?= $(or $(MORA_SAMPLES),../shared/data)
WORK := .work
PORT ?= 8020
SERVE ?= yes
export MORA_SAMPLES := $(SAMPLES)

.PHONY: run test test-long lint bench setup setup-dev lock clean docs

# Set up, show the day over the real samples (when they are there) and over a synthetic book, and serve the workbench on
# them until Ctrl-C. `make run SERVE=no` ends before serving; `make run PORT=8021` serves elsewhere.
run: setup
	@exec $(BIN)/python -m mora.demo --work $(WORK) --samples "$(SAMPLES)" --port $(PORT) $(if $(filter no,$(SERVE)),--no-serve)

# Set up, then run the tests; those of the work a second time on PostgreSQL.
test: setup-dev
	@$(BIN)/python -m pytest -n auto
	@$(BIN)/python tests/on_postgresql.py

# What takes minutes more: kills at every step and on PostgreSQL, the production page's commands, make run twice, axe over
# each page in both languages on both widths, faults of every form in English.
test-long: setup-dev
	@$(BIN)/python -m pytest -n auto -m long
	@$(BIN)/python tests/on_postgresql.py -m '' tests/casework/test_killed.py

# Style, types and the arrows between rooms.
lint: setup-dev
	@$(BIN)/ruff check src tests benchmarks docs
	@$(BIN)/ruff format --check src tests benchmarks docs
	@$(BIN)/mypy src/mora
	@$(BIN)/lint-imports

# Measure against the yardsticks; see benchmarks/README.md.
bench: setup-dev
	@$(BIN)/python benchmarks/ageing.py

# Make the documents that are generated.
docs: setup-dev
	@$(BIN)/python docs/make_errors.py

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "Mora needs Python 3.11 or later. On Debian: apt-get install python3.11 python3.11-venv, or say PYTHON=python3.x"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python has no venv module. On Debian: apt-get install python3.11-venv"; exit 1; }
	@touch $@

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "Setting up Mora in $(VENV) ..."
	@.ci/install $(BIN) requirements.lock
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@echo "Setting up the tests ..."
	@.ci/install $(BIN) requirements-dev.lock
	@touch $@

# Write the locks anew after a change to pyproject.toml.
lock: | $(VENV)/.python
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 --no-annotate --no-header --no-emit-index-url pyproject.toml --extra web --extra channels -o requirements.lock
	@$(BIN)/uv pip compile -q --generate-hashes --python-version 3.11 --no-annotate --no-header --no-emit-index-url pyproject.toml --extra spark --extra web --extra channels --group dev -o requirements-dev.lock

# Forget the environment and everything made.
clean:
	@rm -rf $(VENV) $(WORK)
