.DEFAULT_GOAL := help
.PHONY: help python setup run stop planner test check lint types imports django openapi hygiene \
	promises schema lock audit clean

PYTHON ?= python3
PORT ?= 8000
WS_PORT ?= $(shell expr $(PORT) + 1)
# Lines and branches of services and engine that tests must reach, in per cent; 0 lets it rest.
COVERAGE ?= 90
ARGS ?=

BIN := .venv/bin/python
SCRIPTS := $(PYTHON) -m scripts
SERVED := $(SCRIPTS) serve --
TESTED := $(SCRIPTS) serve --tests --

# All tests run in a process for each core, some of them, named by ARGS, in one.
PARALLEL = $(if $(ARGS),,-n auto --maxprocesses 4 --dist worksteal)

# Machine code runs unseen by coverage: the planner's tests run once more as plain Python, in which
# numpy warns of infinities that the kernels mean.
MEASURED = NUMBA_DISABLE_JIT=1 $(TESTED) $(BIN) -m pytest tests/engine/planner \
	$(PARALLEL) -m "not promise and not compiled" -W ignore::RuntimeWarning --cov --cov-append --cov-report=

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | \
		while IFS='|' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "dongne: Python 3.11 or newer is needed: install it, or name it: make setup PYTHON=python3.11" >&2; \
		exit 1; }

setup: python ## Install what is missing, make .venv and the checkout's own database
	@$(SCRIPTS) setup

run: python ## Run everything and print three trip cards (PORT=8000)
	@$(SCRIPTS) run --port $(PORT) --ws-port $(WS_PORT)

stop: python ## Stop what make run started
	@$(SCRIPTS) stop

planner: setup
	@$(BIN) -c 'from engine.planner.solving import warm; warm()'

test: $(if $(ARGS),setup,planner) ## Run the tests and the coverage gate (ARGS="-k name", COVERAGE=0)
	@$(TESTED) $(BIN) -m pytest $(PARALLEL) -m "not promise" --cov --cov-report= $(ARGS)
	@$(if $(ARGS),,$(MEASURED))
	@$(BIN) -m scripts.coverage_gate --at-least $(COVERAGE)

check: lint types imports django openapi hygiene ## Run every static check (make -k check: all of them)

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup
	$(SERVED) .venv/bin/mypy .

imports: setup
	.venv/bin/lint-imports

django: setup
	$(SERVED) $(BIN) manage.py check --fail-level WARNING
	$(SERVED) $(BIN) manage.py makemigrations --check --dry-run

openapi: setup
	$(SERVED) $(BIN) manage.py spectacular --validate --fail-on-warn --file .local/openapi.yaml
	@diff -u docs/openapi.yaml .local/openapi.yaml || { \
		echo "dongne: docs/openapi.yaml is not what the code says: run make schema." >&2; exit 1; }

hygiene: setup
	$(BIN) -m scripts.hygiene

promises: setup ## Run the long checks of what is promised
	@$(TESTED) $(BIN) -m pytest -m promise $(ARGS)

schema: setup ## Write docs/openapi.yaml from the code
	@$(SERVED) $(BIN) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

lock: setup ## Lock the Python packages with hashes (ARGS=--upgrade takes the newest)
	@$(SCRIPTS) lock -- $(ARGS)

audit: setup ## Look for known holes in the locked packages, where an index of advisories answers
	@$(BIN) -m scripts.auditing

clean: python ## Stop everything and remove .local and .venv
	@$(SCRIPTS) clean
