"""A hole in the walk of the addresses is seen: a page without scope, one that tells, one that nobody entered."""

from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

import config.urls
from disputes.models import Dispute
from tests.access_world import world
from tests.mediation.conftest import _day, law_in_force, make_dispute, private_loan
from tests.test_access import differences, expected, lines, named_in_addresses, walk

__all__ = ["_day", "law_in_force", "make_dispute", "private_loan", "world"]


def unscoped_page(request: HttpRequest, code: str) -> HttpResponse:
    """The dispute page as somebody might write it who has forgotten `visible_to`."""
    return HttpResponse(Dispute.objects.get(code=code).title if Dispute.objects.filter(code=code) else "", status=200)


def unscoped_but_empty_page(request: HttpRequest, code: str) -> HttpResponse:
    """Refuses rightly, and tells all the same."""
    dispute = Dispute.objects.filter(code=code).first()
    return HttpResponse(dispute.title if dispute else "", status=404)


def telling_page(request: HttpRequest, code: str) -> HttpResponse:
    """A page whose link is made of a name."""
    query = urlencode({"q": Dispute.objects.get(code=code).parties.all()[0].name})
    return HttpResponse(f'<a href="/disputes/?{query}">同名的</a>')


def with_hole(view: Any) -> ModuleType:
    """The project's URLs with another view at the dispute page."""
    holed = ModuleType("holed_urls")
    holed.urlpatterns = [path("disputes/<mediated:code>/", view, name="dispute-page"), *config.urls.urlpatterns]
    return holed


@pytest.mark.parametrize(
    ("view", "seen"), [(unscoped_page, "200, not 404"), (unscoped_but_empty_page, "shows ['欧阳木生', '邝亚带']")]
)
def test_a_view_without_scope_turns_the_walk_red(view, seen, world, cast, client_of, settings):
    settings.ROOT_URLCONF = with_hole(view)
    line = ("dispute-page", "GET", "B")

    answers = walk(client_of(cast["officer_of_taiping"]), world, "GET", [line])

    assert differences(answers, "officer_of_taiping") == {"dispute-page GET B": seen}


def test_a_name_in_an_address_turns_the_walk_red(world, cast, client_of, settings):
    settings.ROOT_URLCONF = with_hole(telling_page)
    answers = walk(client_of(cast["officer_of_taiping"]), world, "GET", [("dispute-page", "GET", "A")])

    assert named_in_addresses(answers) == {"dispute-page GET A": ["沈水旺"]}


def test_a_url_that_nobody_entered_turns_the_build_red(monkeypatch):
    added = path("new/<mediated:code>/", unscoped_page, name="forgotten")
    monkeypatch.setattr(config.urls, "urlpatterns", [*config.urls.urlpatterns, added])

    unentered = {address for address, _, _ in set(lines()) - expected().keys()}

    assert unentered == {"forgotten"}
