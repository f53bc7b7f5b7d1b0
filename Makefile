# `make demo` shows everything; `make help` lists the rest. Each target sets the course up first.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: setup demo lab release grade check test fuzz audit bench kills fresh site bundle clean help
PYTHON := .venv/bin/python
READY := .venv/.ready
TESTABLE := .cache/testable
ROOT ?= .

setup: $(READY)  ## build .venv from requirements.lock (does nothing the second time)

$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh
	@touch $@

$(TESTABLE): scripts/setup.sh
	@sh scripts/setup.sh tests
	@touch $@

demo: $(READY)  ## build, release, grade a demo class, print the marks, write feedback and the class report
	@$(PYTHON) -m course demo

lab: $(READY)  ## JupyterLab on a working copy of the released lessons, in work/
	@$(PYTHON) -m course lab

release: $(READY)  ## build source/ from the lessons' text, and release/ from that
	@$(PYTHON) -m course build
	@$(PYTHON) -m course release

grade: $(READY)  ## grade ROOT/submitted (ROOT=. unless you say make grade ROOT=...)
	@$(PYTHON) -m course grade --root $(ROOT)

check: $(READY)  ## what can be known without running the course: style, types, rooms, lessons, freshness
	@$(PYTHON) scripts/check.py

test: $(TESTABLE) $(READY)  ## all the tests, on two processes
	@$(PYTHON) -m pytest --numprocesses 2

fuzz: $(READY)  ## hostile bytes where trusted code reads them: FUZZ=5000 tries a test (some 15 minutes)
	@FUZZ=$(or $(FUZZ),5000) $(PYTHON) -m pytest tests/fuzz

audit: $(READY)  ## how good the lessons' tests are: right and wrong answers, and mutants, against a gate
	@$(PYTHON) -m course audit

bench: $(READY)  ## the benchmarks, each beside its peer in the same run
	@$(PYTHON) -m benchmarks

kills: $(READY)  ## kill sixty commands at any moment: nothing is lost, nothing is left (some 20 minutes)
	@$(PYTHON) -m benchmarks.kills

fresh: $(READY)  ## the README's commands on a fresh Debian 12 and 13 (as root; some 20 minutes)
	@sh scripts/setup.sh fresh
	@$(PYTHON) scripts/fresh.py $(FRESH)

site: $(READY)  ## the course as a static web book, in _build/html
	@$(PYTHON) -m course site

bundle: $(READY)  ## what a student needs, as one zip file in dist/
	@$(PYTHON) -m course bundle

clean:  ## remove .venv and all that is made, but no work of students or instructors
	rm -rf .venv _build dist demo bench .cache .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## this list
	@echo "Clustering and mixture models: lessons that grade themselves."
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*##  *\(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | \
	  awk -F@ '{ printf "%-16s %s\n", $$1, $$2 }'
