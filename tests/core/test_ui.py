"""The tags of the design language: what they draw, in words and class names."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from core import clock_face
from core.calendar import RestCalendar
from core.choices import Unit
from core.models import Deadline, DeadlineRule

TODAY = date(2023, 9, 20)
CALENDAR_2023 = RestCalendar(
    holidays=frozenset({date(2023, 9, 29), *(date(2023, 10, day) for day in range(1, 7))}),
    workdays=frozenset({date(2023, 10, 7), date(2023, 10, 8)}),
    published_years=frozenset({2023}),
)


def drawn(source: str, **context) -> str:
    return Template(source).render(Context({"today": TODAY, **context}))


def rule(**changes) -> DeadlineRule:
    facts = {"length": 30, "unit": Unit.CALENDAR, "start_event": "协议生效", "basis": "民事诉讼法（2021）第二百零一条"}
    return DeadlineRule(**{**facts, **changes})


def deadline(**changes) -> Deadline:
    """申请司法确认 of the plan's first autumn: agreement on 1 September, last day 7 October."""
    facts = {
        "title": "申请司法确认",
        "rule": rule(),
        "base_event_on": date(2023, 9, 1),
        "raw_due_on": date(2023, 10, 1),
        "due_on": date(2023, 10, 7),
        "skipped": [f"2023-10-0{day}" for day in range(1, 7)],
    }
    return Deadline(**{**facts, **changes})


def short(due: date, **changes) -> Deadline:
    return deadline(raw_due_on=due, due_on=due, skipped=[], **changes)


# ── the chip ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("due", "css", "words"),
    [
        pytest.param(date(2023, 9, 24), "", "还有 4 天", id="four days are plain"),
        pytest.param(date(2023, 9, 23), "is-near", "还有 3 天", id="three days are near"),
        pytest.param(date(2023, 9, 21), "is-near", "还有 1 天", id="tomorrow is near"),
        pytest.param(date(2023, 9, 20), "is-near", "今天到期", id="today is due"),
        pytest.param(date(2023, 9, 19), "is-late", "已逾期 1 天", id="yesterday is late"),
    ],
)
def test_chip_says_what_is_left(due, css, words):
    assert clock_face.chip(short(due), TODAY) == clock_face.Chip(
        css, "flag" if css == "is-late" else "clock", words, f"9月{due.day}日"
    )


@pytest.mark.parametrize(
    ("settled_on", "settled_as", "words"),
    [
        pytest.param(date(2023, 9, 1), "done", "当天办结", id="on the very day"),
        pytest.param(date(2023, 9, 11), "done", "10 天办结", id="within the period"),
        pytest.param(date(2023, 10, 7), "done", "36 天办结", id="on the last day"),
        pytest.param(date(2023, 10, 9), "done", "逾期 2 天办结", id="after it"),
        pytest.param(date(2023, 9, 11), "withdrawn", "不再适用", id="not by being done"),
    ],
)
def test_chip_of_a_settled_deadline_says_how_it_ended(settled_on, settled_as, words):
    face = clock_face.chip(deadline(settled_on=settled_on, settled_as=settled_as), date(2023, 11, 1))
    assert (face.css, face.left) == ("is-done", words)


def test_chip_of_a_suspended_deadline_says_for_how_long_it_stands_still():
    face = clock_face.chip(deadline(suspended_on=date(2023, 9, 14)), TODAY)
    assert face == clock_face.Chip("is-hold", "pause", "中止中", "已停 6 天")


def test_chip_says_that_an_unpublished_year_is_counted_by_weekends():
    face = clock_face.chip(short(date(2024, 1, 29), calendar_published=False), TODAY)
    assert face == clock_face.Chip("is-guess", "cal-q", "还有 131 天", "2024年1月29日，按周末推算")


# ── the count ────────────────────────────────────────────────────────────────
def test_count_list_tells_start_length_rolling_basis_and_calendar():
    assert clock_face.count_list(deadline()) == [
        ("起算", "2023-09-01 协议生效，当日不计"),
        ("期间", "三十日，原届满日 2023-10-01"),
        ("顺延", "10-01 至 10-06 为休假日；10-07 星期六上班，以这天为届满日"),
        ("依据", "民事诉讼法（2021）第二百零一条"),
        ("日历", "国务院办公厅 2023 年节假日安排，已公布"),
    ]


