"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解与司法确认"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the named permissions."""
        import_module("mediation.rules")
        import_module("mediation.confirmation_rules")
