# Fundus: every target does its own set-up. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The distribution's Python where it is new enough: it is compiled along a profile, which those of version managers
# are not by default, and takes a quarter less time. Not asked on macOS, where asking installs something.
PYTHON ?= $(shell [ "$$(uname)" = Linux ] && /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
export FUNDUS_DATA_DIR ?= var
export BASE_URL ?= http://localhost:$(PORT)
# `SEARCH=elasticsearch` uses the node that `make elasticsearch` runs on ELASTICSEARCH_PORT.
SEARCH ?= embedded
ELASTICSEARCH_PORT ?= 9200
ifeq ($(SEARCH),elasticsearch)
export SEARCH_URL ?= elasticsearch+http://localhost:$(ELASTICSEARCH_PORT)/fundus
endif
# Packages are compiled by whoever imports them first, not all in advance (a third of the time to install them); so that
# must be allowed, or each of hundreds of processes of the tests would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes
# uv does the same in a tenth of the time. It does not know what pip was told about an index, so there pip installs.
install = if [ -x $(VENV)/bin/uv ] && ! $(PY) -m pip config list 2>/dev/null | grep -q index; then \
	  $(VENV)/bin/uv pip install --quiet --python $(PY) --link-mode copy --require-hashes -r $(1) && exit; \
	  echo "uv could not install the packages, so pip does, which takes a minute longer"; fi; \
	$(PIP_INSTALL) -r $(1)
# One process more than there are cores: tests with processes and servers wait for a quarter of their time.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help environment setup demo serve test test-fast test-pure test-db test-long test-services test-browser test-compose lint messages fmt reindex elasticsearch bench relevance endurance sbom

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing: apt-get install python3-venv"; exit 1; }

$(VENV)/.uv: requirements-uv.txt | $(VENV)/bin/python
	@$(PIP_INSTALL) -r requirements-uv.txt || echo "without uv, pip installs the packages, which takes a minute longer"
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.uv
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/.uv
	@$(call install,requirements-dev.txt)
	@touch $(VENV)/.runtime $@

environment: $(VENV)/.dev ## all packages, those for developers included

setup: $(VENV)/.runtime ## environment, migrated database, vocabularies, roles; no sample content
	$(MANAGE) prepare_site

demo: $(VENV)/.runtime ## the site with its sample library on PORT (default 8000)
	$(MANAGE) prepare_site --demo
	$(MANAGE) load_sample_partners
	@$(MAKE) --no-print-directory serve

serve: $(VENV)/.runtime ## web server and worker on PORT, without touching the content
	@(trap 'kill $$job 2>/dev/null; exit' TERM; while true; do $(MANAGE) worker & job=$$!; wait $$job && break; sleep 2; done) & \
	worker=$$!; trap "kill $$worker 2>/dev/null" EXIT INT TERM; \
	DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-config.settings.dev} \
	$(VENV)/bin/gunicorn --preload --workers 2 --threads 4 --bind 127.0.0.1:$(PORT) --log-level warning --no-control-socket --limit-request-line 8190 config.wsgi

test: $(VENV)/.dev ## all tests; browser and PostgreSQL included where they can be installed
	@tests/prepare
	$(PY) -m pytest -n $(JOBS) --dist worksteal $(PYTEST_ARGS)

# A ring each; tests/rings.py says which test belongs to which.
test-fast: $(VENV)/.dev ## the rings that need no process, server or browser and are soon done: pure and db
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m "pure or db" $(PYTEST_ARGS)

test-pure: $(VENV)/.dev ## tests without a database
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m pure $(PYTEST_ARGS)

test-db: $(VENV)/.dev ## tests with the database and the embedded index, in one process
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m db $(PYTEST_ARGS)

test-long: $(VENV)/.dev ## tests with the database that take long: every page, every field
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m long $(PYTEST_ARGS)

test-services: $(VENV)/.dev ## tests that start processes, Elasticsearch and PostgreSQL
	@tests/prepare
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m "services and not endurance" $(PYTEST_ARGS)

test-browser: $(VENV)/.dev ## tests in a real Chromium
	@tests/prepare
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m browser $(PYTEST_ARGS)

test-compose: $(VENV)/.dev ## tests of all services of Compose as plain processes
	@tests/prepare
	$(PY) -m pytest -n $(JOBS) --dist worksteal -m compose $(PYTEST_ARGS)

lint: $(VENV)/.dev ## code, types, templates, scripts and style sheets
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/djlint --lint --quiet templates tests
	$(VENV)/bin/oxlint --deny-warnings static
	$(PY) -m tests.stylesheets
	$(VENV)/bin/mypy

messages: $(VENV)/.dev ## bring the catalogues of locale/ up to date and compile them; needs gettext
	$(PY) -m tests.catalogues

fmt: $(VENV)/.dev ## format the code
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

reindex: $(VENV)/.runtime ## build the search index anew and check it
	$(MANAGE) search_rebuild
	$(MANAGE) search_verify

elasticsearch: $(VENV)/.dev ## an Elasticsearch node for `make demo SEARCH=elasticsearch` in a second terminal
	$(PY) -m tests.elasticsearch.node --port $(ELASTICSEARCH_PORT)

bench: $(VENV)/.dev ## timings beside bare tantivy and Wagtail's own search
	$(PY) -m tests.bench $(BENCH_ARGS)

# `RELEVANCE=folder` measures on another collection, `SEARCH=elasticsearch` on a node of its own.
relevance: $(VENV)/.dev ## how well graded questions are answered, beside bare tantivy
	$(PY) -m tests.relevance --engine $(SEARCH) $(if $(RELEVANCE),--collection $(RELEVANCE)) $(RELEVANCE_ARGS)

endurance: $(VENV)/.dev ## the long forms of kills and load, by hand
	$(PY) -m pytest -n 0 -m endurance --override-ini addopts="" tests/endurance

sbom: $(VENV)/.runtime ## sbom.json: all packages with versions, hashes and licences (CycloneDX)
	$(PY) deploy/sbom.py > sbom.json.new && mv sbom.json.new sbom.json
