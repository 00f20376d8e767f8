"""Cells of a masked list: what equals the mask of the roster's own value means "unchanged"."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from core.privacy import mask_address, mask_id_number, mask_text
from core.spreadsheets import CellValue
from roster.annex.facts import StaffFacts
from roster.annex.mending import Mends
from roster.annex.reading import AnnexFile
from roster.annex.rows import RawRow, in_lots
from roster.annex.seats import without_service
from roster.choices import ErrorCode, WarningCode
from roster.id_card import tidy_id_number
from roster.phones import masked_phone

STARS = re.compile("[*＊]")  # noqa: RUF001
BLANKS = re.compile(r"\s+")
MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": mask_id_number,
    "phone": masked_phone,
    "registered_address": mask_address,
    "contact_address": mask_address,
    "unit_and_duty": mask_text,
    "note": mask_text,
}
# In these a star may also be meant as it stands.
FREE_TEXT = frozenset({"unit_and_duty", "note"})


@dataclass(frozen=True, slots=True)
class OnRoster:
    """Somebody of the roster whom a masked row may mean; `towns` are those of their open terms."""

    facts: StaffFacts
    towns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Problem:
    field: str
    code: ErrorCode | WarningCode
    message: str


def is_masked(text: str) -> bool:
    return bool(STARS.search(text))


def masked_fields(texts: Mapping[str, str]) -> dict[str, str]:
    """The cells with a star in them, by field."""
    together = "".join(texts.values())
    if "*" not in together and "＊" not in together:  # noqa: RUF001 - nearly every row
        return {}
    return {name: texts[name] for name in MASKS if STARS.search(texts[name])}


def names_on_masked_rows(annex: AnnexFile, mends: Mends) -> set[str]:
    """Who must be looked up in the roster before the rows can be checked."""
    rows = (mends.applied_to(sheet.name, raw) for sheet in annex.sheets for raw in sheet.rows)
    starred = (raw for some in in_lots(rows) if _may_be_masked(some) for raw in some)
    return {texts["name"] for raw in starred if masked_fields(texts := raw.texts())}


def _may_be_masked(rows: Sequence[RawRow]) -> bool:
    """Whether any cell has a star; asked of every row, so it looks at many cells together, as they are."""
    if any(raw.typed for raw in rows):
        return True
    columns = zip_longest(*(raw.row.values for raw in rows), fillvalue="")
    return any("*" in text or "＊" in text for text in map(_together, columns))  # noqa: RUF001


def _together(values: Sequence[CellValue]) -> str:
    try:
        return "".join(values)  # type: ignore[arg-type]  # what is no text says so
    except TypeError:
        return "".join(value for value in values if isinstance(value, str))


def unmasked(
    raw: RawRow, masked: Mapping[str, str], people: Sequence[OnRoster], towns: Iterable[str]
) -> tuple[RawRow, list[Problem]]:
    """The row with the roster's own values in place of their masks, and what could not be made out.

    The person is found by name and identity number; a masked number must fit exactly one person of the row's town.
    """
    found = _people_meant(raw, masked, people, frozenset(towns))
    facts = found[0].facts.as_dict() if len(found) == 1 else {}
    nobody = "id_number" in masked and not facts  # said at the number alone: the rest is somebody's once that is mended
    clear: dict[str, str] = {}
    problems: list[Problem] = []
    for name, text in masked.items():
        if facts and _plain(MASKS[name](facts[name])) in _said(name, text):
            clear[name] = facts[name]
        elif name not in FREE_TEXT:
            clear[name] = ""
            if nobody and name != "id_number":
                continue
            problems.append(_problem(name, len(found)))
    return replace(raw, typed={**raw.typed, **clear}), problems


def _said(name: str, text: str) -> set[str]:
    """What a masked cell says; the towns that an export adds to a judge's note are no part of the note."""
    return {_plain(text), _plain(without_service(text))} if name == "note" else {_plain(text)}


def _people_meant(
    raw: RawRow, masked: Mapping[str, str], people: Sequence[OnRoster], towns: frozenset[str]
) -> list[OnRoster]:
    if "id_number" not in masked:
        number = tidy_id_number(raw.text("id_number"))
        return [one for one in people if one.facts.id_number == number]
    mask = _plain(masked["id_number"])
    return [
        one
        for one in people
        if mask_id_number(one.facts.id_number) == mask and (not towns or not one.towns or one.towns & towns)
    ]


def _problem(name: str, candidates: int) -> Problem:
    if name == "id_number" and candidates:
        said = f"名册里有 {candidates} 个同名的人都对得上这个带星号的号码，分不清是谁。请填 18 位号码。"
        return Problem(name, ErrorCode.ID_INVALID, said)
    if name == "id_number":
        return Problem(
            name, ErrorCode.ID_INVALID, "带星号的号码在名册里对不上：这个镇（街）没有同名、同号码的人。请填 18 位号码。"
        )
    if name == "phone":
        said = "带星号的号码与名册里的不一致，认不出是哪个号码。请填完整的号码。"
        return Problem(name, ErrorCode.PHONE_INVALID, said)
    return Problem(name, WarningCode.MASK_IGNORED, "带星号的地址与名册里的不一致，没有采用。要改地址，请填完整。")


def _plain(text: str) -> str:
    return BLANKS.sub("", text).replace("＊", "*").upper()  # noqa: RUF001
