"""What else may be done with a dispute beside its one next step, and why not yet. Pure: facts in, words out."""

from dataclasses import dataclass, replace

from disputes.choices import OPEN_STATES
from disputes.choices import DisputeState as S
from mediation.choices import OPEN_CONFIRMATIONS, AgreementForm, ConfirmationState
from mediation.law import is_confirmable
from mediation.path import CONFIRMATION, Facts, next_step

UNDER_CONFIRMATION = "司法确认还没有结果。请等法院裁定，或者先撤回申请。"
CONFIRMED = (
    "法院已裁定协议有效，不能重新调解来改它。一方不履行的，对方可以申请执行；认为裁定有错的，当事人自收到裁定之日起"
    "十五日内、利害关系人自知道之日起六个月内，可以向作出裁定的法院提出异议（民诉法解释第三百七十二条）。"
)


@dataclass(frozen=True)
class Act:
    """Something else that may be done; with `why_not` it is shown with the reason instead of a way to do it."""

    label: str
    url_name: str
    permission: str
    icon: str
    why_not: str = ""


_START = Act("开始调解", "mediation:start", "mediation.start_mediation", "people")
_FILE = Act("申请、补录司法确认", "mediation:confirmation-new", "mediation.file_confirmation", "scale")
_REFER = Act("转其他部门", "disputes:refer-out", "disputes.refer_out", "next")
_STOP = Act("终止本件", "disputes:end", "disputes.end", "no")
_MEET = Act("记一次调解", "mediation:session-new", "mediation.record_session", "people")
_FAIL = Act("调解不成", "mediation:fail", "mediation.fail_mediation", "x")
_END = Act("终止调解", "mediation:end", "mediation.end_mediation", "no")
_WAIVE = Act("双方不申请司法确认", "mediation:waive", "mediation.waive_confirmation", "dash")
_REOPEN = Act("重新调解", "mediation:reopen", "mediation.reopen_mediation", "undo")
_TAKE_BACK = Act("对方退回，重新办理", "mediation:reopen", "mediation.take_back", "undo")
_ARCHIVE = Act("归档", "mediation:archive", "mediation.archive_dispute", "doc")
_TOWN = Act("请外镇联办、移送他镇", "mediation:town-ask", "disputes.ask_town", "people")
_MERGE = Act("重复登记，并入他件", "mediation:merge", "disputes.merge", "sieve")
_LINK = Act("关联他件", "mediation:link-new", "disputes.link", "link")
_HOLD = Act("到期也不清除个人信息", "mediation:hold", "disputes.hold", "lock")
_OTHER_ACTS: dict[str, tuple[Act, ...]] = {
    S.REGISTERED: (_REFER, _STOP),
    S.ROUTED: (_START, _REFER, _STOP),
    S.MEDIATING: (_MEET, _FAIL, _END),
    S.AGREED: (_FILE, _WAIVE, _REOPEN, _ARCHIVE),
    S.FAILED: (_REOPEN,),
    S.ENDED: (_REOPEN,),
    S.REFERRED_OUT: (_TAKE_BACK,),
    S.ARCHIVED: (),
    S.MERGED: (),
}


def other_acts(facts: Facts) -> list[Act]:
    """What else its own path allows, whoever asks; what only waits for something says for what."""
    shut = set()
    reopen_waits = why_not_reopen(facts.confirmation)
    if facts.confirmation in OPEN_CONFIRMATIONS:
        shut |= {_WAIVE, _ARCHIVE}
    if facts.last_day is None or facts.confirmation:
        shut.add(_WAIVE)
    if not _may_still_be_filed(facts):
        shut.add(_FILE)
    step = next_step(facts)
    offered = {step.url_name, step.second.url_name if step.second else ""}
    acts = [act for act in _OTHER_ACTS[facts.state] if act not in shut and act.url_name not in offered]
    return [replace(act, why_not=reopen_waits) if act is _REOPEN else act for act in acts]


def why_not_reopen(confirmation: str) -> str:
    """Why an agreement before the court cannot be mediated anew; empty when it can."""
    if confirmation in OPEN_CONFIRMATIONS:
        return UNDER_CONFIRMATION
    return CONFIRMED if confirmation == ConfirmationState.CONFIRMED else ""


def with_others(facts: Facts) -> list[Act]:
    """What ties the dispute to other towns and other disputes."""
    if facts.state in OPEN_STATES:
        return [_TOWN, _LINK, _MERGE]
    return [] if facts.state == S.MERGED else [_LINK, _HOLD]


def _may_still_be_filed(facts: Facts) -> bool:
    """No request is on file and none is the next step: one that reached the court in time may be entered later,
    and parties who wanted none may change their minds inside the thirty days."""
    written = facts.form == AgreementForm.WRITTEN and is_confirmable(facts.basis)
    return written and not facts.confirmation and next_step(facts).key != CONFIRMATION
