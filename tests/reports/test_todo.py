"""The sentence of the day and the words of a deadline: pure."""

from datetime import date, timedelta

import pytest

from core.models import Deadline
from reports.todo import Load, task_of

TODAY = date(2023, 9, 20)


@pytest.mark.parametrize(
    ("by_day", "sentence"),
    [
        ({}, "近三天没有到期的事"),
        ({TODAY - timedelta(days=1): 1}, "1 件逾期"),
        ({TODAY: 2}, "2 件今天到期"),
        ({TODAY + timedelta(days=3): 4}, "4 件三天内到期"),
        ({TODAY + timedelta(days=4): 4}, "近三天没有到期的事"),
        (
            {TODAY - timedelta(days=9): 1, TODAY: 2, TODAY + timedelta(days=1): 4},
            "1 件逾期，2 件今天到期，4 件三天内到期",
        ),
    ],
    ids=["nothing", "late", "today", "in three days", "in four days", "all of it"],
)
def test_the_sentence_of_the_day(by_day, sentence):
    assert Load(TODAY, by_day).sentence == sentence


def deadline(kind: str, title: str = "督促履行第 2 期") -> Deadline:
    return Deadline(kind=kind, title=title, subject_text="沈水旺与梁伯坚民间借贷", url="/disputes/TP2309-0146/")


@pytest.mark.parametrize(
    ("kind", "title", "button"),
    [
        ("confirm_apply", "协助双方共同申请司法确认", "去申请"),
        ("performance", "督促履行第 2 期", "记履行"),
        ("some_new_rule", "督促履行第 2 期", "打开"),
    ],
)
def test_a_deadline_is_told_as_something_to_do(kind, title, button):
    task = task_of(deadline(kind), place="太平镇")

    assert (task.title, task.about, task.button) == (title, "沈水旺与梁伯坚民间借贷　太平镇", button)
