"""Reference data: what is loaded, that loading twice changes nothing, that an admin's edits stay."""

import itertools
from datetime import date

import pytest
from chinese_calendar.constants import holidays, workdays

from core import queries, reference
from core.choices import Level, RestKind
from core.models import CalendarYear, DeadlineRule, Division, RestDay
from tests.conftest import HOLIDAYS_2026, WORKING_WEEKENDS_2026

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Division, RestDay, CalendarYear, DeadlineRule))


def test_luoding_has_21_towns_and_336_villages_besides_the_statistical_farm():
    real = Division.objects.filter(is_statistical_only=False)

    assert real.filter(level=Level.TOWN).count() == 21
    assert real.filter(level=Level.VILLAGE).count() == 336
    assert list(Division.objects.filter(is_statistical_only=True).values_list("code", flat=True)) == [
        "445381400",
        "445381400598",
    ]


def test_every_town_has_its_own_short_code():
    codes = Division.objects.filter(level=Level.TOWN, is_statistical_only=False).values_list("short_code", flat=True)

    assert len(set(codes)) == 21
    assert None not in codes


def test_a_village_lies_in_its_town_by_code_and_by_parent():
    villages = Division.objects.filter(level=Level.VILLAGE)

    assert {village.code[:9] == village.parent_id for village in villages} == {True}


def test_names_repeat_so_the_code_is_the_key():
    assert Division.objects.filter(name="太平村民委员会").exclude(code__startswith="445381101").exists()


def test_loading_twice_changes_nothing():
    before = counts()

    reference.load(lambda line: None)

    assert counts() == before


def test_an_edited_rule_is_kept():
    DeadlineRule.objects.filter(key="pm_target").update(length=20, edited=True)

    reference.load(lambda line: None)

    assert DeadlineRule.objects.get(key="pm_target").length == 20


def test_an_unedited_rule_follows_the_file():
    DeadlineRule.objects.filter(key="pm_target").update(length=20)

    reference.load(lambda line: None)

    assert DeadlineRule.objects.get(key="pm_target").length == 30


def test_an_edited_rest_day_is_kept():
    RestDay.objects.filter(date=date(2026, 10, 1)).update(kind=RestKind.WORKDAY, edited=True)

    reference.load(lambda line: None)

    assert RestDay.objects.get(date=date(2026, 10, 1)).kind == RestKind.WORKDAY


def test_a_population_an_admin_entered_is_kept():
    Division.objects.filter(code="445381101").update(population=52_000)

    reference.load(lambda line: None)

    assert Division.objects.get(code="445381101").population == 52_000


def test_the_calendar_of_2026_is_the_official_one():
    of_2026 = RestDay.objects.filter(date__year=2026)
    off = {day for _, text in HOLIDAYS_2026 for day in text.split()}

    assert {str(day.date) for day in of_2026.filter(kind=RestKind.HOLIDAY)} == off
    assert {str(day.date) for day in of_2026.filter(kind=RestKind.WORKDAY)} == set(WORKING_WEEKENDS_2026.split())


def test_years_from_2011_to_2026_are_published_and_2027_is_not():
    assert list(CalendarYear.objects.values_list("year", flat=True)) == list(range(2011, 2027))


def test_every_published_holiday_and_working_weekend_rests_or_works_as_published():
    calendar = queries.rest_calendar(date(2011, 1, 1), date(2026, 12, 31))

    assert [day for day in holidays if day.year >= 2011 and not calendar.is_rest(day)] == []
    assert [day for day in workdays if day.year >= 2011 and calendar.is_rest(day)] == []


# ── rule versions, from LAW.md §12 and its switches ──────────────────────────
RULES = [  # key, length, unit, rolls
    ("confirm_apply", 30, "calendar", True),
    ("confirm_accept", 3, "calendar", True),
    ("confirm_decide", 15, "calendar", True),
    ("confirm_decide_max", 30, "calendar", True),
    ("confirm_objection_party", 15, "calendar", True),
    ("confirm_objection_third", 6, "month", True),
    ("enforce_apply", 2, "year", True),
    ("entrust_pre", 30, "calendar", False),
    ("entrust_post_ordinary", 15, "calendar", False),
    ("entrust_post_summary", 7, "calendar", False),
    ("online_choose", 2, "working", False),
    ("online_assign", 3, "working", False),
    ("online_accept", 3, "working", False),
    ("online_notify_other", 3, "working", False),
    ("confirm_supplement", None, "set", True),
    ("filing", 7, "calendar", True),
    ("labour_mediate", 15, "calendar", False),
    ("pm_target", 30, "calendar", False),
]


@pytest.mark.parametrize(("key", "length", "unit", "rolls"), RULES)
def test_every_rule_in_force_in_2026_counts_as_the_law_says(key, length, unit, rolls):
    rule = queries.rule_for(key, date(2026, 3, 2))

    assert (rule.length, rule.unit, rule.roll) == (length, unit, rolls)


def test_a_period_known_from_memory_only_is_off():
    rule = DeadlineRule.objects.get(key="no_objection_plan")

    assert (rule.certainty, rule.enabled) == ("M", False)


@pytest.mark.parametrize(
    ("key", "day", "words"),
    [
        ("confirm_apply", "2011-01-01", "人民调解法第33条"),
        ("confirm_apply", "2021-12-31", "人民调解法第33条"),
        ("confirm_apply", "2022-01-01", "人民调解法第33条；民事诉讼法（2021年修正）第201条"),
        ("confirm_apply", "2023-12-31", "人民调解法第33条；民事诉讼法（2021年修正）第201条"),
        ("confirm_apply", "2024-01-01", "人民调解法第33条；民事诉讼法（2023年修正）第205条"),
        ("enforce_apply", "2023-12-31", "民事诉讼法（2021年修正）第243条、第246条"),
        ("enforce_apply", "2024-01-01", "民事诉讼法（2023年修正）第247条、第250条"),
    ],
)
def test_article_numbers_change_with_the_law(key, day, words):
    assert queries.rule_for(key, date.fromisoformat(day)).basis == words


@pytest.mark.parametrize("key", ["entrust_post_ordinary", "entrust_post_summary"])
@pytest.mark.parametrize(
    ("day", "cap"), [("2016-07-01", None), ("2024-12-31", None), ("2025-01-01", 30), ("2026-06-01", 30)]
)
def test_extensions_after_filing_have_no_cap_until_2024_and_thirty_days_from_2025(key, day, cap):
    assert queries.rule_for(key, date.fromisoformat(day)).extension_max == cap


@pytest.mark.parametrize(("day", "warned"), [("2024-12-31", False), ("2025-01-01", True)])
def test_entrusting_before_filing_has_no_end_but_a_warning_from_2025(day, warned):
    rule = queries.rule_for("entrust_pre", date.fromisoformat(day))

    assert (rule.length, bool(rule.note)) == (30, warned)


def test_versions_of_a_rule_follow_each_other_without_gap_or_overlap():
    gaps = []
    for key in DeadlineRule.objects.values_list("key", flat=True).distinct():
        versions = queries.versions_of(key)
        for earlier, later in itertools.pairwise(versions):
            if earlier.valid_to is None or (later.valid_from - earlier.valid_to).days != 1:
                gaps.append((key, later.valid_from))
        assert versions[-1].valid_to is None

    assert gaps == []
