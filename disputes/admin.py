"""Configuration of disputes under /manage/: case types and the routing table. Rows are switched off, never deleted."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import AuditedAdmin
from disputes.forms.configuration import RoutingRuleForm
from disputes.models import CaseType, RoutingRule


class KeptAdmin(AuditedAdmin):
    """Rows that disputes refer to, and that `load_reference` would bring back."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(CaseType)
class CaseTypeAdmin(KeptAdmin):
    list_display = ("name", "cause", "statistical_type", "order", "enabled", "edited")
    fields = ("key", "name", "cause", "statistical_type", "order", "enabled")

    def get_readonly_fields(self, request: HttpRequest, obj: CaseType | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("key",) if obj else ()


@admin.register(RoutingRule)
class RoutingRuleAdmin(KeptAdmin):
    form = RoutingRuleForm
    list_display = ("order", "reason", "destination", "enabled", "edited")
    list_display_links = ("reason",)
    list_filter = ("destination", "enabled")
