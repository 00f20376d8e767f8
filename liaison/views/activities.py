"""What a point does beside its cases: joint meetings and their decisions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from liaison import queries
from liaison.actions.meetings import correct_meeting, finish_decision, record_meeting
from liaison.forms import DecisionFormSet, Decisions, FinishForm, MeetingForm, taken, typed_day
from liaison.models import LiaisonPoint, Meeting, MeetingDecision
from liaison.views.doors import enter

PAGE = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE, CONFLICT = 422, 409
TEXTS = ("agenda", "minutes", "guests")


@dataclass(frozen=True)
class Editor:
    """A meeting's form and the rows of its decisions."""

    form: MeetingForm
    decisions: Decisions

    def is_valid(self) -> bool:
        """Both, so that every mistake is shown at once."""
        return all([self.form.is_valid(), self.decisions.is_valid()])

    def show(self, refused: Refused) -> None:
        """Put a refusal of the action at the row or field it names."""
        if (refused.field or "").startswith("decisions-"):
            _, nth, name = str(refused.field).split("-")
            self.decisions.forms[self.decisions.row_of(int(nth))].add_error(name, str(refused))
        else:
            add_refusal(self.form, refused)


# ── meetings ─────────────────────────────────────────────────────────────────
@PAGE
def meeting_record(request: HttpRequest, town_code: str) -> HttpResponse:
    """Note a joint meeting that was held, with what it decided."""
    user = enter(request, "liaison.record_meeting")
    point = queries.point_for(user, town_code)
    require(user, "liaison.record_meeting", point)

    def act(editor: Editor) -> Meeting:
        data = editor.form.cleaned_data
        data.pop("version")
        return record_meeting(point_id=point.pk, by=user, decisions=editor.decisions.entered(), **data)

    editor = _editor(request, point, start={"held_on": today()}, day=typed_day(request.POST))
    context = {"point": point, "town": point.town}
    return _edit(request, editor, act, "会议已记下，算作制度的一次运行。", context)


@PAGE
def meeting_correct(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Correct what was written of a meeting; add a decision that was forgotten."""
    user = enter(request, "liaison.record_meeting")
    found = queries.meeting_for(user, town_code, pk)
    require(user, "liaison.record_meeting", found.point)
    came = [str(person.pk) for person in found.attendees.all()]
    start = {"version": found.version, "attendees": came}
    kept = {name: getattr(found, name) for name in TEXTS}

    def act(editor: Editor) -> Meeting:
        return correct_meeting(
            meeting_id=found.pk, by=user, decisions=editor.decisions.entered(), **editor.form.cleaned_data
        )

    editor = _editor(request, found.point, start=start, day=found.held_on, kept=kept)
    context = {"point": found.point, "town": found.point.town, "meeting": found}
    return _edit(request, editor, act, "会议的记录已更正。", context)


def _editor(
    request: HttpRequest, point: LiaisonPoint, *, start: dict[str, Any], day: date, kept: dict[str, str] | None = None
) -> Editor:
    """Empty, as posted, or what was typed so far with one more row where one was asked for."""
    people = queries.people_choices(point, day, today())
    kwargs: dict[str, Any] = {"people": people, "kept": kept}
    rows: dict[str, Any] = {"prefix": "decisions", "form_kwargs": {"people": people}}
    if request.method != "POST":
        return Editor(MeetingForm(initial=start, **kwargs), DecisionFormSet(**rows))
    if "add" in request.POST:
        typed = request.POST.dict()
        initial = typed | {"attendees": request.POST.getlist("attendees")}
        return Editor(MeetingForm(initial=initial, **kwargs), DecisionFormSet(typed=typed, grow=True, **rows))
    return Editor(MeetingForm(request.POST, **kwargs), DecisionFormSet(request.POST, **rows))


def _edit(
    request: HttpRequest, editor: Editor, act: Callable[[Editor], Meeting], done: str, context: dict[str, Any]
) -> HttpResponse:
    status = UNPROCESSABLE if editor.form.is_bound else 200
    if editor.form.is_bound and editor.is_valid():
        try:
            meeting = act(editor)
        except Conflict as conflict:
            editor.show(conflict)
            status = CONFLICT
        except Refused as refused:
            editor.show(refused)
        else:
            messages.success(request, done)
            return redirect("liaison:meeting", meeting.town_code, meeting.pk)
    context |= {"form": editor.form, "decisions": editor.decisions}
    return render(request, "liaison/meeting_edit.html", context, status=status)


@require_safe
def meeting(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """One meeting: minutes, who came, what was decided and what became of it; prints as the minutes."""
    user = enter(request, "liaison.view_activities")
    found = queries.meeting_for(user, town_code, pk)
    days = queries.days_of(found.decisions.all())
    decisions = [_decision(user, each, found, days) for each in found.decisions.all()]
    context = {"meeting": found, "point": found.point, "town": found.point.town, "decisions": decisions}
    return render(request, "liaison/meeting.html", context)


def _decision(user: User, decision: MeetingDecision, meeting: Meeting, days: dict[str, Any]) -> dict[str, Any]:
    decision.meeting = meeting
    return {
        "row": decision,
        "deadline": days.get(str(decision.pk)),
        "may_finish": decision.is_open and allowed(user, "liaison.finish_decision", decision),
        "may_withdraw": decision.is_open and allowed(user, "liaison.record_meeting", meeting.point),
    }


@PAGE
def decision_done(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Note that a decision was carried out."""
    user = enter(request, "liaison.finish_decision")
    decision = queries.decision_for(user, town_code, pk)
    require(user, "liaison.finish_decision", decision)
    form = FinishForm(request.POST) if request.method == "POST" else FinishForm(initial={"done_on": today()})
    if form.is_bound and taken(form, lambda data: finish_decision(decision_id=decision.pk, by=user, **data)):
        messages.success(request, "已记为办成，不再提醒。")
        return redirect("liaison:meeting", town_code, decision.meeting_id)
    point = decision.meeting.point
    context = {"decision": decision, "meeting": decision.meeting, "point": point, "town": point.town, "form": form}
    return render(request, "liaison/decision_done.html", context, status=UNPROCESSABLE if form.is_bound else 200)
