"""Whether a party can act alone, and who stands beside them: guardian, agent, helper. Pure.

民法典 18–23: at eighteen full capacity (from sixteen on whoever lives by their own work), from eight to eighteen
limited, under eight none; adults who cannot discern what they do likewise. The guardian is the statutory agent.
"""

from dataclasses import dataclass
from datetime import date

from core.errors import Refused
from disputes.choices import AgentKind, Capacity, PartyKind

FULL_AGE, NONE_UNDER = 18, 8
WITHOUT = frozenset({Capacity.LIMITED, Capacity.NONE})


@dataclass(frozen=True)
class Beside:
    """Who stands beside a party, as entered."""

    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_phone: str = ""
    agent_name: str = ""
    agent_kind: str = ""
    agent_phone: str = ""
    agent_authorised: bool = False
    assisted_by: str = ""
    assisted_relation: str = ""
    assistance_agreed: bool = False
    read_aloud: bool = False


def age_on(born_on: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def needs_guardian(kind: str, capacity: str, born_on: date | None, on: date) -> bool:
    """Whether somebody must act for the party: by what was noted of their capacity, else by age."""
    if kind != PartyKind.PERSON:
        return False
    if capacity:
        return capacity in WITHOUT
    return born_on is not None and age_on(born_on, on) < FULL_AGE


def why_guardian(capacity: str, born_on: date | None, on: date) -> str:
    """Why somebody must act for the party, in words."""
    if capacity in WITHOUT:
        return str(Capacity(capacity).label)
    age = age_on(born_on, on) if born_on else 0
    return f"{age} 周岁，{Capacity.NONE.label if age < NONE_UNDER else Capacity.LIMITED.label}"


def helper_lacks(name: str, *, agreed: bool, read_aloud: bool) -> str:
    """What is still to be noted of a helper by that name, in words; empty without one and when all is noted."""
    lacking = [words for words, noted in (("本人同意由其协助", agreed), ("已读给本人听", read_aloud)) if not noted]
    return "、".join(lacking) if name else ""


def check_beside(beside: Beside) -> None:
    """What is said of somebody needs their name. Raises Refused at the name."""
    guardian = beside.guardian_relation or beside.guardian_phone
    if guardian and not beside.guardian_name:
        raise Refused("请写监护人的姓名。", field="guardian_name")
    agent = beside.agent_kind or beside.agent_phone or beside.agent_authorised
    if agent and not beside.agent_name:
        raise Refused("请写代理人的姓名。", field="agent_name")
    if beside.agent_authorised and beside.agent_kind == AgentKind.STATUTORY:
        raise Refused("法定代理人不用授权委托书。", hint="请改为委托代理，或不勾这一项。", field="agent_authorised")
    helper = beside.assisted_relation or beside.assistance_agreed or beside.read_aloud
    if helper and not beside.assisted_by:
        raise Refused("请写协助人的姓名。", field="assisted_by")