def test_count_list_of_working_days_tells_which_days_were_passed_over():
    three_days = rule(length=3, unit=Unit.WORKING, start_event="收到申请", internal=True)
    counted = deadline(
        rule=three_days,
        base_event_on=date(2023, 9, 21),
        raw_due_on=date(2023, 9, 26),
        due_on=date(2023, 9, 26),
        skipped=["2023-09-23", "2023-09-24"],
    )
    assert clock_face.count_list(counted)[1:4] == [
        ("期间", "三个工作日，原届满日 2023-09-26"),
        ("顺延", "09-23 至 09-24 为休假日，不计"),
        ("依据", "民事诉讼法（2021）第二百零一条（内部要求）"),
    ]


def test_count_list_without_a_rule_says_that_the_court_set_the_day():
    lines = dict(clock_face.count_list(short(date(2023, 9, 25), rule=None)))
    assert (lines["期间"], lines["依据"]) == ("法院指定，原届满日 2023-09-25", "由法院指定的期限")


def test_count_list_tells_of_an_extension_and_who_allowed_it():
    extended = deadline(rule=rule(length=15), extended_days=10, extended_by="院长")
    assert dict(clock_face.count_list(extended))["期间"] == "十五日，经院长延长十日，原届满日 2023-10-01"


@pytest.mark.parametrize(
    ("number", "words"),
    [(2, "二"), (10, "十"), (15, "十五"), (20, "二十"), (30, "三十"), (99, "九十九"), (100, "一百"), (180, "180")],
)
def test_numbers_are_written_as_the_law_writes_them(number, words):
    assert clock_face.cn_number(number) == words


# ── the ruler ────────────────────────────────────────────────────────────────
def test_ruler_has_one_cell_a_day_and_marks_base_today_raw_day_and_last_day():
    cells = clock_face.ruler(deadline(), TODAY)
    marked = {n: (cell.css, cell.label) for n, cell in enumerate(cells) if cell.label}
    assert len(cells) == 37
    assert marked == {
        0: ("zero", "9/1 起算"),
        19: ("now", "今天"),
        30: ("rest mark-a", "原届满日"),
        36: ("mark-z", "10/7"),
    }


def test_ruler_hatches_only_skipped_days_without_a_calendar_and_every_rest_day_with_one():
    def rest(calendar: RestCalendar | None) -> list[int]:
        return [n for n, cell in enumerate(clock_face.ruler(deadline(), TODAY, calendar)) if "rest" in cell.css]

    assert rest(None) == [30, 31, 32, 33, 34, 35]
    assert rest(CALENDAR_2023) == [1, 2, 8, 9, 15, 16, 22, 23, 28, 29, 30, 31, 32, 33, 34, 35]


@pytest.mark.parametrize(("days", "cells"), [(62, 63), (63, 0)])
def test_ruler_is_left_out_of_periods_longer_than_two_months(days, cells):
    long = short(date.fromordinal(date(2023, 9, 1).toordinal() + days))
    assert len(clock_face.ruler(long, TODAY)) == cells


def test_ruler_keeps_today_when_its_label_would_run_into_the_raw_day():
    labels = [cell.label for cell in clock_face.ruler(deadline(), date(2023, 9, 29)) if cell.label]
    assert labels == ["9/1 起算", "今天", "10/7"]


