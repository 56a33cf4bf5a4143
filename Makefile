# Two commands matter: `make app` opens the workbook, `make test` passes the tests. Both do all the set-up first.
PYTHON ?= python3
BIN := .venv/bin
# Each core takes a half in its order, so that what a module shares is made once; who is done first takes from the other.
TWO := -n 2 --dist worksteal
QUICK := not slow and not browser and not notebook and not benchmark

.PHONY: app test check benchmark pins clean

app: .venv/.app
	$(BIN)/python -m groundwork app

test: .venv/.test
	$(BIN)/ruff format --check lib tests
	$(BIN)/ruff check lib tests
	$(BIN)/mypy
	$(BIN)/python -m pytest $(TWO) -m "not benchmark"

check: .venv/.test
	$(BIN)/ruff format --check lib tests
	$(BIN)/ruff check lib tests
	$(BIN)/mypy
	$(BIN)/python -m pytest $(TWO) -m "$(QUICK)"

.venv/.app: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m groundwork.app.preparing
	touch $@

.venv/.test: .venv/.app tests/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement tests/requirements.txt
	touch $@

# Each prints value, bar, ok or MISS; all run, and the command fails if one misses. chart_path needs chromium.
BENCHMARKS := reference engine_speed attribution_speed safe_input_speed draws_accuracy procurement_speed stored_draws winner_map_speed chart_path
benchmark: .venv/.test
	@missed=""; for name in $(BENCHMARKS); do echo "== $$name"; OMP_NUM_THREADS=1 $(BIN)/python tests/benchmarks/$$name.py || missed="$$missed $$name"; done; \
	test -z "$$missed" || { echo "missed:$$missed"; exit 1; }

# Writes both requirements files again from pyproject.toml and tests/requirements.in, without this machine's index in them.
PINS := --quiet --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links
pins: .venv/.test
	$(BIN)/python -m pip install --quiet pip-tools
	sed -i '/^-e /d' requirements.txt  # pip takes no constraints from a file that names a folder
	$(BIN)/python -m piptools compile $(PINS) --extra checks --output-file requirements.txt pyproject.toml
	cd tests && ../$(BIN)/python -m piptools compile $(PINS) --output-file requirements.txt requirements.in
	echo "-e ." >> requirements.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .made
