"""Rows about whose cells there is nothing to say: read some hundreds at a time, without collecting sentences.

Nearly every row of a large list is one. Any other is left to the checks of `checking`, which read a plain row no
differently: a test holds the two against each other.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from core.spreadsheets import CellValue
from roster.annex import cells
from roster.annex.addresses import SAYS_SAME
from roster.annex.facts import FACTS, StaffFacts
from roster.annex.rows import Columns, RawRow
from roster.id_card import IdCard, read_id_number
from roster.phones import is_mobile

NAME_LENGTH = 60
NAME = FACTS.index("name")
SIGNS = "*＊【"  # noqa: RUF001 - of a mask, of a mark in 备注


def plain_people(rows: Sequence[RawRow], columns: Columns, today: date) -> list[StaffFacts | None]:
    """What each row says of a person; None where something is missing, unusual or wrong."""
    texts = [columns[name] for name in FACTS]
    name_at, number_at, born_at = (rows[0].layout.places.get(name, (-1,))[0] for name in ("name", "id_number", "born"))
    if born_at < 0:
        return [None] * len(rows)
    names, numbers, born = ([raw.row.values[place] for raw in rows] for place in (name_at, number_at, born_at))
    people = [
        _plain(text, number, month, today) if type(number) is str and name == text[NAME] else None
        for text, name, number, month in zip(zip(*texts, strict=True), names, numbers, born, strict=True)
    ]
    for place in _with_signs(texts) | _saying_same(columns["registered_address"], columns["contact_address"]):
        people[place] = None
    return people


def _plain(said: tuple[str, ...], number: str, born: CellValue, today: date) -> StaffFacts | None:
    """`said` in the order of FACTS. `born` is the cell as it stands: another form of the month is shown to who repairs
    the list.
    """
    name, _, sex, unit, registered, contact, _, phone, note = said
    if not name.isalpha() or len(name) > NAME_LENGTH or not is_mobile(phone):
        return None
    card = read_id_number(number, today=today)
    if not isinstance(card, IdCard) or cells.SEXES.get(sex) != card.sex:
        return None
    month = card.born_month
    if born not in (month, month.replace("-", ".")):
        return None
    return StaffFacts(name, month, card.sex, unit, registered, contact, card.number, phone, note)


def _saying_same(*addresses: Sequence[str]) -> set[int]:
    """The places of rows with an address that may be said to be as another."""
    found: set[int] = set()
    for column in addresses:
        if not SAYS_SAME.isdisjoint({text[:1] for text in column}):
            found.update(place for place, text in enumerate(column) if text[:1] in SAYS_SAME)
    return found


def _with_signs(texts: Iterable[Sequence[str]]) -> set[int]:
    """The places of rows with a sign in any cell."""
    found: set[int] = set()
    for column in texts:
        together = "".join(column)
        if any(sign in together for sign in SIGNS):
            found.update(place for place, text in enumerate(column) if any(sign in text for sign in SIGNS))
    return found
