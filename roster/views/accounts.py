"""Accounts for the people of the roster: who has one, opening many at once, the slips to print."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import reentry
from core.errors import Refused
from core.models import User
from core.paging import capped_count, keyset_page
from core.queries import today
from roster import queries
from roster.actions.accounts import open_accounts, reissue_slips
from roster.forms.accounts import AskedForm, ChosenPeopleForm
from roster.queries.accounts import account_rows, people_in_office
from roster.views.doors import UNPROCESSABLE, enter


@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The people in office, town by town: account, or the name one would get, ready to be ticked."""
    user = enter(request, "roster.open_accounts")
    return reentry.ask_password(request) or _list(request, user)


@never_cache
@require_POST
def accounts_open(request: HttpRequest) -> HttpResponse:
    """Open accounts for the people ticked; the answer is the sheet of slips, this once."""

    def act(user: User, form: ChosenPeopleForm) -> dict[str, Any]:
        opened = open_accounts(staff_ids=form.cleaned_data["staff"], by=user)
        return {"slips": opened.slips, "opened": opened}

    return _slips(request, act)


@never_cache
@require_POST
def accounts_reissue(request: HttpRequest) -> HttpResponse:
    """New slips for the people whose slip was lost before it was used."""

    def act(user: User, form: ChosenPeopleForm) -> dict[str, Any]:
        return {"slips": reissue_slips(staff_ids=form.cleaned_data["staff"], by=user)}

    return _slips(request, act)


def _slips(request: HttpRequest, act: Callable[[User, ChosenPeopleForm], dict[str, Any]]) -> HttpResponse:
    user = enter(request, "roster.open_accounts")
    if asked := reentry.ask_password(request):
        return asked
    form = ChosenPeopleForm(request.POST)
    if not form.is_valid():
        return _list(request, user, refused="勾选的人认不出。请在下面重新勾选。")
    try:
        return render(request, "roster/account_slips.html", act(user, form))
    except Refused as refused:
        return _list(request, user, refused=str(refused))


def _list(request: HttpRequest, user: User, refused: str = "") -> HttpResponse:
    """`?person=` one of them alone, `?tick=none` nobody ticked; a form that was refused comes back as it was ticked."""
    asked = AskedForm(request.GET).asked
    towns = queries.towns_for(user)
    town = asked["town"] if asked["town"] in {place.code for place in towns} else ""
    people = people_in_office(user, today(), town_code=town)
    if asked["person"]:
        people = people.filter(pk=asked["person"])
    page = keyset_page(people, order=queries.BY_PINYIN, cursor=request.GET.get("cursor"))
    rows = account_rows(page.rows)
    without = [row.staff.pk for row in rows if row.proposed]
    if request.method == "POST":
        ticked = {pk for pk in without if str(pk) in request.POST.getlist("staff")}
    else:
        ticked = set() if asked["tick"] else set(without)
    context = {
        "page": page,
        "rows": rows,
        "count": capped_count(people),
        "towns": towns,
        "town": town,
        "person": asked["person"],
        "without": len(without),
        "ticked": ticked,
        "refused": refused,
    }
    return render(request, "roster/accounts.html", context, status=UNPROCESSABLE if refused else 200)
