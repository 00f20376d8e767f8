"""What a web process holds: it is started once, lives for weeks, and its workers share what was loaded before them."""

import os
import subprocess
import sys

import pytest

LATE = {
    "celery": "rings the worker's bell",
    "kombu": "rings the worker's bell",
    "PIL": "reads pictures",
    "pi_heif": "reads pictures of phones",
    "python_calamine": "reads workbooks",
    "openpyxl": "writes workbooks",
    "docx": "writes papers",
}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The packages of a process that has loaded all pages, and answered none."""
    look = "import sys, config.wsgi; print(*{name.partition('.')[0] for name in sys.modules})"
    said = subprocess.run(
        [sys.executable, "-c", look], env={**os.environ, "DEMO": "1"}, capture_output=True, text=True, check=True
    )
    return set(said.stdout.split())


@pytest.mark.parametrize("package", LATE)
def test_what_few_pages_need_is_loaded_by_the_first_that_does(loaded, package):
    assert package not in loaded, LATE[package]


def test_what_every_page_needs_is_there_before_the_first(loaded):
    assert loaded >= {"django", "jinja2", "cryptography", "disputes", "mediation", "roster", "liaison", "reports"}
