# Everything a developer or CI calls. Needs git, make, curl and python3.13; the rest is installed below.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

export SAM_CLI_TELEMETRY := 0
export UV_PYTHON_DOWNLOADS := never
ifeq ($(strip $(HOME)),) # uv keeps its downloads below the home directory
export UV_CACHE_DIR ?= $(CURDIR)/.local/cache/uv
endif

BIN := .venv/bin
RUN := $(BIN)/python
UV := $(BIN)/uv

# The first python3.13 that runs: on PATH (a pyenv shim answers when .python-version allows it), else pyenv's own.
FIND_PYTHON = for python in python3.13 \
	  "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13*/bin/python3.13 \
	  "$$(dirname "$$(command -v python3.13)")"/../versions/3.13*/bin/python3.13; do \
	    "$$python" -c 'import ensurepip, ssl, sqlite3' 2>/dev/null && echo "$$python" && break; \
	  done
PYTHON ?= $(shell $(FIND_PYTHON))

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- environments: one lock each, synchronised when the lock is newer than the stamp

.PHONY: setup
setup: .venv/project.stamp .local/env/ministack/stamp ## install what the local stack and the demo need

$(UV): requirements/bootstrap.txt
	@test -n "$(PYTHON)" || { echo 'python3.13 not found: install it, for instance with "pyenv install 3.13"' >&2; exit 1; }
	@echo "making .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv --clear .venv
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements/bootstrap.txt
	@touch $@

.venv/project.stamp: requirements/project.txt $(UV)
	@echo "installing $<"
	@$(UV) pip sync --quiet --require-hashes --python $(RUN) $<
	@touch $@

.local/env/%/stamp: requirements/%.txt $(UV)
	@echo "installing $<"
	@$(UV) venv --quiet --clear --python $(RUN) $(@D)
	@$(UV) pip sync --quiet --require-hashes --python $(@D)/bin/python $<
	@touch $@

COMPILE = $(UV) pip compile --quiet --python-version 3.13 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(UPGRADE)

.PHONY: lock
lock: $(UV) ## write the locks again after a change of an .in file (UPGRADE=--upgrade takes newer versions)
	$(COMPILE) --universal requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) --universal --constraint requirements/bootstrap.txt requirements/project.in -o requirements/project.txt
	for name in ministack checkov; do $(COMPILE) --universal requirements/$$name.in -o requirements/$$name.txt || exit; done
	for name in runtime stripe; do \
	  $(COMPILE) --python-platform linux --constraint requirements/project.txt \
	    layers/$$name/requirements.in -o layers/$$name/requirements.txt || exit; \
	done
	$(COMPILE) --no-deps --constraint requirements/project.txt layers/documents/requirements.in -o layers/documents/requirements.txt

# --- the local stack

.PHONY: demo up down status
demo: setup ## play a story on the local stack: STORY=shop (default), identity, recovery or all; PEOPLE=8 to 208
	@$(RUN) -m local demo $(if $(STORY),--story $(STORY)) $(if $(PEOPLE),--people $(PEOPLE))

up: setup ## start the local stack, or bring it up to date
	@$(RUN) -m local up

down: $(UV) ## end the local stack
	@$(RUN) -m local down

status: $(UV) ## what is running, and where
	@$(RUN) -m local status

.PHONY: invoke replay bench
invoke: $(UV) ## call a function of the running local stack with its sample: NAME=SuspendUser
	@$(RUN) -m local invoke $(NAME)

replay: setup ## take what failed for good once more
	@$(RUN) -m local replay

bench: setup ## measure, and write docs/benchmarks.md
	@$(RUN) -m local bench

# --- checks and tests

.PHONY: check test pr format
check: setup ## what a command still lacks, with the line to write: COMMAND=identity.suspend_user
	@$(RUN) -m local check $(COMMAND)

test: setup .local/env/checkov/stamp ## every check and every test; CHECKS="unit mypy" runs those alone
	@$(RUN) -m local verify $(CHECKS)

pr: format .local/env/checkov/stamp ## format, then what takes no deployed stack
	@$(RUN) -m local verify --quick

format: setup ## mend what ruff can mend
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

# --- documents, and AWS itself

.PHONY: generate preflight
generate: setup ## write docs/openapi.yaml, docs/asyncapi.yaml and docs/schemas again
	@$(RUN) -m documents

preflight: setup ## compare an AWS account's quotas with what a deployment needs
	@$(RUN) -m local preflight

.PHONY: clean
clean: ## end the local stack and remove every environment and all state
	@test ! -x $(RUN) || $(RUN) -m local down
	rm -rf .venv .local .aws-sam
