"""The mark in 备注 that says which seats a row stands for, and the towns a judge serves in plain words."""

import pytest

from roster.annex.seats import Seat, read_mark, with_mark, without_mark, without_service, write_mark, write_service
from tests.conftest import SHUANGDONG, TAIPING

MARKS = {
    "one seat of the sheet's own town": ([Seat("", "liaison_officer")], "【岗位：联络人员】"),
    "two seats in one town": (
        [Seat("", "liaison_officer"), Seat("", "mediator", "town_cadre")],
        "【岗位：联络人员；镇（街）干部】",
    ),
    "a mediator without a kind": ([Seat(TAIPING, "mediator")], "【岗位：调解人员，太平镇】"),
    "a judge of two towns": (
        [Seat(TAIPING, "judge"), Seat(SHUANGDONG, "judge")],
        "【岗位：法官，负责太平镇、双东街道】",
    ),
    "judge here, assistant there": (
        [Seat(TAIPING, "judge"), Seat(SHUANGDONG, "judge_assistant")],
        "【岗位：法官，负责太平镇；法官助理，负责双东街道】",
    ),
    "nobody's seat": ([], "【岗位：待定】"),
}


@pytest.mark.parametrize(("seats", "mark"), MARKS.values(), ids=MARKS)
def test_seats_are_written_and_read_back(county, seats, mark):
    assert write_mark(seats, county) == mark
    assert read_mark(with_mark("党员", mark), county) == ("党员", tuple(seats))
    assert read_mark(mark, county) == ("", tuple(seats))


READ = {
    "no mark": ("党员", ("党员", None)),
    "typed by hand in other punctuation": ("【岗位:网格员,太平镇】", ("", (Seat(TAIPING, "mediator", "grid_worker"),))),
    "the source in half-width brackets": (
        "【岗位：镇(街)干部】党员",
        ("党员", (Seat("", "mediator", "town_cadre"),)),
    ),
    "a seat nobody knows stays as it stands": ("【岗位：飞行员】", ("【岗位：飞行员】", None)),
    "other brackets": ("【2022年换届】", ("【2022年换届】", None)),
    "one role twice in a town counts once": (
        "【岗位：网格员，太平镇；镇（街）干部，太平镇】",
        ("", (Seat(TAIPING, "mediator", "grid_worker"),)),
    ),
}


@pytest.mark.parametrize(("note", "found"), READ.values(), ids=READ)
def test_a_mark_is_read_as_people_may_write_it(county, note, found):
    assert read_mark(note, county) == found


def test_taking_the_mark_away_leaves_the_note_as_it_was():
    assert without_mark("党员；；【岗位：待定】") == "党员；"


def test_the_towns_a_judge_serves_are_written_as_the_annex_asks(county):
    seats = [Seat(TAIPING, "judge"), Seat(SHUANGDONG, "judge")]
    assert write_service(seats, county) == "负责太平镇、双东街道"


SERVICES = {
    "负责太平镇、罗镜镇": "",
    "党员；负责太平镇": "党员",
    "负责太平镇；党员": "负责太平镇；党员",
    "党员，负责后勤": "党员，负责后勤",
}


@pytest.mark.parametrize(("note", "rest"), SERVICES.items(), ids=SERVICES)
def test_only_a_closing_statement_of_service_is_left_out_of_a_note(note, rest):
    assert without_service(note) == rest
