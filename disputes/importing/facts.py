"""What a row of a ledger became: the facts of a dispute, what is wrong with it, at which column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from disputes.choices import PartyKind
from roster.annex.mending import RowKey

Suggest = Callable[[str], str]


class RowIssue(NamedTuple):
    """`field` names the column ("" for the whole row); an error keeps the row out, a warning is to be looked at."""

    field: str
    code: str
    message: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A party as it was read, numbers in their one form."""

    side: str
    name: str
    kind: str = PartyKind.PERSON
    id_number: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PastDispute:
    """A dispute of a ledger. `closed_on` is set exactly when `outcome` is; a day not told is that of registration.

    `narrative` is the story with what the ledger's column of names and causes says beside it, `story` without.
    """

    registered_on: date
    village: str
    case_type: str
    source: str
    narrative: str
    people: tuple[Person, ...]
    amount: Decimal | None = None
    outcome: str = ""
    outcome_words: str = ""
    end_ground: str = ""
    referred_to: str = ""
    closed_on: date | None = None
    mediator: str = ""
    own_number: str = ""
    result_text: str = ""
    note: str = ""
    story: str = ""

    @property
    def identity(self) -> str:
        """What makes it the same dispute in another file: day, people, story and the town's own number.

        Outcome, type and money may be filled in later; such a row is still the one that stands in the ledger.
        """
        people = ",".join(sorted(f"{one.side}:{one.name}" for one in self.people))
        return "|".join((self.own_number, self.registered_on.isoformat(), people, self.story or self.narrative))


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row after every check that needs no ledger. `shown`: what the preview shows of it, by field.

    `wrong`: the cells that keep it out, by field as they are written, in clear; `retyped`: those its uploader mended.
    """

    sheet: int
    number: int
    shown: Mapping[str, str]
    issues: tuple[RowIssue, ...]
    dispute: PastDispute | None
    sheet_name: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    retyped: frozenset[str] = frozenset()

    @property
    def key(self) -> RowKey:
        """By which what was decided about the row is kept."""
        return self.sheet_name, self.number

    @property
    def is_rejected(self) -> bool:
        return self.dispute is None


@dataclass(frozen=True)
class Frame:
    """What rows are checked against: the town's villages as people say them, towns and types (code → name), the day.

    `village` and `source` are what was chosen for rows that say none; `suggest` names a type for a story.
    """

    town: str
    town_name: str
    villages: Mapping[str, str]
    towns: Mapping[str, str]
    types: Mapping[str, str]
    today: date
    suggest: Suggest
    village: str = ""
    source: str = ""
