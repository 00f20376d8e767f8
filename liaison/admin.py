"""Configuration of liaison under /manage/: the tribunals and the towns they serve."""

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField
from django.http import HttpRequest

from core.admin import AuditedAdmin
from liaison.models import Tribunal
from liaison.queries import towns


@admin.register(Tribunal)
class TribunalAdmin(AuditedAdmin):
    """A town without a tribunal belongs to the court itself."""

    list_display = ("name",)
    filter_horizontal = ("towns",)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = towns().order_by("code")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
