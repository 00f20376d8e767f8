"""Meetings: recorded on one page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from disputes.queries import usual_day_of_a_step
from disputes.views.doors import open_file
from mediation.actions.sessions import record_session
from mediation.forms.mediation import SessionForm
from mediation.queries.mediations import last_mediation
from mediation.queries.standing import why_not_now
from mediation.views.doors import given, step_page


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest, code: str) -> HttpResponse:
    """Record a meeting. The place of the last one is proposed."""
    user, dispute = open_file(request, code, "mediation.record_session")
    mediation = last_mediation(dispute)
    last = mediation.sessions.last() if mediation else None
    held_on = usual_day_of_a_step(dispute, after=last.held_on if last else dispute.state_on)
    initial = {"place": last.place if last else "", "rights_told": False, "held_on": held_on}
    form = SessionForm(given(request), parties=list(dispute.parties.all()), initial=initial)

    def act(_data: dict[str, Any]) -> None:
        record_session(dispute_id=dispute.pk, by=user, **form.meeting())

    lead = "只见了一方的，也记一次，勾到场的那一方。"
    page = {"heading": "记一次调解", "button": "保存记录", "done": "已记下。"}
    shut = why_not_now(dispute, "session")
    return step_page(request, dispute, form, act, shut=shut, template="mediation/session_new.html", lead=lead, **page)
