"""The stops of the legal path and where a dispute stands among them. Pure: facts in, words out."""

from dataclasses import dataclass

from disputes.choices import DisputeState as S
from disputes.choices import Outcome
from mediation.choices import ConfirmationState
from mediation.law import is_confirmable
from mediation.path import Facts, next_step

DONE, HERE, AHEAD, SKIPPED = "done", "here", "ahead", "skipped"


@dataclass(frozen=True)
class Stop:
    """One stop of the stepper."""

    label: str
    state: str
    small: str = ""


def stops(facts: Facts) -> list[Stop]:
    """The stops of the path with the day of each; the first that is not done is where the dispute stands."""
    labels = ["登记", "分流"]
    if facts.outcome == Outcome.REFERRED_OUT:
        labels = ["登记", f"转{facts.referred_to}"]
    elif facts.outcome == Outcome.MERGED:
        labels = ["登记", f"并入 {facts.merged_into}"]
    elif facts.outcome == Outcome.ENDED:
        labels += ["终止", "归档"]
    elif facts.outcome == Outcome.FAILED:
        labels += ["调解", "调解不成", "归档"]
    else:
        third = "司法确认" if is_confirmable(facts.basis) else "出具调解书"
        labels += ["调解", "达成协议", third, "履行", "回访归档"]
    here = _reached(facts, labels)
    return [
        Stop(label, _stop_state(facts, label, at, here), facts.days.get(label, "")) for at, label in enumerate(labels)
    ]


def _reached(facts: Facts, labels: list[str]) -> int:
    """The index of the stop where the dispute stands; past the last one when all is done."""
    if facts.state in (S.ARCHIVED, S.REFERRED_OUT, S.MERGED):
        return len(labels)
    if facts.state in (S.FAILED, S.ENDED):
        return len(labels) - 1
    if facts.state == S.AGREED:
        return {"perform": 5, "archive": 6}.get(next_step(facts).key, 4)
    if facts.state == S.MEDIATING:
        return 3 if facts.concluded_on else 2
    return 1 if facts.state == S.REGISTERED else 2


def _stop_state(facts: Facts, label: str, at: int, here: int) -> str:
    if at == here:
        return HERE
    if at > here:
        return AHEAD
    passed_by = label == "司法确认" and facts.confirmation != ConfirmationState.CONFIRMED
    return SKIPPED if passed_by or (label == "履行" and not facts.items) else DONE
