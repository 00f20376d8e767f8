"""App configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mediation.audit_words import WORDS
from mediation.case_numbers import is_pattern


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解与司法确认"
    default_auto_field = "django.db.models.BigAutoField"
    audit_words = WORDS

    def ready(self) -> None:
        """Check the court's number pattern, register the named permissions and the days of a dispute."""
        if not is_pattern(settings.CONFIRMATION_NUMBER_PATTERN):
            raise ImproperlyConfigured("CONFIRMATION_NUMBER_PATTERN 要有 {year} 和 {serial} 各一处。")
        import_module("mediation.rules")
        import_module("mediation.confirmation_rules")
        import_module("mediation.queries.dispute_days")
