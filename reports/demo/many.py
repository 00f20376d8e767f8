"""A demo county crowded with quarrels: written straight to the tables, for measuring and for trying what is slow.

They are told from the demo's stories, of the years 2022 to now, ended but for the last weeks'. They have parties and
a timeline of their beginning and end; mediations, agreements and papers they have none. Each year has words of its
own, so that a search meets a word that stands everywhere, one that was common once and is absent lately, and rare ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone
from stdnum.cn import ric

from core.bulk import Values, insert_all, new_keys
from core.choices import Level, Role
from core.models import Division, User
from core.queries import today
from disputes import bigrams, marks
from disputes.choices import DisputeState, EndGround, EventKind, Outcome, PartyKind, Side, Source
from disputes.identity import last_four
from disputes.models import CaseType, CodeSequence, Dispute, DisputeEvent, Party
from disputes.titles import title_of
from reports.demo.people import GIVEN_FIRST, GIVEN_LAST, SURNAMES

FIRST_DAY, OPEN_DAYS, AT_ONCE, SAY_EVERY = date(2022, 1, 4), 45, 10_000, 100_000
LONGEST = 60  # days from the beginning to the end
ENDS = (
    (Outcome.AGREED, 74), (Outcome.FAILED, 17), (Outcome.ENDED, 6), (Outcome.REFERRED_OUT, 3),
)  # fmt: skip
OPEN = (DisputeState.REGISTERED, DisputeState.ROUTED, DisputeState.MEDIATING)
SOURCES = (Source.VISIT, Source.VISIT, Source.PHONE, Source.GRID, Source.ACTIVE, Source.HOTLINE)
ONCE, RARE, ONE_IN = "当时因疫情封控，双方没能见面。", "争执的地方有一口古井。", 5_000
ONCE_UNTIL = date(2022, 12, 31)
PLACES = "村口榕树下", "圩镇市场边", "祠堂后面", "水库下游", "国道旁", "小学门口", "晒谷场", "工地宿舍"
END_EVENTS = {
    Outcome.AGREED: EventKind.AGREEMENT_EFFECTIVE,
    Outcome.FAILED: EventKind.MEDIATION_FAILED,
    Outcome.ENDED: EventKind.ENDED,
    Outcome.REFERRED_OUT: EventKind.REFERRED_OUT,
}
Say = Callable[[str], Any]
Stories = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class _Town:
    code: str
    prefix: str
    villages: tuple[str, ...]
    writer: User


def crowd(number: int, *, stories: Stories, weights: Sequence[tuple[str, int]], random: Random, say: Say) -> None:
    """Add so many disputes inside the caller's transaction; `weights` say how often each case type is met."""
    teller = _Teller(_towns(), stories, weights, random)
    days = sorted(FIRST_DAY + timedelta(days=random.randrange((today() - FIRST_DAY).days + 1)) for _ in range(number))
    waiting, done = iter(days), 0
    with _without_search_index():
        while some := list(islice(waiting, AT_ONCE)):
            _write([teller.tell(day) for day in some], random)
            done += len(some)
            if done % SAY_EVERY < AT_ONCE or done == number:
                say(f"另写入纠纷 {done:,} 件")
    teller.keep_sequences()


@contextmanager
def _without_search_index() -> Iterator[None]:
    """Of so many rows the search index is built at once, in a fifth of the time that it takes row by row."""
    if connection.vendor != "postgresql":
        yield
        return
    index = next(index for index in Dispute._meta.indexes if index.name == "dispute_search")
    connection.check_constraints()  # an index is not touched while checks of its table are pending
    with connection.schema_editor() as editor:
        editor.remove_index(Dispute, index)
    yield
    connection.check_constraints()
    with connection.schema_editor() as editor:
        editor.add_index(Dispute, index)


def _towns() -> list[_Town]:
    """The towns that have somebody to write for them, and their villages."""
    villages: dict[str, list[str]] = defaultdict(list)
    for code in Division.objects.filter(level=Level.VILLAGE).values_list("code", flat=True):
        villages[code[:9]].append(code)
    writers: dict[str, User] = {}
    for user in User.objects.filter(role=Role.MEDIATOR, is_active=True).prefetch_related("scopes").order_by("pk"):
        for scope in user.scopes.all():
            writers.setdefault(scope.division_id, user)
    rows = Division.objects.filter(code__in=writers).exclude(short_code="").order_by("code")
    return [_Town(row.code, str(row.short_code), tuple(villages[row.code]), writers[row.code]) for row in rows]


@dataclass(frozen=True)
class _Told:
    """One dispute before it is written: its columns, its two people by side, its events."""

    columns: Values
    people: tuple[tuple[Side, str], ...]
    events: tuple[tuple[EventKind, date, str], ...]


