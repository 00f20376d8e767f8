"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from roster.audit_words import WORDS


class RosterConfig(AppConfig):
    name = "roster"
    verbose_name = "人员名册"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = WORDS

    def ready(self) -> None:
        """Register the named permissions."""
        import_module("roster.rules")
