# Two commands for a newcomer: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= walk/compliance-saas

.PHONY: manual run test install install-test lint types house unit judges databases bench monkey pictures clean help

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: install ## Open the wizard on a fresh copy of the example (or: make run DIR=path)
	@if [ "$(DIR)" = "walk/compliance-saas" ] && [ ! -e "$(DIR)" ]; then \
		$(BIN)/schemawalk new "$(DIR)" --example compliance-saas; fi
	@$(BIN)/schemawalk "$(DIR)"

test: install-test lint types house unit ## Install what the tests need and run all of them

install: $(VENV)/.installed ## Create the virtual environment and install the program

install-test: $(VENV)/.installed-test judges databases ## Install everything the tests use

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgresql,mysql]'
	touch $@

$(VENV)/.installed-test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgresql,mysql,test]'
	touch $@ $(VENV)/.installed

judges: tests/judges/node_modules/.installed ## Install the formats' own tools from npm

tests/judges/node_modules/.installed: tests/judges/package.json
	cd tests/judges && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	touch $@

tests/servers/node_modules/.installed: tests/servers/package.json
	cd tests/servers && npm install --no-audit --no-fund --no-package-lock --loglevel=error
	touch $@

databases: tests/servers/node_modules/.installed ## Unpack the databases that the machine has no package for
	@tests/databases.sh

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

house:
	$(BIN)/lint-imports

unit:
	$(BIN)/python -m pytest -n auto --dist loadgroup

monkey: install-test ## Press 10,000 random keys on each of 20 seeds (more than an hour)
	$(BIN)/python -m tests.tui.monkey

bench: install-test ## Measure speed and size (see benchmarks/)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) tests/judges/node_modules tests/servers/node_modules tests/databases walk

pictures: install-test ## Take the README's pictures from the running program
	$(BIN)/python -m docs.pictures

manual: install ## Make the manual page from the commands, keys and words
	$(BIN)/python -m docs.manual
