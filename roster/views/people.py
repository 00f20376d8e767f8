"""The people of the roster: the list with its filters, one person with their terms."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from core.forms import add_refusal
from core.paging import capped_count, keyset_page
from core.queries import today
from roster import queries
from roster.actions import membership
from roster.choices import TeamRole
from roster.forms import EndTermForm, TermForm
from roster.queries import Seat
from roster.views.doors import UNPROCESSABLE, enter

SEATS = ((Seat.NOW, "在任"), (Seat.UNCLEAR, "待定岗位"), (Seat.LEFT, "已离任"))
SEARCH_LENGTH = 60
BY_INITIALS = ("name_initials", "id")


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Who is in the roster, by pinyin; names stay out of the address, so a search is sealed."""
    user = enter(request, "roster.view")
    towns = queries.towns_for(user)
    seat = _one_of(request.GET.get("seat"), dict(SEATS), Seat.NOW)
    town = _one_of(request.GET.get("town"), {place.code: place for place in towns})
    role = _one_of(request.GET.get("role"), dict(TeamRole.choices))
    searched = queries.opened_search(user, request.GET.get("s", ""))
    rows = queries.people(user, today(), seat=seat, town_code=town, role=role, search=searched)
    context = {
        "page": keyset_page(rows, order=BY_INITIALS, cursor=request.GET.get("cursor")),
        "count": capped_count(rows),
        "seats": SEATS,
        "seat": seat,
        "towns": towns,
        "town": town,
        "roles": TeamRole.choices,
        "role": role,
        "searched": searched,
        "narrowed": bool(town or role or searched),
    }
    return render(request, "roster/list.html", context)


@require_POST
def people_search(request: HttpRequest) -> HttpResponse:
    """Turn the filter form into an address."""
    user = enter(request, "roster.view")
    given = {name: request.POST.get(name, "") for name in ("seat", "town", "role")}
    if text := request.POST.get("q", "").strip()[:SEARCH_LENGTH]:
        given["s"] = queries.sealed_search(user, text)
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{reverse('roster:list')}?{query}" if query else "roster:list")


def _one_of(value: str | None, allowed: dict[str, object], default: str = "") -> str:
    return value if value in allowed else default


@require_safe
def person(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    user = enter(request, "roster.view")
    staff = queries.person_for(user, staff_id)
    return render(request, "roster/person.html", {"staff": staff, "term_form": TermForm(user=user)})


@require_POST
def term_start(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Give the person another seat."""
    user = enter(request, "roster.edit")
    staff = queries.person_for(user, staff_id)
    form = TermForm(request.POST, user=user)
    if form.is_valid():
        try:
            term = membership.start_term(staff_id=staff.pk, by=user, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{staff}自{term.since:%Y-%m-%d}起任{term.town}{term.get_role_display()}。")
            return redirect("roster:person", staff.pk)
    return render(request, "roster/person.html", {"staff": staff, "term_form": form}, status=UNPROCESSABLE)


def term_end(request: HttpRequest, staff_id: UUID, term_id: int) -> HttpResponse:
    """Say which day was a person's last in a seat."""
    user = enter(request, "roster.edit")
    staff = queries.person_for(user, staff_id)
    term = get_object_or_404(staff.memberships.all(), pk=term_id)
    if request.method != "POST":
        return render(request, "roster/term_end.html", {"staff": staff, "term": term, "form": EndTermForm()})
    form = EndTermForm(request.POST)
    if form.is_valid():
        try:
            membership.end_term(membership_id=term.pk, until=form.cleaned_data["until"], by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{staff}在{term.town}任{term.get_role_display()}，记到离任日为止。")
            return redirect("roster:person", staff.pk)
    return render(request, "roster/term_end.html", {"staff": staff, "term": term, "form": form}, status=UNPROCESSABLE)
