"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from disputes.audit_words import WORDS


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "纠纷"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = WORDS

    def ready(self) -> None:
        """Register the named permissions, what the sweep does of disputes at any hour, and what it tidies."""
        import_module("disputes.rules")
        import_module("disputes.actions.alarm_chain")
        import_module("disputes.actions.attachments")
        import_module("disputes.actions.clusters")
