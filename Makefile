# Everything that one does with this project; `make help` says it in a sentence each.

HOST ?= 127.0.0.1
PORT ?= 8000
DATA_DIR ?= data
# An empty one counts as not set here too.
override HOST := $(or $(strip $(HOST)),127.0.0.1)
override PORT := $(or $(strip $(PORT)),8000)
override DATA_DIR := $(or $(strip $(DATA_DIR)),data)
export HOST PORT DATA_DIR

# The first of these that is new enough makes the virtual environment.
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

BIN := .venv/bin
TEMPLATES = $(shell find templates pages reports accounts canada_iraq -name '*.html' 2>/dev/null)
# $(call need,PROGRAM,PACKAGE,TARGET): one line instead of a failure that explains nothing.
need = @command -v $(1) >/dev/null || { echo "Error: make $(3) needs $(2)" >&2; exit 1; }
# Packages for PostgreSQL, Redis and S3 are installed where a setting names such a server.
PACKAGES = requirements$(if $(DATABASE_URL)$(CACHE_URL)$(MEDIA_STORAGE),-extras).txt
LOCK = uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11

# $(call install,LOCK FILE): .venv holds exactly what the lock file lists.
install = @for python in $(PYTHONS); do \
	  if "$$python" -c '$(NEW_ENOUGH)' 2>/dev/null; then exec "$$python" -m canada_iraq.environment $(1); fi; \
	done; \
	echo "Error: Python 3.11 or newer was not found. On Debian or Ubuntu: apt install python3 python3-venv" >&2; exit 1

# An address of the newer Internet stands in brackets.
ADDRESS = $(if $(findstring :,$(HOST)),[$(HOST)],$(HOST)):$(PORT)

# exec: the server itself gets Ctrl+C and TERM, and finishes what it is answering.
serve = exec $(BIN)/python -m canada_iraq.server

.PHONY: help run serve test mutate screenshots bench check lint format messages lock sbom audit

help: ## List these commands.
	@awk -F ': ## ' '/^[a-z]+: ## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ## Install what is needed, load the starter content the first time, and serve on http://127.0.0.1:8000/.
	$(call install,$(PACKAGES))
	@export SITE_URL="$${SITE_URL:-http://$(ADDRESS)}"; \
	$(BIN)/python manage.py prepare_site --listen "$(ADDRESS)" && $(serve)

serve: ## Serve a site that visitors reach at SITE_URL; docs/operations.md says more.
	@test -n "$$SITE_URL" || { echo "Error: say where the site is: make serve SITE_URL=https://example.org" >&2; exit 1; }
	$(call install,$(PACKAGES))
	@$(BIN)/python manage.py prepare_site --listen "$(ADDRESS)" --no-account && $(serve)

test: ## Install what is needed and run the test suite, but for the longer tests of continuous integration.
	$(call install,requirements-dev.txt)
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	  echo "No Chromium was found: the browser tests are skipped. On Debian: apt install chromium"
	@$(BIN)/python -m pytest -n auto $(ARGS)

mutate: ## Make small faults in modules that docs/quality.md lists, and name those that no test notices; takes hours.
	$(call install,requirements-mutation.txt)
	@$(BIN)/mutmut run $(ARGS) && $(BIN)/mutmut results

screenshots: ## Take the screenshots of the guides and of public pages again; needs Chromium.
	$(call install,requirements-dev.txt)
	@$(BIN)/python docs/screenshots.py

bench: ## Measure speed, memory and safety under load, as docs/quality.md tells them; takes an hour.
	$(call install,requirements-dev.txt)
	@$(BIN)/python bench $(ARGS)

check: ## Run everything that continuous integration runs.
	@INSTALL=no bash .ci/run

lint: ## Say what in the code, the templates and the directions of imports breaks the house rules.
	$(call install,requirements-dev.txt)
	@failed=0; \
	$(BIN)/ruff check . || failed=1; \
	$(BIN)/ruff format --check . || failed=1; \
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES) || failed=1; \
	$(BIN)/djhtml --check --tabwidth 2 $(TEMPLATES) || failed=1; \
	$(BIN)/lint-imports || failed=1; \
	exit $$failed

format: ## Lay out the code and the templates as the house does.
	$(call install,requirements-dev.txt)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	@$(BIN)/djade --target-version 5.2 $(TEMPLATES) || true # both fail to say that they changed something
	@$(BIN)/djhtml --tabwidth 2 $(TEMPLATES) || true

messages: ## Collect the texts of the interface into locale/ for translation; needs gettext.
	$(call install,requirements-dev.txt)
	$(call need,xgettext,gettext (on Debian or Ubuntu: apt install gettext),messages)
	@$(BIN)/python manage.py makemessages --locale fr --no-location --no-obsolete --ignore data --ignore mutants --ignore tests
	@$(BIN)/python -m canada_iraq.operations.catalogues --tidy

lock: ## Look up the newest allowed versions of the packages and lock them with their hashes; needs uv.
	$(call need,uv,uv (pip install uv),lock)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-extras.in -o requirements-extras.txt -c requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt -c requirements-extras.txt
	$(LOCK) requirements-mutation.in -o requirements-mutation.txt -c requirements-dev.txt

sbom: ## Write the software bill of materials of what runs a site (CycloneDX, from the lock files) to build/sbom.
	$(call install,requirements-dev.txt)
	@$(BIN)/python -m canada_iraq.operations.bill_of_materials build/sbom

audit: ## Look up known vulnerabilities of all locked packages; needs the network.
	$(call install,requirements-dev.txt)
	@$(BIN)/python -m canada_iraq.operations.known_vulnerabilities $(ARGS)
