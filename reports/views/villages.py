"""Where quarrels arise: villages by month and by type."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disputes.models import CaseType
from liaison.views.doors import enter
from reports.forms import VillagesForm
from reports.queries.villages import heat


@require_safe
def villages(request: HttpRequest) -> HttpResponse:
    """Twelve months of the user's towns, or of a town's villages; every figure opens its list."""
    user = enter(request, "reports.view_figures")
    form = VillagesForm(request.GET)
    found = heat(user, town=form.asked("town"), case_type=form.asked("type"), last_month=form.last_month)
    types = CaseType.objects.all()
    context = {"found": found, "types": types, "asked": form.asked("type"), "last_month": form.last_month}
    context["wrong_month"] = form.errors.get("to", [])
    return render(request, "reports/villages.html", context)
