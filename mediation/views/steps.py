"""The steps of a mediation: start it, end it one way or another, take it up again, perform, file papers, archive."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import allowed
from core.choices import Role
from core.queries import today
from disputes.choices import DisputeState
from disputes.queries import usual_day_of_a_step
from disputes.views.doors import open_file
from mediation.actions.endings import archive_dispute, end_mediation, fail_mediation
from mediation.actions.mediations import reopen_mediation, start_mediation
from mediation.actions.papers import add_papers, is_late
from mediation.actions.performance import record_performance, waive_confirmation
from mediation.forms.mediation import (
    AGREES,
    REFUSES,
    ArchiveForm,
    EndForm,
    FailForm,
    LatePaperForm,
    PaperForm,
    PerformanceForm,
    ReopenForm,
    StartForm,
    WaiveForm,
)
from mediation.queries.mediations import agreement_in_effect, mediators_of, open_items
from mediation.queries.standing import why_not_now
from mediation.views.doors import UNPROCESSABLE, attempt, given, step_page
from roster.queries import away_words

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start to mediate; the officer also says who."""
    user, dispute = open_file(request, code, "mediation.start_mediation")
    parties = list(dispute.parties.all())
    mediators = mediators_of(dispute.town_code) if user.role == Role.OFFICER else []
    away = away_words(dispute.town_code, today()) if mediators else {}
    on = usual_day_of_a_step(dispute, after=dispute.state_on)
    initial = {"version": dispute.version, "mediator": str(dispute.handler_id or ""), "on": on}
    form = StartForm(given(request), parties=parties, mediators=mediators, away=away, initial=initial)

    def act(data: dict[str, Any]) -> None:
        start_mediation(
            dispute_id=dispute.pk,
            by=user,
            on=data["on"],
            mode=data["mode"],
            active=bool(data.get("active")),
            agreed_by=form.who(AGREES),
            refused_by=form.who(REFUSES),
            mediator_id=int(data["mediator"]) if data.get("mediator") else None,
            version=data["version"],
        )

    lead = "受理之日起，一般在一个月内调结（内部目标）。"
    page = {"heading": "开始调解", "button": "开始调解", "done": "已开始调解。"}
    return step_page(request, dispute, form, act, shut=why_not_now(dispute, "start_mediation"), lead=lead, **page)


@PAGE
def fail(request: HttpRequest, code: str) -> HttpResponse:
    """Record that mediation did not succeed."""
    user, dispute = open_file(request, code, "mediation.fail_mediation")
    form = FailForm(given(request), initial={"version": dispute.version})

    def act(data: dict[str, Any]) -> None:
        fail_mediation(dispute_id=dispute.pk, by=user, **data)

    lead = "记下后本件办结，计入调解成功率的分母。双方愿意再谈的，可以重新调解。"
    page = {"heading": "调解不成", "button": "记下调解不成", "done": "已记下调解不成。"}
    return step_page(request, dispute, form, act, shut=why_not_now(dispute, "fail"), lead=lead, **page)


@PAGE
def end(request: HttpRequest, code: str) -> HttpResponse:
    """End a mediation that neither succeeded nor failed."""
    user, dispute = open_file(request, code, "mediation.end_mediation")
    form = EndForm(given(request), initial={"version": dispute.version})

    def act(data: dict[str, Any]) -> None:
        end_mediation(dispute_id=dispute.pk, by=user, **data)

    lead = "终止后本件办结，不计入调解成功率。"
    page = {"heading": "终止调解", "button": "终止调解", "done": "已终止。"}
    return step_page(request, dispute, form, act, shut=why_not_now(dispute, "end_mediation"), lead=lead, **page)


