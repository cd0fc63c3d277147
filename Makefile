# Two commands on a fresh machine: make demo, make test. Set-up is shared and done once (provisioning/setup.sh).
#   PYTHON=/path/to/python3   another interpreter than python3 (3.11 to 3.13)
#   SOURCE=camera             what the demo looks at: any source of `edgeholo run`

BIN := .venv/bin
UV := .cache/uv
EXTRAS := --extra mediapipe --extra embedded --extra plot --extra dev
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo test test-web test-home test-pi image test-image lint score lock clean

help: ## print the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

demo: ## set up, then the real daemon on a real clip, as an MQTT client sees it; no root [SOURCE=camera]
	@provisioning/setup.sh demo
	@$(BIN)/python -m edgeholo.cli.demo $(if $(SOURCE),--source "$(SOURCE)")

test: ## set up, then all checks and all tests but those of test-web, test-home and test-pi
	@provisioning/setup.sh test
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile
	@echo "edgeholo: tests/web, the page in a real browser, is apart: make test-web"
	@echo "edgeholo: tests/home, against a real Home Assistant and Zigbee2MQTT, is apart: make test-home"
	@echo "edgeholo: tests/pi, in Debian containers and on emulated Arm, is apart: make test-pi"

test-web: ## set up, then the page in Debian's chromium, against the real daemon and a real mosquitto
	@provisioning/setup.sh test-web
	$(BIN)/python -m pytest tests/web

test-pi: ## set up, then containers with a real systemd, picamera2 on a virtual camera, the engine on emulated Arm: root, 40 minutes, 6 GB [ROOTS=DIR]
	@provisioning/setup.sh test
	$(BIN)/python -m pytest tests/pi --ignore=tests/pi/test_image.py

test-home: ## set up, then the tests against a real Home Assistant and Zigbee2MQTT: Python 3.13, npm, 1.1 GB
	@provisioning/setup.sh test
	@$(MAKE) --no-print-directory -s $(UV)/bin/uv
	@provisioning/home.sh $(UV)/bin/uv
	$(BIN)/python -m pytest tests/home

image: ## set up, then a memory card's image and Imager's manifest in dist: 50 minutes, then 15; 6 GB [ARCHIVE=debian|raspberrypi] [READONLY=yes]
	@provisioning/setup.sh demo
	@provisioning/image/build.sh

test-image: ## build both images and start them in a whole emulated machine until their event is heard outside: root, 2 hours
	@provisioning/setup.sh test
	$(BIN)/python -m pytest -o log_cli=true -o log_cli_level=INFO tests/pi/test_image.py

lint: ## set up, then ruff and mypy
	@provisioning/setup.sh lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

score: ## set up, then recognition on all labelled media, into docs/gestures.md
	@provisioning/setup.sh test
	$(BIN)/python -m benchmarks.score

lock: ## write requirements.lock from pyproject.toml, keeping versions that still fit [UPGRADE=--upgrade]
	@provisioning/setup.sh lint
	@$(MAKE) --no-print-directory -s $(UV)/bin/uv
	$(UV)/bin/uv pip compile pyproject.toml -q --universal --generate-hashes --python-version 3.11 $(EXTRAS) $(UPGRADE) \
	    --no-annotate --custom-compile-command "make lock" -o requirements.lock

$(UV)/bin/uv:
	$(BIN)/python -m venv $(UV)
	$(UV)/bin/pip install -q --disable-pip-version-check uv==0.13.9

clean: ## remove .venv and everything the tools keep
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache dist *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +
