# `make book` and `make test` are all a reader needs; both set up .venv first.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
HTML := _build/html/index.html

.PHONY: book test notebooks serve bench experiments configure lock setup clean

book: setup
	@$(PY) book/tools/build.py > _build.log 2>&1 \
	  && rm -f _build.log \
	  || { cat _build.log; rm -f _build.log; exit 1; }
	@echo "The book is ready: open file://$(CURDIR)/$(HTML)"

# make test                            what a change since then can reach
# make test ALL=1                      everything
test: setup
	@$(PY) -m tests $(if $(ALL),--all)

# make notebooks                       every chapter
# make notebooks NB=notebooks/ssm/hippo-matrices.ipynb
notebooks: setup
	@$(PY) book/tools/run.py $(NB)
	@$(PY) -m kexue_lib.derive index notebooks

serve: book
	@echo "http://127.0.0.1:8000 (stop with Ctrl-C)"
	@$(PY) -m http.server --bind 127.0.0.1 --directory _build/html 8000

bench: setup
	@$(PY) -m benchmarks

# Results that take longer than a notebook may: computed here, committed. A
# run that was stopped goes on where it was.
experiments: setup
	@$(PY) -m experiments

configure:
	@$(PYTHON) book/tools/configure.py "$(REPO)"

# Solve the ranges of pyproject.toml anew and pin what comes out.
lock:
	@$(PYTHON) book/tools/lock.py

clean:
	rm -rf _build build dist *.egg-info

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make: $(PYTHON) is missing: install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: Python 3.11 or newer is needed, $(PYTHON) is" \
	  "`$(PYTHON) -V 2>&1`; try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "make: $(PYTHON) cannot create virtual environments:" \
	  "install python3-venv (Debian, Ubuntu)"; exit 1; }
	@command -v git >/dev/null || { echo "make: git is missing"; exit 1; }
	@echo "Setting up $(VENV) (once; PyTorch is large, this takes minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check -r requirements.txt
	@$(PY) -m pip install -q --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	@touch $@
