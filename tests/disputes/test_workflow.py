"""The whole grid of state × verb, from a literal table."""

import pytest

from disputes import workflow
from disputes.choices import DisputeState

VERBS = ("route", "start_mediation", "agree", "fail", "end", "refer_out", "reopen", "archive", "merge")
ALLOWED = {
    #               route start agree fail  end   refer reopen archive merge
    "registered":   "yes   -     -     -    yes   yes    -      -     yes",
    "routed":       "-     yes   -     -    yes   yes    -      -     yes",
    "mediating":    "-     -     yes   yes  yes   -      -      -     yes",
    "agreed":       "-     -     -     -    -     -      yes    yes     -",
    "failed":       "-     -     -     -    -     -      yes    yes     -",
    "ended":        "-     -     -     -    -     -      yes    yes     -",
    "referred_out": "-     -     -     -    -     -      yes    -       -",
    "archived":     "-     -     -     -    -     -      -      -     -",
    "merged":       "-     -     -     -    -     -      -      -       -",
}  # fmt: skip
GRID = [
    (state, verb, answer == "yes")
    for state, row in ALLOWED.items()
    for verb, answer in zip(VERBS, row.split(), strict=True)
]


def test_the_table_names_every_state_and_every_verb():
    assert set(ALLOWED) == set(DisputeState.values)
    assert set(VERBS) == set(workflow.TRANSITIONS)


@pytest.mark.parametrize(("state", "verb", "expected"), GRID, ids=str)
def test_a_verb_is_allowed_exactly_where_the_table_says(state, verb, expected):
    assert workflow.allowed(verb, state) is expected


def test_verbs_that_turn_a_file_need_a_reason():
    needing = {verb for verb, move in workflow.TRANSITIONS.items() if move.reason_required}
    assert needing == {"fail", "end", "refer_out", "reopen", "merge"}
