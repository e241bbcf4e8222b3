# fetuin: `make demo` shows it, `make test` proves it, `make check` is what a change must pass.
# Everything sets itself up in .venv from a bare Python 3.11 or newer.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
JOBS   ?= 2

.PHONY: help demo test check format types contracts examples docs bench figures campaigns reliability versions sbom web dist release clean
.DEFAULT_GOAL := help

help:            ## this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fetuin needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.user: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.developer: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -q -c constraints.txt -e '.[test]'
	@touch $(VENV)/.user $@

$(VENV)/.fuzz: pyproject.toml constraints.txt | $(VENV)/.developer
	$(PIP) install -q -c constraints.txt -e '.[test,fuzz]'
	@touch $@

$(VENV)/.docs: pyproject.toml constraints.txt | $(VENV)/.developer
	$(PIP) install -q -c constraints.txt -e '.[test,docs]'
	@touch $@

demo: $(VENV)/.user            ## run the main job on the shipped examples and write a report
	$(BIN)/fetuin demo --out demo-report

test: $(VENV)/.developer       ## set up and pass the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: format types contracts test examples   ## all that a change must pass

format: $(VENV)/.developer     ## style and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.developer      ## mypy
	$(BIN)/mypy

contracts: $(VENV)/.developer  ## the floors of the house
	$(BIN)/lint-imports

examples: $(VENV)/.developer   ## every example runs
	@set -e; for f in examples/*.py; do echo "$$f"; $(BIN)/python $$f > /dev/null; done

docs: $(VENV)/.docs            ## the site, in docs/_build/html
	rm -rf docs/_build docs/generated
	$(BIN)/sphinx-build -W -q -b html docs docs/_build/html
	$(BIN)/python docs/check_links.py docs/_build/html

bench: $(VENV)/.developer      ## every comparison with a peer, in one run; ratios go into benchmarks/results/history.csv
	$(BIN)/python benchmarks/bench.py

figures: $(VENV)/.developer    ## every table of benchmarks/results at its full size (hours)
	@set -e; for f in benchmarks/speed/*.py benchmarks/accuracy/*.py benchmarks/agreement/*.py; do echo "== $$f"; $(BIN)/python $$f; done

campaigns: $(VENV)/.fuzz       ## every long campaign of docs/campaigns.toml at its full count
	@server=$$(.ci/postgres start $(CURDIR)/.pg); trap '.ci/postgres stop $(CURDIR)/.pg' EXIT; \
		FETUIN_TEST_POSTGRES=$$server $(BIN)/python benchmarks/campaigns.py

reliability: $(VENV)/.developer   ## RELIABILITY.md from the last figures of every campaign
	$(BIN)/python docs/generated_pages.py

versions: $(BIN)/python         ## raise the versions of knowledge and models whose content changed
	PYTHONPATH=src $(BIN)/python -m fetuin.versions

sbom: $(BIN)/python            ## bill of materials with licences of what fetuin[all] installs, CycloneDX JSON, in dist/
	mkdir -p dist
	$(BIN)/python -m venv --clear $(VENV)/tools
	$(VENV)/tools/bin/python -m pip --disable-pip-version-check install -q 'cyclonedx-bom>=4' pip-licenses
	$(BIN)/python -m venv --clear $(VENV)/shipped
	$(VENV)/shipped/bin/python -m pip --disable-pip-version-check install -q -c constraints.txt '.[all]'
	$(VENV)/tools/bin/cyclonedx-py environment $(VENV)/shipped/bin/python --pyproject pyproject.toml --of JSON -o dist/fetuin.cdx.json
	$(VENV)/tools/bin/pip-licenses --python=$(VENV)/shipped/bin/python --format=csv --output-file=dist/licences.csv

web: src/fetuin/service/_static/index.html   ## build the workbench into the package (needs Node 20 or newer)

src/fetuin/service/_static/index.html: web/package-lock.json $(wildcard web/*.ts web/*.html web/src/* web/src/*/*)
	npm --prefix web ci --no-audit --no-fund
	cd web && npx vite build

dist: web $(VENV)/.user         ## wheel and sdist with the built workbench, in dist/
	$(PIP) install -q -c constraints.txt build
	rm -rf dist
	$(BIN)/python -m build -o dist

release: dist                  ## build, then install and selftest in clean environments of Python 3.11, 3.12, 3.13
	.ci/release-check

clean:           ## remove what was built
	rm -rf $(VENV) build dist docs/_build demo-report
