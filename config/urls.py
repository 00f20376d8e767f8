"""URLs of the whole project: core's pages without a namespace, then one prefix an app."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from disputes.urls import routing_urls
from liaison.urls import public_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.urls")),
    path("", include("reports.urls")),
    path("disputes/", include("disputes.urls")),
    path("", include("mediation.urls")),
    path("points/", include("liaison.urls")),
    path("go/", include((public_urls, "public"))),
    path("roster/", include("roster.urls")),
    path("manage/routing/", include((routing_urls, "routing"))),
    path("manage/", admin.site.urls),
]
