"""App configuration."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解与司法确认"
    default_auto_field = "django.db.models.BigAutoField"
