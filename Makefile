# Every command makes what it needs first; `make run` and `make test` work on a fresh machine.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: run test check lint bench load flood soak audit lock format clean browser caddy image

run: $(VENV)/installed
	@PORT="$(PORT)" ADDRESS="$(ADDRESS)" $(BIN)/python -m backend.config.environment
	@echo "Two Heads: http://$(ADDRESS):$(PORT)"
	@exec $(BIN)/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS) --server.headless true

# What starts workers is spread over two cores by file, whose tests share them. The browser tests, too: each half has a
# server and a Chromium of its own.
test: $(VENV)/installed-dev browser caddy
	$(BIN)/pytest -m "not browser and not jobs" --numprocesses auto $(ARGS)
	$(BIN)/pytest -m "jobs and not browser" --numprocesses 2 --dist loadfile $(ARGS)
	$(BIN)/pytest -m "browser and not soak" --numprocesses 2 --dist loadfile $(ARGS)

check: $(VENV)/installed-dev
	$(BIN)/pytest -m "not slow and not browser and not jobs" --numprocesses auto $(ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.bench

# A full room: 100 visitors over the WebSocket against two workers, on the same cores; fails where a target is missed.
load: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.load $(ARGS)

# What one hostile visitor costs the others; fails where a bound is missed. ARGS=heavy for one of its scenarios.
flood: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.flood $(ARGS)

# What takes minutes by its nature: 1,000 examples of each property, 1,000 trainings of varied architectures, two
# minutes without a connection.
soak: $(VENV)/installed-dev browser
	$(BIN)/pytest -m "not slow and not browser and not jobs" --hypothesis-profile=thorough --numprocesses auto $(ARGS)
	$(BIN)/python -m benchmarks.soak_workers --jobs 1000 --varied --every 100
	$(BIN)/pytest -m soak $(ARGS)

# Asks whether anything pinned has a known vulnerability; says so where it could not ask. Needs the network.
audit:
	@PYTHON=$(PYTHON) bash .ci/audit

# Builds the container's image and tries it: with Docker, with Podman, or on Debian without either.
image: $(VENV)/installed-dev browser
	@bash .ci/image

# Pins every package, transitive ones too, for Python 3.11 to 3.13 on every platform, from pyproject.toml.
lock: $(VENV)/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header pyproject.toml --output-file requirements.txt $(ARGS)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --group dev --constraint requirements.txt --output-file requirements-dev.txt $(ARGS)

browser:
	@bash .ci/browser

caddy: | $(VENV)/bin/python
	@bash .ci/caddy

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --requirement requirements.txt --requirement requirements-dev.txt
	@touch $(VENV)/installed $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
