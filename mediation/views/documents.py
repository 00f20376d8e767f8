"""Papers in Word: drawn up by a post, because each drawing is on record."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.documents import DOCX_TYPE
from disputes.views.doors import open_file
from mediation.actions.papers import record_printing
from mediation.documents.agreement import CLEAR, agreement_docx
from mediation.documents.session import session_docx
from mediation.queries.mediations import get_agreement, get_session, serial_of


@require_POST
@never_cache
def agreement_word(request: HttpRequest, code: str) -> HttpResponse:
    """The agreement to be signed, numbers in clear; noted in the audit trail before it is handed out."""
    user, dispute = open_file(request, code, "mediation.print_paper")
    agreement = get_agreement(dispute)
    record_printing(dispute_id=dispute.pk, by=user, paper=f"agreement {agreement.number}", clear=CLEAR)
    return _word(agreement_docx(agreement), f"调解协议-{dispute.code}.docx")


@require_POST
@never_cache
def session_word(request: HttpRequest, code: str, session_id: UUID) -> HttpResponse:
    """The record of one meeting to be signed."""
    user, dispute = open_file(request, code, "mediation.print_paper")
    session = get_session(dispute, session_id)
    serial = serial_of(session)
    record_printing(dispute_id=dispute.pk, by=user, paper=f"session {session.pk}")
    session.mediation.dispute = dispute
    return _word(session_docx(session, serial=serial), f"调解记录-{dispute.code}-{serial}.docx")


def _word(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=DOCX_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
