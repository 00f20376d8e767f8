"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "纠纷"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the named permissions."""
        import_module("disputes.rules")
