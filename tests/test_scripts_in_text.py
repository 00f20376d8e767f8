"""What people type stays text: on every page, in every workbook, paper and message, whoever looks."""

import io
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils.html import escape
from openpyxl import Workbook

import config.urls
from core.models import User
from disputes.models import (
    CaseQuestion,
    CaseType,
    ClusterWarning,
    Dispute,
    HiddenDanger,
    JudicialSuggestion,
    WarningRule,
)
from mediation.models import ConfirmationRequest, GuidanceRequest
from mediation.views.confirmation_papers import PAPERS
from tests.access_world import Town, world
from tests.conftest import TAIPING
from tests.mediation.conftest import _day, law_in_force, make_dispute, private_loan
from tests.scripts_in_text import NOT_SHOWN, bytes_of, nasty, seen_in, tags, write_everywhere
from tests.scripts_world import grow_stages
from tests.test_access import ANY, NOWHERE, base, body_of, lines, url_of

__all__ = ["_day", "law_in_force", "make_dispute", "private_loan", "world"]
LOOKING = ("mediator_of_taiping", "officer_of_taiping", "reviewing_judge", "court_clerk", "justice_officer", "admin")
ELSEWHERE = ("roster:", "liaison:", "account", "password", "factor", "sign-in", "held-form", "reports:filing", "log")
RULINGS = ("confirm", "reject", "extend", "draft_ruling")
FILES = {
    "disputes:export", "disputes:import-template", "disputes:import-marked", "disputes:suggestion-paper",
    "court:confirmations-export", "court:confirmation-paper",
    "mediation:session-docx", "mediation:agreement-docx", "mediation:confirmation-docx", *PAPERS,
}  # fmt: skip


@pytest.fixture
def here(world, cast) -> Town:
    grow_stages(world[TAIPING], cast)
    return world[TAIPING]


def addresses_to_look_at(here: Town) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Every address of the walk that may show something of a case, and every row that has a page of its own."""
    for line in lines():
        address, method, place = line
        if place in ("A", ANY) and not base(address).startswith(ELSEWHERE):
            town = here if place == "A" else NOWHERE
            yield address, method, url_of(address, town), body_of(address, town) if method == "POST" else {}
    yield from (("", "GET", url, {}) for url in pages_of_rows())


def pages_of_rows() -> Iterator[str]:
    for model in (Dispute, ClusterWarning, HiddenDanger, JudicialSuggestion):
        yield from (row.get_absolute_url() for row in model._default_manager.all())
    for request in ConfirmationRequest.objects.all():
        yield reverse("court:confirmation-review", args=[request.pk])
        yield from (reverse("court:confirmation-step", args=[request.pk, verb]) for verb in RULINGS)
        yield from (reverse("court:confirmation-paper", args=[request.pk, paper]) for paper in PAPERS)
    yield from (reverse("court:guidance-answer", args=[row.pk]) for row in GuidanceRequest.objects.all())
    for kind in (CaseType, CaseQuestion, WarningRule):
        name = f"admin:{kind._meta.app_label}_{kind._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_change", args=[kind._default_manager.all()[0].pk])


def asked(client: Client, method: str, url: str, body: dict[str, Any]) -> Any:
    """The answer; what a post did is taken back."""
    if method == "GET":
        return client.get(url, follow=True)
    undone = transaction.atomic()
    undone._from_testcase = True  # what must be committed at once (a reveal) may run inside, as in any test
    with undone:
        answer = client.post(url, body)
        transaction.set_rollback(True)
    return answer


class Looked:
    """What all the lookers saw together: tags shown as text, addresses that gave a file, and what was wrong."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.files: set[str] = set()
        self.wrong: list[str] = []

    def at(self, client: Client, who: str, here: Town) -> None:
        for name, method, url, body in addresses_to_look_at(here):
            answer = asked(client, method, url, body)
            data = bytes_of(answer)
            self.files |= {name or url.rsplit("/", 2)[1]} if data.startswith(b"PK") else set()
            found, bad = seen_in(answer, data)
            self.seen |= found
            self.wrong += [f"{who} {method} {url}: {one}" for one in bad]


def test_a_script_in_every_text_column_is_text_wherever_it_is_shown(here, cast: dict[str, User], client_of):
    written, known = write_everywhere(), tags()
    assert sorted(known.keys() - written) == []  # a column without a row to hold it proves nothing

    looked = Looked()
    for who in LOOKING:
        looked.at(client_of(cast[who]), who, here)

    assert looked.wrong == []
    assert looked.files == FILES
    not_shown = {(model, column) for model, columns in NOT_SHOWN.items() for column in columns}
    assert {name for name in known if known[name] not in looked.seen} == not_shown


# ── what would be wrong is seen ──────────────────────────────────────────────
def raw_page(request: HttpRequest, code: str) -> HttpResponse:
    """The dispute page as somebody might write it who puts its HTML together by hand."""
    return HttpResponse(f"<h1>{Dispute.objects.get(code=code).title}</h1>")


def test_a_page_that_forgets_to_escape_turns_the_look_red(here, cast, client_of, settings):
    write_everywhere()
    holed = ModuleType("holed_urls")
    holed.urlpatterns = [path("disputes/<mediated:code>/", raw_page, name="dispute-page"), *config.urls.urlpatterns]
    settings.ROOT_URLCONF = holed

    answer = client_of(cast["officer_of_taiping"]).get(f"/disputes/{here.dispute}/")

    tag = tags()["Dispute", "title"]
    assert seen_in(answer) == ({tag}, [f"unescaped {tag}", f"<script {tag}>"])


def test_a_quote_that_ends_an_attribute_is_seen():
    half_escaped = nasty("n1").replace("<", "&lt;")

    assert seen_in(HttpResponse(f'<input value="{half_escaped}">'))[1] != []
    assert seen_in(HttpResponse(f'<input value="{escape(nasty("n1"))}">')) == ({"n1"}, [])


def test_a_cell_that_counts_is_seen_and_one_of_text_is_not():
    def workbook(kind: str) -> HttpResponse:
        book, out = Workbook(), io.BytesIO()
        book.active["A1"] = nasty("n1")
        book.active["A1"].data_type = kind
        book.save(out)
        return HttpResponse(out.getvalue())

    assert seen_in(workbook("f"))[1] == ["Sheet A1 is a f"]
    assert seen_in(workbook("s")) == ({"n1"}, [])
