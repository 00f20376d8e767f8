"""Writes the tokens disputes are found by: for rows without them, or with `--all` anew after their rules changed."""

from typing import Any

from django.core.management.base import CommandParser

from core.management.contract import ContractCommand
from disputes.actions.search import write_tokens
from disputes.models import Dispute


class Command(ContractCommand):
    help = "重建纠纷的检索。只补没有的；加 --all 全部重写。可以中断，再运行接着补；全部重写的用 --after 接着写。"
    empty = {"written": 0, "last": 0}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="已经有的也重写")
        parser.add_argument("--after", type=int, default=0, help="从这个序号以后写起")

    def handle(self, *, all: bool, after: int, **_options: Any) -> None:
        written = 0
        for size, last in write_tokens(Dispute.objects.all(), after=after, anew=all):
            written, after = written + size, last
            self.stderr.write(f"已写 {written} 件，到序号 {after}")
        self.answer({"written": written, "last": after}, f"检索已经写好：{written} 件。")
