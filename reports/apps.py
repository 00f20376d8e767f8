"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计与报表"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the named permissions."""
        import_module("reports.rules")
