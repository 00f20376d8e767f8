"""The transition table of a dispute: from where, by which verb, to where."""

from dataclasses import dataclass

from disputes.choices import DisputeState as S


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
        _move("reopen", S.AGREED, S.FAILED, S.ENDED, to=S.MEDIATING, reason=True),
        _move("archive", S.AGREED, S.FAILED, S.ENDED, to=S.ARCHIVED),
    )
}


def allowed(verb: str, state: str) -> bool:
    """Whether `verb` may be done to a dispute in `state`."""
    return state in TRANSITIONS[verb].sources
