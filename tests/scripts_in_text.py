"""A script that is a formula too, in every text column of disputes and mediation, and what an answer may make of it."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

from django.apps import apps as installed
from django.db import IntegrityError, models, transaction
from openpyxl import load_workbook

from core.fields import EncryptedTextField, LookupHashField

APPS = ("disputes", "mediation")
SHORTEST = 20
LONG = '=HYPERLINK("http://x.example","y")&"\'><script {tag}>alert(1)</script>'
SHORT = "=1\"'><script {tag}>"
TAG = re.compile(r"<script (n\d+)")
ATTRIBUTE = re.compile(r"[\w:.@-]+")

# Written by the program from what it knows, never taken from a person: keys, codes, hashes, counts, sealed files.
# Numbers of people are digits or are refused (`tests/disputes/test_identity.py`, `tests/core/test_privacy.py`).
NOT_TYPED = {
    "CaseType": {"key"},
    "CodeSequence": {"prefix"},
    "CaseQuestion": {"key"},
    "ClusterKey": {"value"},
    "ClusterMember": {"town_code"},
    "ConfirmationRequest": {"town_code", "ground_key"},
    "Dispute": {"code", "town_code", "idempotency_key", "sent_mark", "joint_codes", "asked_code"},
    "Entrustment": {"town_code"},
    "GuidanceRequest": {"town_code"},
    "HiddenDanger": {"town_code", "idempotency_key"},
    "JudicialSuggestion": {"town_code"},
    "LedgerExport": {"content", "filters"},
    # a file and what was mended in it: tests/test_scripts_in_forms.py
    "LedgerImport": {"content", "mends", "outlook", "columns", "sha256", "fingerprint", "report", "source"},
    "Mediation": {"town_code"},
    "Party": {"id_number", "id_last4", "phone", "phone_last4", "guardian_phone", "agent_phone"},
    "RoutingRule": {"key", "conditions"},
    "SavedFilter": {"params"},
    "WarningRule": {"key"},
}
# Kept, and shown by no page, no workbook and no paper. One that comes to be shown has to leave this list.
NOT_SHOWN = {
    "Assignment": {"recused_because"},  # the timeline tells it in a line of its own
    "ConfirmationMaterial": {"note"},
    "ConfirmationRequest": {"tribunal"},  # the queue is narrowed by it; its choices come from the tribunals
    "DisputeLink": {"note"},  # the timeline tells it
    "Mediation": {"outcome_note"},  # the timeline tells it
    "MediationOrganisation": {"number_pattern"},
    "RiskFlag": {"lowered_reason"},  # the timeline tells it
}
Column = tuple[str, str]


def typed_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column that holds words of people; a new one is among them until `NOT_TYPED` names it."""
    for model in installed.get_models():
        coded = NOT_TYPED.get(model.__name__, set())
        if model._meta.app_label in APPS:
            yield from (
                (model, column) for column in model._meta.local_fields if column.name not in coded and _is_text(column)
            )


def _is_text(column: models.Field) -> bool:
    is_text = isinstance(column, models.CharField | models.TextField | models.JSONField)
    return is_text and not column.choices and not isinstance(column, LookupHashField)


def tags() -> dict[Column, str]:
    return {(model.__name__, column.name): f"n{place}" for place, (model, column) in enumerate(typed_columns())}


def nasty(tag: str, room: int | None = None) -> str:
    """The text of a tag, as long as the column has room for."""
    long = LONG.format(tag=tag)
    text = long if room is None or room >= len(long) else SHORT.format(tag=tag)
    assert room is None or len(text) <= room, f"no room for {tag}"
    return text


# ── written ──────────────────────────────────────────────────────────────────
def write_everywhere() -> set[Column]:
    """Put the text of its column into every row that may hold one; which columns hold it now."""
    known, written = tags(), set()
    for model, column in typed_columns():
        name = (model.__name__, column.name)
        for place, row in enumerate(model._default_manager.order_by("pk")):
            text = nasty(f"{known[name]}r{place}" if column.unique or model.__name__ == "SavedFilter" else known[name],
                         getattr(column, "max_length", None))  # fmt: skip
            if _write(row, column, text):
                written.add(name)
    return written


def _write(row: models.Model, column: models.Field, text: str) -> bool:
    """A row that a constraint keeps without the text keeps its own."""
    value: Any = text
    if isinstance(column, models.JSONField):
        value = _inside(getattr(row, column.attname), text)
    if column.name == "file_name":
        value = f"{text}.xlsx"
    try:
        with transaction.atomic():
            if isinstance(column, EncryptedTextField):
                setattr(row, column.attname, value)
                row.save(update_fields=[column.name])
            else:
                type(row)._default_manager.filter(pk=row.pk).update(**{column.name: value})
    except IntegrityError:
        return False
    return value == text or text in json.dumps(value, ensure_ascii=False).replace('\\"', '"')


# What the program looks for in its own JSON; every other word in it is taken for one of a person.
KEYS_IN_JSON = frozenset(["key", "case_type", "kind", "verb", "ground_key", "on", "result", "destination"])


def _inside(value: Any, text: str, key: str = "text") -> Any:
    """The value with the text in place of its words; keys, verdicts and numbers stay."""
    if isinstance(value, dict):
        return {inner: _inside(one, text, inner if inner in KEYS_IN_JSON else "text") for inner, one in value.items()}
    if isinstance(value, list):
        return [_inside(one, text, key) for one in value]
    return text if isinstance(value, str) and key not in KEYS_IN_JSON else value


# ── read ─────────────────────────────────────────────────────────────────────
class _Tags(HTMLParser):
    """What a browser would take for elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        odd = [name for name, _ in attrs if not ATTRIBUTE.fullmatch(name) or re.fullmatch(r"n\d+(r\d+)?", name)]
        if odd:
            self.wrong.append(f"<{tag} {' '.join(odd)}>")


def bytes_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def seen_in(response: Any, data: bytes | None = None) -> tuple[set[str], list[str]]:
    """The tags that an answer shows as text, and what is wrong with how it does."""
    data = bytes_of(response) if data is None else data
    header = [f"header {name}" for name, value in response.items() if TAG.search(str(value))]
    kind = response.headers.get("Content-Type", "")
    if data.startswith(b"PK"):
        seen, wrong = _in_office_file(data)
    elif kind.startswith("application/json"):
        seen, wrong = set(TAG.findall(_text_of(json.loads(data)))), []
    else:
        seen, wrong = _in_html(data.decode("utf-8", "replace"))
    return seen, [*header, *wrong]


def _text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _in_html(html: str) -> tuple[set[str], list[str]]:
    parser = _Tags()
    parser.feed(html)
    raw = [f"unescaped {tag}" for tag in TAG.findall(html)]
    return set(TAG.findall(unescape(html))), [*raw, *parser.wrong]


def _in_office_file(data: bytes) -> tuple[set[str], list[str]]:
    """Each part is valid XML; a text with a tag is one text; no cell counts."""
    seen: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(parts.read(name))
                seen |= set(TAG.findall("".join(tree.itertext())))
    wrong = [f"links out {name}" for name in names if "externalLink" in name]
    if any(name.startswith("xl/") for name in names):
        wrong += _counting_cells(data)
    return seen, wrong


def _counting_cells(data: bytes) -> Iterable[str]:
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and TAG.search(cell.value) and (cell.data_type != "s" or cell.hyperlink):
                    yield f"{sheet.title} {cell.coordinate} is a {cell.data_type}"
