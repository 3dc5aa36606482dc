# The doors for people; docs/adr/0001-scripts.md says where what they call lies.
SHELL := /bin/bash
PORT ?= 8000
DATA_DIR ?= var
SCALE ?= small
NODES ?= 1
export PORT DATA_DIR
PY := .venv/bin/python

.PHONY: run test check bench soak services-up services-down run-distributed screenshots venv venv-dev

venv:
	@scripts/venv.sh requirements.txt

venv-dev:
	@scripts/venv.sh requirements-dev.txt

run: venv
	@exec $(PY) manage.py serve

test: venv-dev
	@scripts/test.sh

check: venv-dev
	@scripts/check.sh

bench: venv-dev
	@$(PY) -m scripts.services with -- $(PY) -m tests.benchmarks --scale $(SCALE) || \
		{ [ $$? = 3 ] && $(PY) -m tests.benchmarks --scale $(SCALE); } # 3: no services here

soak: venv-dev
	@$(PY) -m scripts.services with -- $(PY) -m pytest -m soak --timeout 0 -o faulthandler_timeout=0

services-up: venv-dev
	@$(PY) -m scripts.services up --nodes $(NODES)

services-down: venv-dev
	@$(PY) -m scripts.services down

run-distributed: venv-dev
	@exec $(PY) -m scripts.services with -- $(PY) -m scripts.cluster

screenshots: venv-dev
	@$(PY) -m scripts.screenshots
