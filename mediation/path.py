"""The legal path of one dispute: the one next step. Pure: facts in, words out. What else may be done: `acts`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from disputes.choices import Destination
from disputes.choices import DisputeState as S
from mediation.choices import OPEN_CONFIRMATIONS, AgreementForm, Basis, ConfirmationState, EntrustmentState
from mediation.law import AFTER_POST_FILING, is_confirmable
from mediation.readiness import Missing, PartyFacts, before_an_agreement

CONFIRMATION, ENTRUST, RETURN = "confirmation", "entrust", "return"
ASK_JUDGE = "ask_judge"
AWAITS_COURT = (
    "镇里不能替法院委派、委托：请当事人到法院立案窗口提交材料、同意调解，由法院发来"
    "（特邀调解规定第十一条）；也可以先请包点法官联系。"
)
UNRETURNED = frozenset({EntrustmentState.SUCCEEDED, EntrustmentState.FAILED})


@dataclass(frozen=True)
class ItemFacts:
    """The next thing to be performed."""

    serial: int
    text: str
    due_on: date


@dataclass(frozen=True)
class Facts:
    """Where a dispute stands. `agreed_on` is set while an agreement is drafted, `effective_on` once it binds;
    `unanswered` are the questions of the type that the county wants answered first; `unsigned` names who has still to
    sign; `merged_into` is the code of the dispute kept; `days` are the days of the stops already reached;
    `overruled_because` is why people route to mediation what the system thought unsuitable; `destination` is where it
    was routed and `route_reason` why, `village` by name; `handled` is whether a mediator has it, `asked_judge` whether
    the judge was ever asked about it."""

    state: str
    outcome: str = ""
    suitable: bool = True
    overruled_because: str = ""
    other_door: str = ""
    referred_to: str = ""
    destination: str = ""
    route_reason: str = ""
    village: str = ""
    handled: bool = True
    asked_judge: bool = False
    both_sides: bool = False
    parties: tuple[PartyFacts, ...] = ()
    entrustment: str = ""
    basis: str = Basis.OWN
    sessions: int = 0
    form: str = AgreementForm.WRITTEN
    concluded_on: date | None = None
    effective_on: date | None = None
    unsigned: tuple[str, ...] = ()
    confirmation: str = ""
    last_day: date | None = None
    today: date = date.max
    court_paper: bool = False
    unanswered: tuple[str, ...] = ()
    items: int = 0
    next_item: ItemFacts | None = None
    merged_into: str = ""
    days: dict[str, str] = field(default_factory=dict)

    @property
    def window_is_open(self) -> bool:
        """Whether both parties may still apply for confirmation."""
        return self.last_day is not None and self.today <= self.last_day


@dataclass(frozen=True)
class NextStep:
    """The one next step. Without `label` there is nothing to press; `url_name` is where the button leads.

    `second` is the other way where the first is advice only.
    """

    key: str
    title: str
    why: str = ""
    missing: tuple[Missing, ...] = ()
    label: str = ""
    url_name: str = ""
    permission: str = ""
    second: "NextStep | None" = None

    @property
    def blocked(self) -> bool:
        """Whether something missing stands in the way of the button."""
        return any(missing.blocks for missing in self.missing)


# the next step, by state


def next_step(facts: Facts) -> NextStep:
    """The one thing to do next, with what is missing for it. The court waits for the result of what it entrusted."""
    if facts.entrustment in UNRETURNED and facts.outcome and facts.state != S.ARCHIVED:
        return _return()
    return _BY_STATE[facts.state](facts)


def _return() -> NextStep:
    why = (
        "终止调解的，应当向委派、委托的法院书面报告并移送材料；达成协议的，把协议交法院。"
        "依据：特邀调解规定第十九条、第二十条、第二十六条。"
    )
    return NextStep(
        RETURN, "把结果反馈法院", why, (), "反馈法院", "mediation:entrustment", "mediation.return_entrustment"
    )


def _registered(facts: Facts) -> NextStep:
    if not facts.suitable:
        return NextStep(
            "refer",
            "转给有权处理的部门",
            facts.other_door,
            (),
            "写明转给谁",
            "disputes:refer-out",
            "disputes.refer_out",
        )
    return NextStep(
        "route",
        "定下由谁来调解",
        "按类型、地点和风险，系统已有建议。",
        (),
        "去分流",
        "disputes:route",
        "disputes.route",
    )


def _routed(facts: Facts) -> NextStep:
    if facts.entrustment == EntrustmentState.SENT:
        return NextStep(
            ENTRUST,
            "接收法院的委派、委托",
            "签字接收材料之日起算调解期限。",
            (),
            "去接收",
            "mediation:entrustment",
            "mediation.accept_entrustment",
        )
    if not facts.suitable and not facts.overruled_because:
        return _registered(facts)
    start = _start(facts)
    before_court = facts.destination == Destination.COURT_ENTRUSTMENT and not facts.entrustment
    advised = before_court or facts.destination == Destination.JUDGE_GUIDANCE
    if not advised or facts.asked_judge or not facts.handled:
        return start
    why = AWAITS_COURT if before_court else "包点法官会马上收到消息，答复记在经过里（人民调解法第五条）。"
    title = "请法官看能否委派、委托" if before_court else "先请包点法官指导"
    return NextStep(
        ASK_JUDGE,
        title,
        why,
        start.missing,
        "请法官指导",
        "mediation:guidance-ask",
        "mediation.ask_guidance",
        second=start,
    )


def _start(facts: Facts) -> NextStep:
    silent = [party.name for party in facts.parties if not party.consents]
    missing = [] if facts.both_sides else [Missing("还没有登记对方当事人", "disputes:add-party", "补登", blocks=False)]
    if silent:
        missing.append(Missing(f"还没有问过{'、'.join(silent)}是否同意调解，开始时一并记下", blocks=False))
    if not facts.suitable:
        said = f"系统提示过可能不宜调解，分流时写明了理由：{facts.overruled_because}"
        missing.append(Missing(said, blocks=False))
    if advice := _advice(facts):
        missing.insert(0, Missing(advice, blocks=False))
    why = "双方同意，或者由调解委员会主动调解；有一方明确拒绝的，不得调解（人民调解法第十七条）。"
    return NextStep(
        "start", "开始调解", why, tuple(missing), "开始调解", "mediation:start", "mediation.start_mediation"
    )


def _advice(facts: Facts) -> str:
    """What the route says before mediation begins; the mediator decides."""
    because = f"。理由：{facts.route_reason}" if facts.route_reason else ""
    if facts.destination == Destination.JUDGE_GUIDANCE and not facts.asked_judge:
        who = "" if facts.handled else "（定下承办的调解员以后，由其提出）"
        return f"分流定的是先请包点法官指导{who}{because}"
    if facts.destination == Destination.COURT_ENTRUSTMENT and not facts.entrustment:
        return f"分流定的是由法院委派、委托，还没有收到法院的委派、委托{because}"
    if facts.destination == Destination.VILLAGE:
        return f"分流定的是先由{facts.village or '村（社区）'}的人民调解委员会调解员就近调解{because}"
    return ""


def _mediating(facts: Facts) -> NextStep:
    if facts.concluded_on:
        return _signing(facts)
    if not facts.sessions:
        why = "先告知双方权利义务，再听双方各自陈述，当场记下来。"
        return NextStep(
            "session",
            "约双方到场，开调解会",
            why,
            (),
            "记一次调解",
            "mediation:session-new",
            "mediation.record_session",
        )
    missing = before_an_agreement(
        facts.parties, both_sides=facts.both_sides, sessions=facts.sessions, unanswered=facts.unanswered
    )
    why = "谈成了就起草协议；没谈成可以再约一次，也可以记下调解不成。"
    return NextStep(
        "draft", "起草调解协议", why, missing, "起草协议", "mediation:agreement-new", "mediation.draft_agreement"
    )


def _signing(facts: Facts) -> NextStep:
    missing = tuple(Missing(f"还没有{words}", blocks=False) for words in facts.unsigned)
    return NextStep(
        "sign",
        "签名、盖章，让协议生效",
        "各人签名和盖章分别记下时间，最晚的一个决定生效日。",
        missing,
        "登记签名盖章",
        "mediation:agreement-sign",
        "mediation.sign_agreement",
    )


def _agreed(facts: Facts) -> NextStep:
    if not is_confirmable(facts.basis):
        if not facts.court_paper:
            return NextStep(
                "court_paper",
                "请法院出具调解书，或者申请撤诉",
                AFTER_POST_FILING,
                (),
                "上传法院文书",
                "mediation:paper-new",
                "mediation.add_paper",
            )
        return _performing(facts)
    if facts.confirmation in OPEN_CONFIRMATIONS:
        return NextStep(CONFIRMATION, "司法确认")
    if facts.confirmation == ConfirmationState.REJECTED:
        why = "双方可以重新调解、变更协议，或者达成新的协议；也可以向法院起诉（民事诉讼法「确认调解协议案件」一节）。"
        return NextStep(
            "reopen",
            "法院裁定驳回：重新调解，或者告知起诉",
            why,
            (),
            "重新调解",
            "mediation:reopen",
            "mediation.reopen_mediation",
        )
    confirmed = facts.confirmation == ConfirmationState.CONFIRMED
    if not confirmed and facts.window_is_open and facts.form == AgreementForm.WRITTEN:
        return NextStep(CONFIRMATION, "协助双方共同申请司法确认")
    return _performing(facts)


def _performing(facts: Facts) -> NextStep:
    item = facts.next_item
    if item is None:
        why = "协议约定的都已履行。" if facts.items else "协议没有约定要履行的事项。"
        return NextStep(
            "archive", "回访双方，立卷归档", why, (), "归档", "mediation:archive", "mediation.archive_dispute"
        )
    why = "调解委员会应当督促当事人履行（人民调解法第三十一条）。"
    if facts.confirmation == ConfirmationState.CONFIRMED:
        why += "法院已裁定有效，一方不履行的，对方可以申请执行。"
    title = f"督促履行第 {item.serial} 期：{item.text}"
    return NextStep("perform", title, why, (), "登记履行", "mediation:performance-done", "mediation.record_performance")


def _failed(_facts: Facts) -> NextStep:
    why = "已告知双方可以通过仲裁、行政、司法等途径解决（人民调解法第二十六条）。双方愿意再谈的，可以重新调解。"
    return NextStep("archive", "立卷归档", why, (), "归档", "mediation:archive", "mediation.archive_dispute")


def _ended(_facts: Facts) -> NextStep:
    why = "事由消除、双方愿意再谈的，可以重新调解。"
    return NextStep("archive", "立卷归档", why, (), "归档", "mediation:archive", "mediation.archive_dispute")


def _referred_out(facts: Facts) -> NextStep:
    why = "本平台不再办理；对方退回的，由联络人员在「更多」里重新办理。"
    return NextStep("none", f"已转{facts.referred_to}处理", why)


def _merged(facts: Facts) -> NextStep:
    why = "重复登记的一件，已经办结，只作记录；当事人和材料都带过去了。"
    return NextStep("none", f"已并入 {facts.merged_into}，在那一件里办", why)


def _archived(facts: Facts) -> NextStep:
    if facts.next_item:
        return NextStep("none", "已归档，还有履行在进行", "补来的材料、履行凭证仍可以收进来。")
    return NextStep("none", "已归档", "补来的材料仍可以收进来。")


_BY_STATE: dict[str, Callable[[Facts], NextStep]] = {
    S.REGISTERED: _registered,
    S.ROUTED: _routed,
    S.MEDIATING: _mediating,
    S.AGREED: _agreed,
    S.FAILED: _failed,
    S.ENDED: _ended,
    S.REFERRED_OUT: _referred_out,
    S.ARCHIVED: _archived,
    S.MERGED: _merged,
}
