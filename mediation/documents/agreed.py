"""What was agreed, in the words in which every paper recites it: the agreement, the application, the ruling."""

import re
from datetime import date

from core.clock_face import cn_number
from disputes.models import Party
from mediation.models import Agreement, PerformanceItem

PERFORMANCE = "履行事项："
BLANK_DAY = "　　　　年　　月　　日"  # written by hand when it is signed or sealed
NOTHING_TO_PERFORM = "本协议没有需要另行履行的事项。"


def full_date(day: date) -> str:
    """2023年9月20日"""
    return f"{day.year}年{day.month}月{day.day}日"


def content_lines(agreement: Agreement) -> list[str]:
    """The whole of it, for a paper that recites the agreement: 一、… 二、…, then who performs what by when.

    A ruling is enforced by its own words: without days and amounts it cannot be (解释 358(五), 人民调解法 29).
    """
    clauses = [f"{cn_number(at)}、{clause}" for at, clause in enumerate(agreement.clauses, start=1)]
    return [*clauses, PERFORMANCE, *performance_lines(agreement)]


def performance_lines(agreement: Agreement) -> list[str]:
    """Who performs what, how much and by when: the manner, then one line an instalment."""
    items = list(agreement.performance_items.select_related("debtor"))
    lines = [f"履行方式、地点：{_ended(agreement.manner)}"] if agreement.manner else []
    lines += [_item_line(item) for item in items]
    return lines if items else [*lines, NOTHING_TO_PERFORM]


def _item_line(item: PerformanceItem) -> str:
    """第1期：2023年9月30日前（含当日），梁伯坚还款12,000元。

    Without 含当日 it can be argued whether 前 has the day in it; the periods count it in.
    """
    what = item.text.rstrip("。；，,;. ")
    money = f"{item.amount:,.2f}元".replace(".00元", "元") if item.amount else ""
    debtor = item.debtor.name if item.debtor else "双方"
    said = "" if _says(what, money) else money
    return f"第{item.serial}期：{full_date(item.due_on)}前（含当日），{debtor}{what}{said}。"


def _says(text: str, money: str) -> bool:
    """Whether the words name the sum already: 还款12000元, 还款12,000元."""
    plain = re.sub(r"[,，\s]", "", text)
    return bool(money) and re.search(rf"(?<!\d){re.escape(money.replace(',', ''))}", plain) is not None


def _ended(text: str) -> str:
    return f"{text.rstrip('。')}。"


def signs_as(party: Party) -> str:
    """Whose hand a paper asks for: for somebody who cannot act alone that of the guardian."""
    who = f"{party.get_side_display()}{party.name}"
    return f"{who}的法定代理人{party.acts_by_law}" if party.needs_guardian and party.acts_by_law else who
