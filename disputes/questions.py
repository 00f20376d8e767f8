"""What is asked of one case type beside the story: reading an answer, keeping it, saying it. Pure.

An answer is kept with its question's words, so that it reads the same after the table was changed:
{"key", "case_type", "label", "kind", "value"}; `value` is text in one form (48000, 2023-09-20, yes, an option).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from core.clock_face import cn_full_date
from core.errors import Refused
from disputes import limits
from disputes.amounts import read_about, why_unread
from disputes.choices import QuestionKind

PREFIX = "answers"
TEXT_LENGTH = 200
LATEST = date(2100, 1, 1)
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
YES, NO = "yes", "no"
YES_NO = {YES: "是", NO: "否"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Answer = dict[str, str]


class Asked(Protocol):
    """A row of the table of questions, as far as reading needs it."""

    key: str
    label: str
    kind: str
    case_type_id: str
    fills_amount: bool
    past_only: bool

    @property
    def option_list(self) -> list[str]: ...


class Required(NamedTuple):
    """A question that must be answered before an agreement is drafted."""

    key: str
    label: str
    fills_amount: bool


def read_answer(question: Asked, text: str, *, today: date | None) -> str:
    """An answer as typed, in its one form; "" for none. Raises Refused at the question's field.

    `today`: the last day of what has happened; None for an answer that stands already, so that it locks nothing else.
    """
    text = text.strip()
    if not text:
        return ""
    field = f"{PREFIX}-{question.key}"
    if question.kind == QuestionKind.MONEY:
        return _money(text, field)
    if question.kind == QuestionKind.DAY:
        return _day(text, field, latest=today if question.past_only else None)
    if question.kind in (QuestionKind.YES_NO, QuestionKind.CHOICE):
        known = list(YES_NO) if question.kind == QuestionKind.YES_NO else question.option_list
        if text not in known:
            raise Refused("没有这个选项，请重新选择。", field=field)
        return text
    if CONTROL.search(text):
        raise Refused("里面有不能显示的字符，请删掉后重新填。", field=field)
    if len(text) > TEXT_LENGTH:
        raise Refused(f"最多 {TEXT_LENGTH} 字，现在有 {len(text):,} 字。", hint="长的请写进经过。", field=field)
    return text


def _money(text: str, field: str) -> str:
    amount = read_about(text)
    if amount is None:
        raise Refused(why_unread(text, about=True), field=field)
    limits.check_amount(amount, field=field)
    return f"{amount.normalize():f}"


def _day(text: str, field: str, *, latest: date | None) -> str:
    for form in DAY_FORMATS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if not limits.EARLIEST <= day < LATEST:
            raise Refused("年份不对：要在 1949 年 10 月以后、2100 年以前。", field=field)
        if latest and day > latest:
            raise Refused("这一天还没有到。", hint="问的是已经发生的事，请核对年份和月份。", field=field)
        return day.isoformat()
    raise Refused("日期写法不对，请写成 2023-09-20，农历请换成公历。", field=field)


def read_answers(
    asked: Iterable[Asked], raw: Mapping[str, str], *, today: date, kept: Mapping[str, str] | None = None
) -> list[Answer]:
    """The answers to these questions, in their order; what was left empty is left out. `raw`: text by key.

    `kept`: those that stood before; one that is not changed may have a day to come.
    """
    found, stood = [], kept or {}
    for question in asked:
        text = raw.get(question.key, "")
        if value := read_answer(question, text, today=None if text and stood.get(question.key) == text else today):
            words = {"label": question.label, "kind": str(question.kind), "value": value}
            found.append({"key": question.key, "case_type": question.case_type_id} | words)
    return found


def sum_in(asked: Iterable[Asked], raw: Mapping[str, str]) -> Decimal | None:
    """The sum in dispute, where a question that asks for it is answered with one that can be read."""
    for question in asked:
        if question.fills_amount:
            amount = read_about(raw.get(question.key, ""))
            if amount is not None and Decimal(0) <= amount <= limits.AMOUNT_MAX:
                return amount
    return None


def merged(kept: Iterable[Answer], new: Sequence[Answer], case_type: str) -> list[Answer]:
    """The new answers of a type beside those kept of other types: switching back finds them again."""
    return [*new, *(one for one in kept if one["case_type"] != case_type)]


def said(answer: Answer) -> str:
    """An answer's value in words."""
    value = answer["value"]
    if answer["kind"] == QuestionKind.MONEY:
        return f"{Decimal(value):,} 元"
    if answer["kind"] == QuestionKind.DAY:
        return cn_full_date(date.fromisoformat(value))
    return YES_NO.get(value, value) if answer["kind"] == QuestionKind.YES_NO else value


def unanswered(required: Iterable[Required], kept: Iterable[Answer], amount: Decimal | None) -> tuple[str, ...]:
    """The labels of the required questions without an answer; the sum in dispute answers the one that asks for it."""
    there = {one["key"] for one in kept}
    return tuple(one.label for one in required if one.key not in there and not (one.fills_amount and amount))
