"""What an account may be and is called: role and towns by the weightiest seat, names that say nothing of the person."""

import pytest

from core.choices import Role
from roster.account_names import next_name, prefix_of
from roster.seat_roles import Standing, goes_on_as, standing_of
from tests.conftest import SHUANGDONG, TAIPING


@pytest.mark.parametrize(
    ("seats", "standing"),
    [
        ([], None),
        ([("mediator", TAIPING)], Standing(Role.MEDIATOR, (TAIPING,))),
        ([("mediator", TAIPING), ("liaison_officer", TAIPING)], Standing(Role.OFFICER, (TAIPING,))),
        ([("mediator", SHUANGDONG), ("liaison_officer", TAIPING)], Standing(Role.OFFICER, (TAIPING,))),
        ([("mediator", TAIPING), ("judge_assistant", SHUANGDONG)], Standing(Role.ASSISTANT, (SHUANGDONG,))),
        ([("judge_assistant", TAIPING), ("judge", SHUANGDONG)], Standing(Role.JUDGE, (SHUANGDONG,))),
        ([("judge", TAIPING), ("judge", SHUANGDONG)], Standing(Role.JUDGE, (SHUANGDONG, TAIPING))),
    ],
)
def test_the_weightiest_seat_gives_the_role_and_its_towns(seats, standing):
    assert standing_of(seats) == standing


@pytest.mark.parametrize(
    ("role", "town", "prefix"),
    [
        ("mediator", "TP", "mediator-tp-"),
        ("officer", "SD", "officer-sd-"),
        ("judge", "TP", "judge-"),
        ("mediator", None, "mediator-"),
    ],
)
def test_names_say_role_and_town_and_nothing_of_the_person(role, town, prefix):
    assert prefix_of(role, town) == prefix


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "mediator-tp-01"),
        (["mediator-tp-01", "mediator-tp-07"], "mediator-tp-08"),
        (["mediator-tp-99"], "mediator-tp-100"),
        (["mediator-tp-xx", "mediator-sd-05"], "mediator-tp-01"),
    ],
)
def test_a_number_is_never_given_twice(taken, name):
    assert next_name("mediator-tp-", taken) == name


@pytest.mark.parametrize(
    ("seat", "left", "goes_on"),
    [
        ("liaison_officer", "mediator", True),
        ("mediator", "liaison_officer", False),
        ("judge", "judge_assistant", True),
        ("judge_assistant", "judge", False),
        ("mediator", "mediator", True),
    ],
)
def test_whose_seat_weighs_as_much_goes_on_with_the_work(seat, left, goes_on):
    assert goes_on_as(seat, left) is goes_on
