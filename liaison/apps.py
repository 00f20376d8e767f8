"""App configuration."""

from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "liaison"
    verbose_name = "法官联络点"
    default_auto_field = "django.db.models.BigAutoField"
