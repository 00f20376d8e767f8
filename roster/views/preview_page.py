"""What the page of an upload shows: figures, filters, a page of rows, the teams as they will be."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from core.access import allowed
from core.models import User
from core.paging import keyset_page
from core.queries import today
from roster import queries
from roster.actions.import_work import KEPT
from roster.actions.imports import MARKED_ROWS, OTHER_TOWN
from roster.annex.facts import Issue
from roster.annex.kept import mends_from_json
from roster.choices import ImportState, RowResult
from roster.forms import SettleForm
from roster.models import RosterImport, is_late
from roster.preview import Outlook, Shown, outlook_of, shown_rows
from roster.views.preview_rows import RowFrame, ShownRow, shown_row

ROWS_A_PAGE = 100
ALL, TO_LOOK_AT = "", "look"
BY_PLACE = ("place",)
LONG = timedelta(minutes=3)
WRITTEN = (RowResult.CREATED, RowResult.UPDATED, RowResult.UNCHANGED)


def preview_context(
    request: HttpRequest, user: User, kept: RosterImport, *, form: SettleForm | None = None
) -> dict[str, Any]:
    outlook, towns = outlook_of(kept), {town.code: town.name for town in queries.towns()}
    show = request.GET.get("show", ALL)
    page = keyset_page(
        queries.import_rows(kept, result=show if show in RowResult.values else "", to_look_at=show == TO_LOOK_AT),
        order=BY_PLACE,
        cursor=request.GET.get("cursor"),
        size=ROWS_A_PAGE,
    )
    rows = shown_rows(kept, page.rows)
    return {
        **figures(kept, user, outlook, towns),
        "sheets": outlook.sheets,
        "issues": _said_once(outlook.issues, with_sheet=len(outlook.sheets) > 1),
        "show": show,
        "page": page,
        "rows": rows_for_page(rows, kept, user, outlook, towns),
        "roster_moved": any(shown.kept.result != shown.row.result for shown in rows),
        "form": form or SettleForm(initial={"town": kept.town_id or "", "since": kept.since}, user=user),
        "is_late": is_late(kept.since, timezone.now()),
        "today": today(),
        "kept_until": timezone.localtime(kept.uploaded_at + KEPT - timedelta(seconds=1)).date(),
    }


def _said_once(issues: Sequence[Issue], *, with_sheet: bool) -> list[str]:
    """What there is to say about whole sheets, each sentence once and before it the sheets it is about."""
    sheets: dict[str, list[str]] = {}
    for issue in issues:
        named = with_sheet and issue.sheet and f"「{issue.sheet}」" not in issue.message
        sheets.setdefault(issue.message, []).extend([f"「{issue.sheet}」"] if named else [])
    return [f"工作表{''.join(names)}{message}" if names else message for message, names in sheets.items()]


def figures(kept: RosterImport, user: User, outlook: Outlook, towns: dict[str, str]) -> dict[str, Any]:
    """What changes with every row that is mended: counts, teams, what can be written."""
    counts = kept.report
    left = counts[RowResult.LEFT_OUT]
    writable = counts["rows"] - counts[RowResult.REJECTED] - left
    return {
        "kept": kept,
        "fingerprint": kept.fingerprint,
        "filters": _filters(counts),
        "rejected": counts[RowResult.REJECTED],
        "left_out": left,
        "writable": writable,
        "as_what": "，".join(f"{result.label} {counts[result]} 行" for result in WRITTEN if counts[result]),
        "nothing_new": 0 < counts[RowResult.UNCHANGED] == writable,
        "teams": [(towns[team.town_code], team) for team in outlook.teams if may_see_team(user, team.town_code, towns)],
        "may_mend": kept.uploaded_by_id == user.pk,
        "may_be_marked": counts["rows"] <= MARKED_ROWS,
        "other_town": towns.get(kept.town_id or "", "") if counts.get(OTHER_TOWN) else "",
    }


def may_see_team(user: User, town_code: str, towns: dict[str, str]) -> bool:
    """Whether a town's team, as it will be, is for who looks: a judge's note may name towns of others."""
    return town_code in towns and allowed(user, "roster.view", town_code)


def rows_for_page(
    rows: list[Shown], kept: RosterImport, user: User, outlook: Outlook, towns: dict[str, str]
) -> list[ShownRow]:
    frame = RowFrame(
        towns=towns,
        offered=[(town.code, town.name) for town in queries.towns_for(user)],
        mends=mends_from_json(kept.mends),
        user=user,
        may_mend=kept.uploaded_by_id == user.pk,
        with_sheet=len(outlook.sheets) > 1,
    )
    return [shown_row(shown, frame) for shown in rows]


def work_context(kept: RosterImport) -> dict[str, Any]:
    """How far a worker is, in words; whether nobody seems to work."""
    last = max(filter(None, [kept.asked_at, kept.worked_at]), default=kept.uploaded_at)
    return {"kept": kept, "words": _progress_words(kept), "waits_long": timezone.now() - last > LONG}


def _progress_words(kept: RosterImport) -> str:
    checks = kept.state == ImportState.CHECKING
    if not kept.tries:
        return f"排队等待{'核对' if checks else '写入'}"
    if kept.rows_done < kept.rows_total:
        so_far = f"{kept.rows_done:,} / {kept.rows_total:,} 行"
        return f"正在核对名单 {so_far}" if checks else f"写入前再核对一遍 {so_far}"
    if not checks:
        return f"正在写入名册，{kept.rows_total:,} 行一次写完"
    return "行都核对过了，正在整理结果" if kept.rows_total else "正在读取文件"


def _filters(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Key, words and number of each filter; results that do not occur are left out."""
    found = [(result.value, result.label, counts[result]) for result in RowResult if counts[result]]
    looked = [(TO_LOOK_AT, "请留意", counts["look"])] if counts["look"] else []
    return [(ALL, "全部", counts["rows"]), *found, *looked]