# ── the tags ─────────────────────────────────────────────────────────────────
def test_due_chip_costs_no_query_and_opens_its_count(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = drawn("{% due_chip deadline title=True %}", deadline=deadline())
    assert html.startswith('<details class="due"><summary><svg class="i" aria-hidden="true">')
    assert "<b>还有 17 天</b><span>申请司法确认　10月7日</span></summary>" in html
    assert '<div class="due-card"><p class="due-title">申请司法确认，最后一日 10月7日</p>' in html
    assert html.count("<dt>") == 5


def test_due_chip_of_a_long_list_leaves_the_ruler_out():
    html = drawn("{% due_chip deadline ruler=False %}", deadline=deadline())
    assert 'class="ruler' not in html


def test_due_chip_escapes_the_words_of_a_rule():
    html = drawn("{% due_chip deadline %}", deadline=deadline(title="<b>x</b>"))
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;，最后一日" in html


def test_icon_speaks_only_with_a_label():
    assert drawn('{% icon "check" %}') == (
        '<svg class="i" aria-hidden="true"><use href="/static/sprite.svg#i-check"/></svg>'
    )
    assert 'role="img" aria-label="已办"' in drawn('{% icon "check" "已办" %}')


def test_state_chip_has_shape_word_and_colour():
    assert drawn('{% state_chip "ok" "达成协议" "check" %}') == (
        '<span class="state is-ok"><svg class="i" aria-hidden="true"><use href="/static/sprite.svg#i-check"/></svg>'
        "达成协议</span>"
    )


@pytest.mark.parametrize(("part", "whole", "width"), [(1, 4, "25.0%"), (5, 4, "100.0%"), (0, 0, "0.0%")])
def test_bar_is_filled_to_the_share(part, whole, width):
    assert f'width="{width}"' in drawn("{% bar part whole %}", part=part, whole=whole)


def test_empty_page_takes_its_first_sentence_as_title():
    html = drawn('{% empty_state "还没有纠纷。有人来访，点「登记纠纷」。" "/disputes/new/" "登记纠纷" %}')
    assert '<p class="empty-title">还没有纠纷</p>' in html
    assert "<p>有人来访，点「登记纠纷」。</p>" in html
    assert '<a class="btn btn-quiet" href="/disputes/new/">登记纠纷</a>' in html


def test_can_asks_the_named_permission():
    with pytest.raises(LookupError):
        drawn('{% can "no.such_permission" as may %}', user=AnonymousUser())


def test_url_with_changes_one_parameter_and_keeps_the_others():
    request = RequestFactory().get("/disputes/", {"q": "借款", "town": "445381101", "cursor": "abc"})
    assert drawn('{% url_with town="" cursor="xyz" %}', request=request) == "?q=%E5%80%9F%E6%AC%BE&amp;cursor=xyz"


# ── filters ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ value|cn_date }}", date(2023, 9, 20), "9月20日"),
        ("{{ value|cn_date }}", date(2022, 9, 20), "2022年9月20日"),
        ("{{ value|cn_date }}", None, "—"),
        ("{{ value|cn_date }}", datetime(2023, 9, 19, 16, 30, tzinfo=UTC), "9月20日"),
        ("{{ value|cn_weekday_date }}", date(2023, 10, 7), "10月7日（星期六）"),
        ("{{ value|cn_full_date }}", date(2023, 9, 20), "2023年9月20日"),
        ("{{ value|cn_time }}", datetime(2023, 9, 1, 8, 40, tzinfo=UTC), "9月1日 16:40"),
        ("{{ value|money }}", Decimal("48000.00"), "48,000 元"),
        ("{{ value|money }}", Decimal("26800.50"), "26,800.50 元"),
        ('{{ value|money:"" }}', 1234567, "1,234,567"),
        ("{{ value|money }}", None, "—"),
        ("{{ value|percent:1902 }}", 1549, "81.4%"),
        ("{{ value|percent:0 }}", 0, "—"),
        ("{{ value|mask_phone }}", "13800006072", "138****6072"),
        ("{{ value|mask_id }}", "445381196803121234", "445381********1234"),
        ("{{ value|mask_text }}", "打 13800006072 找他", "打 138****6072 找他"),
    ],
)
def test_filters_write_as_the_house_writes(source, value, words, time_machine):
    time_machine.move_to("2023-09-20T04:00:00Z")
    assert drawn(source, value=value) == words


# ── on paper ─────────────────────────────────────────────────────────────────
def print_rules() -> dict[str, str]:
    """Selector → declarations of the print style sheet."""
    sheet = Path(settings.BASE_DIR) / "static/css/print.css"
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    found: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{}@;]+)\{([^{}]*)\}", text):
        for selector in selectors.split(","):
            found[selector.strip()] = found.get(selector.strip(), "") + body
    return found


def test_a_block_of_work_may_run_over_the_page_and_a_row_may_not():
    rules = print_rules()

    assert "break-inside" not in rules[".sheet"]
    rows = (".tasks > li", ".checks .checks > li", "tr")
    assert ["break-inside: avoid" in rules[row] for row in rows] == [True, True, True]


@pytest.mark.parametrize("state", ["is-near", "is-late", "is-done", "is-hold", "is-guess"])
def test_a_deadline_prints_in_black_in_every_state(state):
    assert "color: #000 !important" in print_rules()[f".due.{state} > summary"]