class _Teller:
    def __init__(
        self, towns: Sequence[_Town], stories: Stories, weights: Sequence[tuple[str, int]], random: Random
    ) -> None:
        self.towns, self.stories, self.random = towns, stories, random
        self.kinds, self.shares = zip(*weights, strict=True)
        self.causes = dict(CaseType.objects.values_list("key", "cause"))
        self.last = dict(CodeSequence.objects.values_list("prefix", "last"))
        self.today = today()

    def tell(self, day: date) -> _Told:
        """A dispute registered on `day`."""
        random, town = self.random, self.random.choice(self.towns)
        kind = random.choices(self.kinds, self.shares)[0]
        story = random.choice(self.stories[kind])
        people = ((Side.APPLICANT, self._name()), (Side.RESPONDENT, self._name()))
        bounds = story.get("amount")
        amount = Decimal(random.randrange(bounds[0], bounds[1], 100)) if bounds else None
        words = {"a": people[0][1], "b": people[1][1], "amount": f"{amount:,.0f}" if amount else ""}
        narrative = story["story"].format(**words) + self._words_of(day)
        case_type = story.get("type", kind)
        title = title_of([people[0][1]], [people[1][1]], self.causes[case_type])
        ending = self._ending(day)
        columns = {
            "code": self._code(town, day),
            "division_id": random.choice(town.villages),
            "town_code": town.code,
            "case_type_id": case_type,
            "source": random.choice(SOURCES).value,
            "title": title,
            "narrative": narrative,
            "amount": amount,
            "registered_on": day,
            "recorded_at": _moment(day),
            "registered_by_id": town.writer.pk,
            "handler_id": town.writer.pk,
            "search": [
                *bigrams.tokens(title, people[0][1], people[1][1], narrative),
                *marks.marks(town.code, day),
            ],
            **ending,
        }
        return _Told(columns, people, self._events(columns))

    def _words_of(self, day: date) -> str:
        place = f"事情在{self.random.choice(PLACES)}，{day.month}月起的。"
        if day <= ONCE_UNTIL:
            place += ONCE
        return place + (RARE if self.random.randrange(ONE_IN) == 0 else "")

    def _name(self) -> str:
        pick = self.random.choice
        return pick(SURNAMES) + pick(GIVEN_FIRST) + pick(GIVEN_LAST)

    def _code(self, town: _Town, day: date) -> str:
        prefix = f"{town.prefix}{day:%y%m}"
        self.last[prefix] = self.last.get(prefix, 0) + 1
        return str(CodeSequence(prefix=prefix, last=self.last[prefix]))

    def _ending(self, day: date) -> Values:
        if (self.today - day).days < OPEN_DAYS:
            state, closed, outcome = self.random.choice(OPEN), None, ""
        else:
            closed = min(day + timedelta(days=self.random.randrange(3, LONGEST)), self.today)
            outcome = self.random.choices([one for one, _ in ENDS], [share for _, share in ENDS])[0].value
            archived = outcome in (Outcome.AGREED, Outcome.FAILED)
            state = DisputeState.ARCHIVED if archived else DisputeState(outcome)
        return {
            "state": state.value,
            "state_on": closed or day,
            "closed_on": closed,
            "outcome": outcome,
            "end_ground": EndGround.SETTLED.value if outcome == Outcome.ENDED else "",
            "referred_to": "市自然资源局" if outcome == Outcome.REFERRED_OUT else "",
        }

    @staticmethod
    def _events(columns: Values) -> tuple[tuple[EventKind, date, str], ...]:
        label = Source(columns["source"]).label
        begun = (EventKind.REGISTERED, columns["registered_on"], f"{label}登记")
        if not columns["closed_on"]:
            return (begun,)
        kind = END_EVENTS[Outcome(columns["outcome"])]
        return begun, (kind, columns["closed_on"], str(kind.label))

    def keep_sequences(self) -> None:
        """The towns' counters go on where these codes end."""
        rows = [CodeSequence(prefix=prefix, last=last) for prefix, last in self.last.items()]
        CodeSequence.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["prefix"], update_fields=["last"], batch_size=AT_ONCE
        )


def _write(told: Sequence[_Told], random: Random) -> None:
    insert_all(Dispute, [one.columns for one in told])
    codes = {one.columns["code"]: one for one in told}
    keys = dict(Dispute.objects.filter(code__in=codes).values_list("code", "pk"))
    insert_all(Party, _parties(told, keys, random))
    insert_all(DisputeEvent, _timeline(told, keys))


def _parties(told: Sequence[_Told], keys: dict[str, int], random: Random) -> Iterator[Values]:
    ids = iter(new_keys(sum(len(one.people) for one in told)))
    for one in told:
        for order, (side, name) in enumerate(one.people):
            number, phone = _id_number(random), f"13{random.choice('56789')}0000{random.randrange(10_000):04d}"
            yield {
                "id": next(ids),
                "dispute_id": keys[one.columns["code"]],
                "side": side.value,
                "order": order,
                "kind": PartyKind.PERSON.value,
                "name": name,
                "id_number": number,
                "id_last4": last_four(number),
                "phone": phone,
                "phone_last4": last_four(phone),
                "consents_to_mediation": True,
            }


def _id_number(random: Random) -> str:
    born = date(1955, 1, 1) + timedelta(days=random.randrange(16_000))
    body = f"445381{born:%Y%m%d}{random.randrange(1, 998):03d}"
    return body + ric.calc_check_digit(body + "0")


def _timeline(told: Iterable[_Told], keys: dict[str, int]) -> Iterator[Values]:
    for one in told:
        for kind, on, text in one.events:
            yield {
                "dispute_id": keys[one.columns["code"]],
                "kind": kind.value,
                "on": on,
                "at": _moment(on),
                "recorded_at": _moment(on),
                "by_id": one.columns["registered_by_id"],
                "text": text,
            }


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))
