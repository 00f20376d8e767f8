"""What the ledger shows under a search is what reading through all files finds: all of it, in order, of one's towns.

The reading through is written here once more, and takes nothing from the product.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.paging import CappedCount, Page, keyset_page
from disputes import ledger, queries
from disputes.actions import search
from disputes.actions.parties import PartyData
from disputes.choices import Side
from disputes.models import Dispute, Party
from disputes.queries import ledger as ledger_queries
from disputes.queries import searching
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes.conftest import TODAY, a_village

CAP, SIZE = 3, 2  # so that few rows are many
CODES = {TAIPING: "TP", SHUANGDONG: "SD"}
HAN = "借款人梁伯坚石料场的沈水旺"
LATIN = ["Ann", "ＡＮＮ", "anna", "Bob", "k2", "48", "480", "2023", "2022-09"]  # noqa: RUF001 - folded by the search
HAS_A_NUMBER = re.compile(r"\d([ -]?\d){6}")  # a person's, which no words find
PIECES = st.text(HAN, min_size=1, max_size=4) | st.sampled_from(LATIN) | st.sampled_from("，。 、")
WORDS = st.lists(PIECES, min_size=1, max_size=5).map("".join).filter(lambda text: not HAS_A_NUMBER.search(text))
NAMES = WORDS.filter(lambda text: text.strip("，。 、"))
DAYS = st.integers(0, 60) | st.integers(0, 12 * 366)


@dataclass(frozen=True)
class Told:
    """One dispute to be put on the shelf."""

    town: str
    ago: int
    title: str
    story: str
    names: tuple[str, ...]
    by_action: bool = False

    @property
    def on(self) -> date:
        return TODAY - timedelta(days=self.ago)


TOLD = st.builds(
    Told,
    town=st.sampled_from((TAIPING, SHUANGDONG)),
    ago=DAYS,
    title=WORDS,
    story=WORDS,
    names=st.lists(NAMES, min_size=1, max_size=2).map(tuple),
    by_action=st.integers(0, 5).map(lambda drawn: drawn == 0),
)


OVER_THE_YEARS = [
    Told((TAIPING, SHUANGDONG)[at % 3 == 1], ago, "借款", "Ann", ("梁",))
    for at, ago in enumerate((0, 0, 19, 20, 263, 4000))
]
ROUND_THE_OLDEST_MARK = [  # the last days of a year that has no mark, the first of one that has
    Told(TAIPING, (TODAY - day).days, "借款", "Ann", ("梁",))
    for day in (date(2015, 12, 10), date(2015, 12, 20), date(2015, 12, 28), *[date(2016, 1, 5)] * 3)
]
QUERIES = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)
SLICES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), min_size=1, max_size=2)


# ── the reading through ──────────────────────────────────────────────────────
@dataclass(frozen=True)
class Row:
    """A file as it lies there, its texts one after the other: what it is called, its people, what was told."""

    code: str
    town: str
    on: date
    pk: int
    texts: tuple[str, ...]


def everything() -> list[Row]:
    rows = []
    for dispute in Dispute.objects.all():
        people = [(party.name, party.agent_name) for party in dispute.parties.order_by("order")]
        texts = (dispute.title, *(name for pair in people for name in pair), dispute.narrative)
        rows.append(Row(dispute.code, dispute.town_code, dispute.registered_on, dispute.pk, texts))
    return rows


def flat(text: str) -> str:
    """Half-width and small, a bar for whatever is no letter, and between letters of two kinds."""
    out, before = "|", "bar"
    for sign in unicodedata.normalize("NFKC", text).lower():
        kind = "bar" if not sign.isalnum() else "han" if sign >= "\u3400" else "word"
        out += "|" * (kind != before and out[-1] != "|") + sign * (kind != "bar")
        before = kind
    return out


def stands_in(word: str, text: str) -> bool:
    """Chinese may begin anywhere, letters and digits where they begin there; the last of a word may end anywhere."""
    wanted = flat(word).strip("|")
    return (wanted if wanted[0] >= "\u3400" else f"|{wanted}") in text


def scan(rows: list[Row], typed: str, towns: tuple[str, ...]) -> list[Row]:
    words = [word for word in typed.split() if flat(word).strip("|")]
    here = [row for row in rows if row.town in towns] if words else []
    return [row for row in here if all(stands_in(word, flat("|".join(row.texts))) for word in words)]


def are_words(typed: str) -> bool:
    """Not the digits of a code or of a person's number, which are looked for elsewhere."""
    return bool(typed.strip()) and (any(sign in HAN for sign in typed) or not any(sign.isdigit() for sign in typed))


