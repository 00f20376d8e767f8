"""The seats a row stands for: read from its words, or from the mark 【岗位：…】 that an export adds to 备注.

The mark is written only where the words alone would be read differently, so that a list that was exported
comes back as it was: 【岗位：网格员，太平镇】, 【岗位：联络人员；镇（街）干部】, 【岗位：待定】. For the towns that
court staff serve the plain 负责太平镇、罗镜镇 is tried first.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from roster.choices import MediatorKind, TeamRole
from roster.rules import COURT_SEATS
from roster.towns import Gazetteer

MARK = re.compile(r"；?【岗位[：:]([^【】]*)】")
SERVES = re.compile(r"(?:\A|；)负责[^；;。]*\Z")
UNDECIDED = "待定"


class Seat(NamedTuple):
    """One seat in one town's team; `kind` only for mediators. An empty `town` is the sheet's own."""

    town: str
    role: str
    kind: str = ""


def _plain(label: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", label))


LABELS = {_plain(role.label): (role.value, "") for role in TeamRole} | {
    _plain(kind.label): (TeamRole.MEDIATOR.value, kind.value) for kind in MediatorKind
}


def without_mark(note: str) -> str:
    """A note as the roster keeps it."""
    return MARK.sub("", note).strip() if "【" in note else note


def without_service(note: str) -> str:
    """A note without the closing 负责太平镇、罗镜镇: which towns court staff serve is kept as seats."""
    return SERVES.sub("", note)


def write_service(seats: Iterable[Seat], gazetteer: Gazetteer) -> str:
    """The towns of these seats as one writes them in 备注: 负责太平镇、罗镜镇."""
    return f"负责{'、'.join(dict.fromkeys(gazetteer.name(seat.town) for seat in seats))}"


def read_mark(note: str, gazetteer: Gazetteer) -> tuple[str, tuple[Seat, ...] | None]:
    """The note without its mark, and the seats the mark names: none for 待定, None without a mark.

    A mark that names a seat nobody knows is left in the note as it stands.
    """
    found = MARK.search(note) if "【" in note else None
    seats = _seats_in(found.group(1), gazetteer) if found else None
    return (note, None) if seats is None else (without_mark(note), seats)


def _seats_in(words: str, gazetteer: Gazetteer) -> tuple[Seat, ...] | None:
    if _plain(words) == UNDECIDED:
        return ()
    seats: list[Seat] = []
    for part in re.split("[；;]", words):
        label, _, places = part.replace(",", "，").partition("，")
        if _plain(label) not in LABELS:
            return None
        role, kind = LABELS[_plain(label)]
        seats += [Seat(town, role, kind) for town in gazetteer.named_towns(places) or [""]]
    return tuple({(seat.town, seat.role): seat for seat in reversed(seats)}.values())[::-1]


def with_mark(note: str, mark: str) -> str:
    """A note with a mark after it."""
    return f"{note}；{mark}" if note else mark


def write_mark(seats: Iterable[Seat], gazetteer: Gazetteer) -> str:
    """The mark for these seats, in their order; seats without a town belong to the sheet they are written on."""
    towns: dict[tuple[str, str], list[str]] = {}
    for seat in seats:
        towns.setdefault((seat.role, seat.kind), []).append(seat.town)
    parts = [_part(role, kind, codes, gazetteer) for (role, kind), codes in towns.items()]
    return f"【岗位：{'；'.join(parts) or UNDECIDED}】"


def _part(role: str, kind: str, codes: Iterable[str], gazetteer: Gazetteer) -> str:
    label = MediatorKind(kind).label if kind else TeamRole(role).label
    names = "、".join(gazetteer.name(code) for code in codes if code)
    return f"{label}，{'负责' if role in COURT_SEATS else ''}{names}" if names else str(label)
