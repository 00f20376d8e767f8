# Two commands matter: make run, make test. What each does stands in tools/.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
export PORT

.PHONY: setup run seed test check bench
setup run seed test check bench:
	@$(PYTHON) -m tools $@ $(ARGS)
