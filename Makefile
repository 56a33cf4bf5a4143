# Two commands matter: `make app` opens the workbook, `make test` passes the tests. Both do all the set-up first.
PYTHON ?= python3
BIN := .venv/bin
QUICK := not slow and not browser and not notebook and not benchmark

.PHONY: app test check benchmark clean

app: .venv/.app
	$(BIN)/python -m groundwork app

test: .venv/.test
	$(BIN)/ruff format --check lib tests
	$(BIN)/ruff check lib tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -m "not benchmark"

check: .venv/.test
	$(BIN)/ruff format --check lib tests
	$(BIN)/ruff check lib tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 -m "$(QUICK)"

.venv/.app: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

.venv/.test: .venv/.app tests/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement tests/requirements.txt
	touch $@


clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .made
