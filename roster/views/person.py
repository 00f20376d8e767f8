"""One person: what is known of them, their terms of office, their facts corrected, their entry into the platform."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import said, today
from roster import queries
from roster.actions import membership
from roster.actions.membership import WorkLeft
from roster.actions.platform import WHO_NOTES, correct_entry
from roster.actions.staff import SHARED, open_seats, update_staff
from roster.actions.voiding import void_term
from roster.forms.people import FIELDS, MASK, MASKS, EndTermForm, EntryForm, FactsForm, TermForm, VoidTermForm, masked
from roster.models import Staff, VoidedTerm
from roster.rules import may_fill_seat
from roster.views.doors import CONFLICT, UNPROCESSABLE, enter, trouble

PAGE = require_http_methods(["GET", "HEAD", "POST"])
NAMED = 3  # people whom a warning names


@require_safe
def person(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Facts, terms, days away; the workload comes from above."""
    user = enter(request, "roster.view")
    staff = queries.person_for(user, staff_id)
    return _person_page(request, user, staff)


def _to_enter_again(user: User, staff: Staff, voided: list[VoidedTerm]) -> dict[str, VoidedTerm]:
    """Terms struck out whose seat the user may fill and the person does not hold, by what an address names them."""
    held = {(term.role, term.town_code) for term in staff.memberships.all()}
    return {
        str(term.pk): term
        for term in voided
        if (term.role, term.town_code) not in held and may_fill_seat(user, term.role, term.town_code)
    }


def _person_page(
    request: HttpRequest, user: User, staff: Staff, form: TermForm | None = None, *, status: int = 200
) -> HttpResponse:
    """`?again=12` fills the form with the seat of a term that was struck out, to be entered once more."""
    terms, voided = staff.memberships.all(), list(queries.voided_terms_of(user, staff))
    to_enter_again = _to_enter_again(user, staff, voided)
    again = None if form else to_enter_again.get(request.GET.get("again", ""))
    initial = {name: getattr(again, name) for name in TermForm.base_fields} if again else None
    context = {
        "staff": staff,
        "fillable": [term.pk for term in terms if may_fill_seat(user, term.role, term.town_code)],
        "left_behind": _to_hand_over(user, staff),
        "seats": [(term.role, term.town_code) for term in terms if term.until is None],
        "in_office_from": min((term.since for term in terms if term.until is None), default=None),
        "towns": [term.town_code for term in terms],
        "voided": voided,
        "to_enter_again": list(to_enter_again.values()),
        "filled_in": again is not None,
        "absences": queries.absences_of(staff),
        "term_form": form or TermForm(user=user, initial=initial),
        "today": today(),
    }
    return render(request, "roster/person.html", context, status=status)


def _to_hand_over(user: User, staff: Staff) -> dict[int, int]:
    """What was left behind by an ended term, told only to who may hand it over."""
    left = queries.left_behind(staff)
    if not left:
        return {}
    return {
        term.pk: left[term.pk]
        for term in staff.memberships.all()
        if term.pk in left and allowed(user, "mediation.hand_over", term)
    }


# ── terms of office ──────────────────────────────────────────────────────────


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
            messages.success(request, f"{staff}自{said(term.since)}起任{term.town}{term.get_role_display()}。")
            return redirect("roster:person", staff.pk)
    return _person_page(request, user, staff, form, status=UNPROCESSABLE)


