"""The address of the court's queue, read into a filter: what is not understood lists nothing and says so."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.addresses import number_in
from core.errors import Refused
from mediation.choices import ConfirmationState
from mediation.queries.court_queue import DAY_LOOKUPS, STAGES, QueueFilter

LONGEST = 60


def parse(params: Mapping[str, str]) -> QueueFilter:
    """The filter of `?stage=…&town=…`; unknown names are ignored, unknown values are problems."""
    problems: list[str] = []
    stage, state = params.get("stage", "") or "open", params.get("state", "")
    if stage not in STAGES:
        problems.append(f"没有「{stage[:LONGEST]}」这个环节。")
        stage = "open"
    if state and state not in ConfirmationState.values:
        problems.append(f"没有「{state[:LONGEST]}」这个状态。")
    judge, town = params.get("judge", ""), params.get("town", "")
    if judge and number_in(judge) is None:
        problems.append("没有这名法官。")
    if town and number_in(town) is None:
        problems.append("没有这个镇（街）。")
    return QueueFilter(
        stage=stage,
        town=town,
        tribunal=params.get("tribunal", "")[:LONGEST],
        judge=judge,
        state=state,
        mine=bool(params.get("mine")),
        late=bool(params.get("late")),
        q=params.get("q", "").strip()[:LONGEST],
        s=params.get("s", ""),
        days=_days(params, problems),
        problems=tuple(problems),
    )


def _days(params: Mapping[str, str], problems: list[str]) -> dict[str, date]:
    days = {}
    for name in DAY_LOOKUPS:
        if text := params.get(name, "").strip():
            try:
                days[name] = date.fromisoformat(text)
            except ValueError:
                problems.append(f"「{text[:LONGEST]}」不是日子，请写成 2023-09-20。")
    return days


def ticked_versions(ticks: Iterable[str]) -> dict[int, int]:
    """The ticked rows, `id:version` each, as {id: version}. Raises Refused for anything else."""
    versions = {}
    for tick in ticks:
        request_id, _, version = tick.partition(":")
        pk, seen = number_in(request_id), number_in(version)
        if pk is None or seen is None:
            raise Refused("没有看懂勾选的是哪几件。", hint="请刷新页面，重新勾选。")
        versions[pk] = seen
    return versions
