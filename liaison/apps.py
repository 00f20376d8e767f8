"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

from liaison.audit_words import WORDS


class LiaisonConfig(AppConfig):
    name = "liaison"
    verbose_name = "法官联络点"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = WORDS

    def ready(self) -> None:
        """Register the named permissions, what the sweep says about duty, and what it wipes of visits."""
        import_module("liaison.rules")
        import_module("liaison.actions.duty_reminders")
        import_module("liaison.actions.assistance_visits")
        import_module("liaison.assistance_rules")
