"""The papers of a confirmation as Word files: masked for whoever sees the file, with full numbers for a reason."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.documents import DOCX_TYPE
from core.queries import today
from disputes.views.doors import enter
from mediation.actions.papers_taken import take_paper
from mediation.actions.rulings import GROUND_CHOICES
from mediation.documents.confirmation import Ruling, application_docx, notice_docx, ruling_docx
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import NOT_THERE, get_request
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