@PAGE
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Take a closed mediation up again."""
    user, dispute = open_file(request, code, "mediation.reopen_mediation")
    parties = list(dispute.parties.all())
    form = ReopenForm(given(request), parties=parties, initial={"version": dispute.version})
    shut = why_not_now(dispute, "reopen")
    if dispute.state == DisputeState.REFERRED_OUT and not allowed(user, "mediation.take_back", dispute):
        shut = ("本件已转其他部门。", "对方退回来的，由本镇（街）联络人员重新办理。")

    def act(data: dict[str, Any]) -> None:
        reopen_mediation(
            dispute_id=dispute.pk,
            by=user,
            on=data["on"],
            reason=data["reason"],
            mode=data["mode"],
            active=bool(data.get("active")),
            agreed_by=form.who(AGREES),
            refused_by=form.who(REFUSES),
            version=data["version"],
        )

    lead = (
        "另开一次人民调解，原来的记录都留着。已生效的协议在达成新协议前照样有约束力，约定的履行日照走；"
        "申请司法确认的期限不再走。"
    )
    page = {"heading": "重新调解", "button": "重新调解", "done": "已重新开始调解。"}
    return step_page(request, dispute, form, act, shut=shut, lead=lead, **page)


@PAGE
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """File the dispute away."""
    user, dispute = open_file(request, code, "mediation.archive_dispute")
    form = ArchiveForm(given(request), initial={"version": dispute.version})

    def act(data: dict[str, Any]) -> None:
        archive_dispute(dispute_id=dispute.pk, by=user, **data)

    lead = "归档后不能再往下办；补来的材料和履行凭证仍可以收进来。"
    page = {"heading": "立卷归档", "button": "归档", "done": "已归档。"}
    return step_page(request, dispute, form, act, shut=why_not_now(dispute, "archive"), lead=lead, **page)


@PAGE
def waive(request: HttpRequest, code: str) -> HttpResponse:
    """Note that the parties want no confirmation."""
    user, dispute = open_file(request, code, "mediation.waive_confirmation")
    form = WaiveForm(given(request), initial={"version": dispute.version})

    def act(data: dict[str, Any]) -> None:
        waive_confirmation(dispute_id=dispute.pk, by=user, **data)

    lead = "不申请，协议照样有约束力；一方不履行的，对方要另行起诉，不能直接申请执行。三十日内改主意的，仍可以申请。"
    page = {"heading": "双方不申请司法确认", "button": "记下双方不申请", "done": "已记下。", "lead": lead}
    return step_page(request, dispute, form, act, shut=why_not_now(dispute, "waive"), **page)


@PAGE
def performance_done(request: HttpRequest, code: str) -> HttpResponse:
    """Note that something agreed was performed; before an agreement binds there is nothing to note."""
    user, dispute = open_file(request, code, "mediation.record_performance")
    if agreement_in_effect(dispute) is None:
        messages.warning(request, "还不能登记履行：本件没有已经生效的协议。协议签齐生效后再登记。")
        return redirect(dispute)
    form = PerformanceForm(given(request), request.FILES or None, items=open_items(dispute))

    def act(data: dict[str, Any]) -> None:
        record_performance(
            dispute_id=dispute.pk,
            item_id=int(data["item"]),
            by=user,
            on=data["on"],
            note=data["note"],
            proof=data["file"],
        )

    page = {"heading": "登记履行", "button": "登记履行", "done": "已登记履行。"}
    return step_page(request, dispute, form, act, shut=None, **page)


@PAGE
def paper_new(request: HttpRequest, code: str) -> HttpResponse:
    """File a paper with the dispute."""
    user, dispute = open_file(request, code, "mediation.add_paper")
    late = is_late(dispute)
    kind = LatePaperForm if late else PaperForm
    initial = {"kind": request.GET.get("kind", "")}
    form = kind(given(request), request.FILES or None, initial=initial, code=dispute.code)

    def act(data: dict[str, Any]) -> None:
        said = {name: data[name] for name in ("handed_in_on", "handed_in_by") if name in data}
        add_papers(dispute_id=dispute.pk, by=user, uploads=data["file"], kind=data["kind"], **said)

    if request.headers.get("X-Upload"):  # one file by itself, while the page stands
        status = attempt(form, lambda: act(form.cleaned_data), dispute) if form.is_valid() else UNPROCESSABLE
        return render(request, "mediation/_paper_line.html", {"form": form, "status": status}, status=status)
    day = today()
    lead = f"收进本件卷宗，{day.year}年{day.month}月{day.day}日。"
    if late:
        lead = f"本件是「{dispute.get_state_display()}」，材料照收，记明补交；办理结果不变。"
    heading = "补交材料" if late else "补充材料"
    page = {"heading": heading, "button": "收进卷宗", "done": "已收进卷宗。"}
    return step_page(request, dispute, form, act, shut=None, template="mediation/paper_new.html", lead=lead, **page)
