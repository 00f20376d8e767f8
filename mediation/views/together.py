"""Other towns and other disputes: ask, answer, end, decide, link, merge; and the notes of the town's people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.errors import Refused
from core.models import User
from core.queries import today
from disputes.actions.links import link_disputes, unlink_dispute
from disputes.actions.notes import strike_note, write_note
from disputes.actions.retention import hold_dispute
from disputes.linking import why_not_under_any
from disputes.models import Dispute
from disputes.queries import get_dispute, others_of_these_people
from disputes.queries.known import Others
from disputes.queries.links import place_of
from disputes.views.doors import UNPROCESSABLE, enter, open_file, shut_page
from mediation.actions.group_sessions import record_group_session
from mediation.actions.merging import check_merge, merge_dispute
from mediation.forms.group_session import GroupSessionForm
from mediation.forms.together import HoldForm, LinkForm, MergeForm, NoteForm
from mediation.moving import why_not_given_up
from mediation.queries.standing import standing_of
from mediation.queries.together import dispute_by_code, group_of, note_of, table_of, together
from mediation.views.doors import attempt, given, step_page

MERGING = "本件办结，只作记录；那一件里没有的当事人和材料会带过去。统计只计一件，并案后不能撤销。"
PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def together_slot(request: HttpRequest, code: str) -> HttpResponse:
    """What ties the dispute to others: a fragment for the dispute page, else a page of its own."""
    user, dispute = open_file(request, code, "disputes.view")
    return _slot(request, user, dispute, NoteForm())


def _slot(request: HttpRequest, user: User, dispute: Dispute, form: NoteForm, status: int = 200) -> HttpResponse:
    found = together(user, dispute)
    fragment = bool(request.headers.get("HX-Request"))
    template = "mediation/parts/together.html" if fragment else "mediation/together.html"
    context = {"together": found, "dispute": dispute, "note_form": form, "today": today()}
    return render(request, template, context, status=status)


# ── notes ────────────────────────────────────────────────────────────────────
@require_POST
@never_cache
def note_new(request: HttpRequest, code: str) -> HttpResponse:
    """Write a note; refused, its words stay in the field."""
    user, dispute = open_file(request, code, "disputes.note")
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            write_note(dispute_id=dispute.pk, text=form.cleaned_data["text"], by=user)
        except Refused as refused:
            form.add_error("text", str(refused))
    if form.errors:
        return _slot(request, user, dispute, form, status=UNPROCESSABLE)
    if request.headers.get("HX-Request"):
        return _slot(request, user, dispute, NoteForm())
    messages.success(request, "已记下备注。")
    return redirect(f"{dispute.get_absolute_url()}#notes")


@require_POST
def note_strike(request: HttpRequest, code: str, note_id: UUID) -> HttpResponse:
    """Strike one's own note out."""
    user, dispute = open_file(request, code, "disputes.note")
    strike_note(note_id=note_of(dispute, note_id).pk, by=user)
    messages.success(request, "已划去这条备注。")
    return redirect(f"{dispute.get_absolute_url()}#notes")


# ── other disputes ───────────────────────────────────────────────────────────
@PAGE
def link_new(request: HttpRequest, code: str) -> HttpResponse:
    """Put the dispute under another."""
    user, dispute = open_file(request, code, "disputes.link")
    others = others_of_these_people(user, dispute, to_merge=False)
    form = LinkForm(given(request), found=others.to_choose)

    def act(data: dict[str, Any]) -> None:
        parent = _other(user, data.pop("code"))
        link_disputes(child_id=dispute.pk, parent_id=parent.pk, by=user, **data)

    lead = "本件放到那一件下面，两件各办各的，在主件里一起看。系列纠纷请都关联到同一件。"
    page = {"heading": "关联他件", "button": "关联", "done": "已关联。", "lead": lead}
    shut = why_not_under_any(place_of(dispute, user))
    return step_page(request, dispute, form, act, shut=shut, **page)


