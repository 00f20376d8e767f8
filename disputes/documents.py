"""The ledger as a workbook, numbers of people masked unless the export is clear; a suggestion as a Word paper."""

import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from core.bulk import Among
from core.clock_face import cn_full_date
from core.documents import render_docx
from core.fields import EncryptedTextField
from core.models import spoken
from core.paging import batches
from core.privacy import mask_text
from core.spreadsheets import Line, Look, OutValue, SheetToWrite, write_workbook_to
from disputes import ledger, queries
from disputes.choices import DisputeState, Outcome, Risk, Side, Source
from disputes.models import JudicialSuggestion, LedgerExport, Party

ROWS_AT_ONCE = 2_000
COLUMNS = (
    ("编号", 16), ("名称", 34), ("镇（街）", 12), ("村（社区）", 16), ("类型", 14), ("标的额（元）", 14), ("来源", 12),
    ("登记日", 12), ("状态", 12), ("结果", 12), ("办结日", 12), ("风险", 12), ("承办人", 10), ("补录", 8),
    ("申请人", 14), ("申请人证件号码", 22), ("申请人电话", 16),
    ("被申请人", 14), ("被申请人证件号码", 22), ("被申请人电话", 16),
)  # fmt: skip
HEADER = tuple(title for title, _ in COLUMNS)
NUMBERS = frozenset(place for place, title in enumerate(HEADER) if title.endswith(("号码", "电话")))
READ = (
    "id", "code", "title", "division__parent__name", "division__name", "case_type__name", "amount", "source",
    "registered_on", "state", "outcome", "closed_on", "risk", "handler__name", "entered_late",
)  # fmt: skip
NOBODY = ("", "", "")
SMALL = Look(size=9)
SUGGESTION, BLANK_DAY = "suggestion.docx", "　　　　年　　月　　日"
Count = Callable[[int], None]
Told = tuple[str, str, str]  # name, number of the card, telephone
Sides = dict[int, dict[str, list[Told]]]


def filters_of(export: LedgerExport) -> dict[str, str]:
    """The parameters under which the rows were asked for."""
    return dict(json.loads(export.filters)) if export.filters else {}


def workbook_of(export: LedgerExport, count: Count | None = None) -> bytes:
    """The rows as .xlsx, read and written some thousand at a time; `count` is told how many are done."""
    out = io.BytesIO()
    mark = watermark(export)
    sheet = SheetToWrite(
        name="纠纷台账",
        header=HEADER,
        rows=_rows(export, count),
        widths=[width for _, width in COLUMNS],
        text_columns=NUMBERS if export.is_clear else frozenset(),
        below=[Line(f"说明：{mark}", SMALL)],
        footer=mark,
    )
    write_workbook_to(out, [sheet])
    return out.getvalue()


def watermark(export: LedgerExport) -> str:
    """Who took the rows out, when, masked or not."""
    at = timezone.localtime(export.asked_at)
    how = "含完整个人信息，只用于登记的用途，用后销毁" if export.is_clear else "个人信息已遮盖"
    return f"{export.asked_by} {cn_full_date(at.date())} {at:%H:%M} 从法官联络点工作平台导出，{how}。"


def file_name(export: LedgerExport) -> str:
    """Of which day; nothing of a person."""
    return f"disputes-{timezone.localtime(export.asked_at):%Y%m%d}{'' if export.is_clear else '-masked'}.xlsx"


def _rows(export: LedgerExport, count: Count | None) -> Iterator[list[OutValue]]:
    found = queries.filtered(export.asked_by, filters_of(export)).values(*READ)
    old_first = ledger.parse(filters_of(export)).value("sort") == "old"
    words, done = _Words(), 0
    for batch in batches(found, order=queries.OLDEST if old_first else queries.NEWEST, size=ROWS_AT_ONCE):
        sides = _sides([row["id"] for row in batch], is_clear=export.is_clear)
        for row in batch:
            yield [*words.of(row, is_clear=export.is_clear), *_told(sides.get(row["id"], {}))]
        done += len(batch)
        if count:
            count(done)


class _Words:
    """What stands in the columns of a dispute; a class of choices is asked once, not for every row."""

    def __init__(self) -> None:
        self.state, self.outcome = dict(DisputeState.choices), dict(Outcome.choices)
        self.risk, self.source = dict(Risk.choices), dict(Source.choices)

    def of(self, row: dict[str, Any], *, is_clear: bool) -> list[OutValue]:
        amount: float | None = None if row["amount"] is None else float(row["amount"])
        closed_on: date | None = row["closed_on"]
        return [
            row["code"], row["title"] if is_clear else mask_text(row["title"]), row["division__parent__name"] or "",
            spoken(row["division__name"]), row["case_type__name"], amount, self.source[row["source"]],
            row["registered_on"], self.state[row["state"]], self.outcome.get(row["outcome"], ""), closed_on,
            self.risk[row["risk"]], row["handler__name"] or "", "是" if row["entered_late"] else "",
        ]  # fmt: skip


def _told(sides: dict[str, list[Told]]) -> Iterator[str]:
    """Names, numbers and telephones of the applicants, then of the respondents; several of a side in one cell."""
    for side in (Side.APPLICANT, Side.RESPONDENT):
        for part in zip(*sides.get(side, [NOBODY]), strict=True):
            yield "、".join(part) if any(part) else ""


def _sides(keys: list[int], *, is_clear: bool) -> Sides:
    """Who stands on each side of these disputes. A masked export opens no number: the last four stand beside it."""
    parties = Party.objects.filter(Among(F("dispute_id"), keys)).order_by("side", "order", "id")
    found: Sides = defaultdict(lambda: defaultdict(list))
    for dispute_id, side, told in _opened(parties) if is_clear else _masked(parties):
        found[dispute_id][side].append(told)
    return found


def _masked(parties: Any) -> Iterable[tuple[int, str, Told]]:
    for dispute_id, side, name, card, phone in parties.values_list(
        "dispute_id", "side", "name", "id_last4", "phone_last4"
    ):
        yield dispute_id, side, (mask_text(name), f"********{card}" if card else "", f"*******{phone}" if phone else "")


def _opened(parties: Any) -> Iterable[tuple[int, str, Told]]:
    fields = [Party._meta.get_field(name) for name in ("id_number", "phone")]
    openers = [field.opener() for field in fields if isinstance(field, EncryptedTextField)]
    for key, dispute_id, side, name, *sealed in parties.values_list(
        "pk", "dispute_id", "side", "name", "id_number", "phone"
    ):
        card, phone = (opened(value, str(key)) for opened, value in zip(openers, sealed, strict=True))
        yield dispute_id, side, (name, card, phone)


# ── a suggestion or report ───────────────────────────────────────────────────
def suggestion_context(suggestion: JudicialSuggestion) -> dict[str, str | list[Any]]:
    """What stands on the paper; before it is signed and sent the places for number and days are blank."""
    due = suggestion.reply_due_on
    return {
        "court": str(settings.COURT_NAME),
        "title": suggestion.title,
        "number": suggestion.number,
        "addressee": suggestion.addressee,
        "body": [line for line in suggestion.body.splitlines() if line.strip()],
        "asks_reply": f"以上请研究办理，并于{cn_full_date(due) if due else BLANK_DAY}前将办理情况书面回复本院。",
        "signed_on": cn_full_date(suggestion.signed_on) if suggestion.signed_on else BLANK_DAY,
    }


def suggestion_docx(suggestion: JudicialSuggestion) -> bytes:
    return render_docx(SUGGESTION, suggestion_context(suggestion))
