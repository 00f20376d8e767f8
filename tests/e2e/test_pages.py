"""Every page as every role, at both widths: who may open it, and nothing on it jars."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver

from tests.e2e.conftest import DESKTOP, PHONE, Desk, Office
from tests.e2e.pages_of_county import add_what_is_rare, pages

pytestmark = pytest.mark.e2e
ROLES = ["mediator", "mediator2", "officer", "clerk", "assistant", "judge", "justice", "committee", "admin", "auditor"]
CLOSE_LOOKERS = {"mediator", "judge", "committee"}  # see pages of one name in each of their states
NOT_PAGES = {
    "login", "logout", "healthz", "readyz",  # without an account
    "file-download", "disputes:export", "court:confirmations-export", "court:confirmation-paper",  # hand over a file
    "mediation:session-docx", "mediation:agreement-docx",
    "notifications-read", "notification-open", "disputes:search", "disputes:suggest", "disputes:consent",  # take a form
    "disputes:reveal", "mediation:confirmation-submit", "mediation:confirmation-discard",
    "court:confirmations-search", "court:confirmations-accept", "liaison:open", "liaison:duty-hold",
    "liaison:duty-cancel", "roster:search", "roster:term-start", "roster:import-settle", "roster:import-apply",
    "roster:import-discard",
}  # fmt: skip
# `mediator`, `officer` are of 太平镇 where everything visited is; `mediator2` is of 双东街道; `-` is 403.
WHO = """
                                       med  med2 off  cle  ass  jud  jus  com  adm  aud
