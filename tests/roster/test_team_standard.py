"""The plan's standard of a team: 1 + n + 6 + 1."""

import pytest

from roster.team_standard import standing

COMPLETE = ["judge", "judge_assistant", *["mediator"] * 6, "liaison_officer"]


def test_one_judge_one_assistant_six_mediators_and_the_officer_are_complete():
    found = standing(COMPLETE)
    assert (found.complete, found.gaps, found.excess, found.headcount) == (True, (), (), 9)


@pytest.mark.parametrize(
    ("gone", "gap"),
    [
        ("judge", "缺法官 1 名"),
        ("judge_assistant", "缺法官助理 1 名"),
        ("mediator", "缺调解人员 1 名"),
        ("liaison_officer", "缺联络人员 1 名"),
    ],
)
def test_each_empty_chair_breaks_the_standard_and_is_named(gone, gap):
    roles = list(COMPLETE)
    roles.remove(gone)
    found = standing(roles)
    assert (found.complete, found.gaps) == (False, (gap,))


def test_too_many_are_shown_and_break_nothing():
    found = standing([*COMPLETE, "judge", "mediator"])
    assert (found.complete, found.excess) == (True, ("超法官 1 名", "超调解人员 1 名"))


def test_any_number_of_assistants_fits():
    assert standing([*COMPLETE, *["judge_assistant"] * 5]).excess == ()


def test_nobody_at_all_lacks_everything():
    found = standing([])
    assert found.gaps == ("缺法官 1 名", "缺法官助理 1 名", "缺调解人员 6 名", "缺联络人员 1 名")
    assert found.of("mediator").short == 6
