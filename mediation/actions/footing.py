"""What every act of this package stands on: the locked dispute, the mediation that runs, the words of a refusal."""

from datetime import date, datetime

from django.utils import timezone

from core.actions import audit
from core.actions.deadlines import settle_all
from core.clock_face import cn_date
from core.errors import Conflict, Refused
from core.models import User
from disputes.actions.states import lock_dispute
from disputes.models import Dispute
from mediation.actions.entrustments import note_outcome
from mediation.models import Agreement, ConfirmationRequest, Mediation

NOTE_LENGTH = 300


def locked(dispute_id: int, *, version: int | None = None) -> Dispute:
    """The dispute, locked. With the `version` its page was read in: Conflict when somebody acted since."""
    dispute = lock_dispute(dispute_id)
    if version is not None and version != dispute.version:
        raise Conflict(_who_was_first(dispute), hint="请看过新的情况再办，您写的还在。")
    return dispute


def _who_was_first(dispute: Dispute) -> str:
    event = dispute.events.select_related("by").order_by("-recorded_at", "-id").first()
    if event is None:
        return "没有保存：这一件刚刚有人改过。"
    when = moment_words(event.recorded_at)
    return f"没有保存：{event.by or '系统'} {when} 已经办了「{event.text}」。"


def moment_words(moment: datetime) -> str:
    """9月1日 16:40"""
    local = timezone.localtime(moment)
    return f"{cn_date(local.date(), timezone.localdate())} {local:%H:%M}"


def running_mediation(dispute: Dispute) -> Mediation:
    """The mediation that runs, locked. Raises Refused when none does."""
    rows = Mediation.objects.select_for_update(of=("self",)).select_related("organisation")
    mediation = rows.filter(dispute=dispute, ended_on=None).first()
    if mediation is None:
        state = dispute.get_state_display()
        raise Refused(f"这件现在是「{state}」，没有在进行的调解。", hint="请刷新页面，看看下一步。")
    mediation.dispute = dispute
    return mediation


def close(mediation: Mediation, outcome: str, *, on: date, note: str = "") -> None:
    """End the try, settle its periods and those of the court's entrustment. Refused for a day before it began."""
    if on < mediation.accepted_on:
        raise Refused("不能早于开始调解的那一天。", field="on")
    mediation.ended_on, mediation.outcome, mediation.outcome_note = on, outcome, note.strip()[:NOTE_LENGTH]
    mediation.save(update_fields=["ended_on", "outcome", "outcome_note"])
    settle_all(subject=mediation, on=on, settled_as="done")
    note_outcome(mediation.dispute, outcome=outcome, on=on)


def handler_words(dispute: Dispute) -> str:
    """Who may do it, for a refusal."""
    return f"这一步由{dispute.handler}办。" if dispute.handler else "这一件还没有定调解员，请联络人员先指派。"


def check_reason(reason: str) -> None:
    """A reason is there and not too long."""
    if not reason.strip():
        raise Refused("请写明理由。", hint="写给以后看卷的人：谈到哪里、为什么没谈下去。", field="reason")
    if len(reason) > NOTE_LENGTH:
        raise Refused(f"理由最多 {NOTE_LENGTH} 字，现在有 {len(reason)} 字。", field="reason")


def check_no_open_request(dispute: Dispute, *, then: str) -> None:
    """No request for confirmation is open, drafts included. Locks the agreements, as filing a request does."""
    list(Agreement.objects.select_for_update(of=("self",)).filter(mediation__dispute=dispute))
    if ConfirmationRequest.objects.open().filter(agreement__mediation__dispute=dispute).exists():
        raise Refused("司法确认还没有结果。", hint=f"请等法院裁定，或者先撤回申请，{then}。")


def void_old_periods(dispute: Dispute, *, on: date) -> None:
    """Periods of the tries so far that nobody has to keep any more: the thirty days to apply, unperformed items."""
    for mediation in dispute.mediations.select_related("agreement"):
        settle_all(subject=mediation, on=on, settled_as="void")
        if hasattr(mediation, "agreement"):
            settle_all(subject=mediation.agreement, on=on, settled_as="void")


def record_audit(action: str, dispute: Dispute, *, by: User, **facts: object) -> None:
    """The audit row of an act; call it last."""
    detail = {"code": dispute.code, **facts}
    audit.record(action, by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
