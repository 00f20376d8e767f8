"""Every page as every role, at both widths: nothing on it jars.

Who may open what is told in `tests/access_matrix.txt` and tested there, on every database. How a page looks does not
depend on the database, and the walk takes longer than all other stories together: it goes with SQLite alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import URLResolver, get_resolver

from tests.e2e.conftest import DESKTOP, PHONE, Desk, Office
from tests.e2e.pages_of_county import add_what_is_rare, pages
from tests.test_access import expected

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the walk goes with SQLite"),
]
TOWN_AND_COUNTY = ("mediator", "officer", "committee", "admin", "auditor")
COURT_AND_OTHERS = ("judge", "clerk", "assistant", "justice", "mediator2")
CLOSE_LOOKERS = {"mediator", "judge", "committee"}  # see pages of one name in each of their states
NOT_PAGES = {
    "login", "healthz",  # without an account
    "sign-in-code", "sign-in-enrol", "held-form",  # only after something that went before
    "file-download", "court:confirmation-paper", "roster:export-file", "roster:submission-letter",  # hand over a file
    "roster:template", "disputes:export-file", "disputes:import-template",
    "disputes:filter",  # leads on to the ledger
    "roster:import-progress", "disputes:import-progress",  # a part of the preview
    "disputes:homes",  # a list to complete a field from
    "fresh-token",  # for a page that outlived its sign-in
}  # fmt: skip
SHOWN, LED_ON, WITHHELD = 200, 302, {403, 404}
PATIENCE = 30_000  # milliseconds: a busy machine is no fault of the page


def named(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """The name of every address of ours; the admin's own pages are Django's."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from () if pattern.namespace == "admin" else named(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}"


def never_shown() -> set[str]:
    """The addresses that show nobody a page when visited: they only take a form."""
    words: dict[str, set[str]] = defaultdict(set)
    for (address, method, _), answers in expected().items():
        if method == "GET":
            words[address.partition("/")[0]] |= set(answers.values())
    return {name for name, answers in words.items() if not answers & {str(SHOWN), str(LED_ON)}}


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("roles", "others"),
    [(TOWN_AND_COUNTY, COURT_AND_OTHERS), (COURT_AND_OTHERS, TOWN_AND_COUNTY)],
    ids=["town and county", "court"],
)
def test_every_page_shows_itself_to_somebody_and_jars_for_nobody(
    roles: tuple[str, ...], others: tuple[str, ...], open_desk: Office
) -> None:
    add_what_is_rare()
    places = pages()
    assert {re.split("[ /]", label)[0] for label in places} == set(named()) - NOT_PAGES - never_shown()
    wrong: dict[str, Any] = {}
    unseen = set(places)
    for role in roles:
        desk = open_desk().sit(role)
        for label, address in places.items():
            if " " in label and role not in CLOSE_LOOKERS:
                continue
            status = status_of(desk, address)
            if status == SHOWN:
                unseen.discard(label)
                status, *found = walk(desk, address)
                wrong |= {f"{role} {label}": found} if found else {}
            if status not in {SHOWN, LED_ON, *WITHHELD}:
                wrong[f"{role} {label} status"] = status
    assert wrong == {}
    for role in others:
        desk = open_desk().sit(role)
        unseen = {label for label in unseen if status_of(desk, places[label]) != SHOWN}
    assert unseen == set()


def status_of(desk: Desk, address: str) -> int:
    """The answer to this person, before any redirect."""
    return desk.context.request.get(address, max_redirects=0, timeout=PATIENCE).status


def walk(desk: Desk, address: str) -> list[Any]:
    """The status of a page, and what is wrong with it at both widths: first at the one the window has."""
    found: list[Any] = [desk.go(address)]
    for window in sorted((DESKTOP, PHONE), key=lambda size: size != desk.page.viewport_size):
        desk.resize(window)
        found += [f"{window['width']}: {words}" for words in (desk.width_overflow(), *desk.spills()) if words]
    return found
