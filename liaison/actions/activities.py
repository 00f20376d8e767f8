"""What every record of an activity begins and ends with: a day that can be, people of the team, what changed."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from core.errors import Conflict, Refused
from core.queries import said
from liaison.actions.points import not_in_future
from liaison.models import Activity, LiaisonPoint
from liaison.queries.activities import team_on
from roster.models import Staff


def check_day(point: LiaisonPoint, day: date, field: str = "held_on") -> None:
    """Raises Refused for a day in the future, or one before the point was opened."""
    not_in_future(day, field)
    if point.opened_on and day < point.opened_on:
        raise Refused(
            f"联络点{said(point.opened_on)}才启用，不能早于这一天。",
            hint="启用日写错了的，先更正联络点的信息。",
            field=field,
        )


def given(text: str, missing: str, field: str) -> str:
    """The text without blanks around it. Raises Refused where there is none."""
    if not text.strip():
        raise Refused(missing, field=field)
    return text.strip()


def check_team(point: LiaisonPoint, ids: Collection[UUID], day: date, field: str) -> list[Staff]:
    """The people, each once. Raises Refused when one was not on the town's team on that day."""
    wanted = set(ids)
    if wanted - team_on(point, day):
        raise Refused(
            f"有人{said(day)}不在{point.town}的队伍里。",
            hint="请在名册里看那一天的队伍；别的单位的人写在「其他单位」一栏。",
            field=field,
        )
    return list(Staff.objects.filter(pk__in=wanted))


def check_version(row: Activity, version: int | None) -> None:
    """Raises Conflict when the row was voided, or changed by somebody since it was read."""
    if row.voided_at:
        raise Conflict("没有保存：这一条已经作废。", hint="办过的、写错了的，请重新记一条。")
    if version is not None and version != row.version:
        raise Conflict("没有保存：这一条已经有人先改了。", hint="您填的还在，请另开一页看现在的内容，再改一次。")


def written(row: Activity, facts: dict[str, Any]) -> list[str]:
    """Write what differs to the row, one version on; the names of what was changed."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    return changed
