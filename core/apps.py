"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from core.audit_words import CORE


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = CORE

    def ready(self) -> None:
        """Register the named permissions, and that the sweep forgets old drafts."""
        import_module("core.rules")
        import_module("core.actions.drafts")
