"""Configuration of reports under /manage/: the dated targets, and the court's filing figures with their source."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from core.admin import AuditedAdmin
from core.queries import today
from reports.models import CourtFilingFigure, Target
from reports.periods import month_of


@admin.register(Target)
class TargetAdmin(AuditedAdmin):
    list_display = ("title", "metric", "due_on", "goal", "unit", "edited")
    readonly_fields = ("edited",)


class FilingForm(forms.ModelForm):
    """Any day of the month stands for the month."""

    class Meta:
        model = CourtFilingFigure
        fields = ("division", "month", "filings", "population", "source")

    def clean_month(self) -> date:
        month = month_of(self.cleaned_data["month"])
        if month > today():
            raise forms.ValidationError("还没到这个月，没有收案数。")
        return month


@admin.register(CourtFilingFigure)
class CourtFilingFigureAdmin(AuditedAdmin):
    form = FilingForm
    list_display = ("month", "division", "filings", "population", "source")
    list_select_related = ("division",)
    autocomplete_fields = ("division",)
    date_hierarchy = "month"

    def save_model(self, request: HttpRequest, obj: models.Model, form: "forms.ModelForm[Any]", change: bool) -> None:
        assert isinstance(obj, CourtFilingFigure)
        obj.recorded_at = timezone.now()
        super().save_model(request, obj, form, change)
