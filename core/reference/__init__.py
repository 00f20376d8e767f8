"""Reference data of core, loaded by `load_reference`: divisions, rest days, versions of the deadline rules.

Loading twice changes nothing; rows that an admin edited are kept.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from chinese_calendar.constants import holidays as published_holidays
from chinese_calendar.constants import workdays as published_workdays
from django.conf import settings
from django.db import transaction

from core.calendar import SATURDAY
from core.choices import Level, RestKind
from core.models import CalendarYear, DeadlineRule, Division, RestDay

FOLDER = Path(__file__).parent
FIRST_YEAR = 2011  # 人民调解法 is in force from 2011-01-01: nothing is counted before
HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
RULE_FIELDS = (
    "title", "length", "unit", "roll", "start_event", "actor", "basis", "internal", "certainty",
    "lapses", "extension_max", "extension_by", "note", "enabled", "valid_to",
)  # fmt: skip
RULE_DEFAULTS: dict[str, Any] = {
    "internal": False, "lapses": False, "extension_max": None, "extension_by": "", "note": "", "enabled": True,
    "valid_to": None,
}  # fmt: skip


def read(name: str) -> Any:
    """A file of this folder, as JSON."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@transaction.atomic
def load(say: Callable[[str], object]) -> None:
    """Load everything of core; `say` is told in Chinese what came in."""
    say(f"行政区划 {load_divisions()} 个")
    years, days = load_calendar()
    say(f"节假日 {days} 天（{years[0]}—{years[-1]} 年）")
    say(f"期限规则 {load_rules()} 个版本")


# ── divisions ────────────────────────────────────────────────────────────────
def division_rows(source: dict[str, Any]) -> list[Division]:
    """Rows of a county's file: province, city, county, towns, villages, parents first."""
    county, rows, above = source["county"], [], None
    for parent in [*county["parents"], {"code": county["code"], "name": county["name"], "level": Level.COUNTY}]:
        rows.append(Division(code=parent["code"], name=parent["name"], level=parent["level"], parent_id=above))
        above = parent["code"]
    for town in source["towns"]:
        common = {"parent_id": above, "is_statistical_only": town.get("statistical_only", False)}
        short_code = town.get("short_code")
        rows.append(Division(code=town["code"], name=town["name"], level=Level.TOWN, short_code=short_code, **common))
        common["parent_id"] = town["code"]
        rows += [
            Division(code=code, name=name, level=Level.VILLAGE, **common) for code, name in town["villages"].items()
        ]
    return rows


def load_divisions() -> int:
    """Write the divisions of the installed county. A population entered by an admin stays."""
    rows = division_rows(read(f"divisions/{settings.COUNTY_CODE}.json"))
    fields = ["name", "level", "parent", "short_code", "is_statistical_only"]
    Division.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return len(rows)


# ── calendar ─────────────────────────────────────────────────────────────────
def notice(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def rest_days() -> list[RestDay]:
    """Holidays that fall on weekdays and weekends that are worked, as the yearly notices publish them."""
    found = [
        (day, RestKind.HOLIDAY, HOLIDAY_NAMES[name])
        for day, name in published_holidays.items()
        if day.weekday() < SATURDAY
    ]
    found += [(day, RestKind.WORKDAY, "调休上班") for day in published_workdays]
    return [
        RestDay(date=day, kind=kind, name=name, source=notice(day.year))
        for day, kind, name in sorted(found)
        if day.year >= FIRST_YEAR
    ]


def load_calendar() -> tuple[list[int], int]:
    """Write the published rest days; returns the years and how many days. Years an admin edited stay whole."""
    days = rest_days()
    years = sorted({day.date.year for day in days})
    kept_years = set(CalendarYear.objects.filter(edited=True).values_list("year", flat=True))
    kept_days = set(RestDay.objects.filter(edited=True).values_list("date", flat=True))
    CalendarYear.objects.bulk_create(
        [CalendarYear(year=year, source=notice(year)) for year in years if year not in kept_years],
        update_conflicts=True, unique_fields=["year"], update_fields=["source"],
    )  # fmt: skip
    RestDay.objects.bulk_create(
        [day for day in days if day.date not in kept_days and day.date.year not in kept_years],
        update_conflicts=True, unique_fields=["date"], update_fields=["kind", "name", "source"],
    )  # fmt: skip
    return years, len(days)


# ── deadline rules ───────────────────────────────────────────────────────────
def rule_rows() -> list[DeadlineRule]:
    """Every version of every rule of the file; what a version does not say is the rule's own."""
    rows = []
    for rule in read("deadline_rules.json"):
        for version in rule["versions"]:
            facts = RULE_DEFAULTS | rule | version
            until = facts["valid_to"] and date.fromisoformat(facts["valid_to"])
            since = date.fromisoformat(facts["valid_from"])
            values = {name: facts[name] for name in RULE_FIELDS} | {"valid_to": until}
            rows.append(DeadlineRule(key=rule["key"], valid_from=since, **values))
    return rows


def load_rules() -> int:
    """Write the rule versions; those an admin edited stay as they are."""
    kept = set(DeadlineRule.objects.filter(edited=True).values_list("key", "valid_from"))
    rows = [row for row in rule_rows() if (row.key, row.valid_from) not in kept]
    DeadlineRule.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key", "valid_from"], update_fields=list(RULE_FIELDS)
    )
    return len(rows) + len(kept)
