# Everything below works on a machine that has Python 3.11+, make and pip; the virtual environment is made on first use.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
MODEL_STAMP := $(VENV)/.installed-model
LIVE_STAMP := $(VENV)/.installed-live
RUN ?= out/model
# Annotations of other people's text, which are not in the repository: used where they are.
MORE_TRAIN ?= $(wildcard ../shared/annotation/real_train.jsonl)
MORE_DEV ?= $(wildcard ../shared/annotation/real_dev.jsonl)

.PHONY: demo test test-slow test-model test-live model lint wheel-smoke clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

$(MODEL_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,model]'
	touch $@

$(LIVE_STAMP): $(MODEL_STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,model,annotate]'
	touch $@

demo: $(STAMP)  ## extract records from the sample pages
	$(BIN)/zhibiao extract data/sample --html out/demo.html

test: $(STAMP)  ## the default tests: no hub, no server, no accelerator
	$(BIN)/python -m pytest

test-slow: $(STAMP)  ## fuzzing, memory, whole-file scores
	$(BIN)/python -m pytest -m slow

test-model: $(MODEL_STAMP)  ## training and export, on tiny models; installs torch
	$(BIN)/python -m pytest tests/training tests/export tests/loop

test-live: $(LIVE_STAMP)  ## a real Label Studio server, which is installed into build/label-studio; installs torch
	$(BIN)/python -m pytest -m live

model: $(MODEL_STAMP)  ## the model that ships, trained anew in $(RUN); goes on where it was stopped
	$(BIN)/zhibiao train configs/model.yaml --output $(RUN) --resume \
		--set 'data.optional_train=[$(MORE_TRAIN)]' --set 'data.optional_dev=[$(MORE_DEV)]'
	$(BIN)/zhibiao export $(RUN)/model $(RUN)/bundle --probe data/gold/dev.jsonl
	$(BIN)/python scripts/evaluate.py $(RUN)/bundle data/gold/dev.jsonl $(MORE_DEV) data/gold/test.jsonl

lint: $(MODEL_STAMP)  ## style, types, import contracts; installs torch, whose types mypy needs
	$(BIN)/ruff check src tests scripts
	$(BIN)/ruff format --check src tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel-smoke: $(STAMP)  ## the built wheel in an environment of its own, away from the source tree
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip install --quiet --constraint constraints.txt build/wheel/*.whl
	cd build/wheel && venv/bin/zhibiao extract $(CURDIR)/data/sample --output records.jsonl && test -s records.jsonl

clean:
	rm -rf $(VENV) build out dist
