"""The court's queue as a workbook: the rows of the filter, names masked, audited before it is handed over."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from core.privacy import mask_text
from core.queries import today
from core.spreadsheets import SheetToWrite, write_workbook
from disputes.views.doors import enter
from mediation.actions.papers_taken import EXPORT_LIMIT, record_export
from mediation.forms.court_queue import parse
from mediation.models import ConfirmationRequest
from mediation.queries.court_queue import NEVER, STAGES, stage_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = (
    *("案号", "纠纷编号", "名称", "镇（街）", "类型", "标的额（元）", "状态", "最后一日"),
    *("提交日", "受理日", "裁定日", "送达日", "承办法官"),
)
WIDTHS = (26, 16, 34, 12, 14, 14, 14, 12, 12, 12, 12, 12, 10)


@require_POST
def confirmations_export(request: HttpRequest) -> HttpResponse:
    """What the queue lists under its present address."""
    user = enter(request, "mediation.view_confirmation")
    wanted = parse(request.GET.dict())
    rows = stage_rows(user, wanted, today=today()).order_by(*STAGES[wanted.stage].order)
    listed = list(rows[: EXPORT_LIMIT + 1])
    record_export(rows=len(listed), filters=wanted.asked, by=user)
    sheet = SheetToWrite(name="司法确认", header=HEADER, rows=_rows(listed), widths=WIDTHS)
    response = HttpResponse(write_workbook([sheet]), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="confirmations-{today():%Y%m%d}.xlsx"'
    return response


def _rows(requests: list[ConfirmationRequest]) -> Iterator[tuple[str | int | float | None, ...]]:
    for one in requests:
        dispute = one.agreement.mediation.dispute
        last_day: date = one.last_day  # type: ignore[attr-defined]
        yield (
            one.number or "",
            dispute.code,
            mask_text(dispute.title),
            dispute.division.parent.name if dispute.division.parent else "",
            dispute.case_type.name,
            float(dispute.amount) if dispute.amount is not None else None,
            one.get_state_display(),
            "" if last_day == NEVER else last_day.isoformat(),
            *(_day(day) for day in (one.submitted_on, one.accepted_on, one.decided_on, one.served_on)),
            str(one.judge or ""),
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
