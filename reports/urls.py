"""今天要办 at the root, the dashboard and its lists, the slots of a point's page."""

from django.urls import include, path

from reports.views import dashboard, point, today

figures_urls = [
    path("", dashboard.dashboard, name="dashboard"),
    path("figures/<slug:figure>/", dashboard.list_figure, name="list-figure"),
    path("towns/<slug:figure>/", dashboard.list_towns, name="list-towns"),
    path("filings/", dashboard.list_filings, name="list-filings"),
    path("points/<str:town_code>/use/", point.point_use, name="point-use"),
    path("points/<str:town_code>/figures/", point.point_figures, name="point-figures"),
]
urlpatterns = [
    path("", today.today_page, name="today"),
    path("dashboard/", include((figures_urls, "reports"))),
]
