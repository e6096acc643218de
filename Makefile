# make demo   leaves you in the living demo          make test   runs the tests
# Both make .venv by themselves the first time, with nothing but Python 3.11 or newer.

# The first Python on this machine that is new enough.
NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name $(NEW_ENOUGH) && echo $$name && break; done)
VENV ?= .venv
IN = $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench pictures safety tables clean

help:
	@sed -n '1,2p' Makefile
	@echo "make check (what CI runs) · bench (the speed table) · safety (full-size trials) · pictures · tables · clean"

# Bytecode is compiled at install: without it the first start is several times slower.
$(VENV)/run.stamp: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "psc needs Python 3.11 or newer, and found none."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(IN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --editable .
	$(IN)/python -m compileall -q psc || true
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(IN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "pip>=25.1"
	$(IN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	@touch $@

demo: $(VENV)/run.stamp
	@$(IN)/psc demo

test: $(VENV)/dev.stamp
	$(IN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/dev.stamp
	$(IN)/ruff format --check .
	$(IN)/ruff check .
	$(IN)/mypy
	$(IN)/lint-imports
	$(IN)/python docs/make_tables.py --check
	$(IN)/python -m pytest -n auto --dist worksteal

format: $(VENV)/dev.stamp
	$(IN)/ruff format .
	$(IN)/ruff check --fix .

bench: $(VENV)/dev.stamp
	$(IN)/python -m tests.bench

safety: $(VENV)/dev.stamp
	PSC_KILLS=200 PSC_ACTS=200 PSC_EXAMPLES=2000 PSC_BROWSER=1 PSC_STATES=all $(IN)/python -m pytest -n auto \
		tests/database tests/desk tests/roster tests/flows tests/prints tests/tui/test_comes_back.py tests/tui/test_initials.py

pictures: $(VENV)/dev.stamp
	$(IN)/python docs/make_pictures.py

tables: $(VENV)/dev.stamp
	$(IN)/python docs/make_tables.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
