"""What the words of a row say of seats and towns, those of its post and note and of the columns beside the annex's ten.

A mark in 备注 goes before the words, what a person settled before the mark.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from roster.annex import cells
from roster.annex.addresses import without_ditto
from roster.annex.beside import place_beside, seat_beside
from roster.annex.columns import CATEGORY, TOWN
from roster.annex.facts import Issue
from roster.annex.findings import Findings
from roster.annex.masks import OnRoster
from roster.annex.mending import NOTHING_MENDED, NOTHING_SETTLED, Mends, Settlement
from roster.annex.row_towns import Place, say_town_unclear, towns_of
from roster.annex.rows import RawRow
from roster.annex.seats import Seat
from roster.choices import TeamRole, WarningCode
from roster.posts import Post, read_post
from roster.towns import Gazetteer

HEARD_AT_MOST = 10_000  # posts kept with what they say; a list may have as many as people


@dataclass(frozen=True)
class Frame:
    """What a check needs to know besides the row itself. `people`: who of the roster masked rows may mean, by name."""

    gazetteer: Gazetteer
    today: date
    town: str | None = None
    mends: Mends = NOTHING_MENDED
    people: Mapping[str, Sequence[OnRoster]] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict, compare=False)
    heard: dict[Hashable, "Heard"] = field(default_factory=dict, compare=False)


class Heard(NamedTuple):
    """What the words of a row say on a sheet of some town, and what is to be said about them."""

    town: str | None
    post: Post
    towns: tuple[str, ...]
    issues: Sequence[Issue]


class Seated(NamedTuple):
    """The town a row stands under, its post and towns, and the seats that a mark names."""

    town: str | None
    post: Post
    towns: tuple[str, ...]
    seats: tuple[Seat, ...] = ()


def hear(
    unit_and_duty: str, note: str, sheet_town: str | None, frame: Frame, town: str = "", category: str = ""
) -> Heard:
    """Posts repeat by the thousand, so each is listened to once, with its 镇（街） and 人员类别 if there are such."""
    words = (unit_and_duty, note, sheet_town, town, category) if town or category else (unit_and_duty, note, sheet_town)
    found = frame.heard.get(words)
    if found is None:
        say = Findings("", 0)
        texts = _written_out(unit_and_duty, note, say) | {TOWN: town, CATEGORY: category}
        post = _post(texts, NOTHING_SETTLED, say, frame.posts)
        place = place_beside(town, post, sheet_town, say, frame.gazetteer)
        found = Heard(place.town, post, towns_of(texts, post, place, say, frame.gazetteer), say.issues)
        if len(frame.heard) < HEARD_AT_MOST:
            frame.heard[words] = found
    return found


def own_words(raw: RawRow, texts: Mapping[str, str], say: Findings) -> dict[str, str]:
    """Post and note without a 同上 that is a whole cell: of 单位 and 职务 in two columns either may be one."""
    if "unit_and_duty" not in raw.layout.joined:
        return _written_out(texts["unit_and_duty"], texts["note"], say)
    return _written_out(map(cells.line, raw.cells("unit_and_duty")), texts["note"], say)


def _written_out(unit_and_duty: str | Iterable[str], note: str, say: Findings) -> dict[str, str]:
    apart = [unit_and_duty] if isinstance(unit_and_duty, str) else unit_and_duty
    return {
        "unit_and_duty": without_ditto("unit_and_duty", apart, say),
        "note": without_ditto("note", [note], say),
    }


def seats_of(
    texts: dict[str, str],
    marked: tuple[Seat, ...] | None,
    settled: Settlement,
    sheet_town: str | None,
    say: Findings,
    frame: Frame,
) -> Seated:
    """Post, towns and marked seats: what a person settled goes before the mark in 备注, the mark before the words."""
    town, category = texts.get(TOWN, ""), texts.get(CATEGORY, "")
    if marked is None and settled is NOTHING_SETTLED:
        heard = hear(texts["unit_and_duty"], texts["note"], sheet_town, frame, town, category)
        for issue in heard.issues:
            say.again(issue)
        return Seated(heard.town, heard.post, heard.towns)
    if marked is None or settled != NOTHING_SETTLED:
        post = _post(texts, settled, say, frame.posts)
        if settled.towns:
            return Seated(sheet_town, post, settled.towns)
        place = place_beside(town, post, sheet_town, say, frame.gazetteer)
        return Seated(place.town, post, towns_of(texts, post, place, say, frame.gazetteer))
    return _marked(texts, marked, sheet_town, say, frame)


def _marked(
    texts: dict[str, str], marked: tuple[Seat, ...], sheet_town: str | None, say: Findings, frame: Frame
) -> Seated:
    post = Post(marked[0].role, marked[0].kind, ("岗位",)) if marked else Post()
    under = place_beside(texts.get(TOWN, ""), post, sheet_town, say, frame.gazetteer).town
    meant = (under,) if under else frame.gazetteer.towns_meant(texts["unit_and_duty"])
    own = meant[0] if len(meant) == 1 else ""
    seats = tuple(seat._replace(town=seat.town or own) for seat in marked)
    if not all(seat.town for seat in seats):
        say_town_unclear(meant, say, frame.gazetteer)
        return Seated(under, Post(), ())
    return Seated(under, post, tuple(dict.fromkeys(seat.town for seat in seats)), seats)


def seats_read(unit_and_duty: str, note: str, sheet_town: str | None, gazetteer: Gazetteer) -> set[Seat]:
    """What a row with these words and no mark would be read as, on a sheet of this town (None: of no town)."""
    unheard = Findings("", 0)
    texts = _written_out(cells.line(unit_and_duty), cells.line(note), unheard)
    post = _post(texts, NOTHING_SETTLED, unheard, {})
    if not post.role:
        return set()
    return {Seat(town, post.role, post.kind) for town in towns_of(texts, post, Place(sheet_town), unheard, gazetteer)}


def _post(texts: Mapping[str, str], settled: Settlement, say: Findings, read: dict[tuple[str, str], Post]) -> Post:
    found = _read((texts["unit_and_duty"], texts["note"]), read)
    if (category := texts.get(CATEGORY)) and not settled.role:
        found = seat_beside(_read(("", category), read), found, say)
    post = settled.post(found)
    if not post.role:
        say.say(WarningCode.ROLE_UNCLEAR, "unit_and_duty", "看不出岗位，先列入「待定岗位」。")
    elif post.role == TeamRole.MEDIATOR and not post.kind:
        say.say(WarningCode.KIND_UNCLEAR, "unit_and_duty", "看不出是哪一类调解人员，来源先空着。")
    return post


def _read(words: tuple[str, str], read: dict[tuple[str, str], Post]) -> Post:
    """The seat; posts repeat by the thousand, so each is read once."""
    found = read.get(words)
    if found is None:
        found = read[words] = read_post(*words)
    return found