today                                  200  200  200  200  200  200  200  200  200  302
account                                200  200  200  200  200  200  200  200  200  200
password-change                        200  200  200  200  200  200  200  200  200  200
notifications                          200  200  200  200  200  200  200  200  200  200
style                                  403  403  403  403  403  403  403  403  200  403
audit                                  -    -    -    -    -    -    -    -    -    200
disputes:list                          200  200  200  200  200  200  200  200  -    -
disputes:new                           200  200  200  -    -    -    -    -    -    -
reports:dashboard                      200  200  200  200  200  200  200  200  -    -
reports:list-filings                   200  200  200  200  200  200  200  200  -    -
reports:list-figure                    200  200  200  200  200  200  200  200  -    -
reports:point-use                      200  404  200  200  200  200  200  200  200  -
reports:point-figures                  200  404  200  200  200  200  200  200  -    -
dispute-page                           200  404  200  200  200  200  200  200  -    -
disputes:edit                          200  404  200  -    -    -    -    -    -    -
disputes:edit-party                    200  404  200  -    -    -    -    -    -    -
disputes:add-party                     200  404  200  -    -    -    -    -    -    -
disputes:route                         200  404  200  -    -    -    -    -    -    -
disputes:refer-out                     200  404  200  -    -    -    -    -    -    -
disputes:end                           200  404  200  -    -    -    -    -    -    -
disputes:acknowledge-risk              -    404  200  -    -    -    -    -    -    -
disputes:lower-risk                    -    -    200  -    -    -    -    -    -    -
mediation:start                        200  404  200  -    -    -    -    -    -    -
mediation:session-new                  200  404  -    -    -    -    -    -    -    -
mediation:agreement-new                200  404  -    -    -    -    -    -    -    -
mediation:agreement-edit               200  404  -    -    -    -    -    -    -    -
mediation:agreement-sign               200  404  -    -    -    -    -    -    -    -
mediation:fail                         200  404  -    -    -    -    -    -    -    -
mediation:end                          200  404  200  -    -    -    -    -    -    -
mediation:guidance-ask                 200  404  -    -    -    -    -    -    -    -
mediation:performance-done             200  404  200  -    -    -    -    -    -    -
mediation:paper-new                    200  404  200  -    -    -    -    -    -    -
mediation:waive                        200  404  -    -    -    -    -    -    -    -
mediation:reopen                       200  404  200  -    -    -    -    -    -    -
mediation:archive                      200  404  200  -    -    -    -    -    -    -
mediation:confirmation-new             200  404  -    -    -    -    -    -    -    -
mediation:confirmation-supplement      200  404  -    -    -    -    -    -    -    -
mediation:entrustment                  200  404  200  200  200  200  200  200  -    -
court:confirmations                    200  200  200  200  200  200  200  200  -    -
court:confirmation-review              200  404  200  200  200  200  200  200  -    -
court:confirmation-step accept         -    404  -    200  -    -    -    -    -    -
court:confirmation-step assign_judge   -    404  -    200  -    -    -    -    -    -
court:confirmation-step ask_correction -    404  -    200  -    200  -    -    -    -
court:confirmation-step ask_supplement -    404  -    200  -    200  -    -    -    -
court:confirmation-step extend         -    404  -    200  -    200  -    -    -    -
court:confirmation-step draft_ruling   -    404  -    -    200  200  -    -    -    -
court:confirmation-step                -    404  -    -    -    200  -    -    -    -
court:guidance                         200  200  200  200  200  200  -    -    -    -
court:guidance-answer                  200  404  200  200  200  200  -    -    -    -
court:entrustments                     200  200  200  200  200  200  200  200  -    -
court:entrustment-new                  -    -    -    200  -    -    -    -    -    -
liaison:list                           200  200  200  200  200  200  200  200  200  -
liaison:point                          200  404  200  200  200  200  200  200  200  -
liaison:system                         200  404  200  200  200  200  200  200  200  -
liaison:system-adopt                   -    -    200  -    -    -    -    -    -    -
liaison:item-report                    -    -    200  -    -    -    -    -    -    -
liaison:item-check                     -    -    -    -    -    -    200  200  -    -
liaison:item-end                       -    -    200  -    -    -    200  200  -    -
liaison:duty                           -    -    200  -    -    -    -    -    -    -
liaison:meeting-record                 -    -    200  -    -    -    -    -    -    -
roster:list                            -    -    200  200  -    -    200  200  200  -
roster:teams                           -    -    200  200  -    -    200  200  200  -
roster:team                            -    -    200  200  -    -    200  200  200  -
roster:person                          -    -    200  404  -    -    200  200  200  -
roster:person judge                    -    -    200  200  -    -    200  200  200  -
roster:term-end                        -    -    200  404  -    -    200  -    200  -
roster:import                          -    -    200  200  -    -    200  -    200  -
roster:import-preview                  -    -    404  404  -    -    404  -    200  -
"""


def who_may_open() -> dict[str, list[int]]:
    """Label, or the URL's name where all its pages are alike → the status for each role, in the order of ROLES."""
    rows = [line.rsplit(maxsplit=len(ROLES)) for line in WHO.strip().splitlines()[1:]]
    return {label: [403 if cell == "-" else int(cell) for cell in cells] for label, *cells in rows}


def named(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """The name of every address of ours; the admin's own pages are Django's."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from () if pattern.namespace == "admin" else named(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}"


@pytest.mark.usefixtures("county")
def test_every_page_opens_for_whom_it_is_and_jars_for_nobody(open_desk: Office) -> None:
    add_what_is_rare()
    places, expected = pages(), who_may_open()
    assert {label.split()[0] for label in places} == set(named()) - NOT_PAGES
    wrong: dict[str, Any] = {}
    for place, role in enumerate(ROLES):
        desk = open_desk().sit(role)
        for label, address in places.items():
            status = expected.get(label, expected.get(label.split()[0], []))[place]
            found = walk(desk, address, status)
            if found:
                wrong[f"{role} {label}"] = found
    assert wrong == {}


def walk(desk: Desk, address: str, status: int) -> list[Any]:
    """What is wrong with a page at both widths; a page that is not to be shown is only asked for its status."""
    asked = desk.go(address) if status == 200 else desk.context.request.get(address, max_redirects=0).status
    if asked != status:
        return [asked]
    if status != 200:
        return []
    found: list[Any] = []
    for window in (PHONE, DESKTOP):
        desk.resize(window)
        found += [f"{window['width']}: {words}" for words in (desk.width_overflow(), *desk.spills()) if words]
    return found
