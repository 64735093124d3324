# Everything a newcomer types. Needs make and Python 3.11 or newer; all else lands in .venv and var/.
# Paths are relative and programs are called as modules, so any folder name works.

.DEFAULT_GOAL := help
.PHONY: help run test checks lint format types schema bench lock clean
.DELETE_ON_ERROR:

PY := .venv/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input \
	--require-hashes --no-deps -r
PYTEST_ARGS ?= -n 2 -rs
# Where the checks need settings and no service (and the warning that none runs says nothing).
CHECKING := DJANGO_SETTINGS_MODULE=portal.settings_test
PRODUCTION := DEBUG= DEMO= SECRET_KEY=0123456789-a-key-for-the-check-only-abcdefghijklmnopqrstuv \
	ALLOWED_HOSTS=portal.example SITE_URL=https://portal.example \
	DATABASE_URL=postgres://portal@localhost/portal REDIS_URL=redis://localhost

help:
	@echo "make run     start the portal; HOST=127.0.0.1 PORT=8000"
	@echo "make test    every check and every test"
	@echo "make checks  the checks without the tests"
	@echo "make format  put code and templates in shape"
	@echo "make schema  write docs/openapi.yaml anew"
	@echo "make bench   measure pages beside a bare Django reference"
	@echo "make lock    write requirements/*.txt anew from pyproject.toml (needs uv)"
	@echo "make clean   remove .venv and caches; the data in var/ stay"

run: .venv/base.stamp
	@exec $(PY) manage.py up

test: checks
	$(PY) -m pytest $(PYTEST_ARGS)

checks: lint types
	$(CHECKING) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

lint: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(PY) -m djlint templates --lint --quiet

types: .venv/dev.stamp
	$(PY) -m mypy .

format: .venv/dev.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

schema: .venv/dev.stamp
	$(CHECKING) $(PY) manage.py spectacular --file docs/openapi.yaml

bench: .venv/dev.stamp
	$(PY) -m bench

lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		pyproject.toml -o requirements/base.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--group dev pyproject.toml -c requirements/base.txt -o requirements/dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/base.stamp: requirements/base.txt | .venv/bin/python
	@echo "Installing the requirements ..."
	@$(PIP_INSTALL) requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	@echo "Installing the requirements for development ..."
	@$(PIP_INSTALL) requirements/dev.txt
	@touch $@

# The newest Python that works; PYTHON=/path/to/python chooses another.
.venv/bin/python:
	@for candidate in $(if $(PYTHON),"$(PYTHON)",python3.14 python3.13 python3.12 python3.11 python3 python); do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found="$$candidate"; \
		"$$candidate" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making .venv with $$("$$candidate" --version) ..."; \
		exec "$$candidate" -m venv --clear .venv; \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found has no venv module. Install it (on Debian and Ubuntu:" \
			"sudo apt-get install python3-venv) and try again." >&2; \
	else \
		echo "Python 3.11 or newer is needed and was not found. Install it, or name it:" \
			"make run PYTHON=/path/to/python3" >&2; \
	fi; \
	exit 1
