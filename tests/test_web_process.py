"""What a web process holds: it is started once, lives for weeks, and its workers share what was loaded before them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LATE = {
    "celery": "rings the worker's bell",
    "kombu": "rings the worker's bell",
    "PIL": "reads pictures",
    "pi_heif": "reads pictures of phones",
    "python_calamine": "reads workbooks",
    "openpyxl": "writes workbooks",
    "docx": "writes papers",
}
LOOK = """
import json, sys, config.wsgi
from django.template import engines
from disputes.triage.words import default_lexicon
print(json.dumps({
    "packages": sorted({name.partition(".")[0] for name in sys.modules}),
    "templates": sorted(map(str, engines["django"].engine.template_loaders[0].get_template_cache)),
    "quick": sorted(name for _, name in engines["quick"].env.cache.keys()),
    "lexicons": default_lexicon.cache_info().currsize,
}))
"""
RING = """
import sys, threading, config.wsgi
from core.actions import outbox
outbox.ring()
[thread.join() for thread in threading.enumerate() if thread.name == "outbox-bell"]
print("celery" in sys.modules, outbox._ringing.locked())
"""


def said(program: str, var: Path, **environment: str) -> str:
    """What a process of its own says, with its own folders."""
    own = {**os.environ, "DEMO": "1", "VAR_DIR": str(var), **environment}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=own, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> dict[str, Any]:
    """What a process holds that has loaded all pages, and answered none."""
    found: dict[str, Any] = json.loads(said(LOOK, tmp_path_factory.mktemp("var")))
    return found


@pytest.mark.parametrize("package", LATE)
def test_what_few_pages_need_is_loaded_by_the_first_that_does(held, package):
    assert package not in held["packages"], LATE[package]


def test_what_most_pages_need_is_made_before_the_workers_are(held):
    assert {"base.html", "disputes/list.html", "mediation/dispute_page.html"} <= set(held["templates"])
    assert {"components/header.jinja", "disputes/lines.jinja"} <= set(held["quick"])
    assert held["lexicons"] == 1


def test_the_first_bell_of_a_process_loads_what_rings_it(tmp_path):
    broker = tmp_path / "broker"

    answer = said(RING, tmp_path, REDIS_URL="", BROKER_DIR=str(broker))

    assert (answer.split(), len(list((broker / "queue").iterdir()))) == (["True", "False"], 1)
