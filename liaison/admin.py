"""Configuration of liaison under /manage/: the tribunals and the towns they serve."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField
from django.http import HttpRequest

from core.admin import AuditedAdmin
from core.models import Division
from liaison.models import Tribunal
from liaison.queries import towns
from liaison.queries.assistance import other_tribunal_of


class TribunalForm(forms.ModelForm):
    """A town is served by one tribunal; without any it belongs to the court itself."""

    class Meta:
        model = Tribunal
        fields = ["name", "towns"]

    def clean_towns(self) -> Any:
        chosen: list[Division] = list(self.cleaned_data["towns"])
        for town in chosen:
            if other := other_tribunal_of([town], self.instance):
                raise forms.ValidationError(f"{town}已经归{other}，一个镇（街）只归一个法庭。请先从那边去掉。")
        return self.cleaned_data["towns"]


@admin.register(Tribunal)
class TribunalAdmin(AuditedAdmin):
    """A town without a tribunal belongs to the court itself."""

    form = TribunalForm
    list_display = ("name", "served")
    search_fields = ("name", "towns__name")
    filter_horizontal = ("towns",)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = towns().order_by("code")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("towns")

    @admin.display(description="辖区（没有列出的镇（街）归本院）")
    def served(self, tribunal: Tribunal) -> str:
        """太平镇、榃滨镇"""
        return "、".join(town.name for town in tribunal.towns.all()) or "—"
