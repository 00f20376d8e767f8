"""Whether a dispute may pass to another town, or into another dispute. Pure: facts in, a refusal or None out."""

from dataclasses import dataclass

from disputes.choices import OPEN_STATES
from disputes.workflow import Refusal, why_not


@dataclass(frozen=True)
class Standing:
    """What binds a dispute to its town. `drafted`: an agreement waits for signatures; `entrusted`: the court waits
    for the result of what it sent to this town."""

    state: str
    drafted: bool = False
    entrusted: bool = False


def why_not_move(standing: Standing) -> Refusal | None:
    """Why the dispute has to stay with its town; None when it may pass."""
    if standing.state not in OPEN_STATES:
        return "本件已经办结，留在原来的镇（街）。", "双方又起纠纷的，请在对方镇（街）登记，再关联本件。"
    if standing.entrusted:
        return (
            "本件是法院委派、委托给原来镇（街）的，不能自行移送。",
            "请退回法院另行委派；需要对方出力的，可以请对方联办。",
        )
    if standing.drafted:
        return "协议已经起草，正在等签名，现在不能移送。", "请先签完协议，或者记下调解不成，再办移送。"
    return None


def why_not_merge(standing: Standing, *, same_town: bool, kept_state: str) -> Refusal | None:
    """Why the dispute cannot be merged into the one kept; None when it can."""
    if standing.state not in OPEN_STATES:
        return why_not("merge", standing.state)
    if not same_town:
        return "两件在不同的镇（街），不能直接并案。", "请先把一件移送过来，再并案；或者只关联两件。"
    if kept_state not in OPEN_STATES:
        return "要并入的那一件已经办结。", "请改选没有办结的一件，或者只关联两件。"
    return why_not_given_up(standing)


def why_not_given_up(standing: Standing) -> Refusal | None:
    """Why the dispute cannot be merged into any other, whichever it is."""
    if standing.state not in OPEN_STATES:
        return why_not("merge", standing.state)
    if standing.entrusted:
        return "本件是法院委派、委托的，法院在等结果，不能并入别的一件。", "请反过来，把另一件并入本件。"
    if standing.drafted:
        return "本件协议已经起草，不能并入别的一件。", "请反过来，把另一件并入本件。"
    return None


def why_not_into(kept_code: str, *, answers_for_it: bool) -> Refusal | None:
    """Why one may not merge into a dispute that one sees: it is somebody else's to answer for.

    Asked after what keeps everybody from it, so that nobody is sent to a colleague who could not merge either.
    """
    if answers_for_it:
        return None
    return f"{kept_code} 不由您承办，您不能并。", "请它的承办人或本镇（街）联络人员来并。"
