"""Grows the demo county in an empty demo database."""

from typing import Any

from django.conf import settings

from core.bulk import settle
from core.management.contract import ContractCommand, ContractParser, DataRefused
from core.models import Division, User
from reports.demo.county import grow

DISPUTES = 300


class Command(ContractCommand):
    empty = {"seeded": False, "lines": []}
    help = "在空的演示库里生成演示县：虚构的人、联络点和纠纷，都由正式的办理动作生成。只在 DEMO=1 时可用。"

    def add_arguments(self, parser: ContractParser) -> None:  # type: ignore[override]
        parser.add_argument("--disputes", type=int, default=DISPUTES, metavar="N", help=f"纠纷件数，默认 {DISPUTES}")

    def handle(self, *, disputes: int, **_options: Any) -> None:
        if not settings.DEMO:
            raise DataRefused("演示数据只能生成在演示库里（DEMO=1）。")
        if not Division.objects.exists():
            raise DataRefused("还没有行政区划。请先运行 manage.py load_reference。")
        if User.objects.filter(username="mediator").exists():
            self.answer({"seeded": False}, "演示数据已经有了，不再生成。")
            return
        lines: list[str] = []
        grow(disputes=disputes, say=lines.append)
        settle()
        self.answer({"seeded": True, "lines": lines}, "\n".join(lines))
