# Everything from a fresh clone: `make demo` shows it, `make test` tests it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types contracts install clean

$(BIN)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

$(BIN)/.installed-lint: $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lint]'
	touch $@

install: $(BIN)/.installed

demo: $(BIN)/.installed
	mkdir -p demo
	$(BIN)/onrecord read examples --format html -o demo/pages/ --quiet
	$(BIN)/onrecord read examples --format text --quiet
	rm -f demo/desk.db*
	$(BIN)/onrecord add examples/negotiation.jsonl examples/guarantees.jsonl --ledger demo/desk.db --quiet
	$(BIN)/onrecord relate --ledger demo/desk.db --quiet
	@echo "\nThe same words in several outlets, altered:\n"
	$(BIN)/onrecord links --serious --ledger demo/desk.db
	@echo "\nWhat one disputes of another, as a program suggests:\n"
	$(BIN)/onrecord links --kind disputes --ledger demo/desk.db
	@echo "\nWho says what on the security guarantees:\n"
	$(BIN)/onrecord matter "security guarantees" --ledger demo/desk.db
	$(BIN)/onrecord matter "security guarantees" --ledger demo/desk.db --format html -o demo/guarantees.html
	@echo "The reader pages are in demo/pages: open demo/pages/index.html in a browser; demo/guarantees.html is the matter." >&2

test: $(BIN)/.installed
	$(BIN)/python -m pytest

lint: $(BIN)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(BIN)/.installed-lint
	$(BIN)/mypy

contracts: $(BIN)/.installed-lint
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) demo
