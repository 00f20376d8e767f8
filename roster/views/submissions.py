"""Lists handed in: all 23 units on a day, one unit with its lists and people, noting and correcting one."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.models import User
from core.queries import today
from core.views.files import attachment
from roster import queries
from roster.actions.submissions import WHO_RECORDS, edit_submission, record_submission, void_submission
from roster.choices import HandInState
from roster.forms.days import AsOfForm
from roster.forms.submissions import SubmissionEditForm, SubmissionForm, VoidForm
from roster.hand_ins import DUE
from roster.models import RosterSubmission
from roster.views.doors import CONFLICT, enter, trouble

PAGE = require_http_methods(["GET", "HEAD", "POST"])
AT_THE_LETTER = {"file": "letter"}  # what is wrong with the file stands at the letter
LOOKS = {
    HandInState.IN_TIME: ("ok", "ok"),
    HandInState.LATE: ("warn", "clock"),
    HandInState.MISSING: ("stop", "no"),
    HandInState.WAITING: ("idle", "clock"),
}


@require_safe
def submission_list(request: HttpRequest) -> HttpResponse:
    """Every unit: in time, late, missing, as of a day."""
    user = enter(request, "roster.view")
    as_of = AsOfForm(request.GET)
    asked = as_of.asked
    units = queries.units(user, asked.on, asked.known_on)
    counts = queries.counts(units)
    state = request.GET.get("state", "") if request.GET.get("state") in HandInState.values else ""
    shown = [unit for unit in units if not state or unit.standing.state == state]
    context = {
        "as_of": as_of,
        "asked": asked,
        "on": asked.on,
        "today": today(),
        "is_today": asked.on == today(),
        "due": DUE,
        "units": [(unit, *LOOKS[unit.standing.state]) for unit in shown],
        "all": len(units),
        "counts": [(found, counts[found]) for found in HandInState if counts[found]],
        "handed_in": len(units) - counts[HandInState.MISSING] - counts[HandInState.WAITING],
        "in_time": counts[HandInState.IN_TIME],
        "state": state,
    }
    return render(request, "roster/submissions.html", context)


@require_safe
def submission_unit(request: HttpRequest, unit: str) -> HttpResponse:
    """Everything one unit handed in, and whom it sends: a town's people by seat, the court's and bureau's by person."""
    user = enter(request, "roster.view")
    found = queries.unit_of(user, unit, today())
    context = {
        "unit": found,
        "name": found.name,
        "look": LOOKS[found.standing.state],
        "due": DUE,
        "rows": queries.hand_ins_of(user, unit),
        "people": queries.people_of_unit(user, unit, today()),
        "by_person": found.by_person,
    }
    return render(request, "roster/submission_unit.html", context)


@PAGE
def submission_new(request: HttpRequest) -> HttpResponse:
    """Note a list that was handed in."""
    user = enter(request, "roster.record_submission")
    units = queries.unit_names(user)
    chosen = request.GET.get("unit", "")
    if request.method != "POST":
        form = SubmissionForm(units=units, initial={"unit": chosen})
        return _form_page(request, form, chosen=units.get(chosen, ""))
    form = SubmissionForm(request.POST, request.FILES, units=units)
    status = trouble(form, lambda: record_submission(by=user, **form.facts), fields=AT_THE_LETTER)
    if status:
        return _form_page(request, form, status=status)
    unit = form.cleaned_data["unit"]
    messages.success(request, f"已登记{units[unit]}的名单报送。")
    return redirect("roster:submission-unit", unit)


@PAGE
def submission_edit(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Correct what was noted, add the letter or an import."""
    user, submission = _open(request, submission_id)
    imports, units = queries.loose_imports(user), queries.unit_names(user)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SubmissionEditForm(*given, submission=submission, imports=imports, units=units)
    status = 200
    if form.is_bound:
        status = trouble(
            form, lambda: edit_submission(submission_id=submission.pk, by=user, **form.facts), fields=AT_THE_LETTER
        )
        if not status:
            messages.success(request, "已更正这次报送。")
            return redirect("roster:submission-unit", form.cleaned_data["unit"])
    now = _renewed(user, form, submission) if status == CONFLICT else None
    return _form_page(request, form, status=status, submission=submission, now=now)


def _renewed(user: User, form: SubmissionEditForm, stale: RosterSubmission) -> RosterSubmission:
    """The list as it stands now; the form carries its version, so that whoever has read it may go on."""
    now = queries.submission_for(user, stale.pk)
    form.data = {**form.data.dict(), "version": str(now.version)}  # type: ignore[attr-defined]
    return now


@PAGE
def submission_void(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Strike out what was noted by mistake."""
    user, submission = _open(request, submission_id)
    form = VoidForm(request.POST if request.method == "POST" else None, initial={"version": submission.version})
    status = 200
    if form.is_bound:
        status = trouble(form, lambda: void_submission(submission_id=submission.pk, by=user, **form.cleaned_data))
        if not status:
            messages.success(request, f"{submission.unit_name}的这次报送已作废，不再计算。")
            return redirect("roster:submission-unit", submission.unit)
    return render(request, "roster/submission_void.html", {"submission": submission, "form": form}, status=status)


@require_safe
def submission_letter(request: HttpRequest, submission_id: int) -> FileResponse:
    """The letter that came with a list, as a download."""
    user = enter(request, "roster.view")
    submission = queries.submission_for(user, submission_id)
    if submission.cover_letter is None:
        raise Http404
    return attachment(submission.cover_letter, opened_by=request)


def _open(request: HttpRequest, submission_id: int) -> tuple[User, RosterSubmission]:
    """The user and the list: 403 for the role, 404 outside the scope, 403 without the right on this one."""
    user = enter(request, "roster.record_submission")
    submission = queries.submission_for(user, submission_id)
    require(user, "roster.record_submission", submission.town_id, message=WHO_RECORDS)
    return user, submission


def _form_page(request: HttpRequest, form: SubmissionForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "roster/submission_form.html", {"form": form, "due": DUE, **more}, status=status)
