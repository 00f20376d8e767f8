"""App configuration."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "roster"
    verbose_name = "人员名册"
    default_auto_field = "django.db.models.BigAutoField"
