"""受理登记表: one dispute on A4, to be signed by hand; numbers masked unless somebody in charge says what for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access import allowed, require
from core.errors import Refused
from core.forms import add_refusal
from disputes.choices import Side
from disputes.models import Dispute
from disputes.views.doors import UNPROCESSABLE, open_file
from mediation.actions.register_sheet import record_register_sheet
from mediation.forms.register_sheet import RegisterSheetForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet masked; by a post with the reason, with the numbers in clear."""
    user, dispute = open_file(request, code, "disputes.view")
    if request.method != "POST":
        return _sheet(request, dispute, RegisterSheetForm())
    require(user, "disputes.reveal", dispute)
    form = RegisterSheetForm(request.POST)
    if not form.is_valid():
        return _sheet(request, dispute, form, status=UNPROCESSABLE)
    try:
        record_register_sheet(dispute_id=dispute.pk, reason=form.cleaned_data["reason"], by=user)
    except Refused as refused:
        add_refusal(form, refused)
        return _sheet(request, dispute, form, status=UNPROCESSABLE)
    return _sheet(request, dispute, form, in_clear=True)


def _sheet(
    request: HttpRequest, dispute: Dispute, form: RegisterSheetForm, *, in_clear: bool = False, status: int = 200
) -> HttpResponse:
    parties = list(dispute.parties.all())
    context = {
        "dispute": dispute,
        "sides": [(side, [one for one in parties if one.side == side]) for side in Side],
        "town": dispute.division.parent,
        "in_clear": in_clear,
        "form": form,
        "may_reveal": allowed(request.user, "disputes.reveal", dispute),
    }
    return render(request, "mediation/register_sheet.html", context, status=status)
