# What people expect: make demo, make test, make check, make tui.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Without kept bytecode every worker rewrites every test file and every child process compiles scoper anew: 8 s a worker.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check tui pictures gallery reference bench lock clean

help:
	@echo "make demo      install into .venv, run the main job on an example, say where the report is"
	@echo "make test      install and run every test"
	@echo "make check     format, lint, types, import contracts and the fast tests (under 2 minutes)"
	@echo "make tui       the terminal interface"
	@echo "make pictures  pictures of every screen at 80x24 and 120x40 into reports/screens"
	@echo "make gallery   regenerate the example reports in reports/gallery"
	@echo "make reference the command reference, reports/COMMANDS.md, from the program itself"
	@echo "make bench     the benchmarks that the README quotes"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[contrib,deep,dev,text]'
	$(BIN)/python -m compileall -q scoper
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/scoper run examples/warehouse_reorder.yaml -o demo --budget quick --force

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "not slow and not deep"

tui: $(STAMP)
	$(BIN)/scoper

pictures: $(STAMP)
	$(BIN)/python -m scoper.interfaces.tui.pictures reports/screens

gallery: $(STAMP)
	$(BIN)/scoper gallery --write

reference: $(STAMP)
	$(BIN)/scoper --reference > reports/COMMANDS.md

bench: $(STAMP)
	$(BIN)/python tests/benchmarks/verdicts.py --verbose
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/precedents.py
	$(BIN)/python tests/benchmarks/interview.py
	$(BIN)/python tests/benchmarks/tui_speed.py
	$(BIN)/python tests/benchmarks/tui_monkey.py
	$(BIN)/python tests/benchmarks/tui_bursts.py
	$(BIN)/python tests/benchmarks/tui_escapes.py
	$(BIN)/python tests/benchmarks/robustness.py
	$(BIN)/python tests/benchmarks/exactness.py
	$(BIN)/python tests/benchmarks/dmn_roundtrip.py
	$(BIN)/python tests/benchmarks/template_picks.py
	$(BIN)/python tests/benchmarks/spec_arrays.py
	$(BIN)/python tests/benchmarks/tabular_learning.py
	$(BIN)/python tests/benchmarks/solvers.py --alone --largest 100000
	$(BIN)/python tests/benchmarks/fast_ppo.py --all
	$(BIN)/python tests/benchmarks/stopping.py
	$(BIN)/python tests/benchmarks/sweep.py
	$(BIN)/python tests/benchmarks/doctor.py --alone
	$(BIN)/python tests/benchmarks/fuzz_specs.py

lock: $(STAMP)
	@$(BIN)/python -m pip list --format=freeze --exclude problem-scoper --exclude pip --exclude setuptools | sed 's/+cpu//'

clean:
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
