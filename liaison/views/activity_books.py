"""A point's activities: the list of a year with its plan, and training, publicity, publications one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from liaison import queries
from liaison.actions.plans import FIRST_YEAR, LAST_YEAR, set_plan
from liaison.actions.publicity import correct_media, correct_publicity, record_media, record_publicity
from liaison.actions.trainings import correct_training, record_training
from liaison.actions.voids import void_media, void_publicity, void_training
from liaison.forms.activities import typed_day
from liaison.forms.activity_books import MediaForm, PlanYearForm, PublicityForm, TrainingForm, YearForm
from liaison.forms.fields import taken
from liaison.models import Activity, LiaisonPoint
from liaison.views.doors import enter
from roster.queries import person_for

PAGE = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE, CONFLICT = 422, 409
TRAININGS, TRAININGS_PAGE = "liaison/parts/trainings_of.html", "liaison/trainings_of.html"


@dataclass(frozen=True)
class Book:
    """How one sort of activity is called, read, asked for and written; `key` names the row to correct."""

    label: str
    lead: str
    page: str
    form: type[forms.Form]
    find: Callable[[User, str, int], Activity]
    record: Callable[..., Activity]
    correct: Callable[..., Activity]
    void: Callable[..., Activity]
    key: str
    first: str
    fields: tuple[str, ...]


BOOKS = {
    "training": Book(
        "培训", "办过的业务培训。参加的人在名册里的本人页面也看得到。", "liaison/training.html",
        TrainingForm, queries.training_for,
        record_training, correct_training, void_training, "training_id", "held_on",
        ("held_on", "topic", "lecturer", "guests", "feedback", "version"),
    ),
    "publicity": Book(
        "宣传活动", "办过的法治宣传，附上照片。", "liaison/publicity.html", PublicityForm, queries.publicity_for,
        record_publicity, correct_publicity, void_publicity, "event_id", "held_on",
        ("kind", "held_on", "title", "place", "head_count", "version"),
    ),
    "media": Book(
        "报道和经验材料", "刊发过的报道、被推广的经验材料。", "liaison/media.html", MediaForm, queries.media_for,
        record_media, correct_media, void_media, "report_id", "published_on",
        ("kind", "outlet", "published_on", "title", "link", "version"),
    ),
}  # fmt: skip


# ── the list of a year ───────────────────────────────────────────────────────
@require_safe
def activities(request: HttpRequest, town_code: str) -> HttpResponse:
    """What the point did in a year, of one kind or of all, beside the plan."""
    user = enter(request, "liaison.view_activities")
    point = queries.point_for(user, town_code)
    asked = YearForm(request.GET)
    year, kind = asked.chosen_year, asked.chosen_kind
    context = {
        "point": point,
        "town": point.town,
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < today().year else None,
        "kind": kind,
        "page": queries.year_page(point, year, kind=kind, cursor=request.GET.get("cursor", "")),
        "plan": queries.plan_and_done(point, year),
    }
    return render(request, "liaison/activities.html", context)


@PAGE
def activity_plan(request: HttpRequest, town_code: str, year: int) -> HttpResponse:
    """Say how many of each kind the point means to do in a year."""
    user = enter(request, "liaison.record_activity")
    point = queries.point_for(user, town_code)
    require(user, "liaison.record_activity", point)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    form = (
        PlanYearForm(request.POST) if request.method == "POST" else PlanYearForm(initial=queries.planned(point, year))
    )
    if form.is_bound and taken(form, lambda _: set_plan(point_id=point.pk, year=year, wanted=form.wanted(), by=user)):
        messages.success(request, f"{year}年的计划已记下。")
        return redirect(f"{reverse('liaison:activities', args=[town_code])}?year={year}")
    context = {"point": point, "town": point.town, "year": year, "form": form}
    return render(request, "liaison/activity_plan.html", context, status=UNPROCESSABLE if form.is_bound else 200)


# ── one by one ───────────────────────────────────────────────────────────────
def book_named(word: str) -> Book:
    """The book under a word of the address; 404 for another word."""
    if word not in BOOKS:
        raise Http404
    return BOOKS[word]


@require_safe
def activity(request: HttpRequest, town_code: str, book: str, pk: int) -> HttpResponse:
    """One training, event or publication."""
    user = enter(request, "liaison.view_activities")
    row = book_named(book).find(user, town_code, pk)
    context = {"row": row, "point": row.point, "town": row.point.town, "book": book, "label": BOOKS[book].label}
    return render(request, BOOKS[book].page, context)


@PAGE
def activity_record(request: HttpRequest, town_code: str, book: str) -> HttpResponse:
    """Note a training, event or publication."""
    user = enter(request, "liaison.record_activity")
    point = queries.point_for(user, town_code)
    require(user, "liaison.record_activity", point)
    kept = book_named(book)
    form = _form(request, kept, point, {kept.first: today()})

    def act(said: dict[str, Any]) -> Activity:
        return kept.record(point_id=point.pk, by=user, **said)

    return _edit(request, form, act, {"point": point, "town": point.town, "book": book, "kept": kept})


@PAGE
def activity_correct(request: HttpRequest, town_code: str, book: str, pk: int) -> HttpResponse:
    """Correct it; add files, or what people said of it."""
    user = enter(request, "liaison.record_activity")
    kept = book_named(book)
    row = kept.find(user, town_code, pk)
    require(user, "liaison.record_activity", row.point)
    facts = {name: getattr(row, name) for name in kept.fields}
    texts = {name: value for name, value in facts.items() if isinstance(value, str)}
    start = {name: value for name, value in facts.items() if name not in texts}
    if hasattr(row, "attendees"):
        start["attendees"] = [str(person.pk) for person in row.attendees.all()]
    form = _form(request, kept, row.point, start, texts)

    def act(said: dict[str, Any]) -> Activity:
        return kept.correct(by=user, version=form.cleaned_data["version"], **{kept.key: row.pk}, **said)

    return _edit(
        request, form, act, {"point": row.point, "town": row.point.town, "book": book, "kept": kept, "row": row}
    )


def _form(
    request: HttpRequest, kept: Book, point: LiaisonPoint, start: dict[str, Any], texts: dict[str, str] | None = None
) -> Any:
    posted = request.method == "POST"
    more: dict[str, Any] = {"kept": texts}
    if kept.form is TrainingForm:
        day = typed_day(request.POST if posted else start)
        more["people"] = queries.people_choices(point, day, today())
    data, uploads = (request.POST, request.FILES) if posted else (None, None)
    return kept.form(data, uploads, initial=start, **more)


def _edit(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Activity], context: dict[str, Any]
) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            row = act(form.said())
        except Conflict as conflict:
            add_refusal(form, conflict)
            status = CONFLICT
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{context['kept'].label}已记下{'，标为补录' if row.is_late else ''}。")
            return redirect("liaison:activity", row.town_code, context["book"], row.pk)
    return render(request, "liaison/activity_edit.html", context | {"form": form}, status=status)


# ── in the roster ────────────────────────────────────────────────────────────
@require_safe
def trainings_of(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The trainings that a person came to: the slot of their page, or a page of its own."""
    user = enter(request, "liaison.view_activities")
    staff = person_for(user, staff_id)
    context = {"staff": staff, "trainings": queries.trainings_of(user, staff)}
    return render(request, TRAININGS if request.headers.get("HX-Request") else TRAININGS_PAGE, context)
