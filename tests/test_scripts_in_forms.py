"""A script that is a formula too, typed into every text field of a form of a case and every cell of a ledger."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from openpyxl import Workbook

from disputes.models import Dispute, LedgerImport
from disputes.uploads import outlook_of
from tests.access_world import Town, world
from tests.conftest import TAIPING
from tests.disputes import ledgers
from tests.disputes.test_ledger_import_pages import columns_of
from tests.journeys.conftest import answer_of
from tests.mediation.conftest import _day, law_in_force, make_dispute, private_loan
from tests.scripts_in_text import bytes_of, nasty, seen_in
from tests.test_scripts_in_text import addresses_to_look_at, here

__all__ = ["_day", "here", "law_in_force", "make_dispute", "private_loan", "world"]
ROOM = 20  # the shortest column that takes words; what is longer is refused before it is shown
TEXT = frozenset({"text", "search", "tel", ""})
NUMBERS = ("phone", "id_number", "amount", "due", "_on", "on", "time", "code", "version", "TOTAL", "INITIAL")
NOT_HERE = ("/logout/", "/account/", "/roster/", "/points/", "/session")
Field = tuple[str, str]


@dataclass
class Form:
    """One form of a page: where it goes, what a browser would send, and which of it a person types."""

    method: str
    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """The forms of a page with their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
        elif self.forms and (tag == "option" or given.get("name")):
            self._add(tag, given)

    def _add(self, tag: str, given: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], given.get("name", ""), given.get("type", "" if tag == "input" else tag)
        if tag == "select":
            self._select = name
        elif tag == "option":
            if given.get("value") and ("selected" in given or self._select not in form.sent):
                form.sent[self._select] = [given["value"]]
        elif tag == "textarea" or (tag == "input" and kind in TEXT):
            form.typed.add(name)
            form.sent.setdefault(name, [given.get("value", "")])
        elif tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in given or name not in form.sent:
                form.sent[name] = [given.get("value", "on")]
        elif tag == "input" and kind not in ("file", "submit"):
            form.sent.setdefault(name, [given.get("value", "")])


def forms_of(html: str) -> list[Form]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


def closed(answer: Any) -> Any:
    """A download is read to its end, so that its file is closed."""
    if answer.streaming:
        bytes_of(answer)
    return answer


def filled(form: Form, *, numbers: bool) -> dict[str, list[str]]:
    """Every field that is typed holds the text; without `numbers` those that take none keep what they have."""
    text = nasty("n1", ROOM)
    names = {name for name in form.typed if numbers or not name.endswith(NUMBERS)}
    return form.sent | {name: [text] for name in names}


def sent(client: Client, form: Form, url: str, body: dict[str, list[str]]) -> Iterator[Any]:
    """The answer, and the page it leads to, before what it did is taken back."""
    undone = transaction.atomic()
    undone._from_testcase = True  # what must be committed at once (a reveal) may run inside, as in any test
    with undone:
        answer = client.post(url, body) if form.method == "post" else client.get(url, body)
        yield answer
        if answer.status_code == 302 and answer["Location"].startswith("/"):
            yield closed(client.get(answer["Location"]))
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "who", ["mediator_of_taiping", "officer_of_taiping", "reviewing_judge", "court_clerk", "admin"]
)
def test_a_script_typed_into_every_field_stays_text_in_the_answer_and_on_the_next_page(
    who, here: Town, cast, client_of
):
    client, wrong = client_of(cast[who]), []
    met: set[tuple[str, frozenset[str]]] = set()
    saved = 0
    running = replace(here, dispute=here.entrusted)  # what is agreed shuts most steps, what the court sent opens them
    pages = [*addresses_to_look_at(here), *(one for one in addresses_to_look_at(running) if here.entrusted in one[2])]
    for _, method, page, _ in pages:
        answer = closed(client.get(page)) if method == "GET" else None
        if answer is None or answer.streaming or not is_page(answer):
            continue
        for form in forms_of(answer.content.decode()):
            url = urljoin(page, form.action)
            if not form.typed or url.startswith(NOT_HERE) or (url, frozenset(form.typed)) in met:
                continue
            met.add((url, frozenset(form.typed)))
            for numbers in (True, False):
                answers = list(sent(client, form, url, filled(form, numbers=numbers)))
                saved += len(answers) - 1
                wrong += [f"{url}: {one}" for answer in answers for one in seen_in(answer)[1]]

    assert wrong == []
    assert (len(met) >= LEAST[who][0], saved >= LEAST[who][1]) == (True, True), (len(met), saved)