# ── the ledger ───────────────────────────────────────────────────────────────
@pytest.fixture
def shelf(register, mediator_of_taiping, mediator_of_shuangdong, divisions):
    """shelf([Told, …]) → puts them beside one that is there already; through the action, or as it makes them."""
    kept = register(mediator_of_taiping)
    villages = {town: a_village(divisions, town) for town in (TAIPING, SHUANGDONG)}
    registrars = {TAIPING: mediator_of_taiping, SHUANGDONG: mediator_of_shuangdong}

    def put(many: list[Told]) -> None:
        for number, told in enumerate(many):
            name, agent = told.names[0], "".join(told.names[1:])
            if told.by_action:
                person = PartyData(side=Side.APPLICANT, name=f"黎{name}", phone="13800006072")
                register(registrars[told.town], on=told.on, narrative=f"欠{told.story}", parties=(person,))
                continue
            row = Dispute.objects.get(pk=kept.pk)
            row.pk, row.code, row.idempotency_key = None, f"{CODES[told.town]}{told.on:%y%m}-9{number:03d}", None
            row.division, row.town_code = villages[told.town], told.town
            row.registered_on, row.title, row.narrative = told.on, told.title, told.story
            party = Party(side=Side.APPLICANT, name=name, agent_name=agent, order=0)
            row.search = search.found_by(row, [party])
            [party.dispute] = Dispute.objects.bulk_create([row])
            Party.objects.bulk_create([party])

    return put


def walked(user, params: dict[str, str], typed: str) -> tuple[list[str], list[str], str]:
    """The codes of all pages, forward and then back, and the number shown."""
    wanted = ledger.parse(params)

    def turn(cursor: str) -> tuple[Page, CappedCount]:
        return queries.ledger_page(queries.narrowed(user, wanted), wanted, cursor=cursor, searched=typed)

    page, count = turn("")
    there = [page]
    while page.next_cursor:
        page, _ = turn(page.next_cursor)
        there.append(page)
    back = [page]
    while page.prev_cursor:
        page, _ = turn(page.prev_cursor)
        back.insert(0, page)
    assert all(1 <= len(page.rows) <= SIZE for page in there[: len(there) if len(there) > 1 else 0])
    forward, backward = ([row["code"] for page in way for row in page.rows] for way in (there, back))
    return forward, backward, str(count)


def shown(found: list[Row], *, oldest_first: bool) -> tuple[list[str], list[str], str]:
    ordered = sorted(found, key=lambda row: (row.on, row.pk), reverse=not oldest_first)
    codes = [row.code for row in ordered]
    return codes, codes, f"{CAP}+" if len(codes) > CAP else str(len(codes))


@pytest.fixture
def asked(mediator_of_taiping, committee_officer, monkeypatch):
    """asked(rows, "words") → the ledger shows what the scan finds, to either user and in either order."""
    monkeypatch.setattr(searching, "COUNT_CAP", CAP)
    monkeypatch.setattr(ledger_queries, "keyset_page", partial(keyset_page, size=SIZE))

    def compare(typed: str, found_in) -> None:
        for user, towns in ((mediator_of_taiping, (TAIPING,)), (committee_officer, (TAIPING, SHUANGDONG))):
            for sort in ("", "old"):
                given = {"s": queries.sealed_search(user, typed), "sort": sort}
                expected = shown(found_in(towns), oldest_first=bool(sort))
                assert walked(user, given, typed) == expected, (typed, user.username, sort)

    return compare


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(many=st.lists(TOLD, max_size=7), query=QUERIES, slices=SLICES)
@example(many=OVER_THE_YEARS, query="an 款", slices=[])
@example(many=ROUND_THE_OLDEST_MARK, query="an 款", slices=[])
def test_a_search_shows_what_reading_through_all_finds(shelf, asked, many, query, slices):
    with transaction.atomic():
        shelf(many)
        rows = everything()
        texts = [text for told in many for text in (told.title, told.story, *told.names)]
        cut = [text[at % len(text) :][:length] for at, length in slices for text in texts[:: len(slices) + 1]]
        for typed in {query, "的", *cut[:2], " ".join(cut[:2])}:
            if are_words(typed):
                asked(typed, partial(scan, rows, typed))
        for code in (rows[-1].code, rows[-1].code[:6]):
            asked(code, lambda towns, code=code: [r for r in rows if r.town in towns and r.code.startswith(code)])
        transaction.set_rollback(True)