@require_POST
def link_cut(request: HttpRequest, code: str) -> HttpResponse:
    """Free the dispute from the one above it."""
    user, dispute = open_file(request, code, "disputes.link")
    try:
        unlink_dispute(child_id=dispute.pk, by=user, on=today())
        messages.success(request, "已解除关联。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(dispute)


@PAGE
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Merge a doubled dispute into the one that is kept; one that was not offered by name is shown before that."""
    user, dispute = open_file(request, code, "disputes.merge")
    if request.method != "POST" and (shut := why_not_given_up(standing_of(dispute))):
        return shut_page(request, dispute, "重复登记，并入他件", shut)
    others = others_of_these_people(user, dispute, to_merge=True)
    offered = {"found": others.to_choose, "not_ones_own": others.not_ones_own}
    page = {"heading": "重复登记，并入他件", "button": "并入那一件", "done": "已并案。", "lead": MERGING}
    if "again" in request.POST:
        form = MergeForm(initial=request.POST.dict(), **offered)
        return render(request, "mediation/step.html", {"form": form, "dispute": dispute, **page})
    form = MergeForm(given(request), **offered)
    if form.is_bound and form.is_valid() and not _is_sure(request, form, others):
        shown: dict[str, Any] = {}

        def find() -> None:
            shown["kept"] = _to_merge(user, dispute, form.cleaned_data["code"])

        if attempt(form, find, dispute) == 200:  # noqa: PLR2004 (done)
            return render(request, "mediation/merge_confirm.html", {"form": form, "dispute": dispute, **page, **shown})

    def act(data: dict[str, Any]) -> None:
        kept = _other(user, data.pop("code"))
        merge_dispute(dispute_id=dispute.pk, kept_id=kept.pk, by=user, **data)

    return step_page(request, dispute, form, act, shut=None, **page)


def _is_sure(request: HttpRequest, form: MergeForm, others: Others) -> bool:
    """Whether the other dispute was before the person's eyes: offered with its title, or shown to be confirmed."""
    seen = {one.code for one in others.to_choose if one.code == form.offered_before}
    return form.cleaned_data["code"] in {*seen, request.POST.get("confirmed")}


def _to_merge(user: User, dispute: Dispute, code: str) -> Dispute:
    """The other one with what is shown of it. Raises Refused where it is not there or could not be merged into."""
    kept = _other(user, code)
    check_merge(dispute=dispute, kept=kept, by=user)
    return kept


def _other(user: User, code: str) -> Dispute:
    found = dispute_by_code(user, code)
    if found is None:
        raise Refused(f"没有编号「{code}」，或不在您的范围内。", hint="请对照台账上的编号。", field="code")
    return found


@require_safe
@never_cache
def group(request: HttpRequest, code: str) -> HttpResponse:
    """The joint view of a parent and what stands under it."""
    user, dispute = open_file(request, code, "disputes.view")
    may_meet = allowed(user, "mediation.record_session")
    context = {"group": group_of(user, dispute), "dispute": dispute, "may_meet": may_meet}
    return render(request, "mediation/group.html", context)


@PAGE
def group_session(request: HttpRequest, code: str) -> HttpResponse:
    """Record one meeting for several disputes of a group at once."""
    user = enter(request, "mediation.record_session")
    dispute = get_dispute(user, code)
    table = table_of(user, dispute)
    if not (table.ready or table.idle):
        require(user, "mediation.record_session", dispute, message="这一组里没有由您承办的。")
    form = GroupSessionForm(given(request), disputes=table.ready)

    def act() -> None:
        record_group_session(parent_id=dispute.pk, by=user, **form.meeting())

    status = 200
    if request.method == "POST":
        status = attempt(form, act, dispute) if form.is_valid() else UNPROCESSABLE
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, f"已记下，{len(form.cleaned_data['disputes'])} 件里都有这一次。")
            return redirect("mediation:group", dispute.code)
    context = {"form": form, "dispute": dispute, "table": table}
    return render(request, "mediation/group_session.html", context, status=status)


@PAGE
def hold(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the people of this file must stay known past its term, or take that back."""
    user, dispute = open_file(request, code, "disputes.hold")
    require(user, "disputes.hold", dispute)
    form = HoldForm(given(request), initial={"reason": dispute.hold_reason})

    def act(data: dict[str, Any]) -> None:
        hold_dispute(dispute_id=dispute.pk, reason=data["reason"], by=user, on=today())

    lead = "例如正在诉讼、执行、信访，或者审计要查。"
    page = {"heading": "到期也不清除个人信息", "button": "保存", "done": "已保存。", "lead": lead}
    return step_page(request, dispute, form, act, shut=None, **page)
