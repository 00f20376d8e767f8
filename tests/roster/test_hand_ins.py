"""The lists of 23 units: in time until 30 March 2023, late after it, missing without one."""

from datetime import date

import pytest

from roster.choices import HandInState
from roster.hand_ins import BUREAU, COURT, HandIn, unit_of_list, unit_standing

DUE, NEXT = date(2023, 3, 30), date(2023, 3, 31)


def came(on: date, recorded: date | None = None, voided: date | None = None) -> HandIn:
    return HandIn(on, recorded or on, voided)


@pytest.mark.parametrize(
    ("lists", "on", "expected"),
    [
        ([], DUE, (HandInState.WAITING, 0, "")),
        ([], NEXT, (HandInState.MISSING, 1, "已晚 1 天")),
        ([came(DUE)], DUE, (HandInState.IN_TIME, 0, "")),
        ([came(NEXT)], NEXT, (HandInState.LATE, 1, "晚 1 天")),
        ([came(NEXT)], DUE, (HandInState.WAITING, 0, "")),
        ([came(date(2023, 4, 6))], date(2023, 4, 5), (HandInState.MISSING, 6, "已晚 6 天")),
        ([came(date(2023, 4, 6))], date(2023, 9, 20), (HandInState.LATE, 7, "晚 7 天")),
    ],
    ids=["due today", "a day late", "on the day", "the day after", "not there yet", "still missing", "late for good"],
)
def test_a_unit_stands_as_its_first_list_says(lists, on, expected):
    found = unit_standing(lists, on)
    assert (found.state, found.days, found.words) == expected


def test_the_first_counts_and_the_further_ones_are_supplements():
    found = unit_standing([came(date(2023, 4, 10)), came(date(2023, 3, 28)), came(date(2023, 5, 1))], NEXT)
    assert (found.state, found.supplements) == (HandInState.IN_TIME, 0)
    assert unit_standing([came(date(2023, 4, 10)), came(date(2023, 3, 28))], date(2023, 9, 1)).supplements == 1


def test_a_list_that_was_struck_out_counts_no_more_but_had_counted():
    wrong = came(date(2023, 3, 28), voided=date(2023, 4, 15))
    assert unit_standing([wrong], date(2023, 9, 1)).state == HandInState.MISSING
    assert unit_standing([wrong], date(2023, 9, 1), known_on=date(2023, 4, 14)).state == HandInState.IN_TIME


def test_a_list_noted_afterwards_had_not_been_known():
    noted = came(date(2023, 3, 28), recorded=date(2023, 6, 1))
    assert unit_standing([noted], date(2023, 5, 1), known_on=date(2023, 5, 1)).state == HandInState.MISSING
    assert unit_standing([noted], date(2023, 5, 1)).state == HandInState.IN_TIME


@pytest.mark.parametrize(
    ("towns", "roles", "by_officer", "unit"),
    [
        (["445381101"], {"mediator", "judge"}, False, "445381101"),
        (["445381101", "445381004"], {"judge", "judge_assistant"}, False, COURT),
        (["445381101"], {"judge"}, False, COURT),
        (["445381101"], {"judge"}, True, "445381101"),
        (["445381101", "445381004"], {"mediator"}, False, ""),
        ([], set(), False, ""),
    ],
    ids=["a town's", "the court's", "the court's of one town", "an officer's", "of many towns", "of nobody"],
)
def test_a_list_is_the_courts_by_its_seats_and_a_towns_by_its_town(towns, roles, by_officer, unit):
    assert unit_of_list(towns, roles, by_officer=by_officer) == unit
    assert unit != BUREAU
