"""Counts one legal period: the rule's version of a day, from a base date, with what was skipped."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from core import queries
from core.calendar import Count
from core.management.contract import ContractCommand, DataRefused, UnusableInput, iso_date
from core.models import DeadlineRule


class Command(ContractCommand):
    help = "按期限规则计算最后一日：RULE 是规则代号，DATE 是起算事件的那一天（当天不计）。"
    empty = {
        "rule": None,
        "base": None,
        "raw": None,
        "due": None,
        "basis": None,
        "skipped": [],
        "calendar_published": None,
    }

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", metavar="RULE", help="规则代号，如 confirm_apply")
        parser.add_argument("base", metavar="DATE", type=iso_date, help="起算事件的日期，如 2023-09-20")
        parser.add_argument("--as-of", metavar="DATE", type=iso_date, help="用这一天施行的规则版本，默认同 DATE")

    def handle(self, *, rule: str, base: date, as_of: date | None, **_options: Any) -> None:
        version = _version(rule, as_of or base)
        try:
            counted = queries.count_under(version, base)
        except OverflowError as error:
            raise UnusableInput(f"从 {base} 起算超出了日历的范围。") from error
        self.answer(_shown(version, counted), _sentence(version, counted))


def _version(key: str, on: date) -> DeadlineRule:
    versions = queries.versions_of(key)
    if not versions:
        raise UnusableInput(f"没有「{key}」这条期限规则。", {"rules": queries.rule_keys()})
    found = [each for each in versions if each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)]
    if not found:
        named = [{"valid_from": each.valid_from, "valid_to": each.valid_to, "basis": each.basis} for each in versions]
        spans = "；".join(f"{each.valid_from}—{each.valid_to or '今'}（{each.basis}）" for each in versions)
        raise UnusableInput(f"{on} 不在「{key}」任何一个版本的施行期内：{spans}。", {"rule": key, "versions": named})
    version = found[-1]
    if not version.enabled:
        raise DataRefused(f"「{version.title}」已停用：{version.note or version.basis}", {"rule": key})
    if version.length is None:
        raise DataRefused(f"「{version.title}」的最后一日由法院指定，不能计算。", {"rule": key})
    return version


def _shown(version: DeadlineRule, counted: Count) -> dict[str, Any]:
    return {
        "rule": version.key,
        "base": counted.base,
        "raw": counted.raw,
        "due": counted.due,
        "basis": version.basis,
        "skipped": list(counted.skipped),
        "calendar_published": counted.published,
    }


def _sentence(version: DeadlineRule, counted: Count) -> str:
    lines = [f"{version.title}：最后一日 {counted.due}", f"依据 {version.basis}，自 {counted.base} 次日起算"]
    if counted.skipped:
        lines.append(f"原届满日 {counted.raw}，跳过 {len(counted.skipped)} 个休息日")
    if not counted.published:
        lines.append("其中有年份的放假安排没有公布，按周末和固定节日推算")
    if version.note:
        lines.append(version.note)
    return "\n".join(lines)
