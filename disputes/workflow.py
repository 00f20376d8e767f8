"""The transition table of a dispute: from where, by which verb, to where."""

from dataclasses import dataclass

from disputes.choices import DisputeState as S

Refusal = tuple[str, str]  # which condition fails, what to do about it


@dataclass(frozen=True)
class Transition:
    """One allowed move. `reason_required`: the verb asks for a sentence why."""

    verb: str
    sources: frozenset[str]
    target: str
    reason_required: bool = False


def _move(verb: str, *sources: str, to: str, reason: bool = False) -> Transition:
    return Transition(verb, frozenset(sources), to, reason)


TRANSITIONS: dict[str, Transition] = {
    move.verb: move
    for move in (
        _move("route", S.REGISTERED, to=S.ROUTED),
        _move("start_mediation", S.ROUTED, to=S.MEDIATING),
        _move("agree", S.MEDIATING, to=S.AGREED),
        _move("fail", S.MEDIATING, to=S.FAILED, reason=True),
        _move("end", S.REGISTERED, S.ROUTED, S.MEDIATING, to=S.ENDED, reason=True),
        _move("refer_out", S.REGISTERED, S.ROUTED, to=S.REFERRED_OUT, reason=True),
        _move("reopen", S.AGREED, S.FAILED, S.ENDED, S.REFERRED_OUT, to=S.MEDIATING, reason=True),
        _move("merge", S.REGISTERED, S.ROUTED, S.MEDIATING, to=S.MERGED, reason=True),
        _move("archive", S.AGREED, S.FAILED, S.ENDED, to=S.ARCHIVED),
    )
}


def allowed(verb: str, state: str) -> bool:
    """Whether `verb` may be done to a dispute in `state`."""
    return state in TRANSITIONS[verb].sources


NEXT = "请回到本件，看看下一步是什么。"
OTHER_WAY_ROUND = "请反过来，把重复登记的那一件并入本件，或者关联两件。"
WHY_NOT: dict[tuple[str, str], tuple[str, str]] = {
    ("reopen", S.ARCHIVED): (
        "本件已经归档，卷宗不再往下办，不能重新调解。",
        "双方又起纠纷的，请登记一件新的，再把它关联到本件；补来的材料仍可以收进来。",
    ),
    ("reopen", S.MERGED): ("本件已经并入他件，不能重新调解。", "请到并入的那一件里办。"),
    ("reopen", S.REGISTERED): ("本件还没有调解过，说不上重新调解。", "请先分流，再开始调解。"),
    ("reopen", S.ROUTED): ("本件还没有调解过，说不上重新调解。", "请开始调解。"),
    ("reopen", S.MEDIATING): ("本件正在调解。", "请接着调解；要换调解员的，请联络人员办理移交。"),
    ("fail", S.REGISTERED): (
        "本件还没有开始调解，谈不上调解不成。",
        "请先分流，再开始调解；双方不调了的，请终止本件。",
    ),
    ("fail", S.ROUTED): ("本件还没有开始调解，谈不上调解不成。", "请先开始调解；双方不调了的，请终止本件。"),
    ("fail", S.FAILED): ("本件已经记下调解不成。", "双方愿意再谈的，请重新调解。"),
    ("start_mediation", S.REGISTERED): ("本件还没有分流。", "请先分流，定下由谁来调解。"),
    ("start_mediation", S.MEDIATING): ("本件已经在调解。", "请接着调解；要换调解员的，请联络人员办理移交。"),
    ("route", S.ROUTED): ("本件已经分流。", NEXT),
    ("end", S.MEDIATING): ("本件正在调解，不能直接终止。", "请终止调解，写明结果。"),
    ("archive", S.REFERRED_OUT): ("本件已转其他部门，由接收的部门立卷。", "对方退回来的，请办理重新调解。"),
    ("archive", S.MERGED): ("本件已经并入他件，随那一件归档。", "请到并入的那一件里办。"),
    ("merge", S.AGREED): ("本件已经达成协议，不能并入别的一件。", "请反过来，把重复登记的那一件并入本件。"),
    ("merge", S.FAILED): ("本件已经调解不成办结，不能并入别的一件。", OTHER_WAY_ROUND),
    ("merge", S.ENDED): ("本件已经终止办结，不能并入别的一件。", OTHER_WAY_ROUND),
    ("merge", S.ARCHIVED): ("本件已经归档，不能并入别的一件。", "请关联两件。"),
    ("merge", S.MERGED): ("本件已经并入他件。", NEXT),
}


def why_not(verb: str, state: str) -> Refusal:
    """Which condition fails and what to do, for a verb that does not fit the state."""
    said = WHY_NOT.get((verb, state))
    return said or (f"本件现在是「{S(state).label}」，不能这样办。", NEXT)


def why_closed(permission: str, state: str) -> tuple[str, str]:
    """The same for what is done only to a file that is not closed: asking a town, else changing what it says."""
    hint = "写错了的，请本镇（街）联络人员更正；补来的材料仍可以收进来。"
    if permission == "disputes.ask_town":
        hint = "双方又起纠纷的，请重新调解；已经归档的，请登记一件新的。"
    return f"本件现在是「{S(state).label}」，已经办结，不能再这样办。", hint


def refusal(verb: str, state: str) -> Refusal | None:
    """The same, or None where the verb fits: what a page asks before it shows a form."""
    return None if allowed(verb, state) else why_not(verb, state)
