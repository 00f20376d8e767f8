"""Checks the audit trail; exit 1 when anything was changed, lost, swapped or forged."""

from typing import Any

from core import audit_trail
from core.audit_trail import Verdict
from core.management.contract import ContractCommand, DataRefused


class Command(ContractCommand):
    help = "核对审计记录：逐条核对序号、前后衔接、内容，并与每日锚点对照。"
    empty = {"ok": False, "chains": []}

    def handle(self, **_options: Any) -> None:
        verdicts = audit_trail.verify()
        payload = {
            "ok": not any(verdict.problems for verdict in verdicts),
            "chains": [_shown(each) for each in verdicts],
        }
        text = "\n".join(_line(verdict) for verdict in verdicts) or "还没有审计记录。"
        if not payload["ok"]:
            raise DataRefused(f"审计记录被动过。\n{text}", payload)
        self.answer(payload, text)


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "chain": verdict.chain,
        "entries": verdict.entries,
        "anchored_seq": verdict.anchored_seq,
        "after_last_anchor": max(verdict.last_seq - verdict.anchored_seq, 0),
        "problems": verdict.problems,
    }


def _line(verdict: Verdict) -> str:
    after = max(verdict.last_seq - verdict.anchored_seq, 0)
    line = f"{verdict.chain or '锚点'}：{verdict.entries} 条，最后锚点之后 {after} 条（整段截去要等下次锚点才看得出）"
    return "\n".join([line, *(f"  第 {each['seq']} 条：{each['problem']}" for each in verdict.problems)])
