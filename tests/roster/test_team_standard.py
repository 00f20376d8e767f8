"""The plan's standard of a team: 1 + n + 6 + 1, on a day and in time; expected days were counted by hand."""

from datetime import date

import pytest

from roster.choices import MediatorKind
from roster.spans import Span
from roster.team_standard import (
    SeatTerm,
    Spell,
    broken,
    source_mix,
    standing,
    standing_on,
    total_days,
    vacancies,
)

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


# ── through time ─────────────────────────────────────────────────────────────
MARCH, APRIL, MAY, JUNE = (date(2023, month, 1) for month in (3, 4, 5, 6))


def term(role: str, person: int, since: date, until: date | None = None, *, recorded: date | None = None, **more):
    """A term; `until` is, as in a span, the day after the last day in office."""
    return SeatTerm(role, person, Span(since, until, recorded or since, more.pop("ended_on", until)), **more)


def whole_team(since: date = MARCH) -> list[SeatTerm]:
    return [term(role, number, since) for number, role in enumerate(COMPLETE)]


def test_a_team_is_whole_on_the_first_and_on_the_last_day_of_its_terms_and_not_after():
    team = [*whole_team()[:-1], term("liaison_officer", 99, MARCH, MAY)]
    found = [standing_on(team, day).complete for day in (date(2023, 2, 28), MARCH, date(2023, 4, 30), MAY)]
    assert found == [False, True, True, False]


def test_a_person_with_two_terms_of_one_role_counts_once():
    team = [term("judge", 1, MARCH, APRIL), term("judge", 1, MARCH)]
    assert standing_on(team, MARCH).of("judge").taken == 1


def test_an_end_that_was_not_written_down_yet_had_not_been_seen():
    left = term("liaison_officer", 9, MARCH, MAY, ended_on=JUNE)
    team = [*whole_team()[:-1], left]
    day = date(2023, 5, 10)
    assert (standing_on(team, day).complete, standing_on(team, day, known_on=date(2023, 5, 31)).complete) == (
        False,
        True,
    )


def test_a_term_entered_afterwards_had_not_been_known():
    team = [*whole_team()[:-1], term("liaison_officer", 9, MARCH, recorded=JUNE)]
    assert (standing_on(team, MAY).complete, standing_on(team, MAY, known_on=MAY).complete) == (True, False)


def spell(since: date, until: date, short: int, *, goes_on: bool = False, role: str = "") -> Spell:
    return Spell(since, until, short, goes_on, role)


def test_a_chair_is_empty_from_the_day_after_the_last_day_to_the_day_before_the_next():
    team = [*whole_team()[:-1], term("liaison_officer", 9, MARCH, MAY), term("liaison_officer", 10, date(2023, 5, 11))]
    found = vacancies(team, MARCH, JUNE)
    assert found == [spell(MAY, date(2023, 5, 10), 1, role="liaison_officer")]
    assert (found[0].days, broken(team, MARCH, JUNE)) == (10, [spell(MAY, date(2023, 5, 10), 1)])


def test_a_gap_that_changes_its_size_is_two_vacancies_and_one_broken_spell():
    mediators = [term("mediator", 21, MARCH, APRIL), term("mediator", 22, MARCH, MAY)]
    team = [one for one in whole_team() if one.role != "mediator"] + mediators
    team += [term("mediator", number, MARCH) for number in range(30, 34)]
    assert vacancies(team, MARCH, JUNE) == [
        spell(APRIL, date(2023, 4, 30), 1, role="mediator"),
        spell(MAY, JUNE, 2, goes_on=True, role="mediator"),
    ]
    assert broken(team, MARCH, JUNE) == [spell(APRIL, JUNE, 2, goes_on=True)]
    assert total_days(broken(team, MARCH, JUNE)) == 62


def test_a_gap_of_two_roles_one_after_the_other_breaks_the_standard_in_one_spell():
    team = [
        *whole_team()[2:-1],
        term("judge", 1, MARCH, APRIL), term("judge", 2, date(2023, 4, 11)),
        term("judge_assistant", 3, MARCH, date(2023, 4, 11)), term("judge_assistant", 4, date(2023, 4, 21)),
        term("liaison_officer", 5, MARCH),
    ]  # fmt: skip
    assert broken(team, MARCH, JUNE) == [spell(APRIL, date(2023, 4, 20), 1)]


def test_nobody_at_all_is_broken_from_the_first_day_to_the_last():
    assert broken([], MARCH, date(2023, 3, 10)) == [spell(MARCH, date(2023, 3, 10), 9, goes_on=True)]


def test_a_period_of_one_day_and_none():
    assert total_days(broken([], MARCH, MARCH)) == 1
    assert broken([], APRIL, MARCH) == []


def test_days_counted_as_known_on_a_day_leave_out_what_was_entered_later():
    team = [*whole_team()[:-1], term("liaison_officer", 9, MARCH, recorded=JUNE)]
    assert total_days(broken(team, MARCH, date(2023, 3, 10))) == 0
    assert total_days(broken(team, MARCH, date(2023, 3, 10), known_on=MAY)) == 10


# ── sources ──────────────────────────────────────────────────────────────────
def test_the_mix_counts_each_source_and_names_those_nobody_comes_from():
    mix = source_mix(["grid_worker", "grid_worker", "town_cadre", "village_lawyer", "", ""])
    assert (dict(mix.counts)["grid_worker"], mix.present, mix.unknown) == (2, 3, 2)
    assert mix.missing == (MediatorKind.VILLAGE_CADRE, MediatorKind.JUDICIAL_OFFICE, MediatorKind.PEOPLES_MEDIATOR)
