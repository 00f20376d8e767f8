"""Puts personal data under the first key of FIELD_KEYS, or rebuilds the look-up hashes; `--dry-run` only counts."""

from typing import Any

from django.core.management.base import CommandParser

from core import key_rotation, privacy
from core.key_rotation import Report
from core.management.contract import ContractCommand, DataRefused

NOTHING_DONE = "没有写入任何东西。"
KEYS_DONE = "全部核对过，都解得开。旧密钥可以从 FIELD_KEYS 撤下。"
HASHES_DONE = "检索用哈希都算好了。加密用的密钥没有换。"


class Command(ContractCommand):
    help = "换密钥：把加密的个人信息换到 FIELD_KEYS 的第一把密钥和现在的算法下。可以中断，再运行接着换。"
    acts = True
    empty = {"applied": False, "values": 0, "waiting": 0, "done": 0, "columns": {}}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只数有多少个值要换")
        parser.add_argument(
            "--lookup", action="store_true", help="重算检索用哈希（换了 lookup 密钥或 FIELD_HASH 以后）"
        )

    def handle(self, *, dry_run: bool, lookup: bool, **_options: Any) -> None:
        try:
            report = self._run(dry_run=dry_run, lookup=lookup)
        except privacy.DecryptionError as error:
            raise DataRefused(
                "有一个值解不开，可能被改过。已经换好的都在，没有换的还是旧密钥。", {"detail": str(error)}
            ) from error
        self.answer(
            {"applied": not dry_run} | report.as_dict(),
            _text(report, dry_run=dry_run, last=HASHES_DONE if lookup else KEYS_DONE),
        )

    def _run(self, *, dry_run: bool, lookup: bool) -> Report:
        if lookup:
            return key_rotation.stale_hashes() if dry_run else key_rotation.rebuild_hashes(by=self.actor)
        return key_rotation.count() if dry_run else key_rotation.rotate(by=self.actor)


def _text(report: Report, *, dry_run: bool, last: str) -> str:
    verb = "要换" if dry_run else "已换"
    lines = [
        f"{each.column}：共 {each.values} 个，{verb} {each.waiting if dry_run else each.done} 个"
        for each in report.columns
    ]
    return "\n".join([*lines, NOTHING_DONE if dry_run else last])
