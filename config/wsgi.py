"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from disputes.triage import suggest  # noqa: E402 (settings first)

# Made before the workers are forked (gunicorn.conf.py): what the first request of each would make, they share.
get_resolver().reverse_dict  # noqa: B018 (all views and addresses)
get_template("base.html")
suggest("欠款")  # reads the words of the triage