# Forms with something to type, and how many of them were saved: were the walk to see fewer, it would prove less.
LEAST = {
    "mediator_of_taiping": (16, 18), "officer_of_taiping": (28, 28), "reviewing_judge": (22, 26),
    "court_clerk": (14, 10), "admin": (7, 4),
}  # fmt: skip


# ── a ledger ─────────────────────────────────────────────────────────────────
WORDS = (1, 6, 9, 11, 13)  # own number, applicant, respondent, story, mediator


def ledger() -> bytes:
    """A row that can be written, with the text in every cell of words, one of nothing else; and a header of it."""
    good, text = list(ledgers.GOOD[0]), nasty("n1")
    for place in WORDS:
        good[place] = nasty("n1", ROOM)
    book, out = Workbook(), io.BytesIO()
    for row in ledgers.table(good, [text] * len(good), header=[*ledgers.HEADER[:-1], nasty("n2", ROOM)]):
        book.active.append(row)
    for cell in (cell for row in book.active.iter_rows() for cell in row if str(cell.value).startswith("=")):
        cell.data_type = "s"  # typed as text: what is a formula already stays the town's own in its own file
    book.save(out)
    return out.getvalue()


@pytest.fixture
def previewed(world, cast, client_of) -> tuple[Client, str]:
    """The address of the ledger, its columns taken as proposed."""
    office = client_of(cast["officer_of_taiping"])
    file = SimpleUploadedFile(f"{nasty('n1', ROOM)}.xlsx", ledger())
    where = office.post("/disputes/import/", {"file": file, "town": TAIPING})["Location"]
    columns = office.get(where)["Location"]
    assert seen_in(office.get(columns))[1] == []
    return office, office.post(columns, columns_of(office, columns))["Location"]


def test_a_script_in_every_cell_of_a_ledger_stays_text_in_preview_marked_file_and_dispute(previewed):
    office, where = previewed
    kept = LedgerImport.objects.get(pk=where.split("/")[3])
    assert (kept.report["created"], kept.report["rejected"]) == (1, 1), outlook_of(kept)["found"]
    answers = [office.get(where), office.get(f"{where}?show=rejected"), office.post(f"{where}marked/")]
    answers.append(office.post(f"{where}apply/", {"shown": kept.fingerprint, "skip": "1"}, follow=True))
    written = Dispute.objects.get(narrative=nasty("n1", ROOM))
    answers += [
        office.get(written.get_absolute_url()),
        office.get("/disputes/import/"),
        office.post("/disputes/export/"),
    ]

    found = [seen_in(answer) for answer in answers]

    assert [wrong for _, wrong in found] == [[]] * len(answers)
    assert [bool(seen) for seen, _ in found] == [True] * len(answers)


def test_a_script_typed_into_a_wrong_cell_of_a_ledger_stays_text(previewed):
    office, where = previewed
    html = office.get(f"{where}?show=rejected").content.decode()
    row, field = re.search(r'id="row-0-(\d+)".*?name="cell-(\w+)"', html, re.S).groups()

    mended = office.post(f"{where}rows/0/{row}/?show=rejected", {f"cell-{field}": nasty("n2", ROOM)}, follow=True)

    found = [seen_in(answer) for answer in (mended, office.post(f"{where}marked/"))]
    assert [(bool(seen), wrong) for seen, wrong in found] == [(True, []), (True, [])]
    assert nasty("n2", ROOM) in LedgerImport.objects.get(pk=where.split("/")[3]).mends.replace('\\"', '"')


def test_the_command_that_brings_a_ledger_in_prints_one_object_of_json(world, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger())

    told = answer_of("import_disputes", str(path), "--town", TAIPING, "--skip-invalid", "--dry-run")

    assert (told["applied"], told["created"], told["rejected"]) == (False, 1, 1)
