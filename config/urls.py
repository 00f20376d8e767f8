"""URLs of the whole project: core's pages without a namespace, then one prefix an app."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [path("", include("core.urls"))]
for prefix, module in (
    ("", "reports.urls"),
    ("disputes/", "disputes.urls"),
    ("", "mediation.urls"),
    ("points/", "liaison.urls"),
    ("roster/", "roster.urls"),
):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
if not find_spec("reports.urls"):  # the day's page is not there yet
    urlpatterns.append(path("", RedirectView.as_view(pattern_name="account"), name="today"))
urlpatterns.append(path("manage/", admin.site.urls))
