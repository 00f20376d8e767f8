"""The compliance report as plain data: for JSON, for a workbook, for Word."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.spreadsheets import SheetToWrite
from reports.choices import Metric
from reports.compliance import SystemStanding, TownStanding
from reports.queries.targets import Standing, TargetStanding
from roster.choices import TeamRole

TARGET_HEADER = ("目标", "期限", "目标值", "完成值", "分子", "分母", "状态", "达到日", "其中含补录", "口径", "出处")
TARGET_WIDTHS = (34, 12, 9, 9, 8, 10, 22, 12, 11, 80, 30)
TOWN_HEADER = (
    "代码", "镇（街）", "已建成", "建成日", "还缺", "自报待核验", "含补录", "六项制度运行", "机制已建立", "机制缺口",
    *(role.label for role in TeamRole), "队伍齐全",
)  # fmt: skip
TOWN_WIDTHS = (12, 12, 8, 12, 30, 24, 20, 12, 10, 60, *([10] * len(TeamRole)), 9)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# ── JSON ─────────────────────────────────────────────────────────────────────
def as_json(standing: Standing, known_on: date | None) -> dict[str, Any]:
    """The object of `compliance --format json`: days as ISO text, numbers as numbers, what is unknown as null."""
    return {
        "as_of": standing.on.isoformat(),
        "known_on": _iso(known_on),
        "targets": [_target(target) for target in standing.targets],
        "towns": [_town(town) for town in standing.towns.values()],
    }


def _target(standing: TargetStanding) -> dict[str, Any]:
    target, share = standing.target, standing.share
    return {
        "metric": target.metric,
        "title": target.title,
        "goal": _number(target.goal),
        "unit": target.unit,
        "due_on": target.due_on.isoformat(),
        "value": _number(share.value),
        "numerator": share.numerator,
        "denominator": share.denominator,
        "state": standing.state.value,
        "reached_on": _iso(standing.reached_on),
        "late": standing.late if target.metric == Metric.POINTS_BUILT else None,
        "definition": target.definition,
        "source": target.source,
    }


def _town(town: TownStanding) -> dict[str, Any]:
    status = town.status
    return {
        "code": town.code,
        "name": town.name,
        "built": town.built,
        "built_since": _iso(status.built_since),
        "missing": [key.value for key in status.missing],
        "self_reported": [item.key.value for item in status.items if item.self_reported],
        "late": [key.value for key in status.late],
        "running": town.running,
        "systems": [_system(system) for system in town.systems],
        "team": {seat.role.value: seat.taken for seat in town.team.seats}
        | {"complete": town.team.complete, "gaps": list(town.team.gaps)},
    }


def _system(system: SystemStanding) -> dict[str, Any]:
    return {
        "kind": system.kind.value,
        "adopted_on": _iso(system.adopted_on),
        "times": system.times,
        "last_on": _iso(system.last_on),
        "running": system.runs,
    }


# ── workbook ─────────────────────────────────────────────────────────────────
def as_sheets(standing: Standing, known_on: date | None) -> list[SheetToWrite]:
    title = heading(standing, known_on)
    return [
        SheetToWrite("目标", TARGET_HEADER, map(_target_row, standing.targets), title, TARGET_WIDTHS),
        SheetToWrite(
            "各镇（街）", TOWN_HEADER, map(_town_row, standing.towns.values()), title, TOWN_WIDTHS, frozenset({0})
        ),
    ]


def _target_row(standing: TargetStanding) -> tuple[Any, ...]:
    target, share = standing.target, standing.share
    return (
        target.title,
        target.due_on,
        _number(target.goal),
        _number(share.value),
        share.numerator,
        share.denominator,
        standing.state.label,
        standing.reached_on,
        standing.late,
        target.definition,
        target.source,
    )


def _town_row(town: TownStanding) -> tuple[Any, ...]:
    status = town.status
    return (
        town.code,
        town.name,
        _yes(town.built),
        status.built_since,
        "、".join(key.label for key in status.missing),
        "、".join(item.key.label for item in status.items if item.self_reported),
        "、".join(key.label for key in status.late),
        f"{town.running_systems} / {len(town.systems)}",
        _yes(town.running),
        "；".join(town.running_gaps),
        *(town.team.of(role).taken for role in TeamRole),
        _yes(town.team.complete),
    )


def _yes(holds: bool) -> str:
    return "是" if holds else "否"


# ── Word ─────────────────────────────────────────────────────────────────────
def heading(standing: Standing, known_on: date | None) -> str:
    """截至2023年6月30日（按2023年7月10日已录入的情况）"""
    known = f"（按{_cn(known_on)}已录入的情况）" if known_on else ""
    return f"目标完成情况，截至{_cn(standing.on)}{known}"


def as_context(standing: Standing, known_on: date | None) -> dict[str, Any]:
    """What the Word template `compliance.docx` asks for: text and lists of text."""
    return {
        "heading": heading(standing, known_on),
        "targets": [_target_words(target) for target in standing.targets],
        "towns": [_town_words(number, town) for number, town in enumerate(standing.towns.values(), 1)],
    }


def _cn(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def _percent(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "—"
    return f"{value.normalize():f}{'%' if unit == '%' else f' {unit}'}"


def _target_words(standing: TargetStanding) -> dict[str, str]:
    target, share = standing.target, standing.share
    return {
        "title": target.title,
        "due_on": _cn(target.due_on),
        "goal": _percent(target.goal, target.unit),
        "value": _percent(share.value, target.unit),
        "numbers": f"{share.numerator:,} ÷ {share.denominator:,}" if share.denominator else "—",
        "state": standing.state.label + (f"（{_cn(standing.reached_on)}）" if standing.reached_on else ""),
        "definition": target.definition,
        "source": target.source,
    }


def _town_words(number: int, town: TownStanding) -> dict[str, str]:
    status = town.status
    return {
        "number": str(number),
        "name": town.name,
        "built": _cn(status.built_since) if town.built else f"没有，{status.counted} / {len(status.items)} 项",
        "missing": "、".join(item.key.label + ("（待核验）" if item.met else "") for item in status.gaps) or "—",
        "systems": f"{town.running_systems} / {len(town.systems)}",
        "team": "齐全" if town.team.complete else "、".join(town.team.gaps),
    }