@PAGE
def term_end(request: HttpRequest, staff_id: UUID, term_id: int) -> HttpResponse:
    """Say which day was a person's last in a seat; while work is left open, where it is handed over."""
    user = enter(request, "roster.edit")
    staff = queries.person_for(user, staff_id)
    term = get_object_or_404(staff.memberships.select_related("town", "staff"), pk=term_id)
    membership.require_seat(user, term.role, term.town_code)
    form = EndTermForm(request.POST if request.method == "POST" else None)
    left = membership.work_left(term)
    if request.method == "POST" and form.is_valid():
        try:
            membership.end_term(membership_id=term.pk, until=form.cleaned_data["until"], by=user)
        except WorkLeft as refused:
            left = refused.count
            add_refusal(form, refused)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"{staff}在{term.town}任{term.get_role_display()}，记到离任日为止。")
            return redirect("roster:person", staff.pk)
    context = {"staff": staff, "term": term, "form": form, "left": left}
    return render(request, "roster/term_end.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@PAGE
def term_void(request: HttpRequest, staff_id: UUID, term_id: int) -> HttpResponse:
    """Strike out a term that was written down by mistake; the one that it replaced can go on."""
    user = enter(request, "roster.edit")
    staff = queries.person_for(user, staff_id)
    term = get_object_or_404(staff.memberships.select_related("town", "staff"), pk=term_id)
    membership.require_seat(user, term.role, term.town_code)
    earlier = queries.replaced_by(term)
    earlier = earlier if earlier and may_fill_seat(user, earlier.role, earlier.town_code) else None
    ticked = earlier is not None and queries.ended_for(earlier, term)
    form = VoidTermForm(request.POST if request.method == "POST" else None, earlier=earlier, ticked=ticked)
    status = 200
    if form.is_bound:
        status = trouble(form, lambda: void_term(membership_id=term.pk, by=user, **form.cleaned_data))
        if not status:
            also = f"原来的岗位{earlier.seat}已恢复。" if earlier and form.cleaned_data["reopen"] else ""
            seen = Staff.objects.visible_to(user).filter(pk=staff.pk).exists()  # it may have been all they had here
            then = also or _how_to_go_on(staff, last=len(staff.memberships.all()) == 1, seen=seen)
            messages.success(request, f"{staff}在{term.town}任{term.get_role_display()}的登记已作废。{then}")
            return redirect("roster:person", staff.pk) if seen else redirect("roster:list")
    left = 0 if term.until else membership.work_left(term, reopened=earlier)
    context = {"staff": staff, "term": term, "form": form, "left": left, "earlier": earlier}
    return render(request, "roster/term_void.html", context, status=status)


def _how_to_go_on(staff: Staff, *, last: bool, seen: bool) -> str:
    """After a term was struck out: what became of its person, if that is not plain from the page."""
    if not seen:
        return f"{staff}只在别处还有任职，不再列在您的名册里。作废错了的，请管理员或司法局重新登记。"
    return f"{staff}现在没有岗位，列在“待定岗位”里；作废错了的，在这一页重新登记。" if last else ""


# ── facts ────────────────────────────────────────────────────────────────────


@PAGE
def person_edit(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Correct the facts; what is left as the mask shows it stays. On a stale page both versions are shown."""
    user = enter(request, "roster.edit_facts")
    staff = queries.person_for(user, staff_id)
    require(user, "roster.edit_facts", open_seats(staff), message=SHARED)
    posted = request.POST if request.method == "POST" else None
    form = FactsForm(posted, facts=queries.facts_of(staff), version=staff.version)
    if posted is None:
        return _edit_page(request, staff, form)
    if not form.is_valid():
        return _edit_page(request, staff, form, status=UNPROCESSABLE)
    try:
        saved = update_staff(staff_id=staff.pk, version=form.cleaned_data["version"], facts=form.facts, by=user)
    except Conflict as conflict:
        return _both_versions(request, user, staff_id, conflict)
    except Refused as refused:
        add_refusal(form, refused)
        return _edit_page(request, staff, form, status=UNPROCESSABLE)
    messages.success(request, f"{form.facts.name}的资料已更正。")
    if saved.phone != staff.phone and (others := queries.people_with_phone_of(user, saved)):
        names = "、".join(str(one) for one in others[:NAMED]) + ("等" if len(others) > NAMED else "")
        messages.warning(request, f"{names}登记的也是这个手机号码。一家人合用的不用改，写错了的请再更正。")
    return redirect("roster:person", staff.pk)


def _both_versions(request: HttpRequest, user: User, staff_id: UUID, conflict: Conflict) -> HttpResponse:
    """The form as it was typed, ready to be saved over what stands now, and beside it what stands now."""
    staff = queries.person_for(user, staff_id)
    now = masked(queries.facts_of(staff))
    form = FactsForm(_renewed(request.POST, now, staff.version), facts=queries.facts_of(staff), version=staff.version)
    both = [(form[name].label, now[name], form[name].value()) for name in FIELDS if form[name].value() != now[name]]
    form.add_error(None, str(conflict))
    return _edit_page(request, staff, form, status=CONFLICT, both=both)


def _renewed(posted: QueryDict, now: dict[str, str], version: int) -> QueryDict:
    """What was typed, with the masks and the version that stand now in the place of the old ones."""
    data = posted.copy()
    data["version"] = str(version)
    for name in MASKS:
        if MASK in data.get(name, ""):
            data[name] = now[name]
    return data


def _edit_page(request: HttpRequest, staff: Staff, form: FactsForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "roster/person_edit.html", {"staff": staff, "form": form, **more}, status=status)


# ── platform ─────────────────────────────────────────────────────────────────


@PAGE
def person_platform(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Correct one person's entry into the platform, or take it back."""
    user = enter(request, "roster.note_platform")
    staff = queries.person_for(user, staff_id)
    require(user, "roster.note_platform", open_seats(staff), message=WHO_NOTES)
    form = EntryForm(request.POST if request.method == "POST" else None, staff=staff)
    status = 200
    if form.is_bound:
        status = trouble(form, lambda: correct_entry(staff_id=staff.pk, by=user, **form.cleaned_data))
        if not status:
            messages.success(request, f"{staff}的入驻情况已更正。")
            return redirect("roster:person", staff.pk)
    return render(request, "roster/person_platform.html", {"staff": staff, "form": form}, status=status)
