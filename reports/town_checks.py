"""What a town's point lacks to do its work today, as a pure rule: facts in, findings out."""

from collections.abc import Iterator
from dataclasses import dataclass

from liaison.choices import StandardKey
from liaison.standard import HOW_TO_MEET, PointStatus
from roster.choices import TeamRole
from roster.team_standard import TeamStanding

POINT, TEAM, DUTY, ACCOUNTS, FILINGS = "point", "team", "duty", "accounts", "filings"


@dataclass(frozen=True)
class Lack:
    """One thing that is missing: a stable code, what, what to do, and the room where it is mended."""

    code: str
    message: str
    todo: str
    room: str


@dataclass(frozen=True)
class TownChecked:
    """A town and all that it lacks."""

    code: str
    name: str
    lacks: tuple[Lack, ...]


def town_lacks(
    point: PointStatus | None,
    team: TeamStanding,
    *,
    has_duty_this_week: bool,
    has_population: bool,
    officer_has_account: bool,
) -> tuple[Lack, ...]:
    """Everything that one town lacks, the point (None: never opened) first."""
    return (
        *_of_point(point, has_duty_this_week),
        *_of_team(team, officer_has_account),
        *(() if has_population else (NO_POPULATION,)),
    )


NO_POPULATION = Lack(
    "population_missing",
    "还没有人口数，万人起诉率算不出来。",
    "在起诉数里录入人口和来源，或在行政区划里填常住人口。",
    FILINGS,
)


def _of_point(point: PointStatus | None, has_duty_this_week: bool) -> Iterator[Lack]:
    if point is None:
        yield Lack("point_missing", "联络点还没有登记。", "登记依托、地址和电话。", POINT)
        return
    for item in point.gaps:
        if item.key == StandardKey.OFFICER:
            continue  # the team says it
        label = StandardKey(item.key).label
        if item.met:
            yield Lack(f"{item.key}_unchecked", f"「{label}」只有自报。", "由司法局或政法委核验。", POINT)
        else:
            yield Lack(f"{item.key}_missing", f"缺「{label}」。", HOW_TO_MEET[item.key], POINT)
    for item in point.items:
        if item.check_expired:
            label = StandardKey(item.key).label
            yield Lack(f"{item.key}_check_old", f"「{label}」的核验超过一年。", "由司法局或政法委复核。", POINT)
    if not has_duty_this_week:
        yield Lack("duty_missing", "本周没有人值班。", "排本周的值班。", DUTY)


def _of_team(team: TeamStanding, officer_has_account: bool) -> Iterator[Lack]:
    for seat in team.seats:
        if seat.short:
            yield Lack(f"{seat.role}_missing", f"{seat.text}。", "导入名册，或在人员页写明任职。", TEAM)
    if team.of(TeamRole.LIAISON_OFFICER).taken and not officer_has_account:
        yield Lack("officer_account_missing", "联络人员还没有账号。", "在账号里开通。", ACCOUNTS)
