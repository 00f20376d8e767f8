"""App configuration."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "纠纷"
    default_auto_field = "django.db.models.BigAutoField"
