"""Running figures of the teams say what counting everything says, and follow one row out and in."""

import json
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.annex.facts import CheckedRow, StaffFacts
from roster.annex.plan import Known, Member, Term, plan_rows
from roster.annex.tally import TeamTally
from roster.annex.teams import teams_after
from roster.posts import Post
from tests.conftest import FENJIE, TAIPING
from tests.roster.workbooks import unhurried

SINCE, EARLIER = date(2023, 6, 1), date(2023, 3, 30)
KEYS = [UUID(int=number) for number in range(4)]
ROLES = ("judge", "judge_assistant", "mediator", "liaison_officer", "")
people = st.integers(0, 5)
lists = st.lists(
    st.tuples(
        people, st.sampled_from(ROLES), st.sampled_from([(TAIPING,), (FENJIE,), (TAIPING, FENJIE), ()]), st.booleans()
    ),
    max_size=7,
)
seats = st.dictionaries(
    st.tuples(st.integers(0, 3), st.sampled_from([TAIPING, FENJIE])), st.sampled_from(ROLES[:4]), max_size=5
)


def planned(rows, held):
    known = {
        f"n{who}": Known(
            KEYS[who],
            StaffFacts(name=f"人{who}", id_number=f"n{who}"),
            tuple(
                Term(place, town, role, "", EARLIER, None)
                for place, ((holder, town), role) in enumerate(held.items())
                if holder == who
            ),
        )
        for who in {who for who, _ in held}
    }
    checked = [
        CheckedRow(
            "表", number, StaffFacts(name=f"人{who}", id_number=f"n{who}"), Post(role, "", ()), towns, left_out=out
        )
        for number, (who, role, towns, out) in enumerate(rows, 4)
    ]
    return plan_rows(checked, known, SINCE)


def members(held):
    return [Member(KEYS[who], f"人{who}", town, role) for (who, town), role in held.items()]


def tally_of(rows, held):
    tally = TeamTally()
    towns = tally.missing(rows)
    tally.know(towns, [member for member in members(held) if member.town_code in towns])
    for row in rows:
        tally.add(row)
    return tally


def told(teams):
    return [(team.town_code, team.standing, sorted(map(str, team.absent))) for team in teams]


@unhurried
@given(lists, seats)
def test_the_figures_are_those_of_counting_all_rows(rows, held):
    plan = planned(rows, held)
    assert told(tally_of(plan, held).teams()) == told(teams_after(plan, members(held)))


@unhurried
@given(lists, seats)
def test_a_row_taken_out_and_put_back_changes_nothing_and_json_keeps_all(rows, held):
    plan = planned(rows, held)
    tally = TeamTally.from_json(json.loads(json.dumps(tally_of(plan, held).as_json())))
    for row in plan:
        tally.remove(row)
        tally.add(row)
    assert told(tally.teams()) == told(tally_of(plan, held).teams())


@pytest.mark.parametrize("role", ["judge", "mediator"])
def test_a_row_that_turns_into_another_moves_its_seat(role):
    (before,) = planned([(0, "liaison_officer", (TAIPING,), False)], {})
    (after,) = planned([(0, role, (TAIPING,), False)], {})
    tally = tally_of([before], {})
    tally.remove(before)
    tally.add(after)
    assert told(tally.teams()) == told(tally_of([after], {}).teams())


def test_a_town_whose_rows_are_all_left_out_is_shown_no_more():
    (row,) = planned([(0, "judge", (TAIPING,), False)], {})
    tally = tally_of([row], {})
    tally.remove(row)
    tally.add(row._replace(checked=row.checked._replace(left_out=True), steps=()))
    assert tally.teams() == []
