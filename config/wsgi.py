"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from disputes.triage import suggest  # noqa: E402 (settings first)

MOST_ASKED_FOR = (  # and what they are made of; all there are would take more than the workers save
    "base.html",
    "components/pager.html",
    "components/print_line.html",
    "components/toasts.html",
    "core/sign_in.html",
    "disputes/list.html",
    "disputes/new.html",
    "liaison/list.html",
    "mediation/dispute_page.html",
    "reports/dashboard.html",
    "reports/today_county.html",
    "reports/today_court.html",
    "reports/today_town.html",
)
QUICK_ONES = (
    "components/head_assets.jinja",
    "components/header.jinja",
    "components/tabbar.jinja",
    "disputes/filters.jinja",
    "disputes/lines.jinja",
)

# Made before the workers are forked (gunicorn.conf.py): what the first request of each would make, they share.
get_resolver().reverse_dict  # noqa: B018 (all views and addresses)
for name in MOST_ASKED_FOR:
    get_template(name)
for name in QUICK_ONES:
    get_template(name, using="quick")
suggest("欠款")  # reads the words of the triage
