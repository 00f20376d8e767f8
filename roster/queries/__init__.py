"""Reads of the roster, split by what the user is doing; `from roster import queries` gives them all."""

from roster.queries.exports import (
    export_for,
    listed_people,
    open_seats_of,
    open_terms,
    recent_exports,
    town_headcounts,
    unseated_people,
)
from roster.queries.imports import import_for, recent_imports
from roster.queries.people import (
    Seat,
    facts_of,
    known_people,
    members_now,
    namesakes,
    opened_search,
    people,
    people_named,
    person_for,
    phone_hash,
    sealed_search,
)
from roster.queries.places import gazetteer, town_for, towns, towns_for
from roster.queries.submissions import last_submission, submissions
from roster.queries.teams import SeatGroup, Team, current_members, judge_of, mediator_choices, team_of, team_standings

__all__ = [
    "Seat",
    "SeatGroup",
    "Team",
    "current_members",
    "export_for",
    "facts_of",
    "gazetteer",
    "import_for",
    "judge_of",
    "known_people",
    "last_submission",
    "listed_people",
    "mediator_choices",
    "members_now",
    "namesakes",
    "open_seats_of",
    "open_terms",
    "opened_search",
    "people",
    "people_named",
    "person_for",
    "phone_hash",
    "recent_exports",
    "recent_imports",
    "sealed_search",
    "submissions",
    "team_of",
    "team_standings",
    "town_for",
    "town_headcounts",
    "towns",
    "towns_for",
    "unseated_people",
]
