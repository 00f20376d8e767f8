"""The papers of a confirmation as Word files: masked for whoever sees the file, with full numbers for a reason."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.documents import DOCX_TYPE
from core.errors import Refused
from core.queries import today
from disputes.views.doors import enter, open_file
from mediation.actions.papers import record_printing
from mediation.actions.papers_taken import take_paper
from mediation.actions.rulings import GROUND_CHOICES
from mediation.documents.agreement import CLEAR
from mediation.documents.confirmation import Ruling, application_docx, notice_docx, ruling_docx
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import NOT_THERE, agreement_of, get_request, latest_request
from mediation.workflow import CONFIRMATION


@dataclass(frozen=True)
class _Paper:
    """A paper: its words, when it exists, how it is made."""

    label: str
    exists: Callable[[ConfirmationRequest], bool]
    made: Callable[[ConfirmationRequest, bool], bytes]


def _application(found: ConfirmationRequest, clear: bool) -> bytes:
    return application_docx(found, on=found.submitted_on or today(), clear=clear)


def _notice(found: ConfirmationRequest, clear: bool) -> bytes:  # noqa: ARG001 - it names nobody's number
    return notice_docx(found)


def _ruling(found: ConfirmationRequest, clear: bool) -> bytes:
    verb = next(step.verb for step in CONFIRMATION.values() if step.ruling and step.target == found.state)
    assert found.decided_on is not None
    ground = dict(GROUND_CHOICES.get(verb, [])).get(found.ground_key, "")
    ruling = Ruling(verb, found.decided_on, str(found.decided_by), found.grounds, ground)
    return ruling_docx(found, ruling, clear=clear)


PAPERS = {
    "application": _Paper("司法确认申请书", lambda _found: True, _application),
    "notice": _Paper("受理通知书", lambda found: found.accepted_on is not None, _notice),
    "ruling": _Paper("民事裁定书", lambda found: found.is_decided, _ruling),
}


@require_POST
@never_cache
def application_word(request: HttpRequest, code: str) -> FileResponse:
    """The application for both parties to sign, before anything is filed; numbers in clear, noted in the trail."""
    user, dispute = open_file(request, code, "mediation.file_confirmation")
    agreement = agreement_of(dispute)
    if agreement is None:
        raise Refused("这件还没有调解协议，不能申请司法确认。", hint="先起草协议，双方签名、调解组织盖章后再来。")
    record_printing(dispute_id=dispute.pk, by=user, paper=f"application {agreement.number}", clear=CLEAR)
    found = latest_request(user, agreement) or ConfirmationRequest(agreement=agreement, court=settings.COURT_NAME)
    name = f"司法确认申请书{dispute.code}.docx"
    data = io.BytesIO(_application(found, clear=True))
    return FileResponse(data, as_attachment=True, filename=name, content_type=DOCX_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirmation_paper(request: HttpRequest, pk: int, paper: str) -> FileResponse:
    """A paper as a download: by GET masked, by POST with a reason in full."""
    user = enter(request, "mediation.view_confirmation")
    found, kind = get_request(user, pk), PAPERS.get(paper)
    if kind is None or not kind.exists(found):
        raise Http404(NOT_THERE)
    clear = request.method == "POST"
    take_paper(request=found, paper=paper, clear=clear, reason=request.POST.get("reason", ""), by=user)
    name = f"{kind.label}{found.agreement.mediation.dispute.code}.docx"
    return FileResponse(io.BytesIO(kind.made(found, clear)), as_attachment=True, filename=name, content_type=DOCX_TYPE)
