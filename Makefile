# Every command first makes what it needs. `make run` and `make test` work on a fresh machine.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3
# The tests start many Python processes. Each would compile the project again.
unexport PYTHONDONTWRITEBYTECODE
# Node is one of the development packages. It trusts the certificates that the system trusts.
export NODE_USE_SYSTEM_CA ?= 1

.PHONY: run test check lint lesson-check bench figures load rehearse flood soak pictures icons audit lock format clean browser caddy postgres image

run: $(VENV)/installed
	@PORT="$(PORT)" ADDRESS="$(ADDRESS)" $(BIN)/python -m backend.config.environment
	@echo "Two Heads: http://$(ADDRESS):$(PORT)"
	@exec $(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS) --server.headless true

# First come the tests whose processes import no Keras: those with workers, most of which wait, and those of pages,
# components, rooms and the web. (If Keras is imported, Streamlit clears Keras's session after each run of a page, which
# takes 0.1 s.) The tests of a file stay in one process, because they share its server or workers. The longest files
# are first. Workers do not yield, because the cores are never idle. Then come the tests that compute with Keras, and
# last the browser tests, in two processes with a server and a Chromium each. If a part fails, the others still run.
test: $(VENV)/installed-dev browser caddy postgres
	@bash .ci/parts \
	  '$(JAVASCRIPT_TESTS)' \
	  'TWOHEADS_WORKERS_YIELD=false $(BIN)/pytest $(WITHOUT_KERAS) --no-keras $(NOT_HERE) --numprocesses 4 --dist loadfile --no-loadscope-reorder $(QUOTED)' \
	  '$(BIN)/pytest tests $(addprefix --ignore=,$(WITHOUT_KERAS) tests/browser) $(NOT_HERE) $(PARALLEL) $(QUOTED)' \
	  '$(BIN)/pytest tests/browser -m "browser and not soak" --numprocesses 2 --dist worksteal $(QUOTED)'

NOT_HERE = -m "not browser and not soak"
# ARGS inside single quotes.
QUOTED = $(subst ','\'',$(ARGS))
# The tests whose processes import no Keras. Only their workers do.
WITHOUT_KERAS = tests/ci tests/components tests/deploy tests/pages tests/real \
  $(addprefix tests/backend/,config database guide jobs lesson_check lessons rooms scripts statistics web) \
  $(filter-out tests/test_imports.py,$(wildcard tests/test_*.py tests/backend/test_*.py))
# One process for each core. A process that has no tests left takes over some of another one.
PARALLEL = --numprocesses auto --dist worksteal

# The quick tests: without workers, browser and trainings, with SQLite alone, and with 10 examples of each property.
# `make test` has 25.
check: $(VENV)/installed-dev
	@bash .ci/parts \
	  '$(JAVASCRIPT_TESTS)' \
	  '$(BIN)/pytest $(WITHOUT_KERAS) --no-keras $(QUICK) --numprocesses 3' \
	  '$(BIN)/pytest tests $(addprefix --ignore=,$(WITHOUT_KERAS) tests/browser) $(QUICK)'

JAVASCRIPT_TESTS = $(BIN)/node --test --test-reporter=dot tests/javascript/*.test.js
QUICK = -m "not slow and not browser and not jobs and not soak" --hypothesis-profile=quick $(PARALLEL) $(QUOTED)

lint: $(VENV)/installed-dev
	@bash .ci/parts \
	  '$(BIN)/ruff check .' \
	  '$(BIN)/ruff format --check .' \
	  '$(BIN)/mypy' \
	  '$(BIN)/lint-imports' \
	  'bash .ci/javascript $(BIN)' \
	  'bash .ci/mirrors' \
	  '$(BIN)/hadolint Dockerfile' \
	  '$(BIN)/python .ci/size'

# Measures what each lesson says. Fails if it is false. ARGS="folder" checks the lessons of a folder.
lesson-check: $(VENV)/installed
	$(BIN)/python -m backend.lesson_check $(ARGS)

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@bash .ci/javascript $(BIN) --write

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.bench

# Writes the measured figures from the result files of the benchmarks into the documents (SECURITY.md, too).
figures: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.figures

# The load test: 100 visitors over the WebSocket, two workers, on the same cores; then the rehearsal of a room. Fails when a
# target is missed.
load: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.load $(ARGS)
	$(BIN)/python -m benchmarks.rehearse

# The rehearsal of a room: a lesson with 1,000 participants, a host and a board. Prints go or no-go for each step. Fails
# after a no-go or a missed target. ARGS="--lesson same-network --participants 40" plays another lesson.
rehearse: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.rehearse $(ARGS)

# Measures how much a hostile visitor slows down others. Fails if a bound is missed. ARGS=heavy runs one scenario.
flood: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.flood $(ARGS)

# Tests that take minutes: 150 random examples of each property, 500 trainings of varied architectures, a visitor without a
# connection for two minutes, and further variants of what `make test` tests.
soak: $(VENV)/installed-dev browser postgres
	@bash .ci/parts \
	  '$(BIN)/pytest -m "hypothesis and not browser and not jobs and not soak" --hypothesis-profile=thorough $(PARALLEL) $(QUOTED)' \
	  '$(BIN)/python -m benchmarks.soak_workers --jobs 500 --varied --every 100' \
	  '$(BIN)/pytest -m soak $(PARALLEL) $(QUOTED)'

# A picture of each page at each width, in docs/pictures. ARGS="--only train" takes those of one page.
pictures: $(VENV)/installed-dev browser
	$(BIN)/python -m benchmarks.pictures $(ARGS)

# Looks for known vulnerabilities in the pinned packages, and says when it could not look. Needs the network.
audit:
	@PYTHON=$(PYTHON) bash .ci/audit

# Builds the container image and tries it, with Docker, with Podman, or on Debian with buildah.
image: $(VENV)/installed-dev browser
	@bash .ci/image

# Pins every package of pyproject.toml and all their dependencies, for Python 3.11 to 3.13 on every platform.
lock: $(VENV)/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --group app --output-file requirements.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --group dev --constraint requirements.txt --output-file requirements-dev.txt $(ARGS)

# The icon font, after an upgrade of Streamlit and for a new icon.
icons: $(VENV)/installed-dev
	@$(BIN)/python .ci/icons

browser:
	@bash .ci/browser

caddy: | $(VENV)/bin/python
	@bash .ci/caddy

postgres:
	@bash .ci/postgres

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --requirement requirements.txt --requirement requirements-dev.txt
	@touch $(VENV)/installed $@

clean:
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis
