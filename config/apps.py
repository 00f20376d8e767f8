"""Puts our own door in front of Django's admin."""

from django.contrib.admin.apps import AdminConfig


class ManageConfig(AdminConfig):
    default_site = "config.manage.ManageSite"
