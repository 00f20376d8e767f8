"""Finds what is soon due, due and late, and reminds of it once; beat does the same every minute."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from core.actions import reminders
from core.management.contract import ContractCommand

FIRST_YEAR, LAST_YEAR = 2011, 2100


def moment(text: str) -> datetime:
    """`2023-09-20T09:00` or `2023-09-20` (its first minute), in Asia/Shanghai unless an offset stands."""
    try:
        given = datetime.fromisoformat(text)
        if not FIRST_YEAR <= given.year <= LAST_YEAR:
            raise ArgumentTypeError(f"「{text}」的年份看起来不对，请写 {FIRST_YEAR} 到 {LAST_YEAR} 年之间的时间。")
        return given if timezone.is_aware(given) else timezone.make_aware(given)
    except (ValueError, OverflowError) as error:
        raise ArgumentTypeError(f"「{text}」不是时间，请写成 2023-09-20T09:00 这样。") from error


class Command(ContractCommand):
    help = "扫描期限，生成并发出提醒。重复运行不会重复提醒。"
    empty = {"at": None, "created": 0, "sent": 0, "voided": 0}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="DATETIME", type=moment, help="按这一时刻扫描，默认现在")

    def handle(self, *, at: datetime | None, **_options: Any) -> None:
        swept = reminders.sweep(at=at or timezone.now())
        local = timezone.localtime(swept.at)
        payload = {"at": local.isoformat(), "created": swept.created, "sent": swept.sent, "voided": swept.voided}
        text = f"{local:%Y-%m-%d %H:%M} 扫描：新提醒 {swept.created} 条，发出 {swept.sent} 条，作废 {swept.voided} 条。"
        self.answer(payload, text)
