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
        """Check the court's number pattern and the terms of retention; register permissions, days, the sweep's part."""
        if not is_pattern(settings.CONFIRMATION_NUMBER_PATTERN):
            raise ImproperlyConfigured("CONFIRMATION_NUMBER_PATTERN 要有 {year} 和 {serial} 各一处。")
        try:
            import_module("mediation.retention").parse_terms(settings.RETENTION_MONTHS)
        except ValueError as error:
            raise ImproperlyConfigured(str(error)) from error
        import_module("mediation.rules")
        import_module("mediation.confirmation_rules")
        import_module("mediation.queries.dispute_days")
        import_module("mediation.actions.retention")
