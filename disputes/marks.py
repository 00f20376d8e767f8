"""Marks among the tokens of a dispute: when it was registered and in which town. Pure.

A word that was common once stands in two hundred thousand disputes, none of them of lately. Put in order by day it
would take the database a second; asked for together with a year's mark, the search index itself says which years have
it, and a month's mark keeps what must be put in order small. No word that a person types can be a mark.
"""

from datetime import date

from core.tokens import Phrase

MARK = "\ue000"  # a private character: no text that is searched keeps it


def marks(town_code: str, registered_on: date) -> list[str]:
    """The marks of a dispute."""
    return [MARK + name for name in (f"{registered_on:%Y}", f"{registered_on:%Y%m}", town_code)]


def of_year(year: int) -> list[Phrase]:
    """What to look for of that year."""
    return [_marked(f"{year:04}")]


def of_month(month: date) -> list[Phrase]:
    """What to look for of the month of that day."""
    return [_marked(f"{month:%Y%m}")]


def of_town(code: str) -> list[Phrase]:
    """What to look for of that town."""
    return [_marked(code)]


def _marked(name: str) -> Phrase:
    return Phrase((MARK + name,), begins=False)
