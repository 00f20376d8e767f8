"""The audit trail as auditors read it: newest first, by day and by outcome."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import access
from core.forms import StyledForm
from core.models import AuditEntry
from core.paging import capped_count, keyset_page

OUTCOMES = (("", "全部结果"), ("done", "做成的"), ("refused", "被拒绝的"))


class AuditFilter(StyledForm, forms.Form):
    mark_optional = False
    on = forms.DateField(label="日期", required=False)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, required=False)


def _of_day(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)


def _found(form: AuditFilter) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.all()
    if not form.is_valid():
        return entries.none()
    if form.cleaned_data["on"]:
        start, end = _of_day(form.cleaned_data["on"])
        entries = entries.filter(at__gte=start, at__lt=end)
    if form.cleaned_data["outcome"]:
        entries = entries.filter(success=form.cleaned_data["outcome"] == "done")
    return entries


def _kinds() -> dict[str, str]:
    """Chinese names of the kinds of things, by model label."""
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "core.view_audit", message="审计记录只由审计员查看。")
    form = AuditFilter(request.GET)
    entries = _found(form)
    context = {
        "form": form,
        "page": keyset_page(entries, order=("-at", "-id"), cursor=request.GET.get("cursor")),
        "count": capped_count(entries),
        "kinds": _kinds(),
    }
    return render(request, "core/audit.html", context)
