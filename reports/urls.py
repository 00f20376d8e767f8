"""今天要办 at the root, the dashboard and its lists, the slots of a point's page, a person's work under the roster."""

from django.urls import URLPattern, URLResolver, include, path

from reports.views import config_check, dashboard, point, today, villages, workload

figures_urls = [
    path("", dashboard.dashboard, name="dashboard"),
    path("figures/<slug:figure>/", dashboard.list_figure, name="list-figure"),
    path("towns/<slug:figure>/", dashboard.list_towns, name="list-towns"),
    path("villages/", villages.villages, name="villages"),
    path("filings/", dashboard.list_filings, name="list-filings"),
    path("points/<str:town_code>/use/", point.point_use, name="point-use"),
    path("points/<str:town_code>/figures/", point.point_figures, name="point-figures"),
]
people_urls = [
    path("<uuid:staff_id>/load/", workload.staff_load, name="staff-load"),
    path("<uuid:staff_id>/work/", workload.staff_work, name="staff-work"),
    path("<uuid:staff_id>/terms/<int:term_id>/handover/", workload.handover, name="handover"),
]
reports_urls: list[URLPattern | URLResolver] = [
    path("dashboard/", include(figures_urls)),
    path("manage/check/", config_check.config_check, name="config-check"),
    path("roster/people/", include(people_urls)),
]
urlpatterns = [
    path("", today.today_page, name="today"),
    path("", include((reports_urls, "reports"))),
]
