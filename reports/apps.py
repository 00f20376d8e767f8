"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from reports.audit_words import WORDS


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计与报表"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = WORDS

    def ready(self) -> None:
        """Register the named permissions."""
        import_module("reports.rules")
