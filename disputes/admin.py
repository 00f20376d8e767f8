"""Configuration of disputes under /manage/: case types and what each asks. Rows are switched off, never deleted.

The routing table has a page of its own (disputes.views.routing).
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.admin import AuditedAdmin
from disputes.models import CaseQuestion, CaseType, WarningRule


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


@admin.register(CaseQuestion)
class CaseQuestionAdmin(KeptAdmin):
    list_display = (
        "label",
        "case_type",
        "kind",
        "required_before_agreement",
        "fills_amount",
        "order",
        "enabled",
        "edited",
    )
    list_filter = ("case_type", "enabled")
    list_select_related = ("case_type",)
    fields = (
        "key", "case_type", "label", "kind", "options", "help",
        "required_before_agreement", "past_only", "fills_amount", "order", "enabled",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: CaseQuestion | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("key", "case_type") if obj else ()


@admin.register(WarningRule)
class WarningRuleAdmin(KeptAdmin):
    list_display = ("title", "least", "days", "towns", "enabled", "edited")
    fields = ("title", "least", "days", "towns", "enabled")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the code asks for the rules it knows
        return False
