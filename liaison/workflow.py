"""The transition table of requests for assistance: which role may take which step in which state."""

from collections.abc import Collection
from dataclasses import dataclass

from core.choices import COURT_ROLES, TOWN_ROLES, Role
from liaison.choices import AssistanceState as S


@dataclass(frozen=True)
class Step:
    """One thing that may be done: by which roles, in which states, to which state (none: the state stays).

    `label` is the verb as the button says it, `who` names in words who may.
    """

    verb: str
    label: str
    roles: frozenset[str]
    sources: frozenset[str]
    who: str
    target: str = ""


def _step(verb: str, label: str, roles: Collection[str], *sources: str, who: str, to: str = "") -> Step:
    return Step(verb, label, frozenset(roles), frozenset(sources), who, to)


OFFICERS = "本镇（街）的联络人员"
GOERS = "去办的人或本镇（街）的联络人员"
COURT = "法院立案人员，或者发出请求的法官、法官助理"

ASSISTANCE: dict[str, Step] = {
    step.verb: step
    for step in (
        _step("accept", "接收", {Role.OFFICER}, S.SENT, who=OFFICERS, to=S.ACCEPTED),
        _step("decline", "退回", {Role.OFFICER}, S.SENT, who=OFFICERS, to=S.DECLINED),
        _step("assign", "改由别人去办", {Role.OFFICER}, S.ACCEPTED, who=OFFICERS),
        _step("attach", "存照片和回证", TOWN_ROLES, S.ACCEPTED, who=GOERS),
        _step("complete", "记结果", TOWN_ROLES, S.ACCEPTED, who=GOERS, to=S.DONE),
        _step("fail", "未能完成", TOWN_ROLES, S.ACCEPTED, who=GOERS, to=S.FAILED),
        _step("receive", "收讫", COURT_ROLES, S.DONE, S.FAILED, who=COURT, to=S.RECEIVED),
        _step("send_back", "退回重办", COURT_ROLES, S.DONE, S.FAILED, who=COURT, to=S.ACCEPTED),
        _step("withdraw", "撤回请求", COURT_ROLES, S.SENT, S.ACCEPTED, who=COURT, to=S.WITHDRAWN),
    )
}
