"""Reads of liaison, split by what the user is doing; `from liaison import queries` gives them all."""

from liaison.queries.activities import recent_meetings
from liaison.queries.books import Books, Seat, TownStatus, books, status_of, statuses, towns
from liaison.queries.duty import WEEK, RotaDay, rota, shift_for, team_choices
from liaison.queries.points import (
    evidence_files,
    item_for,
    open_item,
    point_for,
    texts_of,
    town_for,
    towns_inside,
    visible_towns,
)

__all__ = [
    "WEEK",
    "Books",
    "RotaDay",
    "Seat",
    "TownStatus",
    "books",
    "evidence_files",
    "item_for",
    "open_item",
    "point_for",
    "recent_meetings",
    "rota",
    "shift_for",
    "status_of",
    "statuses",
    "team_choices",
    "texts_of",
    "town_for",
    "towns",
    "towns_inside",
    "visible_towns",
]
