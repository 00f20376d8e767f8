"""The annex as a workbook: which sheets a list has, who stands on them, masked unless the export is clear."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from core.clock_face import cn_full_date
from core.models import Division, User
from core.spreadsheets import OutValue, SheetToWrite, write_workbook, write_workbook_to
from roster import queries
from roster.annex.facts import StaffFacts
from roster.annex.hearing import seats_read
from roster.annex.masks import MASKS
from roster.annex.seats import Seat, with_mark, without_mark, write_mark, write_service
from roster.annex.sheets import PLACE, annex_sheet, row_of
from roster.annex.template import template_sheets
from roster.choices import ExportList
from roster.models import RosterExport, Staff
from roster.queries.exports import BUREAU_KINDS
from roster.rules import COURT_SEATS
from roster.towns import Gazetteer

PEOPLE_AT_ONCE = 2_000
READ_AT_MOST = 5_000  # posts repeat; how many of them are remembered
NOTE = PLACE["note"]
UNDECIDED = "待定岗位"

Count = Callable[[int], None]
Person = tuple[UUID, StaffFacts]


@dataclass(frozen=True)
class Listed:
    """One sheet of a list: its people, the unit that hands it in, and the town it belongs to (None: by person)."""

    name: str
    unit: str
    people: QuerySet[Staff]
    stands_for: Callable[[Seat], bool]
    town: str | None = None


def listed_sheets(user: User, what: str, town: Division | None = None) -> list[Listed]:
    """The sheets of a list; towns without anybody are left out."""
    if what == ExportList.COUNTY:
        taken = queries.town_headcounts()
        towns = [_town_sheet(user, place) for place in queries.towns_for(user) if taken.get(place.code)]
        unseated = Listed(UNDECIDED, _unit(what), queries.unseated_people(user), lambda _: False)
        return [*towns, unseated] if not towns or unseated.people.exists() else towns
    if town:
        return [_town_sheet(user, town)]
    stands_for = _is_court_seat if what == ExportList.COURT else _is_bureau_seat
    unit = _unit(what)
    return [Listed(unit, unit, queries.listed_people(user, queries.open_terms(what)), stands_for)]


def _is_court_seat(seat: Seat) -> bool:
    return seat.role in COURT_SEATS


def _is_bureau_seat(seat: Seat) -> bool:
    return seat.kind in BUREAU_KINDS


def _town_sheet(user: User, town: Division) -> Listed:
    people = queries.listed_people(user, queries.open_terms(ExportList.TOWN, town.code))
    return Listed(town.name, town.name, people, lambda seat: seat.town == town.code, town.code)


def _unit(what: str) -> str:
    if what == ExportList.COURT:
        return str(settings.COURT_NAME)
    county = Division.objects.filter(code=settings.COUNTY_CODE).values_list("name", flat=True).first() or ""
    return f"{county}司法局" if what == ExportList.BUREAU else f"中共{county}委政法委员会"


def headcount(user: User, what: str, town: Division | None = None) -> int:
    """How many rows the list will have; a judge of several towns stands on each town's sheet."""
    if what == ExportList.COUNTY:
        taken = queries.town_headcounts()
        seated = sum(taken.get(place.code, 0) for place in queries.towns_for(user))
        return seated + queries.unseated_people(user).count()
    return sum(sheet.people.count() for sheet in listed_sheets(user, what, town))


def workbook_of(export: RosterExport, count: Count | None = None) -> bytes:
    """The list as .xlsx. `count` is told how many rows are done, every few hundred; people are never all in memory."""
    out = io.BytesIO()
    rows = RowWriter(queries.gazetteer(), export.is_clear, count)
    sheets = listed_sheets(export.asked_by, export.what, export.town)
    write_workbook_to(out, [_sheet(sheet, rows, export) for sheet in sheets])
    return out.getvalue()


def _sheet(listed: Listed, rows: "RowWriter", export: RosterExport) -> SheetToWrite:
    day = timezone.localtime(export.asked_at).date()
    return annex_sheet(listed.name, rows.of(listed), unit=listed.unit, on=day, mark=watermark(export))


def watermark(export: RosterExport) -> str:
    """Who took the list out, when, masked or not."""
    at = timezone.localtime(export.asked_at)
    how = "含完整个人信息，只用于登记的用途，用后销毁" if export.is_clear else "个人信息已遮盖"
    return f"{export.asked_by} {cn_full_date(at.date())} {at:%H:%M} 从法官联络点工作平台导出，{how}。"


def file_name(export: RosterExport) -> str:
    """Which list, of which day; nothing of a person."""
    place = export.town_id or export.what
    return f"roster-{place}-{timezone.localtime(export.asked_at):%Y%m%d}{'' if export.is_clear else '-masked'}.xlsx"


def template_of(user: User) -> bytes:
    """The empty annex, with the unit filled in for who keeps one town only."""
    towns = queries.towns_for(user)
    unit = towns[0].name if len(towns) == 1 else ""
    return write_workbook(template_sheets(unit, timezone.localdate()))


@dataclass
class RowWriter:
    """Turns people into rows of the annex."""

    gazetteer: Gazetteer
    is_clear: bool
    count: Count | None = None
    done: int = 0
    read: dict[tuple[str, str, str | None], frozenset[Seat]] = field(default_factory=dict)

    def of(self, listed: Listed) -> Iterator[list[OutValue]]:
        number = 0
        for people in _batches(queries.facts_of_all(listed.people, PEOPLE_AT_ONCE)):
            seats = queries.open_seats_of(key for key, _ in people)
            for key, facts in people:
                number += 1
                yield self._row(number, facts, seats.get(key, []), listed)
            self.done += len(people)
            if self.count:
                self.count(self.done)

    def _row(self, number: int, facts: StaffFacts, held: list[Seat], listed: Listed) -> list[OutValue]:
        post, note = facts.unit_and_duty, without_mark(facts.note)
        added = self._seats_in_words(post, note, held, listed)
        row = row_of(number, facts)
        row[NOTE] = note
        if not self.is_clear:
            for name, mask in MASKS.items():
                row[PLACE[name]] = mask(str(row[PLACE[name]]))
        if added:
            row[NOTE] = with_mark(str(row[NOTE]), added)
        return row

    def _seats_in_words(self, post: str, note: str, held: list[Seat], listed: Listed) -> str:
        """What to add to 备注, where the row's own words would be read as other seats; mostly nothing."""
        stands_for = [seat for seat in held if listed.stands_for(seat)]
        if not stands_for:
            return write_mark((), self.gazetteer)
        if self._reads(post, note, listed, stands_for, held):
            return ""
        service = write_service(stands_for, self.gazetteer)
        if not listed.town and self._reads(post, with_mark(note, service), listed, stands_for, held):
            return service
        named = [seat._replace(town="") for seat in stands_for] if listed.town else stands_for
        return write_mark(named, self.gazetteer)

    def _reads(self, post: str, note: str, listed: Listed, stands_for: list[Seat], held: list[Seat]) -> bool:
        """Whether a row with these words is read as the seats it stands for, and as none that is not held."""
        words = (post, note, listed.town)
        read = self.read.get(words)
        if read is None:
            if len(self.read) >= READ_AT_MOST:
                self.read.clear()
            read = self.read[words] = frozenset(seats_read(*words, self.gazetteer))
        return read.issuperset(stands_for) and read.issubset(held)


def _batches(people: Iterable[Person]) -> Iterator[list[Person]]:
    rest = iter(people)
    while batch := list(islice(rest, PEOPLE_AT_ONCE)):
        yield batch
